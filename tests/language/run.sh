#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs language tests and says which fail, with the difference:
#   run.sh HEAPLAB [--option ...] -- FILE.js ...
# A file beside which FILE.out stands must end well and print exactly that. A file beside which FILE.err
# stands must fail: the first line of FILE.err is `exit N`, each further line a text that standard error
# holds, in that order; standard output must be FILE.err.out's, or nothing. A first line
# `// heaplab run: --option ...` in FILE.js adds options. Where the checkout lies is `/heaplab` in what is
# printed (stacks name whole paths), here and in expect.sh.
set -uo pipefail
program=$(realpath "$1")
checkout=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
shift
options=()
while (($#)) && [[ $1 != -- ]]; do
  options+=("$1")
  shift
done
shift
export TZ=UTC NO_COLOR=1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=()
fail() {
  failed+=("$1")
  printf '%s: %s\n' "$1" "$2"
}

# Runs $1 as expect.sh does, leaving $work/out, $work/err and the exit code in $status.
run() {
  local -a own_options=()
  read -r -a own_options < <(sed -n '1s|^// heaplab run: ||p' "$1") || true
  (cd "$(dirname "$1")" &&
    exec timeout "${HEAPLAB_TEST_TIMEOUT:-120}" "$program" run --expose-gc "${options[@]}" "${own_options[@]}" \
      "$(basename "$1")" one two) >"$work/out" 2>"$work/err"
  status=$?
  sed -i "s|$checkout/|/heaplab/|g" "$work/out"
}

show_difference() {
  diff -u --label expected --label printed "$1" "$work/out" | head -n 40
}

check_success() {
  run "$1"
  if ((status != 0)); then
    fail "$1" "exit code $status"
    head -n 20 "$work/err"
    show_difference "${1%.js}.out"
  elif ! cmp -s "${1%.js}.out" "$work/out" && ! differs_as_known "${1%.js}"; then
    fail "$1" "other output"
    show_difference "${1%.js}.out"
  fi
}

# FILE.known lists the lines of FILE.out that we are known to print otherwise. Any other line that
# differs is a failure; a listed line that has become right is none.
differs_as_known() {
  local known=$1.known printed
  [[ -f $known ]] || return 1
  diff "$1.out" "$work/out" >"$work/diff"
  sed -n 's/^< //p' "$work/diff" | grep -Fxv -f "$known" >/dev/null && return 1
  printed=$(grep -c '^>' "$work/diff")
  ((printed <= 2 * $(wc -l <"$known"))) || return 1
  printf '%s: known differences only (%s lines)\n' "$1.js" "$(grep -c '^<' "$work/diff")"
}

# Whether the lines of $2 (after the first) appear in $1 in their order; prints the first that does not.
missing_line() {
  awk 'NR == FNR { if (FNR > 1) wanted[++count] = $0; next }
       next_line < count && index($0, wanted[next_line + 1]) { ++next_line }
       END { if (next_line < count) print wanted[next_line + 1] }' "$2" "$1"
}

check_failure() {
  local pattern=${1%.js}.err expected=/dev/null wanted missing
  [[ -f $pattern.out ]] && expected=$pattern.out
  run "$1"
  wanted=$(head -n 1 "$pattern")
  if [[ $wanted != "exit $status" ]]; then
    fail "$1" "$wanted wanted, exit code $status"
    head -n 20 "$work/err"
  elif ! cmp -s "$expected" "$work/out"; then
    fail "$1" "other output"
    show_difference "$expected"
  elif missing=$(missing_line "$work/err" "$pattern") && [[ -n $missing ]]; then
    fail "$1" "standard error lacks (from there on): $missing"
    head -n 20 "$work/err"
  fi
}

(($# > 0)) || { echo "run.sh: no files" >&2; exit 2; }
for file in "$@"; do
  if [[ -f ${file%.js}.out ]]; then
    check_success "$file"
  elif [[ -f ${file%.js}.err ]]; then
    check_failure "$file"
  else
    fail "$file" "neither .out nor .err stands beside it"
  fi
done
printf '%d of %d passed\n' $(($# - ${#failed[@]})) $#
((${#failed[@]} == 0)) || { printf 'FAILED %s\n' "${failed[@]}"; exit 1; }
