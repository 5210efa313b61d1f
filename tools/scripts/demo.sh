#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# demo.sh PROGRAM: one leak from start to name. What it writes stays in build/demo, to look at again.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
source tools/scripts/terminal.sh
program=$1
script=demos/cache-never-cleaned.js
memory=build/demo/cache.jsonl
recording=build/demo/cache.heaprec
mkdir -p build/demo

step "A page server runs. It keeps every page it ever rendered, and nobody noticed."
show "$program run --live --memory=$memory --record=$recording $script"
"$program" run --live --memory="$memory" --memory-interval=5 --record="$recording" "$script"

step "Its memory: collections take what is garbage, and the line climbs all the same."
show "$program memory $memory"
"$program" memory "$memory"

step "So something holds on. What?"
show "$program leaks $recording"
"$program" leaks "$recording"

step "Next"
cat <<TEXT
    $program run --trace-gc demos/climb-and-fall.js    the same climb without a leak
    $program run --record=app.heaprec app.js && $program leaks app.heaprec
                                                                  a program of yours
    demos/README.md                                               one program per way to leak
TEXT
