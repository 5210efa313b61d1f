// SPDX-License-Identifier: MIT

// random-slot churn.
package main

import (
	"fmt"
	"os"
	"strconv"
)

// 24 bytes, as the systems with object headers need: what it is, and two words of contents.
type item struct{ kind, id, value uint64 }

func (i *item) contents() uint32 { return uint32(i.id ^ i.value) }

type random uint64

func (r *random) next() uint64 {
	x := uint64(*r)
	x ^= x << 13
	x ^= x >> 7
	x ^= x << 17
	*r = random(x)
	return x
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
	bits := argument(1, 20)
	replacements := argument(2, 30_000_000)
	state := random(0x9E3779B97F4A7C15)

	slots := make([]*item, 1<<bits)
	for i := range slots {
		slots[i] = &item{1, uint64(i), state.next() & 0xFFFFFFFF}
	}

	var checksum uint32
	for i := 0; i < replacements; i++ {
		x := state.next()
		slot := x >> (64 - bits)
		replacement := &item{1, uint64(len(slots) + i), x & 0xFFFFFFFF}
		checksum = checksum*31 + slots[slot].contents()
		slots[slot] = replacement
	}
	for _, kept := range slots {
		checksum = checksum*31 + kept.contents()
	}
	fmt.Printf("checksum %d\n", checksum)
}
