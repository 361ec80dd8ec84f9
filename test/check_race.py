#!/usr/bin/env python3
"""Runs clang-tidy with the plugin over one file and compares what it says with
the expectations that the file quotes in its comments.

  // RUN: %check_race %s race-check [options] [clang-tidy options] [-- clang args]

The expectations (L is a line number or [[@LINE+n]]; the column may be left out):

  // CHECK-MESSAGES: :L:C: warning: text [race-check]
      The message at that place begins with this text. {{...}} is a regular
      expression. "file.h:L:C: ..." speaks of another file. Every warning must
      be quoted: one that is not fails the test, so a file that quotes none
      must be silent.
  // CHECK-NOTES: :L:C: note: text
      Belongs to the CHECK-MESSAGES before it: the warning has these notes, in
      this order. Notes that are not quoted are let pass, unless --strict-notes.
  // CHECK-FIXES: text
      After -fix, a line that the fix changed or added contains this text. In
      the order of the file. The fixed file must still compile.
  // CHECK-FIXES-NOT: text
      After -fix, no line but these comments contains this text.

--suffix=S reads CHECK-MESSAGES-S, CHECK-NOTES-S and so on instead, for a file
with several RUN lines. --allow-errors lets the file have compile errors.
"""

import argparse
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile

DIAGNOSTIC = re.compile(
    r"^(?P<file>[^\s:][^:\n]*):(?P<line>\d+):(?P<col>\d+): "
    r"(?P<kind>warning|error|fatal error|note): (?P<text>.*)$")
PLACE = re.compile(
    r"^(?P<file>[^\s:\[]*):(?P<line>\d+|\[\[@LINE(?P<offset>[+-]\d+)?\]\])"
    r"(?::(?P<col>\d+))?: (?P<text>(?P<kind>warning|error|note): .*)$")
COMMENT = re.compile(r"(?://|/\*)\s*CHECK-(?:MESSAGES|NOTES|FIXES)")


class Message:
    """A diagnostic that clang-tidy printed, with its notes."""

    def __init__(self, file, line, col, kind, text):
        self.file, self.line, self.col = file, line, col
        self.kind, self.text = kind, text
        self.notes = []

    def __str__(self):
        return "%s:%d:%d: %s: %s" % (self.file, self.line, self.col, self.kind,
                                     self.text)


class Expectation:
    """A diagnostic that the test quotes. `at` is the line of the quotation."""

    def __init__(self, test, at, match):
        self.at = at
        self.file = match["file"] or os.path.basename(test)
        if match["line"].startswith("[["):
            self.line = at + int(match["offset"] or 0)
        else:
            self.line = int(match["line"])
        self.col = int(match["col"]) if match["col"] else None
        self.text = match["text"]
        self.pattern = compile_text(match["text"])
        self.notes = []

    def matches(self, message):
        same_file = ("/" + message.file).endswith("/" + self.file)
        return (same_file and message.line == self.line
                and self.col in (None, message.col)
                and self.pattern.match("%s: %s" % (message.kind, message.text)))

    def __str__(self):
        col = "" if self.col is None else ":%d" % self.col
        return "%s:%d%s: %s   (quoted in line %d)" % (self.file, self.line, col,
                                                      self.text, self.at)


def compile_text(text):
    """`text` as a regular expression: literal but for what stands in {{ }}."""
    parts = re.split(r"\{\{(.*?)\}\}", text)
    return re.compile("".join(
        "(?:%s)" % part if i % 2 else re.escape(part)
        for i, part in enumerate(parts)))


def parse_expectations(test, lines, suffix):
    """The test's (messages, fixes, forbidden fixes); ends the run with one line
    if a quotation cannot be read, so that a typing error never passes."""
    messages, fixes, not_fixes = [], [], []
    end = "-" + suffix if suffix else ""
    directive = re.compile(
        r"CHECK-(MESSAGES|NOTES|FIXES-NOT|FIXES)%s:\s?(.*?)\s*(?:\*/\s*)?$" % re.escape(end))
    for at, line in enumerate(lines, 1):
        found = directive.search(line)
        if not found:
            continue
        kind, rest = found[1], found[2]
        if kind == "FIXES":
            fixes.append((at, rest))
        elif kind == "FIXES-NOT":
            not_fixes.append((at, rest))
        else:
            place = PLACE.match(rest)
            if not place or (kind == "NOTES") != (place["kind"] == "note"):
                sys.exit("%s:%d: check_race: cannot read this %s: %s" % (
                    test, at, "CHECK-" + kind, rest))
            expectation = Expectation(test, at, place)
            if kind == "MESSAGES":
                messages.append(expectation)
            elif messages:
                messages[-1].notes.append(expectation)
            else:
                sys.exit("%s:%d: check_race: CHECK-NOTES before any CHECK-MESSAGES"
                         % (test, at))
    return messages, fixes, not_fixes


def run_clang_tidy(options, source, extra, clang_args):
    """Runs clang-tidy over `source`; returns (messages, all output). A crash, a
    refused plugin or a refused option ends the run."""
    command = [options.clang_tidy, "--load=" + options.plugin,
               "--checks=-*," + options.checks, "--header-filter=.*", "--quiet"]
    if not any(re.match(r"--?config(-file)?(=|$)", a) for a in options.tidy_args):
        command.append("--config={}")
    command += options.tidy_args + extra + [source, "--"] + clang_args
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=options.timeout)
    except subprocess.TimeoutExpired:
        sys.exit("check_race: no end after %d s: %s" % (options.timeout,
                                                        " ".join(command)))
    messages = []
    for line in done.stdout.splitlines():
        found = DIAGNOSTIC.match(line)
        if not found:
            continue
        message = Message(found["file"], int(found["line"]), int(found["col"]),
                          found["kind"], found["text"])
        if message.kind == "note" and messages:
            messages[-1].notes.append(message)
        else:
            messages.append(message)
    failed = done.returncode != 0 and not any(
        "error" in m.kind or "warnings-as-errors" in m.text for m in messages)
    if done.returncode < 0 or done.returncode > 128 or failed:
        sys.exit("check_race: clang-tidy ended with status %d: %s\n%s" % (
            done.returncode, " ".join(command), done.stdout))
    return messages, done.stdout


def compare_notes(expected, message, strict):
    """What is wrong with the notes of a warning that was expected."""
    problems, rest = [], list(message.notes)
    for note in expected.notes:
        while rest and not note.matches(rest[0]):
            rest.pop(0)
        if not rest:
            problems.append("note missing, or not in this order:\n    %s\n  of the warning\n    %s%s"
                            % (note, message, list_of(message.notes, "  has the notes")))
            return problems
        rest.pop(0)
    if strict and expected.notes and len(expected.notes) != len(message.notes):
        problems.append("the warning has %d notes, %d are quoted:\n    %s%s" % (
            len(message.notes), len(expected.notes), message,
            list_of(message.notes, "  has the notes")))
    return problems


def list_of(messages, heading):
    if not messages:
        return "\n%s (none)" % heading
    return "\n%s\n" % heading + "\n".join("    %s" % m for m in messages)


def compare_messages(expectations, messages, options):
    """Every difference between the quotations and the output, as texts."""
    problems, rest = [], list(messages)
    if options.allow_errors:
        rest = [m for m in rest if "[clang-diagnostic-error]" not in m.text]
    for expected in expectations:
        found = [m for m in rest if expected.matches(m)]
        if not found:
            near = [m for m in rest if m.line == expected.line]
            problems.append("not reported:\n    %s%s" % (
                expected, list_of(near, "  instead, on that line:") if near else ""))
            continue
        # Of several alike, the one whose notes fit.
        judged = [(compare_notes(expected, m, options.strict_notes), m) for m in found]
        wrong, message = min(judged, key=lambda pair: len(pair[0]))
        rest.remove(message)
        problems += wrong
    for message in rest:
        problems.append("%s:\n    %s%s" % (
            "compile error" if "error" in message.kind else "reported, not quoted",
            message, "".join("\n      %s" % n for n in message.notes)))
    return problems


def check_fixes(options, lines, fixes, not_fixes, clang_args):
    """Applies the fixes to a copy and compares it; returns the problems."""
    folder = tempfile.mkdtemp(prefix="check-race-")
    try:
        copy = os.path.join(folder, os.path.basename(options.test))
        shutil.copyfile(options.test, copy)
        beside = ["-I" + os.path.dirname(os.path.abspath(options.test))]
        run_clang_tidy(options, copy, ["--fix"], clang_args + beside)
        with open(copy, encoding="utf-8") as file:
            fixed = file.read().splitlines()
        after, _ = run_clang_tidy(options, copy, [], clang_args + beside)
    finally:
        shutil.rmtree(folder)
    problems = []
    if not options.allow_errors:
        problems += ["the fixed file does not compile:\n    %s" % m
                     for m in after if "error" in m.kind]
    changed = []
    for tag, _, _, begin, end in difflib.SequenceMatcher(
            None, lines, fixed, autojunk=False).get_opcodes():
        if tag in ("replace", "insert"):
            changed += fixed[begin:end]
    position = 0
    for at, text in fixes:
        pattern = compile_text(text)
        for i in range(position, len(changed)):
            if pattern.search(changed[i]):
                position = i + 1
                break
        else:
            problems.append("no changed line, in order, contains CHECK-FIXES of line %d:\n    %s\n"
                            "  the lines that the fix changed:\n%s" % (
                                at, text, "\n".join("    " + c for c in changed) or "    (none)"))
    for at, text in not_fixes:
        pattern = compile_text(text)
        for line in fixed:
            if not COMMENT.search(line) and pattern.search(line):
                problems.append("after the fix a line contains CHECK-FIXES-NOT of line %d:\n    %s"
                                % (at, line))
    return problems


def parse_arguments(argv):
    clang_args = []
    if "--" in argv:
        cut = argv.index("--")
        argv, clang_args = argv[:cut], argv[cut + 1:]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False)
    parser.add_argument("--clang-tidy", required=True, help="the clang-tidy to run")
    parser.add_argument("--plugin", required=True, help="the plugin to load into it")
    parser.add_argument("--suffix", default="", help="of the expectations to read")
    parser.add_argument("--allow-errors", action="store_true",
                        help="the file may have compile errors")
    parser.add_argument("--strict-notes", action="store_true",
                        help="a warning with quoted notes has no others")
    parser.add_argument("--timeout", type=int, default=60, help="seconds for one run")
    parser.add_argument("test", help="the file to check")
    parser.add_argument("checks", help="the checks to run, race-* for all")
    options, options.tidy_args = parser.parse_known_args(argv)
    if not any(a.startswith("-std=") for a in clang_args):
        clang_args.insert(0, "-std=c11" if options.test.endswith(".c") else "-std=c++17")
    return options, clang_args


def main(argv):
    options, clang_args = parse_arguments(argv)
    for path in (options.plugin, options.test):
        if not os.path.exists(path):
            sys.exit("check_race: no such file: %s" % path)
    with open(options.test, encoding="utf-8") as file:
        lines = file.read().splitlines()
    messages, fixes, not_fixes = parse_expectations(options.test, lines, options.suffix)
    reported, output = run_clang_tidy(options, options.test, [], clang_args)
    problems = compare_messages(messages, reported, options)
    if fixes or not_fixes:
        problems += check_fixes(options, lines, fixes, not_fixes, clang_args)
    if problems:
        print("%s: %d difference%s" % (options.test, len(problems),
                                       "s" if len(problems) > 1 else ""))
        for problem in problems:
            print("- " + problem)
        print("---- clang-tidy said ----\n%s" % (output.rstrip() or "(nothing)"))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
