# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# How ./dev speaks: sourced, never run.

if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
  bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' reset=$'\e[0m'
else
  bold='' dim='' red='' green='' reset=''
fi

say() { printf '%s\n' "$*"; }
step() { printf '\n%s==> %s%s\n' "$bold" "$*" "$reset"; }
# shellcheck disable=SC2059  # echoes the command it is about to run, so that people learn it
show() { printf '%s    $ %s%s\n' "$dim" "$*" "$reset"; }
die() {
  printf '%serror:%s %s\n' "$red" "$reset" "$*" >&2
  exit 1
}
# A mistake in the command line: exit code 2, like the program itself.
usage_error() {
  printf '%serror:%s %s\n' "$red" "$reset" "$*" >&2
  printf "try: ./dev help\n" >&2
  exit 2
}
