(* SPDX-License-Identifier: MIT *)
(* binary-trees (Benchmarks Game). *)

type tree = Empty | Node of tree * tree

let min_depth = 4

let rec bottom_up depth =
  if depth = 0 then Node (Empty, Empty)
  else
    let left = bottom_up (depth - 1) in
    Node (left, bottom_up (depth - 1))

let rec count = function
  | Empty -> 0
  | Node (Empty, _) -> 1
  | Node (left, right) -> 1 + count left + count right

let () =
  let requested = if Array.length Sys.argv > 1 then int_of_string Sys.argv.(1) else 18 in
  let max_depth = max (min_depth + 2) requested in
  let stretch = count (bottom_up (max_depth + 1)) in
  Printf.printf "stretch tree of depth %d\t check: %d\n" (max_depth + 1) stretch;
  let total = ref stretch in
  let long_lived = bottom_up max_depth in
  let depth = ref min_depth in
  while !depth <= max_depth do
    let trees = 1 lsl (max_depth - !depth + min_depth) in
    let check = ref 0 in
    for _ = 1 to trees do
      check := !check + count (bottom_up !depth)
    done;
    Printf.printf "%d\t trees of depth %d\t check: %d\n" trees !depth !check;
    total := !total + !check;
    depth := !depth + 2
  done;
  let kept = count long_lived in
  Printf.printf "long lived tree of depth %d\t check: %d\n" max_depth kept;
  Printf.printf "checksum %d\n" (!total + kept)
