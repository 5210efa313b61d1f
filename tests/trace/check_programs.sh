#!/bin/sh
# SPDX-License-Identifier: MIT
# check_programs.sh HEAPLAB CHECK OPTIONS -- PROGRAMS: records each program with these options of
# `heaplab run` and checks the recording.
heaplab=$1
check=$2
shift 2
options=
while [ "$1" != -- ]; do
  options="$options $1"
  shift
done
shift
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
failed=0
for program in "$@"; do
  recording=$folder/$(basename "$program").heaprec
  # shellcheck disable=SC2086
  "$heaplab" run --expose-gc $options --record="$recording" "$program" >"$folder/out" 2>&1
  # Some programs are to fail; what they did until then is recorded all the same.
  if [ $? -gt 100 ]; then
    echo "$program crashed:"
    tail -n 5 "$folder/out"
    failed=1
  fi
  "$check" "$recording" || failed=1
  rm -f "$recording"
done
exit $failed
