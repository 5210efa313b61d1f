#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real programs, recorded by the real heaptrack: `heaplab trace sites` says of the file what
heaptrack_print says, number for number."""

import argparse
import collections
import json
import os
import re
import subprocess
import tempfile

import heaptrack_tool

EVERYTHING = ["--limit=1000000", "--stacks=1000000"]
COSTS = {"allocations": "allocations", "temporary": "temporary", "peak": "peak_bytes",
         "leaked": "leaked_bytes"}
HEADINGS = {"allocations": "MOST CALLS TO ALLOCATION FUNCTIONS",
            "peak": "PEAK MEMORY CONSUMERS", "leaked": "MEMORY LEAKS",
            "temporary": "MOST TEMPORARY ALLOCATIONS"}
VALUES = {"allocations": r"(\d+) calls to allocation functions with",
          "peak": r"(\S+) peak memory consumed over",
          "leaked": r"(\S+) leaked over",
          "temporary": r"(\d+) temporary allocations of"}


def format_bytes(count):
    """As heaptrack_print writes them."""
    value, unit = float(count), 0
    while unit < 4 and abs(value) > 1000:
        value, unit = value / 1000, unit + 1
    return f"{count}B" if unit == 0 else f"{value:.2f}{'BKMGT'[unit]}"


class Printed:
    """What heaptrack_print says of a file."""

    def __init__(self, file, folder):
        output = subprocess.run(
            ["heaptrack_print", "-l", "1", "-t", "0", "-n", "1000000", "-s", "0", file],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
        self.lists = {cost: self.read_list(output, cost) for cost in COSTS}
        self.totals = {
            "allocations": int(re.search(r"calls to allocation functions: (\d+) ", output)[1]),
            "temporary": int(re.search(r"temporary memory allocations: (\d+) ", output)[1]),
            "peak": re.search(r"peak heap memory consumption: (\S+)", output)[1],
            "rss": re.search(r"including heaptrack overhead\): (\S+)", output)[1],
            "leaked": re.search(r"total memory leaked: (\S+)", output)[1],
            "suppressed": (re.search(r"suppressed leaks: (\S+)", output) or ["", "0B"])[1]}
        self.stacks = {cost: self.read_stacks(file, cost, folder) for cost in ("peak", "leaked")}

    @staticmethod
    def read_list(output, cost):
        """[(value, function, module)], as printed."""
        part = output.split(HEADINGS[cost] + "\n", 1)[1]
        part = re.split(r"\n(?:[A-Z ]{10,}|total runtime.*)\n", part, maxsplit=1)[0]
        result = []
        for entry in re.finditer(VALUES[cost] + r".*from\n(.*)\n((?:  .*\n?)*)", part + "\n"):
            module = re.search(r"^  in (.*)$", entry[3], re.M)
            result.append((entry[1], entry[2], module[1] if module else "??"))
        return result

    @staticmethod
    def read_stacks(file, cost, folder):
        """The exact cost of each stack."""
        output = os.path.join(folder, "flames")
        subprocess.run(["heaptrack_print", "-a", "0", "-p", "0", "-T", "0", "-F", output,
                        "--flamegraph-cost-type", cost, file], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=True)
        with open(output, encoding="utf-8", errors="replace") as lines:
            numbers = [int(line.rsplit(" ", 1)[1]) for line in lines if line.strip()]
        return sorted(number for number in numbers if number != 0)


def sites(heaplab, file, *options):
    done = subprocess.run([heaplab, "trace", "sites", file, "--format=json", *options],
                          stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


class Check:
    def __init__(self):
        self.failures = 0
        self.checks = 0

    def same(self, what, own, theirs):
        self.checks += 1
        if own != theirs:
            self.failures += 1
            print(f"FAILED {what}: heaplab says {own}, heaptrack {theirs}")


def compare_totals(check, name, own, printed):
    total = own["total"]
    check.same(f"{name}: calls", total["allocations"], printed.totals["allocations"])
    check.same(f"{name}: temporary", total["temporary"], printed.totals["temporary"])
    check.same(f"{name}: peak", format_bytes(total["peak_bytes"]), printed.totals["peak"])
    check.same(f"{name}: peak RSS", format_bytes(total["peak_rss_bytes"]), printed.totals["rss"])
    check.same(f"{name}: leaked", format_bytes(total["leaked_bytes"]), printed.totals["leaked"])
    check.same(f"{name}: excused", format_bytes(total["suppressed_bytes"]),
               printed.totals["suppressed"])
    check.same(f"{name}: peak, to the byte", total["peak_bytes"], sum(printed.stacks["peak"]))
    check.same(f"{name}: leaked, to the byte", total["leaked_bytes"],
               sum(printed.stacks["leaked"]))
    for cost in printed.stacks:
        key = COSTS[cost]
        costs = sorted(stack["cost"][key] for site in own[f"by_{cost}"]
                       for stack in site["stacks"] if stack["cost"][key] != 0)
        check.same(f"{name}: {cost} of each stack", costs, printed.stacks[cost])


def shown(cost, value):
    return format_bytes(value) if cost in ("peak", "leaked") else str(value)


def compare_sites(check, name, own, printed):
    for cost, key in COSTS.items():
        mine = collections.Counter()
        for site in own[f"by_{cost}"]:
            place = site["place"]
            # Of what has no name, each shows the address it met first.
            mine[(shown(cost, site["cost"][key]), place["function"] or "?",
                  place["module"] or "??")] += 1
        theirs = collections.Counter(
            (value, "?" if re.fullmatch("0x[0-9a-f]+", function) else function, module)
            for value, function, module in printed.lists[cost])
        check.same(f"{name}: sites by {cost}", mine - theirs, collections.Counter())
        check.same(f"{name}: sites by {cost}", theirs - mine, collections.Counter())
        order = [shown(cost, site["cost"][key]) for site in own[f"by_{cost}"]]
        check.same(f"{name}: order by {cost}", order, [entry[0] for entry in printed.lists[cost]])


def compare_converted(check, name, heaplab, file, own, folder):
    """The same figures from the records that `convert` makes."""
    recording = os.path.join(folder, "converted.heaprec")
    subprocess.run([heaplab, "trace", "convert", file, "-o", recording], check=True,
                   stdout=subprocess.DEVNULL)
    converted = sites(heaplab, recording, *EVERYTHING)
    for total in ("allocations", "peak_bytes", "leaked_bytes", "suppressed_bytes",
                  "peak_rss_bytes"):
        check.same(f"{name}, converted: {total}", converted["total"][total], own["total"][total])
    for cost in ("allocations", "peak", "leaked"):
        mine, theirs = (collections.Counter(
            (site["place"]["function"], site["place"]["file"], site["place"]["line"],
             site["cost"][COSTS[cost]])
            for site in told[f"by_{cost}"] if site["place"]["function"]) for told in (converted, own))
        check.same(f"{name}, converted: sites by {cost}", mine - theirs, collections.Counter())
        check.same(f"{name}, converted: sites by {cost}", theirs - mine, collections.Counter())


def check_names(check, heaplab, file):
    """Sites of a C++ program are its own functions, in all verbs."""
    handing_out = re.compile(r"operator new|std::|__gnu_cxx|^malloc")
    info = json.loads(subprocess.run([heaplab, "trace", "info", "--format=json", file],
                                     stdout=subprocess.PIPE, check=True).stdout)
    lives = json.loads(subprocess.run([heaplab, "trace", "lifetimes", "--format=json", file],
                                      stdout=subprocess.PIPE, check=True).stdout)
    names = [site["name"] for site in info["sites"]]
    names += [site["function"] for site in lives["sites"]]
    names += [site["place"]["function"] or "?" for site in
              sites(heaplab, file, "--program", *EVERYTHING)["by_allocations"]]
    check.same("names of sites", [name for name in names if handing_out.search(name)], [])
    check.same("there are names", len(names) > 5, True)


def check_killed(check, heaplab, folder):
    """Only a file of a program that ended may be complete, and a raw one does not tell."""
    told = {}
    for mode in ("ends", "killed"):
        output = os.path.join(folder, mode)
        code = {"ends": "", "killed": "os.kill(os.getpid(), 9)"}[mode]
        subprocess.run(["heaptrack", "--raw", "-o", output, "/usr/bin/python3", "-c",
                        f"import os; a = [str(i) for i in range(50000)]; {code}"],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        file = output + ".raw.zst" if os.path.exists(output + ".raw.zst") else output + ".raw.gz"
        done = subprocess.run([heaplab, "trace", "info", "--format=json", file],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=True)
        leaks = json.loads(subprocess.run([heaplab, "leaks", "--format=json", file],
                                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                          check=True).stdout)
        told[mode] = (json.loads(done.stdout)["complete"], leaks["inputs"][0]["complete"],
                      "killed" in done.stderr)
    check.same("completeness of raw files", told,
               {"ends": (None, None, False), "killed": (False, False, True)})


def programs(folder, compiler, source):
    mixed = os.path.join(folder, "mixed")
    subprocess.run([compiler, "-std=c++17", "-O1", "-g", "-pthread", source, "-o", mixed],
                   check=True)
    text = os.path.join(folder, "text")
    with open(text, "w", encoding="utf-8") as out:
        for number in range(20_000):
            out.write(f"{number * 7919 % 100_003} line\n")
    script = os.path.join(folder, "script.py")
    with open(script, "w", encoding="utf-8") as out:
        out.write("d = {}\nfor i in range(3000): d[i % 100] = [str(i), {'a': i * 10**6}]\n"
                  "import json; json.dumps({str(k): v for k, v in d.items()})\n")
    found = {"mixed": ([mixed], None),
             "sort": (["sort", "-n", text], None),
             "gzip, raw": (["gzip", "-kf", text], None),
             "mixed, raw": ([mixed], None)}
    python = "/usr/bin/python3"
    if os.path.exists(python):
        found["python"] = ([python, script], {"PYTHONMALLOC": "malloc"})
        found["python, raw"] = found["python"]
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--heaplab", required=True)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--source", required=True)
    options = parser.parse_args()
    heaptrack_tool.need("heaptrack", "heaptrack_print", "zstd")
    check = Check()
    with tempfile.TemporaryDirectory() as folder:
        for name, (command, environment) in programs(folder, options.compiler,
                                                     options.source).items():
            raw = name.endswith(", raw")
            if raw and heaptrack_tool.interpreter() is None:
                continue
            file = heaptrack_tool.record(folder, "recording", command, raw, environment)
            own = sites(options.heaplab, file, *EVERYTHING)
            if name in ("mixed", "mixed, raw", "python"):
                compare_converted(check, name, options.heaplab, file, own, folder)
            if name == "mixed":
                check_names(check, options.heaplab, file)
            if raw:
                file = heaptrack_tool.interpret(file, os.path.join(folder, "interpreted"))
            printed = Printed(file, folder)
            compare_totals(check, name, own, printed)
            compare_sites(check, name, own, printed)
        if os.path.exists("/usr/bin/python3"):
            check_killed(check, options.heaplab, folder)
    print(f"{check.checks} comparisons, {check.failures} differ")
    return 1 if check.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
