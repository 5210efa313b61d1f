# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What each part of the work needs from the system, and how it gets there: sourced by ./dev.

# package|why
build_packages=(
  "g++|C++20 compiler"
  "cmake|configures the build"
  "ninja-build|runs the build"
  "libboost-container-dev|Boost.Container: work lists, root lists"
  "libmimalloc-dev|mimalloc: memory for the collector's own tables"
  "libfmt-dev|{fmt}: text output"
  "nlohmann-json3-dev|JSON output and input"
  "libcli11-dev|CLI11: the command line"
  "libzstd-dev|zstd: compressed recordings"
  "libxxhash-dev|xxHash: checksums of recordings"
  "zlib1g-dev|zlib: recordings of other tools"
  "libdouble-conversion-dev|double-conversion: numbers printed as JavaScript does"
  "libpcre2-dev|PCRE2: regular expressions"
  "libdw-dev|elfutils: names for addresses in recordings of native programs"
  "libgtest-dev|GoogleTest"
  "libgmock-dev|GoogleMock"
)
test_packages=(
  "clang|second compiler: sanitizers and fuzzing"
  "libclang-rt-14-dev|AddressSanitizer and libFuzzer runtimes"
  "clang-format|the format check"
  "nodejs|Node.js: the recorder for Node services, and the leaking programs"
  "heaptrack|records native programs, for the readers and leak tests"
  "python3|runs the notebook and the README's commands"
  "python3-ipykernel|the notebook's kernel"
  "python3-nbclient|executes the notebook"
  "python3-pandas|the notebook's tables"
  "python3-matplotlib|the notebook's figures"
)
notebook_packages=("${test_packages[@]:5}")
bench_packages=(
  "libbenchmark-dev|Google Benchmark"
  "python3|runs the programs and measures them"
)
oracle_packages=(
  "heaptrack|records native programs"
  "python3-matplotlib|draws the figure"
)
peer_packages=(
  "libgc-dev|peer: Boehm-Demers-Weiser collector"
  "ocaml-nox|peer: OCaml"
  "openjdk-17-jdk-headless|peer: Java"
  "golang-go|peer: Go"
)
node_package=("nodejs|peer: Node.js")
format_packages=("clang-format|formats C++")
lint_packages=(
  "clang|second compiler"
  "libclang-rt-14-dev|sanitizer runtimes"
  "clang-tidy|checks C++"
)

is_debian_12() {
  [[ -r /etc/os-release ]] || return 1
  (
    # shellcheck disable=SC1091
    . /etc/os-release
    [[ ${ID:-} == debian && ${VERSION_ID:-} == 12 ]]
  ) && command -v dpkg-query apt-get >/dev/null
}

is_installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# Runs a command as root, or says why it cannot.
as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "this needs root, and there is no sudo here. As root, run: $*"
  fi
}

install_packages() {
  local -a apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o "DPkg::Lock::Timeout=300")
  # A mirror that cannot be reached now may not be needed: the packages may be in the cache.
  as_root "${apt[@]}" update || say "apt-get update failed; trying with what is known already"
  as_root "${apt[@]}" install -y --no-install-recommends "$@" </dev/null ||
    die "installing packages failed. Run by hand: apt-get install --no-install-recommends $*"
}

# need "build heaplab" "${build_packages[@]}": installs what is missing, after saying what and why.
need() {
  local purpose=$1 entry
  shift
  [[ -n ${HEAPLAB_SKIP_SETUP:-} ]] && return
  is_debian_12 || {
    need_elsewhere "$purpose" "$@"
    return
  }
  local -a missing=()
  for entry in "$@"; do
    is_installed "${entry%%|*}" || missing+=("$entry")
  done
  ((${#missing[@]})) || return 0
  step "Debian packages to $purpose"
  for entry in "${missing[@]}"; do printf '    %-26s %s\n' "${entry%%|*}" "${entry#*|}"; done
  show "apt-get install --no-install-recommends ${missing[*]%%|*}"
  install_packages "${missing[@]%%|*}"
}

# How to see, without a package manager we know, that a Debian package's content is there.
probe() {
  case $1 in
    g++) command -v g++ || command -v clang++ ;;
    ninja-build) command -v ninja ;;
    clang) command -v clang++ ;;
    cmake | clang-format | clang-tidy | heaptrack | python3) command -v "$1" ;;
    golang-go) command -v go ;;
    ocaml-nox) command -v ocamlfind || command -v ocamlopt ;;
    openjdk-17-jdk-headless) command -v javac ;;
    nodejs) command -v node ;;
    libclang-rt-14-dev) clang++ -print-runtime-dir ;;
    python3-*) python3 -c "import ${1#python3-}" ;;
    libboost-container-dev) has_header boost/container/small_vector.hpp ;;
    libmimalloc-dev) has_header mimalloc.h ;;
    libfmt-dev) has_header fmt/format.h ;;
    nlohmann-json3-dev) has_header nlohmann/json.hpp ;;
    libcli11-dev) has_header CLI/CLI.hpp ;;
    libzstd-dev) has_header zstd.h ;;
    libxxhash-dev) has_header xxhash.h ;;
    zlib1g-dev) has_header zlib.h ;;
    libdouble-conversion-dev) has_header double-conversion/double-conversion.h ;;
    libpcre2-dev) has_header pcre2.h "#define PCRE2_CODE_UNIT_WIDTH 16" ;;
    libdw-dev) has_header elfutils/libdwfl.h ;;
    libgtest-dev) has_header gtest/gtest.h ;;
    libgmock-dev) has_header gmock/gmock.h ;;
    libbenchmark-dev) has_header benchmark/benchmark.h ;;
    libgc-dev) has_header gc.h ;;
    *) die "setup.sh: no probe for $1" ;;
  esac >/dev/null 2>&1
}

has_header() {
  local compiler
  compiler=$(command -v "${CXX:-g++}" || command -v clang++) || return 1
  printf '%s\n#include <%s>\n' "${2:-}" "$1" | "$compiler" -std=c++20 -x c++ -fsyntax-only -
}

# Another system: its packages have other names, so only say what is missing.
need_elsewhere() {
  local purpose=$1 entry
  shift
  local -a missing=()
  for entry in "$@"; do
    probe "${entry%%|*}" || missing+=("$entry")
  done
  ((${#missing[@]})) || return 0
  {
    say "To $purpose, these are missing (named as in Debian 12):"
    for entry in "${missing[@]}"; do printf '    %-26s %s\n' "${entry%%|*}" "${entry#*|}"; done
    say "./dev installs packages on Debian 12 only. Install them with this system's package"
    say "manager and run ./dev again; if they are there and ./dev does not see them, set"
    say "HEAPLAB_SKIP_SETUP=1. A Debian 12 container works everywhere:"
    say "    docker run --rm -it -v \"\$PWD\":/heaplab -w /heaplab debian:12 ./dev demo"
  } >&2
  exit 1
}
