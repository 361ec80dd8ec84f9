#!/usr/bin/env python3
"""Checks that the documentation quotes what the checks really say. Two kinds of
blocks are compared, each marked by a comment on the line before it:

  <!-- output of docs/examples/a/before.cpp -->   a ```text block: all that
      race-* say of the file, without the quoted source. With ": warnings"
      behind the path, no notes. Several files: separated by commas.
  <!-- tested in pool.cpp -->   a ```cpp block: it is put into
      Inputs/docs/pool.cpp. Where a line ends in "// warning: text" or
      "// note: text" that is said there; and there are no other warnings.

--fix writes the real output into the ```text blocks."""

import argparse
import glob
import os
import re
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "tools", "lib"))
import tidy_runs  # noqa: E402

INPUTS = os.path.join(HERE, "Inputs")
BLOCK = re.compile(r"^<!-- (?:output of (?P<files>[^:>]+?)(?P<only>: warnings)?|"
                   r"tested in (?P<frame>\S+)) -->\n```(?P<kind>\w+)\n(?P<text>.*?)^```$",
                   re.M | re.S)
EXPECTED = re.compile(r"// (?P<kind>warning|note): (?P<text>.*?)\s*$")


def diagnostics_of(options, path, arguments):
    """[(line, column, kind, text)]; ends the program if the file is not checked."""
    run = tidy_runs.run_unit(options.clang_tidy, options.plugin, path,
                             ["--config={}", "--checks=-*,race-*", "--"] + arguments)
    if run.crashed or run.compile_errors:
        sys.exit("clang-tidy failed on %s:\n%s%s" % (path, run.output, run.errors))
    return [(line, col, kind, text) for _, line, col, kind, text in run.diagnostics()]


def output_of(options, files, only_warnings):
    """What a ```text block must be."""
    lines = []
    for name in re.split(r",\s*", files):
        path = os.path.join(options.root, name)
        for line, col, kind, text in diagnostics_of(options, path, ["-std=c++17", "-pthread"]):
            if kind == "warning" or not only_warnings:
                lines.append("%s:%d:%d: %s: %s\n" % (os.path.basename(path), line, col, kind, text))
    return "".join(lines)


def differences(options, folder, frame, snippet):
    """What is wrong with a ```cpp block."""
    with open(os.path.join(INPUTS, "docs", frame), encoding="utf-8") as file:
        before, _, after = file.read().partition("@SNIPPET@\n")
    path = os.path.join(folder, "snippet.cpp")
    with open(path, "w", encoding="utf-8") as file:
        # Without the expectations, which would be comments like others.
        lines = [EXPECTED.sub("", line) for line in snippet.splitlines()]
        file.write(before + "\n".join(lines) + "\n" + after)
    said = diagnostics_of(options, path, ["-std=c++17", "-w", "-isystem", INPUTS,
                                          "-include", "std.h"])
    first = before.count("\n") + 1
    problems = []
    for number, line in enumerate(snippet.splitlines(), first):
        expected = EXPECTED.search(line)
        if not expected:
            continue
        # A note may go on to say why.
        fitting = [d for d in said if d[0] == number and d[2] == expected["kind"] and
                   (re.fullmatch(re.escape(expected["text"]) + r" \[[\w-]+\]", d[3])
                    if d[2] == "warning" else
                    re.match(re.escape(expected["text"]) + r"($|[:;,])", d[3]))]
        if not fitting:
            problems.append("not said: %s: %s" % (expected["kind"], expected["text"]))
        said = [d for d in said if d not in fitting]
    return problems + ["said, not quoted: block line %d: %s" % (d[0] - first + 1, d[3])
                       for d in said if d[2] == "warning"]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clang-tidy", required=True)
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--fix", action="store_true", help="write the real output")
    parser.add_argument("root", help="the repository")
    options = parser.parse_args()
    options.root = os.path.abspath(options.root)
    pages = [os.path.join(options.root, "README.md")]
    pages += glob.glob(os.path.join(options.root, "docs", "checks", "*.md"))
    pages += glob.glob(os.path.join(options.root, "docs", "examples", "**", "README.md"),
                       recursive=True)
    counts, failed, without = {"text": 0, "cpp": 0}, 0, []
    with tempfile.TemporaryDirectory(prefix="race-docs-") as folder:
        for page in sorted(pages):
            shown = os.path.relpath(page, options.root)
            with open(page, encoding="utf-8") as file:
                text = file.read()
            fixed, end = "", 0
            for block in BLOCK.finditer(text):
                counts[block["kind"]] += 1
                where = "%s:%d" % (shown, text.count("\n", 0, block.start()) + 2)
                fixed += text[end:block.start("text")]
                end = block.start("text")
                if block["frame"]:
                    problems = differences(options, folder, block["frame"], block["text"])
                else:
                    real = output_of(options, block["files"], block["only"])
                    problems = [] if real == block["text"] else ["the output is now:\n" + real]
                    if options.fix:
                        fixed, end, problems = fixed + real, block.end("text"), []
                failed += bool(problems)
                for problem in problems:
                    print("%s: %s" % (where, problem))
            # A quotation that nobody compares would be forgotten.
            outside = BLOCK.sub("", text)
            if re.search(r"\[race-[a-z-]+\]$", outside, re.M) or EXPECTED.search(outside):
                without.append(shown)
            if options.fix:
                with open(page, "w", encoding="utf-8") as file:
                    file.write(fixed + text[end:])
    for shown in without:
        print("%s: quotes a warning in a block that is not compared" % shown)
    print("%d outputs, %d pieces of code, %d differ" % (counts["text"], counts["cpp"], failed))
    return 1 if failed or without or not all(counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
