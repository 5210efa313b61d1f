(* SPDX-License-Identifier: MIT *)
(* random-slot churn. *)

(* A header and two words: 24 bytes. *)
type item = { id : int; value : int }

let contents item = item.id lxor item.value

(* 32-bit arithmetic inside OCaml's 63-bit integers. *)
let add checksum value = ((checksum * 31) + value) land 0xFFFFFFFF

(* xorshift64. Inlined into its callers, where ocamlopt keeps the Int64 in a register. *)
let[@inline] step x =
  let x = Int64.logxor x (Int64.shift_left x 13) in
  let x = Int64.logxor x (Int64.shift_right_logical x 7) in
  Int64.logxor x (Int64.shift_left x 17)

let[@inline] low_half x = Int64.to_int x land 0xFFFFFFFF

let argument index fallback =
  if Array.length Sys.argv > index then int_of_string Sys.argv.(index) else fallback

let () =
  let bits = argument 1 20 in
  let replacements = argument 2 30_000_000 in
  let length = 1 lsl bits in
  let state = ref 0x9E3779B97F4A7C15L in
  let slots = Array.make length { id = 0; value = 0 } in
  for i = 0 to length - 1 do
    state := step !state;
    slots.(i) <- { id = i; value = low_half !state }
  done;
  let checksum = ref 0 in
  for i = 0 to replacements - 1 do
    state := step !state;
    let slot = Int64.to_int (Int64.shift_right_logical !state (64 - bits)) in
    let replacement = { id = length + i; value = low_half !state } in
    checksum := add !checksum (contents slots.(slot));
    slots.(slot) <- replacement
  done;
  Array.iter (fun item -> checksum := add !checksum (contents item)) slots;
  Printf.printf "checksum %d\n" !checksum
