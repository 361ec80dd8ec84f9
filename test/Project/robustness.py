#!/usr/bin/env python3
"""Feeds the plugin broken code: each example cut off after every line, and
copies with a few tokens deleted (seeded, so every run has the same). The
checks may say what they like; they must not crash and must come to an end.

The standard library is replaced by the declarations in Inputs/std.h, since
parsing it would take nearly all the time. That the examples are still the
examples is checked first: they compile, and each check finds its own."""

import argparse
import glob
import os
import random
import re
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                                "tools", "lib"))
import tidy_runs  # noqa: E402

INPUTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Inputs")
STD_INCLUDE = re.compile(r"^#include <.*>$", re.M)
TOKEN = re.compile(r"[A-Za-z_]\w*|\d[\w.]*|\"(?:\\.|[^\"\\\n])*\"|::|->|[^\s\w]")


def truncations(text):
    """The text cut off after every line but the last."""
    lines = text.splitlines(keepends=True)
    for count in range(1, len(lines)):
        # A line that adds nothing the parser sees gives the same program again.
        if lines[count - 1].strip() and not lines[count - 1].lstrip().startswith(("//", "#")):
            yield "".join(lines[:count])


def deletion(text, source):
    """The text with one to four tokens deleted, picked by `source`. Lines that
    begin with # stay: without its includes there is little left of a file."""
    begin = 0
    for line in re.finditer(r"^#.*\n", text, re.M):
        begin = line.end()
    tokens = list(TOKEN.finditer(text, begin))
    for token in sorted(source.sample(tokens, min(len(tokens), source.randint(1, 4))),
                        key=lambda t: -t.start()):
        text = text[:token.start()] + text[token.end():]
    return text


def read_without_std(path):
    """The text of a file without its standard includes; the lines stay."""
    with open(path, encoding="utf-8") as file:
        return STD_INCLUDE.sub("", file.read())


def write_mutants(examples, deletions, seed, folder):
    """Writes all mutants into `folder`, each beside its example's headers, and
    the examples themselves; returns the paths of the examples and of the
    mutants."""
    paths, seen = [], set()

    def write(example, number, text):
        # Before and after begin alike: the same text is tried once.
        if text in seen:
            return
        seen.add(text)
        home = os.path.join(folder, os.path.basename(os.path.dirname(example)) + "-" +
                            os.path.basename(os.path.dirname(os.path.dirname(example))))
        if not os.path.isdir(home):
            os.makedirs(home)
            for header in glob.glob(os.path.join(os.path.dirname(example), "*.h")):
                with open(os.path.join(home, os.path.basename(header)), "w",
                          encoding="utf-8") as file:
                    file.write(read_without_std(header))
        paths.append(os.path.join(home, "%s-%s.cpp" % (
            os.path.splitext(os.path.basename(example))[0], number)))
        with open(paths[-1], "w", encoding="utf-8") as file:
            file.write(text)

    texts = {example: read_without_std(example) for example in examples}
    for example in examples:
        write(example, "whole", texts[example])
    whole, paths = paths, []
    for example in examples:
        for text in truncations(texts[example]):
            write(example, "cut%03d" % text.count("\n"), text)
    source = random.Random(seed)
    for number in range(deletions):
        example = source.choice(examples)
        write(example, "del%03d" % number, deletion(texts[example], source))
    return whole, paths


def run_files(options, files, timeout):
    """One clang-tidy process over all of `files`."""
    arguments = ["--config={}", "--checks=-*,race-*", "--", "-std=c++17", "-w", "-ferror-limit=0",
                 "-isystem", INPUTS, "-include", "std.h"]
    return tidy_runs.run_unit(options.clang_tidy, options.plugin, files[0],
                              files[1:] + arguments, timeout=timeout)


def problems_of_whole(options, examples):
    """What is wrong with the examples themselves: then a mutant proves little."""
    run = run_files(options, examples, timeout=options.limit + len(examples))
    if run.crashed:
        return ["crashes on the examples as they are, or does not end"]
    counts, _ = tidy_runs.count_findings([run])
    return (run.compile_errors +
            ["%s finds nothing in the examples" % check
             for check in tidy_runs.CHECKS if not counts.get(check)])


def run_batch(options, batch):
    """The files of `batch` that crash or do not end. One process for all; only
    if that goes wrong, one for each."""
    def fails(files):
        return run_files(options, files, timeout=options.limit + len(files)).crashed

    return [path for path in batch if fails([path])] if fails(batch) else []


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clang-tidy", required=True)
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--examples", required=True, help="folder with *.cpp at any depth")
    parser.add_argument("--work", required=True, help="folder for the mutants, emptied first")
    parser.add_argument("--deletions", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=30,
                        help="seconds for one file, beside one for each other in the process")
    parser.add_argument("--batch", type=int, default=40, help="files of one process")
    options = parser.parse_args()

    examples = sorted(glob.glob(os.path.join(options.examples, "**", "*.cpp"), recursive=True))
    if not examples:
        sys.exit("error: no *.cpp below " + options.examples)
    shutil.rmtree(options.work, ignore_errors=True)
    whole, mutants = write_mutants(examples, options.deletions, options.seed, options.work)
    problems = problems_of_whole(options, whole)
    batches = [tuple(mutants[i:i + options.batch]) for i in range(0, len(mutants), options.batch)]
    failed = [path for some in tidy_runs.run_units(
        batches, lambda batch: run_batch(options, list(batch))) for path in some]
    print("%d examples, %d mutants, %d crash or do not end" % (
        len(examples), len(mutants), len(failed)))
    for path in failed:
        print("crashes, or runs longer than %g s: %s" % (options.limit, path))
    for problem in problems:
        print(problem)
    if not failed and not problems:
        shutil.rmtree(options.work)
    return 1 if failed or problems else 0


if __name__ == "__main__":
    sys.exit(main())
