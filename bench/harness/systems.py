# SPDX-License-Identifier: MIT
"""The systems that are compared: how each is found, built and started.

A peer runs in the configuration its users get by default, except where a workload fixes the heap
(GCBench). A `tuned` row shows what a peer can do with a better setting; it is printed but the
targets are not judged against it.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass

from .build import build_once, build_target, compiler
from .paths import BENCH, PEER_BUILD, PEER_SOURCES, RELEASE_BUILD
from .workloads import gcbench_heap_bytes, gcbench_heap_mib

LIMIT, PEER, TUNED, OURS = "limit", "peer", "tuned", "ours"


@dataclass
class System:
    id: str
    name: str
    package: str  # the Debian package that brings it
    role: str = PEER

    def missing(self):
        """What is not installed, or None."""
        return None

    def version(self):
        return ""

    def build(self, workload):
        raise NotImplementedError

    def command(self, workload, arguments):
        """(argv, environment) that runs the workload."""
        raise NotImplementedError


def first_line_of(command):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.splitlines()[0].strip() if done.stdout else ""


def package_version(package):
    """What Debian's package manager says is installed; empty elsewhere."""
    if shutil.which("dpkg-query") is None:
        return ""
    line = first_line_of(["dpkg-query", "-W", "-f", "${Version}", package])
    return line if re.match(r"\d", line) else ""


@dataclass
class CppPeer(System):
    header: str = ""  # the library's own header; empty: needs none
    libraries: tuple = ()

    def missing(self):
        if not self.header:
            return None
        done = subprocess.run([*compiler(), "-x", "c++", "-fsyntax-only", "-include", self.header,
                               "/dev/null"], capture_output=True, check=False)
        return None if done.returncode == 0 else f"<{self.header}>"

    def version(self):
        if self.header:
            return package_version(self.package)
        return first_line_of([*compiler(), "--version"])

    def binary(self, workload):
        return PEER_BUILD / f"{workload.stem}-{self.id}"

    def build(self, workload):
        source = PEER_SOURCES / "cpp" / f"{workload.stem}.cpp"
        memory = f"memory_{self.id}.h"
        command = [*compiler(), "-std=c++20", "-O3", "-DNDEBUG", f'-DMEMORY_HEADER="{memory}"',
                   source, "-o", self.binary(workload), *self.libraries]
        build_once(self.binary(workload), command,
                   [source, source.with_name(memory), BENCH / "common" / "workload.h"])

    def command(self, workload, arguments):
        environment = {}
        if self.id == "bdwgc" and workload.id == "gcbench":
            # A 24-byte node takes two 16-byte granules. Initial = maximum: the collector may use
            # all of it before it collects, as everyone else may.
            size = str(gcbench_heap_bytes(arguments, 32))
            environment = {"GC_INITIAL_HEAP_SIZE": size, "GC_MAXIMUM_HEAP_SIZE": size}
        return [self.binary(workload), *arguments], environment


@dataclass
class OCaml(System):
    settings: str = ""

    def missing(self):
        return None if shutil.which("ocamlopt") else "ocamlopt"

    def version(self):
        return first_line_of(["ocamlopt", "-version"])

    def binary(self, workload):
        return PEER_BUILD / f"{workload.stem}-ocaml"

    def build(self, workload):
        # ocamlopt leaves its by-products beside the source: give it a copy.
        source = PEER_SOURCES / "ocaml" / f"{workload.stem}.ml"
        copy = PEER_BUILD / "ocaml" / source.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
        output = self.binary(workload)
        build_once(output, ["ocamlopt", "-unsafe", "-inline", "200", "-o", output, copy], [source])

    def command(self, workload, arguments):
        settings = [self.settings] if self.settings else []
        if workload.id == "gcbench":
            settings.append("o=200")  # waste up to 200 % of live: a heap of 3 x live
        environment = {"OCAMLRUNPARAM": ",".join(settings)}
        return [self.binary(workload), *arguments], environment


@dataclass
class Java(System):
    collector: str = ""
    heap_mib: int = 0  # 0: by default, what the JVM makes of the machine's memory

    CLASSES = {"binary_trees": "BinaryTrees", "churn": "Churn", "gcbench": "GcBench"}

    def missing(self):
        return next((tool for tool in ("javac", "java") if shutil.which(tool) is None), None)

    def version(self):
        return first_line_of(["java", "-version"]).replace('"', "")

    def build(self, workload):
        name = self.CLASSES[workload.stem]
        source = PEER_SOURCES / "java" / f"{name}.java"
        classes = PEER_BUILD / "java"
        build_once(classes / f"{name}.class", ["javac", "-d", classes, source], [source])

    def command(self, workload, arguments):
        heap = gcbench_heap_mib(arguments, 32) if workload.id == "gcbench" else self.heap_mib
        flags = [f"-Xms{heap}m", f"-Xmx{heap}m"] if heap else []
        return ["java", f"-XX:+Use{self.collector}GC", *flags, "-cp", PEER_BUILD / "java",
                self.CLASSES[workload.stem], *arguments], {}


@dataclass
class Node(System):
    def missing(self):
        return None if shutil.which("node") else "node"

    def version(self):
        return first_line_of(["node", "--version"])

    def build(self, workload):
        pass

    def command(self, workload, arguments):
        flags = []
        if workload.id == "gcbench":
            flags = [f"--max-old-space-size={gcbench_heap_mib(arguments, 56)}"]
        return ["node", *flags, PEER_SOURCES / "node" / f"{workload.stem}.js", *arguments], {}


@dataclass
class Go(System):
    def missing(self):
        return None if shutil.which("go") else "go"

    def version(self):
        return first_line_of(["go", "version"]).replace("go version ", "")

    def binary(self, workload):
        return PEER_BUILD / f"{workload.stem}-go"

    def build(self, workload):
        source = PEER_SOURCES / "go" / workload.stem / "main.go"
        output = self.binary(workload)
        build_once(output, ["go", "build", "-o", output, source], [source],
                   {"GOCACHE": str(PEER_BUILD / "go-cache"), "GOFLAGS": "-mod=mod",
                    "GO111MODULE": "auto"})

    def command(self, workload, arguments):
        environment = {"GOGC": "200"} if workload.id == "gcbench" else {}  # a heap of 3 x live
        return [self.binary(workload), *arguments], environment


@dataclass
class Heaplab(System):
    plan: str = ""

    NODE_BYTES = 24  # of GCBench: header, two references, two ints

    def build(self, workload):
        build_target("heaplab_bench_workloads")

    def command(self, workload, arguments):
        flags = [f"--gc={self.plan}"]
        if workload.id == "gcbench":
            flags.append(f"--heap-bytes={gcbench_heap_bytes(arguments, self.NODE_BYTES)}")
        return [RELEASE_BUILD / "bench" / workload.stem, *arguments, *flags], {}


SYSTEMS = (
    Heaplab("heaplab-generational", "heaplab generational", "", OURS, "generational"),
    Heaplab("heaplab-semispace", "heaplab semispace", "", OURS, "semispace"),
    Heaplab("heaplab-marksweep", "heaplab marksweep", "", OURS, "marksweep"),
    CppPeer("bump", "no-GC bump", "g++", LIMIT),
    CppPeer("mimalloc", "mimalloc malloc/free", "libmimalloc-dev", PEER, "mimalloc.h",
            ("-lmimalloc",)),
    CppPeer("bdwgc", "bdwgc", "libgc-dev", PEER, "gc.h",
            ("-Wl,-Bstatic", "-lgc", "-Wl,-Bdynamic", "-lpthread", "-ldl")),
    OCaml("ocaml", "OCaml", "ocaml-nox"),
    OCaml("ocaml-8m", "OCaml, 8 MB minor heap", "ocaml-nox", TUNED, "s=1M"),
    Java("java-serial", "Java Serial", "openjdk-17-jdk-headless", PEER, "Serial"),
    Java("java-parallel", "Java Parallel", "openjdk-17-jdk-headless", PEER, "Parallel"),
    Java("java-parallel-512m", "Java Parallel, 512 MB", "openjdk-17-jdk-headless", TUNED,
         "Parallel", 512),
    Java("java-g1", "Java G1", "openjdk-17-jdk-headless", PEER, "G1"),
    Node("node", "Node JIT", "nodejs"),
    Go("go", "Go", "golang-go"),
)
