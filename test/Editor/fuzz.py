#!/usr/bin/env python3
"""Types files into race-clangd as people do, and worse: character by character
from nothing, some lines anew in the middle of the whole, then with random edits
of it. After each step the server
must answer within a limit. A text that ends it, or that it chews on for too
long, is kept, and the seed says it all again.

Short by default, for the test-suite: the three examples, with declarations that
stand for the standard library. --long types every character; --files takes real
code, with the compile database that lies above it."""

import argparse
import os
import random
import re
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lsp  # noqa: E402

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
EXAMPLES = [os.path.join(ROOT, "docs", "examples", name) for name in (
    "connection-pool/before.cpp", "record-cache/before.cpp",
    "metrics-reconciler/single-file/before.cpp")]

# What people leave behind in the middle of a thought.
SCRAPS = ["{", "}", "(", ")", ";", "<", ">", "::", "->", ".", "*", "&", "=", "\"", "'", "/*", "*/",
          "//", "#if 0\n", "#endif\n", "#define X(a) a##\n", "template <typename T> ", "class ",
          "struct S ", "auto ", "return ", "if (", "else ", "for (;;) ", "while (", "do ",
          "switch (x) { case 1: ", "goto end;", "try { ", "catch (...) { ", "throw ", "new ",
          "delete ", "this->", "std::", "std::mutex m;", "std::lock_guard<std::mutex> lock(m);",
          "lock();", "unlock();", "[&] { ", "[this](auto x) ", "operator", "virtual ", "const ",
          "static ", "extern \"C\" { ", "namespace { ", "using namespace std;", "enum class E { ",
          "union { ", "int x = x;", "co_await ", "decltype(", "noexcept(", "...", "T...", "\\\n",
          "0", "nullptr", "int", "void f(", "~", "!", "/", "%", "?", ":", ",", "@", "\u00e4",
          "\U0001d11e", "// single-threaded, no locking needed\n", "// guarded by mu_\n",
          "// NOLINT", "// NOLINTBEGIN\n", "__attribute__((", "alignas(", "_Atomic ",
          "asm(\"\")", "-1", "1e999", "'ab'", "R\"(", "#include <std.h>\n", "#include \"no.h\"\n"]


def mutants(text, count, dice):
    """`count` texts, each a random edit away from the one before or the whole."""
    now = text
    for _ in range(count):
        if dice.random() < 0.15 or not now:
            now = text
        at = dice.randrange(len(now) + 1)
        kind = dice.randrange(8)
        words = [m.span() for m in re.finditer(r"\w+|[^\w\s]", now)]
        if kind == 0:
            now = now[:at] + now[at + dice.randrange(1, 60):]
        elif kind == 1:
            now = now[:at] + dice.choice(SCRAPS) + now[at:]
        elif kind == 2 and words:
            begin, end = dice.choice(words)
            now = now[:begin] + dice.choice(SCRAPS) + now[end:]
        elif kind == 3 and words:
            begin, end = dice.choice(words)
            now = now[:begin] + now[end:]
        elif kind == 4 and len(words) > 1:
            (a, b), (c, d) = sorted(dice.sample(words, 2))
            now = now[:a] + now[c:d] + now[b:c] + now[a:b] + now[d:]
        elif kind == 5:
            lines = now.split("\n")
            line = dice.randrange(len(lines))
            lines.insert(dice.randrange(len(lines) + 1), lines[line])
            now = "\n".join(lines)
        elif kind == 6:
            lines = now.split("\n")
            begin = dice.randrange(len(lines))
            del lines[begin:begin + dice.randrange(1, 6)]
            now = "\n".join(lines)
        else:
            now = now[:at]
        yield now[:200000]


def prefixes(text, step, dice):
    """`text`, typed."""
    at = 0
    while at < len(text):
        at += 1 if step == 1 else dice.randrange(1, 2 * step)
        yield text[:at]


def retyped(text, count, dice):
    """`text` with some lines in its middle typed anew, `count` characters in all."""
    lines = text.splitlines(keepends=True)
    # What is included stays: reading it again takes longer than all the rest.
    first = max((n for n, line in enumerate(lines) if line.startswith("#include")), default=-1) + 1
    while count > 0 and first < len(lines):
        begin = dice.randrange(first, len(lines))
        end = begin + dice.randrange(1, 12)
        before, typed, after = ("".join(part) for part in (
            lines[:begin], lines[begin:end], lines[end:]))
        count -= len(typed)
        for at in range(len(typed) + 1):
            yield before + typed[:at] + after


class Fuzz:
    def __init__(self, options):
        self.options, self.server, self.project = options, None, None
        self.steps, self.slowest, self.failed = 0, (0, ""), []

    def start(self, folder):
        self.server = lsp.Server([self.options.server], folder, lsp.RACE_ONLY,
                                 limit=self.options.limit)

    def run(self, folder, path, texts, what):
        """Shows the server each of the texts, as the file `path`."""
        end = time.monotonic() + self.options.seconds
        opened, last = False, None
        for now in texts:
            if time.monotonic() > end:
                break
            # A text that is the same again gets no answer.
            if now == last:
                continue
            last = now
            try:
                if not self.server:
                    self.start(folder)
                    opened = False
                if opened:
                    self.server.change(path, now)
                else:
                    self.server.open(path, now)
                    opened = True
                begun = time.monotonic()
                self.server.diagnostics(path)
                self.slowest = max(self.slowest, (time.monotonic() - begun, what))
                self.steps += 1
            except lsp.Gone as problem:
                self.keep(what, path, now, problem)
                self.server.process.kill()
                self.server.close()
                self.server = None
        if self.server and opened:
            self.server.shut(path)

    def keep(self, what, path, text, problem):
        os.makedirs(self.options.work, exist_ok=True)
        kept = os.path.join(self.options.work, "%d-%s" % (len(self.failed), os.path.basename(path)))
        with open(kept, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
        self.failed.append(kept)
        print("%s: the text is kept as %s\n%s" % (what, kept, problem), flush=True)

    def over(self):
        if self.server:
            status = self.server.close()
            if status:
                self.failed.append("exit")
                print("the server ended with %d" % status)
        self.server = None

    def fuzz(self, folder, path, text, seed):
        dice = random.Random(seed)
        name = os.path.basename(path)
        if self.options.step:
            self.run(folder, path, prefixes(text, self.options.step, dice), name + ", typed")
        self.run(folder, path, retyped(text, self.options.edits, dice), name + ", retyped")
        self.run(folder, path, mutants(text, self.options.edits, dice), name + ", edited")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", required=True, help="race-clangd")
    parser.add_argument("--work", required=True, help="where texts that went wrong are kept")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=60, help="seconds for one answer")
    parser.add_argument("--seconds", type=float, default=20,
                        help="for each way of editing a file; the steps are as fast as the machine")
    parser.add_argument("--step", type=int, default=9, help="characters at a time, on average; 0: "
                        "nothing is typed from the beginning")
    parser.add_argument("--edits", type=int, default=150, help="random edits of each file")
    parser.add_argument("--long", action="store_true",
                        help="every character, 2000 edits, no limit of time for a file")
    parser.add_argument("--files", nargs="*", default=[], help="real code instead of the examples")
    options = parser.parse_args()
    options.server = os.path.abspath(options.server)
    if options.long:
        options.step, options.edits, options.seconds = 1, 2000, 1e9

    fuzz = Fuzz(options)
    files = [os.path.abspath(path) for path in options.files]
    if files:
        with lsp.Project() as home:
            for path in files:
                with open(path, encoding="utf-8", errors="replace") as file:
                    text = file.read()
                fuzz.fuzz(home.folder, path, text, options.seed)
            fuzz.over()
    else:
        with lsp.Project() as project:
            for path in EXAMPLES:
                with open(path, encoding="utf-8") as file:
                    text = re.sub(r"(#include <\w+>\n)+", "#include <std.h>\n", file.read(), count=1)
                project.write(os.path.basename(os.path.dirname(path)) + ".cpp", text)
            project.database()
            for name in sorted(os.listdir(project.folder)):
                if name.endswith(".cpp"):
                    with open(project.path(name), encoding="utf-8") as file:
                        fuzz.fuzz(project.folder, project.path(name), file.read(), options.seed)
            fuzz.over()
    print("%d texts, the slowest took %.1f s (%s), %d went wrong" % (
        fuzz.steps, *fuzz.slowest, len(fuzz.failed)))
    if not fuzz.steps:
        print("nothing was tried")
    return 1 if fuzz.failed or not fuzz.steps else 0


if __name__ == "__main__":
    sys.exit(main())
