#!/usr/bin/env python3
"""Measures what `race-tidy analyze` costs on whole programs (Debian's leveldb and
memcached, as tools/demo fetches them), in user CPU beside `clang -fsyntax-only`
over the same translation units in the same run. The arms take turns, so that a
busy machine slows all alike; of several rounds the median counts. Works on
copies of the sources, one job at a time. Prints markdown tables."""

import argparse
import json
import os
import shlex
import shutil
import statistics
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools", "lib"))
import real_code
import tidy_runs

# Per project: the source file and the header that the incremental runs change.
CHANGED = {"leveldb": ["db/db_impl.cc", "util/coding.h"],
           "memcached": ["items.c", "slabs.h"]}

ADDED = "\n/* changed */\n"


class Copy:
    """A copy of a project's tree whose compile database speaks of the copy."""

    def __init__(self, name, tree, folder):
        self.name, self.tree = name, os.path.join(folder, name)
        shutil.copytree(tree, self.tree, ignore=shutil.ignore_patterns(".race"))
        self.database = os.path.join(self.tree, "compile_commands.json")
        with open(self.database, encoding="utf-8") as file:
            text = file.read().replace(tree, self.tree)
        with open(self.database, "w", encoding="utf-8") as file:
            file.write(text)
        self.entries = json.loads(text)
        self.index = os.path.join(folder, name + ".index")

    def source(self, entry):
        return os.path.normpath(os.path.join(entry["directory"], entry["file"]))

    def parse_command(self, entry, more):
        """The entry's command, made to parse only."""
        words = entry.get("arguments") or shlex.split(entry["command"])
        words, left = [words[0]], words[1:]
        compiler = "clang" if entry["file"].endswith(".c") else "clang++"
        words = [tidy_runs.find_tool(compiler, "clang-19"), "-w"] + more
        while left:
            word = left.pop(0)
            if word in ("-o", "-MF", "-MT", "-MQ"):
                left.pop(0)
            elif word not in ("-c", "-MD", "-MMD", "-MP"):
                words.append(word)
        return words

    def parse(self, entry):
        """User seconds of parsing one entry."""
        here = os.getcwd()
        os.chdir(entry["directory"])
        try:
            _, errors, status, cpu = tidy_runs.run_measured(
                self.parse_command(entry, ["-fsyntax-only"]))
        finally:
            os.chdir(here)
        if status:
            sys.exit("error: %s does not compile:\n%s" % (entry["file"], errors))
        return cpu

    def includes(self, entry, name):
        """Whether the entry reads the file `name` of the tree."""
        here = os.getcwd()
        os.chdir(entry["directory"])
        try:
            output, _, _, _ = tidy_runs.run_measured(self.parse_command(entry, ["-MM"]))
        finally:
            os.chdir(here)
        path = os.path.join(self.tree, name)
        words = output.replace("\\\n", " ").split()
        return any(os.path.normpath(os.path.join(entry["directory"], w)) == path for w in words)


class Analyze:
    """Runs `race-tidy analyze`."""

    def __init__(self, program):
        self.program = program

    def run(self, copy):
        """(user seconds, what it says of itself)"""
        _, errors, status, cpu = tidy_runs.run_measured(
            [self.program, "analyze", "-p", copy.tree, "--index", copy.index, "--jobs", "1"],
            timeout=600)
        if status not in (0, 1):
            sys.exit("error: race-tidy analyze failed with %d:\n%s" % (status, errors))
        return cpu, errors.strip().splitlines()[-1]


def forget(copy):
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(copy.index + suffix):
            os.remove(copy.index + suffix)


def change(copy, name):
    with open(os.path.join(copy.tree, name), "a", encoding="utf-8") as file:
        file.write(ADDED)


def measure(copy, analyze, rounds):
    """[(what was run, translation units, parse seconds, analyze seconds, said)]"""
    readers = {name: [e for e in copy.entries if copy.includes(e, name)]
               for name in CHANGED[copy.name]}
    cases = ["everything", "nothing"] + CHANGED[copy.name]
    parse, whole, said = ({case: [] for case in cases} for _ in range(3))
    for number in range(rounds):
        forget(copy)
        times = {}
        for entry in copy.entries:
            times[copy.source(entry)] = copy.parse(entry)
        for case in cases:
            if case in readers:
                change(copy, case)
            cpu, text = analyze.run(copy)
            whole[case].append(cpu)
            said[case].append(text)
            read = (copy.entries if case == "everything" else readers.get(case, []))
            if case in readers:
                parse[case].append(sum(copy.parse(e) for e in read))
            else:
                parse[case].append(sum(times[copy.source(e)] for e in read))
        print("%s: round %d of %d done" % (copy.name, number + 1, rounds), file=sys.stderr)
    median = statistics.median
    return [(case, len(copy.entries if case == "everything" else readers.get(case, [])),
             median(parse[case]), median(whole[case]), said[case][-1]) for case in cases]


def print_table(name, rows):
    print("\n%s\n" % name)
    print("| changed since the last run | files to read | parse, CPU s | analyze, CPU s | ratio | read |")
    print("|---|--:|--:|--:|--:|--:|")
    for case, units, parse, whole, said in rows:
        ratio = "%.2f" % (whole / parse) if parse else ""
        read = said.split(", ")[1].split()[0]
        print("| %s | %d | %.2f | %.2f | %s | %s |" % (case, units, parse, whole, ratio, read))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"), help="build folder")
    parser.add_argument("--real-code", help="default: real-code of the build folder")
    parser.add_argument("--only", help="one project")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    program = os.path.abspath(os.path.join(options.build, "bin", "race-tidy"))
    if not os.path.exists(program):
        sys.exit("error: no program at %s: build it first" % program)
    folder = os.path.abspath(options.real_code or os.path.join(options.build, "real-code"))
    try:
        projects = real_code.ready(folder, print)
    except real_code.Unavailable as problem:
        sys.exit("error: %s" % problem)
    with tempfile.TemporaryDirectory(prefix="race-benchmark-") as work:
        for project in projects:
            if options.only not in (None, project.name):
                continue
            copy = Copy(project.name, real_code.tree_of(folder, project), work)
            print_table("%s %s" % (project.name, real_code.version_of(folder, project)),
                        measure(copy, Analyze(program), options.rounds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
