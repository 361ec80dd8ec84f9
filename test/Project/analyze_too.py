#!/usr/bin/env python3
"""Runs `race-tidy analyze` over the tests of the checks, each a program of its
own: it must find what clang-tidy with the plugin finds there, at the same place
and with the same text, and nothing else. Tests with options of clang-tidy are
left out.

A file that says ANALYZE-DIFFERS has another result there, and says why."""

import argparse
import concurrent.futures
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import check_race  # noqa: E402

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
RUN = re.compile(r"RUN: *%check_race (.*?)(?: *\*/)?$", re.M)


def plain_run(path, text):
    """(checks, arguments of clang), if the test has one run without options."""
    runs = RUN.findall(text)
    if text.count("RUN:") != 1 or len(runs) != 1:
        return None
    line = runs[0]
    for name, value in (("%source_dir", ROOT), ("%S", os.path.dirname(path)), ("%s", path)):
        line = line.replace(name, value)
    words = shlex.split(line)
    options, clang_args = check_race.parse_arguments(
        ["--clang-tidy=", "--plugin="] + words)
    if options.tidy_args or options.suffix or options.allow_errors:
        return None
    return options.checks, clang_args


def problems_of(path, options):
    """None if the test is not of this kind; else what is wrong, as texts."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    run = plain_run(path, text)
    if not run:
        return None
    checks, clang_args = run
    expected, _, _ = check_race.parse_expectations(path, text.splitlines(), "")
    folder = os.path.join(options.work, re.sub(r"\W", "-", os.path.relpath(path, options.tests)))
    os.makedirs(folder)
    compiler = "clang" if path.endswith(".c") else "clang++"
    with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump([{"directory": os.path.dirname(path), "file": path,
                    "arguments": [compiler, *clang_args, "-c", path]}], file)
    done = subprocess.run([options.race_tidy, "analyze", "-p", folder, "--quiet", "--jobs=1",
                           "--checks=-*," + checks], text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120,
                          errors="replace", check=False)
    if done.returncode not in (0, 1) or done.stderr.strip():
        return ["%s: status %d: %s" % (path, done.returncode, done.stderr)]
    said = []
    for line in done.stdout.splitlines():
        found = check_race.DIAGNOSTIC.match(line)
        if found and found["kind"] != "note":
            said.append(check_race.Message(found["file"], int(found["line"]), int(found["col"]),
                                           found["kind"], found["text"]))
    problems = []
    for quoted in expected:
        match = next((m for m in said if quoted.matches(m)), None)
        if match:
            said.remove(match)
        elif quoted.text.startswith("warning"):
            problems.append("%s: not found: %s" % (path, quoted))
    return problems + ["%s: found, not quoted: %s" % (path, m) for m in said]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--race-tidy", required=True)
    parser.add_argument("--tests", required=True, help="the folder test/Checks")
    parser.add_argument("--work", required=True, help="scratch folder, emptied first")
    options = parser.parse_args()
    options.tests = os.path.realpath(options.tests)
    shutil.rmtree(options.work, ignore_errors=True)
    files = sorted(os.path.join(where, name) for where, _, names in os.walk(options.tests)
                   for name in names if name.endswith((".c", ".cpp")))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = [r for r in pool.map(lambda path: problems_of(path, options), files)
                   if r is not None]
    problems = sum(results, [])
    for problem in problems:
        print(problem)
    print("%d tests, %d differences" % (len(results), len(problems)))
    return 1 if problems or len(results) < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
