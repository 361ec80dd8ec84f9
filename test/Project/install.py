#!/usr/bin/env python3
"""Installs the build into a scratch folder and uses it there as another project
would: find_package(RaceTidy) and race_tidy(target), C++ and C."""

import argparse
import os
import re
import shutil
import subprocess
import sys

PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(Scratch LANGUAGES C CXX)
find_package(RaceTidy 99 QUIET)
if(RaceTidy_FOUND)
  message(FATAL_ERROR "version 99 was found")
endif()
find_package(RaceTidy 0.1 REQUIRED)
if(NOT EXISTS "${RaceTidy_PLUGIN}")
  message(FATAL_ERROR "no plugin: ${RaceTidy_PLUGIN}")
endif()
set(CMAKE_CXX_STANDARD 17)
add_library(checked OBJECT before.cpp plain.c)
race_tidy(checked)
add_library(chosen OBJECT after.cpp before.cpp)
race_tidy(chosen CHECKS race-check-then-act)
add_library(unchecked OBJECT before.cpp)
set(CMAKE_CXX_CLANG_TIDY ${RaceTidy_CLANG_TIDY} --load=${RaceTidy_PLUGIN} --checks=-*,race-*)
add_library(everywhere OBJECT before.cpp)
"""


def run(command):
    done = subprocess.run(command, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        sys.exit("status %d: %s\n%s" % (done.returncode, " ".join(command), done.stdout))
    return done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cmake", required=True)
    parser.add_argument("--ninja", required=True)
    parser.add_argument("--compiler", required=True, help="clang++; the scratch project's")
    parser.add_argument("--c-compiler", required=True)
    parser.add_argument("--build", required=True, help="what to install")
    parser.add_argument("--example", required=True, help="folder with before.cpp and after.cpp")
    parser.add_argument("--work", required=True, help="scratch folder, emptied first")
    options = parser.parse_args()

    shutil.rmtree(options.work, ignore_errors=True)
    prefix, source, build = (os.path.join(options.work, d) for d in ("prefix", "source", "build"))
    os.makedirs(source)
    run([options.cmake, "--install", options.build, "--prefix", prefix])
    installed = [os.path.relpath(os.path.join(folder, name), prefix)
                 for folder, _, names in os.walk(prefix) for name in names]
    problems = ["not installed: *" + ending
                for ending in ("/RaceTidy.so", "/RaceTidyConfig.cmake",
                               "/RaceTidyConfigVersion.cmake", "/race/annotations.h",
                               "/hooks/pre-commit", "/connection-pool/before.cpp")
                if not any(("/" + path).endswith(ending) for path in installed)]

    for name in ("before.cpp", "after.cpp"):
        shutil.copy(os.path.join(options.example, name), source)
    with open(os.path.join(source, "plain.c"), "w", encoding="utf-8") as file:
        file.write("int twice(int N) { return 2 * N; }\n")
    with open(os.path.join(source, "CMakeLists.txt"), "w", encoding="utf-8") as file:
        file.write(PROJECT)
    run([options.cmake, "-G", "Ninja", "-S", source, "-B", build,
         "-DCMAKE_MAKE_PROGRAM=" + options.ninja, "-DCMAKE_PREFIX_PATH=" + prefix,
         "-DCMAKE_C_COMPILER=" + options.c_compiler, "-DCMAKE_CXX_COMPILER=" + options.compiler])
    for target, expected in (("checked", True), ("chosen", False), ("unchecked", False),
                             ("everywhere", True)):
        output = run([options.cmake, "--build", build, "--target", target])
        if ("[race-use-after-release]" in output) != expected:
            problems.append("target %s: race-use-after-release %s:\n%s" % (
                target, "was not reported" if expected else "was reported", output))
        # Not the quoted source: an example writes "error: ..." itself.
        if re.search(r"^(?:\S+:\d+:\d+: )?(?:fatal )?error: ", output, re.M):
            problems.append("target %s:\n%s" % (target, output))
    # C is checked too: clang-tidy runs for each language, but only where asked.
    for target, unit, expected in (("checked", "plain.c", True), ("checked", "before.cpp", True),
                                   ("unchecked", "before.cpp", False)):
        listed = run([options.ninja, "-C", build, "-t", "commands", target])
        lines = [line for line in listed.splitlines() if unit in line]
        if len(lines) != 1 or ("--load=" in lines[0]) != expected:
            problems.append("the commands of %s for %s are not as they should be:\n%s" % (
                target, unit, "\n".join(lines)))
    for problem in problems:
        print(problem)
    print("%d files installed" % len(installed))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
