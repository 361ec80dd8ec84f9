#!/usr/bin/env python3
"""Checks that every symbol that a plugin leaves undefined is there in the
clang-tidy or clang that loads it. A name that is missing would end the program only
when it is first called."""

import argparse
import os
import re
import subprocess
import sys
import tempfile

# The libraries of the host that a plugin may count on.
LIBRARIES = re.compile(r"lib(clang-cpp|LLVM|stdc\+\+|c|m|gcc_s|sqlite3)[.-]|^ld-linux")


def symbols(nm, path, *options):
    """{name: type letter} of the dynamic symbols, versions cut off."""
    listed = subprocess.run([nm, "-D", *options, path], text=True, check=True,
                            stdout=subprocess.PIPE).stdout
    result = {}
    for line in listed.splitlines():
        words = line.split()
        if len(words) >= 2:
            result[words[-1].split("@")[0]] = words[-2]
    return result


def libraries_of(program):
    listed = subprocess.run(["ldd", program], text=True, check=True, stdout=subprocess.PIPE).stdout
    for line in listed.splitlines():
        words = line.split()
        path = words[2] if "=>" in words else words[0]
        if os.path.isabs(path) and LIBRARIES.match(os.path.basename(path)):
            yield path


def missing_symbols(nm, plugin, host):
    """(number of undefined symbols, those that the host does not have)."""
    undefined = [name for name, letter in symbols(nm, plugin, "--undefined-only").items()
                 if letter == "U"]
    defined = set()
    for path in [host, *libraries_of(host), *libraries_of(plugin)]:
        defined |= symbols(nm, path, "--defined-only").keys()
    return len(undefined), sorted(name for name in undefined if name not in defined)


def self_test(nm, host, compiler):
    """A plugin with a planted unknown symbol: it must be found, and only it."""
    with tempfile.TemporaryDirectory() as folder:
        plugin = os.path.join(folder, "planted.so")
        subprocess.run([compiler, "-xc++", "-", "-shared", "-fPIC", "-o", plugin], text=True, check=True,
                       input="#include <cstdio>\nvoid notInTheHost();\n"
                             "void call() { std::puts(\"\"); notInTheHost(); }\n")
        _, missing = missing_symbols(nm, plugin, host)
    return [] if missing == ["_Z12notInTheHostv"] else ["planted one symbol, found %s" % missing]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nm", required=True)
    parser.add_argument("--host", required=True, help="clang-tidy or clang")
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--compiler", required=True, help="to build the self-test's plugin")
    options = parser.parse_args()
    problems = self_test(options.nm, options.host, options.compiler)
    undefined, missing = missing_symbols(options.nm, options.plugin, options.host)
    print("%d undefined symbols, %d not in the host" % (undefined, len(missing)))
    if not undefined:
        problems.append("a plugin without undefined symbols has clang linked into it")
    problems += ["not in the host: " + name for name in missing]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
