#!/usr/bin/env python3
"""Runs clang-tidy over the project's own files: the checks of .clang-tidy, and
race-* by the plugin. Every finding is a failure. A file that passed is not
looked at again until it, a header of the project that it includes, its compile
command or .clang-tidy changes. A new plugin alone is no reason: it is new after
every change, and a fresh clone looks at everything."""

import argparse
import hashlib
import json
import os
import re
import shlex
import sys

import sources

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                                "tools", "lib"))
import tidy_runs


def digest_of(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part if isinstance(part, bytes) else part.encode())
        digest.update(b"\0")
    return digest.hexdigest()


def without_pch(words):
    """A compile command without CMake's precompiled header. Checks look at every
    declaration, and reading all of a precompiled header takes several times
    longer than parsing what a file includes. A file thus must include what it
    uses."""
    result, skip = [], 0
    for index, word in enumerate(words):
        if skip:
            skip -= 1
        elif word == "-Xclang" and words[index + 1] in ("-include-pch", "-include"):
            skip = 3
        elif word != "-Winvalid-pch":
            result.append(word)
    return result


def read(path):
    with open(path, "rb") as file:
        return file.read()


INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.M)


def with_headers(root, unit):
    """The file and the headers of the project that it includes, directly or not."""
    found, work = {unit}, [unit]
    while work:
        path = work.pop()
        for name in INCLUDE.findall(read(path)):
            for folder in (os.path.dirname(path), os.path.join(root, "include")):
                header = os.path.normpath(os.path.join(folder, name.decode()))
                if os.path.exists(header) and header not in found:
                    found.add(header)
                    work.append(header)
    return sorted(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clang-tidy", required=True)
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--build", required=True, help="folder with compile_commands.json")
    parser.add_argument("--cache", required=True, help="folder that remembers what passed")
    parser.add_argument("root", help="the repository")
    options = parser.parse_args()
    root = os.path.abspath(options.root)

    with open(os.path.join(options.build, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    for entry in entries:
        entry["file"] = os.path.normpath(os.path.join(entry["directory"], entry["file"]))
        entry["arguments"] = without_pch(
            entry.get("arguments") or shlex.split(entry.pop("command")))
    commands = {entry["file"]: shlex.join(entry["arguments"]) for entry in entries}
    own = [os.path.join(root, f) for f in sources.cpp_files(root, ["lib", "tools"], (".cpp",))]
    units = [path for path in own if path in commands]
    if not units:
        sys.exit("error: the build compiles no file of lib/ or tools/")
    common = digest_of(read(os.path.join(root, ".clang-tidy")), read(__file__))
    os.makedirs(options.cache, exist_ok=True)
    with open(os.path.join(options.cache, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(entries, file, indent=1)
    marks = {unit: os.path.join(options.cache, digest_of(
        common, commands[unit], *(read(path) for path in with_headers(root, unit))))
             for unit in units}
    todo = [unit for unit in units if not os.path.exists(marks[unit])]

    arguments = ["-p", options.cache, "--config-file=" + os.path.join(root, ".clang-tidy"),
                 "--warnings-as-errors=*",
                 "--header-filter=^%s/(include|lib|tools)/" % root]
    runs = tidy_runs.run_units(todo, lambda unit: tidy_runs.run_unit(
        options.clang_tidy, options.plugin, unit, arguments))
    failed = 0
    for run in runs:
        if run.status == 0:
            open(marks[run.unit], "w", encoding="utf-8").close()
            continue
        failed += 1
        print(run.output.rstrip())
        if not run.output.strip():
            print("%s: clang-tidy ended with status %d\n%s" % (run.unit, run.status, run.errors))
    print("%d files, %d unchanged since they passed, %d with findings" % (
        len(units), len(units) - len(todo), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
