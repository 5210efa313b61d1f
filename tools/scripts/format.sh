#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# format.sh check: names every C++ file that clang-format would change, and exits 1 if there is one.
# format.sh fix:   formats them.
# In a git repository the files git tracks or would track; without one (a source archive), all.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."

sources() {
  if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git ls-files -z --cached --others --exclude-standard -- '*.cpp' '*.h'
  else
    find . -path ./build -prune -o \( -name '*.cpp' -o -name '*.h' \) -print0
  fi
}

# A file deleted but not yet committed is still in git's list.
existing() {
  while IFS= read -r -d '' file; do [[ -f $file ]] && printf '%s\0' "$file"; done
  true
}

command -v clang-format >/dev/null || {
  echo "clang-format is not installed (Debian package clang-format)" >&2
  exit 2
}

case ${1:-} in
  check)
    unformatted=$(sources | existing | xargs -0 -r -n 50 clang-format --dry-run 2>&1 |
      sed -n 's/^\([^: ]*\):[0-9]*:[0-9]*: warning: code should be clang-formatted.*/\1/p' | sort -u)
    [[ -z $unformatted ]] && exit 0
    echo "not formatted (./dev format does it):"
    echo "$unformatted"
    exit 1
    ;;
  fix) sources | existing | xargs -0 -r -n 50 clang-format -i ;;
  *)
    echo "usage: format.sh check|fix" >&2
    exit 2
    ;;
esac
