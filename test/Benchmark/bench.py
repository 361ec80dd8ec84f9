#!/usr/bin/env python3
"""Measures what the checks cost: user CPU of clang-tidy for each translation
unit of real code (Debian's leveldb and memcached, as tools/demo fetches them),
beside other checks of clang-tidy. The arms take turns within a unit, so that a
busy machine slows all alike; of several rounds the median counts. Prints a
markdown table of ratios to the cheapest check that matches anything."""

import argparse
import os
import statistics
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools", "lib"))
import real_code
import tidy_runs

# Simple checks for C and C++, of which the cheapest is the measure of all.
CANDIDATES = ["bugprone-terminating-continue", "bugprone-suspicious-memset-usage",
              "misc-misplaced-const", "bugprone-bool-pointer-implicit-conversion",
              "readability-misleading-indentation"]

# Nothing of it applies to C or C++: what parsing costs.
NO_MATCH = "objc-super-self"


def arms(cheapest):
    """(name in the table, checks) of every arm; the first is what others are
    compared with."""
    return ([(cheapest, cheapest), (NO_MATCH + " (never matches)", NO_MATCH),
             ("concurrency-*", "concurrency-*"),
             ("bugprone-use-after-move", "bugprone-use-after-move"),
             ("race-* (all three)", "race-*")] +
            [(check, check) for check in tidy_runs.CHECKS])


class Bench:
    def __init__(self, tidy, plugin, folder):
        self.tidy, self.plugin, self.folder = tidy, plugin, folder

    def cpu(self, project, unit, checks):
        """User seconds of one run. The plugin is loaded in every arm."""
        run = tidy_runs.run_unit(self.tidy, self.plugin, unit, [
            "-p", real_code.tree_of(self.folder, project), "--config={}", "--checks=-*," + checks])
        if run.crashed or "No checks enabled" in run.errors or run.compile_errors:
            sys.exit("error: clang-tidy failed on %s with %s:\n%s%s" % (
                unit, checks, run.output, run.errors))
        return run.cpu

    def rounds(self, units, checks, count):
        """{checks: [median user seconds of each unit]}: `count` rounds in which
        every unit is run with each of `checks`, beginning with another one
        every time."""
        times = {check: [[] for _ in units] for check in checks}
        for number in range(count):
            for index, (project, unit) in enumerate(units):
                first = (number + index) % len(checks)
                for check in checks[first:] + checks[:first]:
                    times[check][index].append(self.cpu(project, unit, check))
            print("round %d of %d done" % (number + 1, count), file=sys.stderr)
        return {check: [statistics.median(t) for t in series] for check, series in times.items()}


def print_table(units, measured, table_arms, rounds):
    """The ratios of sums, for each project and for all."""
    names = list(dict.fromkeys(project.name for project, _ in units))

    def total(checks, name=None):
        return sum(seconds for (project, _), seconds in zip(units, measured[checks])
                   if name in (None, project.name))

    base = table_arms[0][1]
    print("\n%d translation units, median of %d round%s, user CPU; ratios to `%s`\n" % (
        len(units), rounds, "s" if rounds > 1 else "", base))
    print("| checks | CPU s | median s a file | %s | all |" % " | ".join(names))
    print("|---|--:|--:|%s--:|" % ("--:|" * len(names)))
    for shown, checks in table_arms:
        ratios = ["%.3f" % (total(checks, name) / total(base, name)) for name in names]
        print("| `%s` | %.2f | %.3f | %s | %.3f |" % (
            shown, total(checks), statistics.median(measured[checks]), " | ".join(ratios),
            total(checks) / total(base)))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"), help="build folder")
    parser.add_argument("--plugin", help="default: lib/RaceTidy.so of the build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one round, every tenth file")
    options = parser.parse_args()
    plugin = os.path.abspath(options.plugin or os.path.join(options.build, "lib", "RaceTidy.so"))
    if not os.path.exists(plugin):
        sys.exit("error: no plugin at %s: build it first (tools/demo does)" % plugin)
    tidy = tidy_runs.find_tool("clang-tidy", "clang-tidy-19")
    folder = os.path.join(os.path.abspath(options.build), "real-code")
    try:
        projects = real_code.ready(folder, print)
    except real_code.Unavailable as problem:
        sys.exit("error: %s" % problem)

    units = [(project, unit) for project in projects
             for unit in tidy_runs.load_units(real_code.tree_of(folder, project))]
    rounds = options.rounds
    if options.quick:
        units, rounds = units[::10], 1
    bench = Bench(tidy, plugin, folder)
    some = units[::10] or units
    candidates = bench.rounds(some, CANDIDATES, 1 if options.quick else 3)
    cheapest = min(CANDIDATES, key=lambda check: sum(candidates[check]))
    table_arms = arms(cheapest)
    measured = bench.rounds(units, [checks for _, checks in table_arms], rounds)
    print_table(units, measured, table_arms, rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
