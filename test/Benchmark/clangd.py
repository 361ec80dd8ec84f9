#!/usr/bin/env python3
"""Measures what the checks cost in an editor: the time from an edit to the
diagnostics, and the memory, of race-clangd beside the clangd that it is made of.
Both have the same file open, from real code (tools/demo fetches it), and get the
same edits, taking turns. Both are asked for the same checks: race-* alone, of
which clangd has none, or others with them. Prints a markdown table."""

import argparse
import os
import statistics
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "Editor"))
sys.path.insert(0, os.path.join(HERE, "..", "..", "tools", "lib"))
import lsp  # noqa: E402
import real_code  # noqa: E402


class Arm:
    """One server with the file open."""

    def __init__(self, name, command, folder, path, config):
        self.name, self.path, self.wall, self.cpu = name, path, [], []
        os.makedirs(folder)
        self.server = lsp.Server(command, folder, config)
        self.server.open(path)
        self.said = len(self.server.diagnostics(path))

    def used(self):
        """CPU seconds so far, of all its threads."""
        with open("/proc/%d/stat" % self.server.process.pid, encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def edit(self, text):
        before, begun = self.used(), time.monotonic()
        self.server.change(self.path, text)
        self.server.diagnostics(self.path)
        self.wall.append(time.monotonic() - begun)
        self.cpu.append(self.used() - before)

    def memory(self):
        """(resident MB, the part of it that is the process's own)."""
        with open("/proc/%d/status" % self.server.process.pid, encoding="ascii") as file:
            fields = dict(line.split(":", 1) for line in file)
        return tuple(int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", required=True, help="race-clangd")
    parser.add_argument("--clangd", default="/usr/bin/clangd-19", help="what to compare with")
    parser.add_argument("--real-code", help="folder of the fetched real code")
    parser.add_argument("--file", action="append",
                        help="in leveldb's source; default db/db_impl.cc")
    parser.add_argument("--edits", type=int, default=30)
    parser.add_argument("--checks", default="race-*", help="separated by commas, without '-'")
    options = parser.parse_args()
    folder = options.real_code or os.path.join(HERE, "..", "..", "build", "real-code")
    project = next(p for p in real_code.PROJECTS if p.name == "leveldb")
    if real_code.unready(folder) and not os.path.exists(real_code.stamp_of(folder, project)):
        sys.exit("error: no leveldb in %s: run tools/demo first" % folder)
    tree = os.path.abspath(real_code.tree_of(folder, project))

    print("| file | | to diagnostics, ms | CPU, ms | resident, MB | own, MB |\n|---|---|--:|--:|--:|--:|")
    for name in options.file or ["db/db_impl.cc"]:
        measure(options, os.path.join(tree, name), name)


def measure(options, path, name):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    lines = text.split("\n")
    # Where a statement ends, deep in the file: the preamble stays as it is.
    places = [n for n, line in enumerate(lines) if n > len(lines) // 4 and
              line.startswith("  ") and line.endswith(";")]
    config = ("---\nDiagnostics:\n  ClangTidy:\n    Remove: '*'\n"
              "---\nDiagnostics:\n  ClangTidy:\n    Add: [%s]\n" % ", ".join(
                  "'%s'" % check for check in options.checks.split(",")))
    with lsp.Project() as home:
        arms = [Arm(label, [command], home.path(label), path, config)
                for label, command in (("clangd", options.clangd),
                                       ("race-clangd", os.path.abspath(options.server)))]
        for number in range(options.edits + 3):
            at = places[number * 7919 % len(places)]
            changed = "\n".join(lines[:at] + ["  // edit %d" % number] + lines[at:])
            for arm in arms if number % 2 else arms[::-1]:
                arm.edit(changed)
        for arm in arms:
            # The first ones find caches cold.
            arm.row = [1000 * statistics.median(arm.wall[3:]), 1000 * statistics.mean(arm.cpu[3:]),
                       *arm.memory()]
            print("| %s | %s | %.0f | %.0f | %.0f | %.0f |" % (name, arm.name, *arm.row))
            arm.server.close()
        ratios = [ours / theirs for theirs, ours in zip(arms[0].row, arms[1].row)]
        print("| | ratio | %.2f | %.2f | %.2f | %.2f |" % tuple(ratios))


if __name__ == "__main__":
    main()
