#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Regenerates the expected output (FILE.out) of the language tests and programs with Node 20:
#   tests/language/expect.sh [FILE.js ...]      all of them when none is named
# Look at the difference before you commit it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export TZ=UTC NO_COLOR=1
checkout=$(realpath "$here/../..")
version=$(node --version)
[[ $version == v20.* ]] || { echo "expect.sh: Node 20 wanted, this is $version" >&2; exit 2; }

if (($# == 0)); then
  # Modules that tests require (lib/) are no tests; what must fail is described by hand.
  mapfile -t files < <(find "$here" "$here/../programs" -name '*.js' -not -path '*/lib/*' \
                         -not -path '*/errors/*' | sort)
  set -- "${files[@]}"
fi
for file in "$@"; do
  file=$(realpath "$file")
  if ! (cd "$(dirname "$file")" && node --expose-gc "$(basename "$file")" one two) |
      sed "s|$checkout/|/heaplab/|g" >"${file%.js}.out"; then
    echo "expect.sh: $file fails under Node" >&2
    exit 1
  fi
done
