#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run_fixed.sh NAME CHECK_TREE RUNS: the fuzz target NAME on RUNS inputs, the same ones every time:
# a fixed seed, the corpus of the repository, and nothing learnt before. `./dev fuzz` explores.
set -euo pipefail
name=$1 tree=$2 runs=$3
corpus=$(dirname "$(readlink -f "$0")")/corpus/$name

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/learnt"
seeds=()
[[ -d $corpus ]] && seeds=("$corpus")

failing=$tree/fuzz-failing
mkdir -p "$failing"
if ! "$tree/bin/fuzz_$name" -seed=1 -runs="$runs" -timeout=20 -rss_limit_mb=2048 -verbosity=1 \
  -artifact_prefix="$failing/$name-" "$work/learnt" ${seeds[@]+"${seeds[@]}"} >"$work/log" 2>&1; then
  tail -n 80 "$work/log"
  echo "the input that failed is in $failing/; run it again with $tree/bin/fuzz_$name FILE"
  exit 1
fi
tail -n 3 "$work/log"
