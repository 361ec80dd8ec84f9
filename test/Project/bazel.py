#!/usr/bin/env python3
"""Runs tools/bazel in Bazel's sandbox, offline: what is found, and which actions
run after which change, taken from Bazel's own log of executed actions. Ends with
status 77, for "skipped", where there is no bazel."""

import argparse
import collections
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
INPUTS = os.path.join(HERE, "Inputs", "bazel")


class Workspace:
    """A copy of the example, and the Bazel that builds it."""

    def __init__(self, bazel, race_tidy, root, work):
        self.bazel, self.race_tidy, self.work = bazel, race_tidy, work
        self.folder = os.path.join(work, "program")
        shutil.copytree(os.path.join(INPUTS, "program"), self.folder)
        shutil.copytree(os.path.join(root, "tools", "bazel"), os.path.join(self.folder, "race_tidy"))
        self.log = os.path.join(work, "executed.json")
        self.startup = ["--output_user_root=" + os.path.join(work, "output"), "--max_idle_secs=60",
                        "--nohome_rc"]
        self.options = ["--override_repository=%s=%s" % (name, os.path.join(INPUTS, name))
                        for name in ("rules_cc", "rules_java", "remote_coverage_tools")]
        self.options += ["--repo_env=RACE_TIDY=" + race_tidy, "--@race_tidy//:config=//:config",
                         "--spawn_strategy=sandboxed", "--nosandbox_debug", "--disk_cache=" + os.path.join(work, "cache"),
                         "--execution_log_json_file=" + self.log, "--color=no", "--curses=no",
                         "--noshow_progress", "--test_output=errors"]

    def run(self, command, *targets):
        """(status, output, how often actions of each mnemonic ran, how often the
        cache answered for them)"""
        if os.path.exists(self.log):
            os.remove(self.log)
        done = subprocess.run([self.bazel, *self.startup, command, *self.options, *targets],
                              cwd=self.folder, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        ran, cached = collections.Counter(), collections.Counter()
        if os.path.exists(self.log):
            decoder, at = json.JSONDecoder(), 0
            with open(self.log, encoding="utf-8") as file:
                text = file.read()
            while at < len(text):
                action, at = decoder.raw_decode(text, at)
                (cached if action.get("remoteCacheHit") else ran)[action["mnemonic"]] += 1
        return done.returncode, done.stdout, ran, cached

    def edit(self, name, old, new):
        path = os.path.join(self.folder, name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if old not in text:
            sys.exit("no '%s' in %s" % (old, name))
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(old, new))

    def write_baseline(self):
        """The command of docs/scale.md."""
        subprocess.run([self.race_tidy, "link", "--quiet", "--root=.", "--write-baseline",
                        "bazel-bin/race.race/2"],
                       cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    def stop(self):
        subprocess.run([self.bazel, *self.startup, "shutdown"], cwd=self.folder, check=False,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def race(counter):
    return {name: count for name, count in counter.items() if name.startswith("Race")}


class Checker:
    def __init__(self, workspace):
        self.workspace, self.problems = workspace, []

    def expect(self, what, got, wanted, output=""):
        print("%s: %s" % (what, got))
        if got != wanted:
            self.problems.append("%s: expected %s, got %s\n%s" % (what, wanted, got, output))

    def build(self, what, ran, cached=None):
        status, output, really, answered = self.workspace.run("build", "//:race")
        self.expect(what + ", status", status, 0, output)
        self.expect(what + ", actions that ran", race(really), ran, output)
        self.expect(what + ", from the cache", race(answered), cached or {}, output)

    def findings(self, what, *wanted):
        """The warnings in bazel-bin/race.txt, each as 'file:line'."""
        with open(os.path.join(self.workspace.folder, "bazel-bin", "race.txt"),
                  encoding="utf-8") as file:
            lines = [line for line in file if " warning: " in line]
        places = [":".join(line.split(":")[:2]) for line in lines]
        self.expect(what, places, list(wanted), "".join(lines))

    def test(self, what, target, status, text=""):
        got, output, _, _ = self.workspace.run("test", target)
        self.expect(what, got, status, output)
        if text not in output:
            self.problems.append("%s: not said: %s\n%s" % (what, text, output))


def check(workspace):
    c = Checker(workspace)
    rounds = {"RaceImports": 2, "RaceReread": 8}
    c.build("from scratch", {"RaceExtract": 4, "RaceLink": 1, **rounds})
    if c.problems:
        return c.problems
    c.findings("what is between files", "pool/serve.cpp:7")
    c.build("nothing changed", {})
    c.test("a test with findings fails", "//:race_test", 3, "pool/serve.cpp:7:3: warning: 'C' is used")
    c.test("a test of single files does not see it", "//:single_files_test", 0)

    # What is in the baseline does not count, and what is new does.
    workspace.write_baseline()
    c.test("a test with a baseline passes", "//:new_findings_test", 0)
    again = "void again(Pool &P, Conn *D) { finish(P, D); D->write(FAREWELL); }"
    workspace.edit("pool/serve.cpp", "void serve(", again + "\nvoid serve(")
    c.test("a new finding", "//:new_findings_test", 3, "'D' is used after it was handed back")
    workspace.edit("pool/serve.cpp", again + "\n", "")
    c.test("as it was", "//:new_findings_test", 0)

    # One source: its extraction and the link; linking has no other news for any
    # file, so that nobody but it is looked at again.
    workspace.edit("pool/pool.cpp", "return new Conn;", "{ return new Conn; }")
    c.build("one source changed", {"RaceExtract": 1, "RaceImports": 2, "RaceReread": 2, "RaceLink": 1})
    # A header: those that include it.
    workspace.edit("pool/finish.h", "#pragma once", "#pragma once // ")
    status, output, ran, _ = workspace.run("build", "//:race")
    c.expect("a header changed, extractions of pool:finish, pool:serve and the server",
             (status, ran["RaceExtract"], ran["RaceLink"] <= 1), (0, 3, True), output)

    # What one file does is news for another: it is read again, though unchanged.
    workspace.edit("pool/finish.cpp", "P.put(C);", "C->write(\".\");")
    status, output, ran, _ = workspace.run("build", "//:race")
    c.expect("another effect of finish", (status, ran["RaceExtract"], ran["RaceReread"] > 2),
             (0, 1, True), output)
    c.findings("mended in another file")
    c.test("a test without findings passes", "//:race_test", 0)

    # The build folder is gone, the cache is not: nothing runs.
    workspace.run("clean")
    c.build("from the cache", {}, {"RaceExtract": 4, "RaceLink": 1, **rounds})

    # Configuration and NOLINT.
    workspace.edit("pool/finish.cpp", "C->write(\".\");", "P.put(C);")
    with open(os.path.join(workspace.folder, ".clang-tidy"), "w", encoding="utf-8") as file:
        file.write("Checks: '-*,race-check-then-act'\n")
    c.test(".clang-tidy", "//:race_test", 0)
    os.remove(os.path.join(workspace.folder, ".clang-tidy"))
    c.test("without .clang-tidy", "//:race_test", 3)
    workspace.edit("pool/serve.cpp", "C->write(FAREWELL);", "C->write(FAREWELL); // NOLINT")
    c.test("NOLINT", "//:race_test", 0)

    # Targets that are left alone are not even compiled.
    status, output, ran, _ = workspace.run(
        "build", "--aspects=@race_tidy//:defs.bzl%race_aspect", "--output_groups=race_summaries",
        "//pool:pool", "//pool:left_alone")
    c.expect("the aspect on the command line", (status, race(ran)), (0, {}), output)
    summary = os.path.join(workspace.folder, "bazel-bin", "pool", "pool.race", "pool.cpp.race.json")
    c.expect("its summary", os.path.exists(summary), True)

    # A file that cannot be read fails its action, by name.
    workspace.edit("pool/pool.cpp", "Free = C;", "Free = Unknown;")
    status, output, _, _ = workspace.run("build", "//:race")
    c.expect("a mistake", (status, "error: pool/pool.cpp: pool/pool.cpp:11:10: use of undeclared identifier 'Unknown'" in output),
             (1, True), output)
    return c.problems


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--race-tidy", required=True)
    parser.add_argument("--root", required=True, help="the repository")
    parser.add_argument("--work", required=True, help="scratch folder, emptied first")
    options = parser.parse_args()
    bazel = shutil.which("bazel")
    if not bazel:
        print("skipped: there is no bazel; install the Debian package bazel-bootstrap")
        return 77
    options.work = os.path.abspath(options.work)
    if os.path.isdir(options.work):
        # Bazel writes its outputs without the permission to change them.
        subprocess.run(["chmod", "-R", "u+w", options.work], check=False)
        shutil.rmtree(options.work)
    os.makedirs(options.work)
    workspace = Workspace(bazel, os.path.abspath(options.race_tidy), options.root, options.work)
    try:
        problems = check(workspace)
    finally:
        workspace.stop()
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
