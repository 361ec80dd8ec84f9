#!/usr/bin/env python3
"""Feeds the plugin broken code: each example cut off after every line, and
copies with a few tokens deleted (seeded, so every run has the same). The
checks may say what they like; they must not crash and must come to an end."""

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


def write_mutants(examples, deletions, seed, folder):
    """Writes all mutants into `folder`, each beside copies of its example's
    headers; returns their paths."""
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
                shutil.copy(header, home)
        paths.append(os.path.join(home, "%s-%s.cpp" % (
            os.path.splitext(os.path.basename(example))[0], number)))
        with open(paths[-1], "w", encoding="utf-8") as file:
            file.write(text)

    texts = {}
    for example in examples:
        with open(example, encoding="utf-8") as file:
            texts[example] = file.read()
        for text in truncations(texts[example]):
            write(example, "cut%03d" % text.count("\n"), text)
    source = random.Random(seed)
    for number in range(deletions):
        example = source.choice(examples)
        write(example, "del%03d" % number, deletion(texts[example], source))
    return paths


def run_batch(options, batch):
    """The files of `batch` that crash or do not end. One process for all; only
    if that goes wrong, one for each."""
    arguments = ["--config={}", "--checks=-*,race-*", "--", "-std=c++17", "-w", "-ferror-limit=0"]

    def fails(files):
        run = tidy_runs.run_unit(options.clang_tidy, options.plugin, files[0],
                                 files[1:] + arguments, timeout=options.limit * len(files))
        return run.crashed

    return [path for path in batch if fails([path])] if fails(batch) else []


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clang-tidy", required=True)
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--examples", required=True, help="folder with *.cpp at any depth")
    parser.add_argument("--work", required=True, help="folder for the mutants, emptied first")
    parser.add_argument("--deletions", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=10, help="seconds for one file")
    parser.add_argument("--batch", type=int, default=12, help="files of one process")
    options = parser.parse_args()

    examples = sorted(glob.glob(os.path.join(options.examples, "**", "*.cpp"), recursive=True))
    if not examples:
        sys.exit("error: no *.cpp below " + options.examples)
    shutil.rmtree(options.work, ignore_errors=True)
    mutants = write_mutants(examples, options.deletions, options.seed, options.work)
    batches = [tuple(mutants[i:i + options.batch]) for i in range(0, len(mutants), options.batch)]
    failed = [path for some in tidy_runs.run_units(
        batches, lambda batch: run_batch(options, list(batch))) for path in some]
    print("%d examples, %d mutants, %d crash or do not end" % (
        len(examples), len(mutants), len(failed)))
    for path in failed:
        print("crashes, or runs longer than %g s: %s" % (options.limit, path))
    if not failed:
        shutil.rmtree(options.work)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
