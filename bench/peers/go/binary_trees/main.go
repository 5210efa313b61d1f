// SPDX-License-Identifier: MIT

// binary-trees (Benchmarks Game).
package main

import (
	"fmt"
	"os"
	"strconv"
)

const minDepth = 4

type node struct{ left, right *node }

func bottomUp(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	return &node{bottomUp(depth - 1), bottomUp(depth - 1)}
}

func (n *node) count() int {
	if n.left == nil {
		return 1
	}
	return 1 + n.left.count() + n.right.count()
}

func argument(index, fallback int) int {
	if index >= len(os.Args) {
		return fallback
	}
	value, err := strconv.Atoi(os.Args[index])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	return value
}

func main() {
	maxDepth := argument(1, 18)
	if maxDepth < minDepth+2 {
		maxDepth = minDepth + 2
	}

	stretch := bottomUp(maxDepth + 1).count()
	fmt.Printf("stretch tree of depth %d\t check: %d\n", maxDepth+1, stretch)
	total := stretch

	longLived := bottomUp(maxDepth)
	for depth := minDepth; depth <= maxDepth; depth += 2 {
		trees := 1 << (maxDepth - depth + minDepth)
		check := 0
		for i := 0; i < trees; i++ {
			check += bottomUp(depth).count()
		}
		fmt.Printf("%d\t trees of depth %d\t check: %d\n", trees, depth, check)
		total += check
	}

	kept := longLived.count()
	fmt.Printf("long lived tree of depth %d\t check: %d\n", maxDepth, kept)
	fmt.Printf("checksum %d\n", total+kept)
}
