(* SPDX-License-Identifier: MIT *)
(* GCBench (Ellis, Kovac, Boehm). *)

type node =
  | Nil
  | Node of { mutable left : node; mutable right : node; mutable i : int; mutable j : int }
[@@warning "-69"]

let min_depth = 4
let new_node () = Node { left = Nil; right = Nil; i = 0; j = 0 }

let rec populate depth node =
  match node with
  | Nil -> ()
  | Node children ->
      if depth > 0 then begin
        children.left <- new_node ();
        children.right <- new_node ();
        populate (depth - 1) children.left;
        populate (depth - 1) children.right
      end

let populated depth =
  let root = new_node () in
  populate depth root;
  root

let rec make_tree depth =
  if depth <= 0 then new_node ()
  else
    let left = make_tree (depth - 1) in
    let right = make_tree (depth - 1) in
    Node { left; right; i = 0; j = 0 }

let tree_size depth = (1 lsl (depth + 1)) - 1

let spine node =
  let rec walk length = function Nil -> length | Node { left; _ } -> walk (length + 1) left in
  walk 0 node

let rec count = function Nil -> 0 | Node { left; right; _ } -> 1 + count left + count right

let build_and_drop build depth trees =
  let sum = ref 0 in
  for _ = 1 to trees do
    sum := !sum + spine (build depth)
  done;
  !sum

let argument index fallback =
  if Array.length Sys.argv > index then int_of_string Sys.argv.(index) else fallback

let () =
  let stretch_depth = max (min_depth + 2) (argument 1 18) in
  let array_length = argument 2 500_000 in
  let max_depth = stretch_depth - 2 in
  let checksum = ref (build_and_drop make_tree stretch_depth 1) in
  let long_lived = populated max_depth in
  let array = Array.make array_length 0.0 in
  for i = 1 to (array_length / 2) - 1 do
    array.(i) <- 1.0 /. float_of_int i
  done;
  let depth = ref min_depth in
  while !depth <= max_depth do
    let trees = 2 * tree_size stretch_depth / tree_size !depth in
    checksum := !checksum + build_and_drop populated !depth trees;
    checksum := !checksum + build_and_drop make_tree !depth trees;
    depth := !depth + 2
  done;
  let sum = Array.fold_left ( +. ) 0.0 array in
  checksum := !checksum + count long_lived + int_of_float (floor (sum *. 1e6));
  Printf.printf "checksum %d\n" !checksum
