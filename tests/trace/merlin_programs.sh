#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Merlin's deaths against full collections at (nearly) every allocation of real programs:
#   merlin_programs.sh HEAPLAB COMPARE_DEATHS
set -uo pipefail
heaplab=$1
compare=$2
programs=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../programs")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

# check PLAN K PROGRAM: a collection at every K-th allocation.
check() {
  (cd "$programs" && "$heaplab" run --gc="$1" --stress-gc="$2" --record="$work/recording" --record-roots=1 \
    "$3.js") >/dev/null || { echo "$3 failed on $1"; status=1; }
  printf '%-18s %-10s ' "$3" "$1"
  "$compare" "$work/recording" || status=1
}
check marksweep 2 bank
check marksweep 3 event_store
check semispace 3 async_pipeline
check semispace 3 job_queue
check marksweep 25 lru_cache_service
check semispace 7 markdown
exit "$status"
