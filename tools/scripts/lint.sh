#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# lint.sh BUILD_DIR JOBS [all | file…]: clang-tidy, by default on the sources that differ from the
# main branch. Generated and third-party code is never looked at (see HeaderFilterRegex).
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
build=$1 jobs=$2
shift 2

# Where this work left the main branch; on the main branch itself, its last commit.
base() {
  local main
  for main in origin/main main; do
    git rev-parse -q --verify "$main" >/dev/null && break
  done
  git merge-base HEAD "$main" 2>/dev/null || git rev-parse HEAD
}

changed() {
  git diff --name-only --diff-filter=d "$(base)" -- '*.cpp'
  git ls-files --others --exclude-standard -- '*.cpp'
}

case ${1:-changed} in
  all) files=$(git ls-files '*.cpp') ;;
  changed) files=$(changed) ;;
  *) files=$(printf '%s\n' "$@") ;;
esac
# Only what this build compiles: clang-tidy must know how.
compiled=$(sed -n "s|^ *\"file\": \"$PWD/\(.*\)\",\{0,1\}\$|\1|p" "$build/compile_commands.json" | sort)
files=$(comm -12 <(sort -u <<<"$files") <(sort -u <<<"$compiled"))
[[ -n $files ]] || {
  echo "nothing to lint"
  exit 0
}
echo "clang-tidy on $(wc -l <<<"$files") files"
xargs -r -n 1 -P "$jobs" clang-tidy -p "$build" --quiet <<<"$files"
