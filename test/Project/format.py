#!/usr/bin/env python3
"""Checks that our C++ files are as clang-format would write them. Not the files
of test/Checks: their quoted expectations are longer than a line."""

import argparse
import subprocess
import sys

import sources

FOLDERS = ["include", "lib", "tools", "test/Unit", "docs/examples"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clang-format", required=True)
    parser.add_argument("--fix", action="store_true", help="format them instead")
    parser.add_argument("root", help="the repository")
    options = parser.parse_args()
    files = sources.cpp_files(options.root, FOLDERS)
    if not files:
        sys.exit("error: no C++ file found in " + options.root)
    mode = ["-i"] if options.fix else ["--dry-run", "-Werror"]
    done = subprocess.run([options.clang_format, *mode, *files], cwd=options.root, check=False)
    print("%d files read" % len(files))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
