#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The corpus of native programs: each is compiled, recorded by heaptrack and judged. A program's
first lines say what is right: `// leak: FUNCTION`, with `// kind: KIND` if it matters, or
`// clean`."""

import argparse
import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "native"))
import heaptrack_tool  # noqa: E402


class Program:
    def __init__(self, source):
        self.source = source
        text = source.read_text(encoding="utf-8")
        leak = re.search(r"^// leak: (\w+)$", text, re.M)
        self.culprit = leak[1] if leak else None
        kind = re.search(r"^// kind: (.+)$", text, re.M)
        self.kind = kind[1] if kind else "memory never freed"
        self.fragments = re.search(r"^// fragments$", text, re.M) is not None
        if not leak and not re.search(r"^// clean$", text, re.M):
            raise SystemExit(f"{source.name} does not say what is right")

    @property
    def name(self):
        return self.source.stem


def run(words, **options):
    return subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, text=True,
                          timeout=120, **options)


def compile_program(program, folder, options):
    compiler = options.cxx if program.source.suffix == ".cpp" else options.cc
    standard = "-std=c++17" if program.source.suffix == ".cpp" else "-std=gnu11"
    output = folder / program.name
    run([compiler, standard, "-O2", "-g", "-pthread", "-w", program.source, "-o", output],
        check=True)
    return output


def judge(program, folder, options):
    """(report, recording)"""
    executable = compile_program(program, folder, options)
    file = heaptrack_tool.record(str(folder), f"{program.name}.recording", [str(executable)],
                                 raw=options.raw)
    done = run([options.heaplab, "leaks", "--format=json", file], check=True)
    return json.loads(done.stdout), file


def verdict(program, report):
    """(right, what was said)"""
    found = [leak["culprit"]["path"] for leak in report["leaks"]]
    if program.culprit is not None:
        kinds = [leak["kind"] for leak in report["leaks"]]
        good = found == [program.culprit] and kinds == [program.kind]
        said = ", ".join(found) or "nothing"
        return good, said if good or found != [program.culprit] else f"{said}: {kinds[0]}"
    if program.fragments and not any("fragmentation" in remark["what"]
                                     for remark in report["remarks"]):
        return not found, "nothing, and no word of the fragmentation"
    return not found, ", ".join(found) or "nothing"


def judge_twice(program, folder, options):
    """On a loaded machine time passes unevenly, and a program can seem to stand still: what is
    judged wrongly is recorded once more. The score says how many were."""
    report, file = judge(program, folder, options)
    again = not verdict(program, report)[0]
    if again:
        report, file = judge(program, folder, options)
    return report, file, again


def check_commands(file, culprit, folder, options):
    """What the command line promises, on one recording with a leak. Returns what went wrong."""
    problems = []

    def status(*words):
        return run([options.heaplab, "leaks", *words, file]).returncode

    if status() != 0 or status("--fail-on-leak") != 1:
        problems.append("exit status with and without --fail-on-leak")
    text = run([options.heaplab, "leaks", file]).stdout
    if f"`{culprit}`" not in text or "LEAK 1" not in text:
        problems.append(f"the text does not name {culprit}")
    sarif = json.loads(run([options.heaplab, "leaks", "--format=sarif", file]).stdout)
    result = sarif["runs"][0]["results"][0]
    if result["ruleId"] != "leak/memory-never-freed" or \
            "physicalLocation" not in result["locations"][0]:
        problems.append("SARIF")
    for number, (pattern, silent) in enumerate([
            (f"leak:{culprit}", True), (f"leak:^{culprit}$", True), (f"leak:^{culprit[1:]}", False),
            (f"leak:{culprit[:4]}*{culprit[-2:]}$", True), ("leak:lost-nodes", True),
            ("leak:nowhere", False), (culprit[:5] + "*", True), ("# nothing", False)]):
        rules = folder / f"rules-{number}"
        rules.write_text(f"# suppressed here\n\n{pattern}\n", encoding="utf-8")
        if (status("--fail-on-leak", f"--suppressions={rules}") == 0) != silent:
            problems.append(f"suppression {pattern}")
    return problems


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--heaplab", required=True)
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--cxx", default="c++")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--raw", action="store_true", help="raw recordings: objects are known")
    parser.add_argument("--keep", metavar="FOLDER", help="leave recordings there")
    parser.add_argument("--least", type=float, default=95, metavar="PERCENT")
    parser.add_argument("program", nargs="*", help="only these")
    return parser.parse_args()


def main():
    options = parse_arguments()
    heaptrack_tool.need("heaptrack", options.cc, options.cxx)
    programs = [Program(source) for source in sorted(HERE.glob("*.c")) + sorted(HERE.glob("*.cpp"))
                if not options.program or source.stem in options.program]
    leaky = right = reported = 0
    problems = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(options.keep or temporary)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            results = list(pool.map(lambda program: judge_twice(program, folder, options),
                                    programs))
        for program, (report, file, _) in zip(programs, results):
            good, said = verdict(program, report)
            print(f"{'   ' if good else 'NOT'}  {program.name:24}{program.culprit or 'clean':20}"
                  f"{said}")
            leaky += program.culprit is not None
            right += program.culprit is not None and good
            reported += program.culprit is None and bool(report["leaks"])
            if not good and program.culprit is None and not report["leaks"]:
                problems.append(f"{program.name}: {said}")
            if program.name == "lost-nodes":
                problems += check_commands(file, program.culprit, folder, options)
    clean = len(programs) - leaky
    share = 100 * right / leaky if leaky else 100
    print(f"\nculprit named first: {right} of {leaky} ({share:.1f}%); "
          f"clean programs with a leak reported: {reported} of {clean}")
    print(f"recorded a second time: {sum(again for _, _, again in results)}")
    for problem in problems:
        print("FAILED", problem)
    return 0 if share >= options.least and reported == 0 and not problems else 1


if __name__ == "__main__":
    raise SystemExit(main())
