#!/usr/bin/env python3
"""Writes compile_commands.json into a folder, with a command for every .c and
.cpp file below it, in the order of their names. Declarations that stand for the
standard library are found as <std.h>.

  compile_commands.py FOLDER [flags for every command]"""

import json
import os
import sys

STD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Project", "Inputs")


def commands(folder, flags):
    found = []
    for where, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            if name.endswith((".c", ".cpp")):
                path = os.path.join(where, name)
                compiler = (["clang", "-std=c11"] if name.endswith(".c") else
                            ["clang++", "-std=c++17", "-isystem", STD])
                found.append({"directory": folder, "file": path,
                              "arguments": compiler + flags + ["-c", path]})
    return found


def write(folder, flags):
    # So that this is the project's folder, not the work tree around it.
    os.makedirs(os.path.join(folder, ".git"), exist_ok=True)
    with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(commands(folder, flags), file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    write(os.path.realpath(sys.argv[1]), sys.argv[2:])
