// SPDX-License-Identifier: MIT

// GCBench (Ellis, Kovac, Boehm).
package main

import (
	"fmt"
	"math"
	"os"
	"strconv"
)

const minDepth = 4

type node struct {
	left, right *node
	i, j        int32
}

func populate(depth int, n *node) {
	if depth <= 0 {
		return
	}
	n.left = &node{}
	n.right = &node{}
	populate(depth-1, n.left)
	populate(depth-1, n.right)
}

func populated(depth int) *node {
	root := &node{}
	populate(depth, root)
	return root
}

func makeTree(depth int) *node {
	if depth <= 0 {
		return &node{}
	}
	return &node{left: makeTree(depth - 1), right: makeTree(depth - 1)}
}

func treeSize(depth int) int { return 1<<(depth+1) - 1 }

func spine(n *node) int {
	length := 0
	for ; n != nil; n = n.left {
		length++
	}
	return length
}

func count(n *node) int {
	if n == nil {
		return 0
	}
	return 1 + count(n.left) + count(n.right)
}

func buildAndDrop(build func(int) *node, depth, trees int) int {
	sum := 0
	for i := 0; i < trees; i++ {
		sum += spine(build(depth))
	}
	return sum
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
	stretchDepth := argument(1, 18)
	if stretchDepth < minDepth+2 {
		stretchDepth = minDepth + 2
	}
	arrayLength := argument(2, 500_000)
	maxDepth := stretchDepth - 2

	checksum := buildAndDrop(makeTree, stretchDepth, 1)

	longLived := populated(maxDepth)
	array := make([]float64, arrayLength)
	for i := 1; i < arrayLength/2; i++ {
		array[i] = 1.0 / float64(i)
	}

	for depth := minDepth; depth <= maxDepth; depth += 2 {
		trees := 2 * treeSize(stretchDepth) / treeSize(depth)
		checksum += buildAndDrop(populated, depth, trees)
		checksum += buildAndDrop(makeTree, depth, trees)
	}

	sum := 0.0
	for _, element := range array {
		sum += element
	}
	checksum += count(longLived) + int(math.Floor(sum*1e6))
	fmt.Printf("checksum %d\n", checksum)
}
