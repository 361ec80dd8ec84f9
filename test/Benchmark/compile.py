#!/usr/bin/env python3
"""Measures what the compiler plugin adds to a build: CPU (user and system) of
compiling every unit of leveldb (Debian's, as tools/demo fetches it) at -O2, plain,
with the plugin, and with the plugin that writes summaries. The arms take turns
within a unit, so that a busy machine slows all alike; of several rounds the
median counts. Also compares the objects. Prints a markdown table."""

import argparse
import filecmp
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools", "lib"))
import real_code
import tidy_runs


def words_of(entry, compiler):
    """The entry's command at -O2, without its output and plugins."""
    words = entry.get("arguments") or shlex.split(entry["command"])
    kept, left = [compiler, "-O2"], words[1:]
    while left:
        word = left.pop(0)
        if word in ("-o", "-MF", "-MT", "-MQ"):
            left.pop(0)
        elif word not in ("-MD", "-MMD", "-MP", "-Werror"):
            kept.append(word)
    return kept


def cpu_of(command, folder):
    """User and system seconds of a command."""
    process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        sys.exit("error: status %d: %s" % (process.returncode, shlex.join(command)))
    return usage.ru_utime + usage.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"), help="build folder")
    parser.add_argument("--plugin", help="default: lib/RacePlugin.so of the build")
    parser.add_argument("--database", help="folder of another compile_commands.json")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="every fifth file")
    options = parser.parse_args()
    build = os.path.abspath(options.build)
    plugin = os.path.abspath(options.plugin or os.path.join(build, "lib", "RacePlugin.so"))
    if not os.path.exists(plugin):
        sys.exit("error: no plugin at %s: build it first" % plugin)
    compiler = tidy_runs.find_tool("clang++", "clang-19")
    if options.database:
        name, database = os.path.basename(os.path.normpath(options.database)), options.database
    else:
        folder = os.path.join(build, "real-code")
        try:
            project = next(p for p in real_code.ready(folder, print) if p.name == "leveldb")
        except real_code.Unavailable as problem:
            sys.exit("error: %s" % problem)
        name, database = "leveldb", real_code.tree_of(folder, project)
    with open(os.path.join(database, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    rounds = options.rounds
    if options.quick:
        entries = entries[::5]

    with tempfile.TemporaryDirectory() as work:
        summary = os.path.join(work, "summary.json")
        load = "-fplugin=" + plugin
        arms = {"plain": [], "with the plugin": [load],
                "with summaries": [load, "-fplugin-arg-race-summary=" + summary,
                                   "-fplugin-arg-race-root=" + os.path.dirname(database)]}
        # Each unit is named for its own output: the name is in some objects.
        output, first = os.path.join(work, "output.o"), os.path.join(work, "plain.o")
        times = {arm: [[] for _ in entries] for arm in arms}
        differing, bytes_written = set(), 0
        names = list(arms)
        for number in range(rounds):
            for index, entry in enumerate(entries):
                turn = (number + index) % len(names)
                objects = {}
                for arm in names[turn:] + names[:turn]:
                    command = words_of(entry, compiler) + arms[arm] + ["-o", output]
                    times[arm][index].append(cpu_of(command, entry["directory"]))
                    objects[arm] = first + str(len(objects))
                    os.replace(output, objects[arm])
                differing |= {entry["file"] for arm in names
                              if not filecmp.cmp(objects["plain"], objects[arm], shallow=False)}
                if not number:
                    bytes_written += os.path.getsize(summary)
            print("round %d of %d done" % (number + 1, rounds), file=sys.stderr)

    median = {arm: [statistics.median(t) for t in series] for arm, series in times.items()}
    print("\n%s, %d translation units, median of %d round%s, user and system CPU\n" % (
        name, len(entries), rounds, "s" if rounds > 1 else ""))
    print("| compile | CPU s | ratio | median ratio of a file | largest |")
    print("|---|--:|--:|--:|--:|")
    for arm in names:
        ratios = [a / b for a, b in zip(median[arm], median["plain"])]
        print("| %s | %.2f | %.3f | %.3f | %.3f |" % (
            arm, sum(median[arm]), sum(median[arm]) / sum(median["plain"]),
            statistics.median(ratios), max(ratios)))
    print("\n%d of %d objects differ; summaries have %.0f KB a file" % (
        len(differing), len(entries), bytes_written / len(entries) / 1000))
    for file in sorted(differing):
        print("differs: " + file)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
