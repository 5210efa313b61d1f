#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# fuzz.sh BIN_DIR [name [seconds]]: libFuzzer on one target, or on each in turn. What it learns stays
# in build/fuzz/<name>, so the next run starts from there; an input that fails is left there too, and
# `BIN_DIR/fuzz_<name> FILE` runs it again.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
bin=$1 name=${2:-} seconds=${3:-60}

available() { find "$bin" -maxdepth 1 -name 'fuzz_*' -type f -printf '%f\n' | sed 's/^fuzz_//' | sort; }

[[ $seconds =~ ^[0-9]+$ ]] || {
  echo "error: not a number of seconds: $seconds" >&2
  exit 2
}
if [[ -n $name && ! -x $bin/fuzz_$name ]]; then
  echo "error: no fuzz target $name; there are: $(available | paste -sd ' ')" >&2
  exit 2
fi

for target in ${name:-$(available)}; do
  learnt=build/fuzz/$target
  mkdir -p "$learnt"
  seeds=()
  [[ -d tests/fuzz/corpus/$target ]] && seeds=("tests/fuzz/corpus/$target")
  echo "fuzzing $target for $seconds s; corpus in $learnt"
  "$bin/fuzz_$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
    -artifact_prefix="$learnt/failing-" "$learnt" ${seeds[@]+"${seeds[@]}"}
done
