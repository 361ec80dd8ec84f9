#!/usr/bin/env python3
"""Checks that race-tidy's index changes no answer. A small program is edited at
random: hand-backs, locks, thread starts, comments, calls between files, and
files come and go. After every edit the output with the index must be the output
from scratch, byte for byte. Then runs are killed at random moments: the index
must open, and the next run say what a run from scratch says.

The same seed makes the same edits."""

import argparse
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import compile_commands  # noqa: E402

HEADER = """#include <std.h>
struct Conn {
  void write(const char *);
  Conn *Next;
};
class Pool {
public:
  Conn *get();
  void put(Conn *);

private:
  Conn *Free = nullptr;
};
class Cache {
public:
  int *find(int Key);
  void insert(int Key, int *Value);

private:
  std::mutex M;
  std::map<int, int *> Values;
};
int *create(int Key);
"""
POOL = """#include "all.h"
Conn *Pool::get() {
  Conn *C = Free;
  if (!C)
    return new Conn;
  Free = C->Next;
  return C;
}
void Pool::put(Conn *C) {
  C->Next = Free;
  Free = C;
}
"""
CACHE = """#include "all.h"
int *Cache::find(int Key) {
  %(lock)s
  auto It = Values.find(Key);
  return It == Values.end() ? nullptr : It->second;
}
void Cache::insert(int Key, int *Value) {
  %(lock)s
  Values[Key] = Value;
}
"""
FILE = """#include "all.h"
#include "state%(other)d.h"
#include "state%(here)d.h"
int Count%(here)d;
std::mutex Mutex%(here)d;
void done%(call)d(Pool &P, Conn *C);
void touch%(call)d();
%(comments)svoid done%(here)d(Pool &P, Conn *C) { %(done)s }
void serve%(here)d(Pool &P) {
  Conn *C = P.get();
  done%(call)d(P, C);
  %(use)s
}
void touch%(here)d() {
  %(lock)s
  ++Count%(other)d;
}
void start%(here)d() { %(start)s }
int *look%(here)d(Cache &C, int Key) {
  int *Value = C.find(Key);
  if (!Value) {
    Value = create(Key);
    %(insert)s
  }
  return Value;
}
"""
CHOICES = {
    "done": ["P.put(C);", "P.put(C);", "C->write(\".\");", "done%(call)d(P, C);"],
    "use": ["C->write(\"bye\");", "C->write(\"bye\");", ""],
    "lock": ["", "", "std::lock_guard<std::mutex> Lock(Mutex%(other)d);"],
    "start": ["static std::thread T(touch%(call)d);", "touch%(call)d();", ""],
    "insert": ["C.insert(Key, Value);", "C.insert(Key, Value);", ""],
    "claim": ["// Single-threaded, no locking needed.\n", "// Guarded by Mutex%(here)d.\n", ""],
}
FILES = 5


class Synthetic:
    """The program: what each of its files says now."""

    def __init__(self, folder, dice):
        self.folder, self.dice = folder, dice
        self.written = {}
        self.cache_lock = "std::lock_guard<std::mutex> Lock(M);"
        self.files = {}
        for number in range(FILES):
            self.files[number] = {key: dice.choice(values) for key, values in CHOICES.items()}
            self.files[number].update(other=dice.randrange(FILES), call=dice.randrange(FILES),
                                      comments="", present=True)
        self.write()

    def edit(self):
        """One edit; returns it in words."""
        dice = self.dice
        number = dice.randrange(FILES)
        file = self.files[number]
        kind = dice.choice(list(CHOICES) + ["other", "call", "comments", "present", "cache"])
        # What is not there cannot be edited: it comes back first.
        if not file["present"]:
            kind = "present"
        if kind in CHOICES:
            file[kind] = dice.choice(CHOICES[kind])
        elif kind in ("other", "call"):
            file[kind] = dice.randrange(FILES)
        elif kind == "comments":
            file[kind] = "// Note %d.\n" % dice.randrange(100) * dice.randrange(3)
        elif kind == "present":
            file[kind] = not file[kind]
        else:
            lock = "std::lock_guard<std::mutex> Lock(M);"
            self.cache_lock = "" if self.cache_lock else lock
        self.write()
        return "%s of file %d" % (kind, number)

    def write(self):
        texts = {"all.h": HEADER, "pool.cpp": POOL, "cache.cpp": CACHE % {"lock": self.cache_lock}}
        for number, file in self.files.items():
            names = {"here": number, "other": file["other"], "call": file["call"]}
            texts["state%d.h" % number] = "%sextern int Count%d;\nextern std::mutex Mutex%d;\n" % (
                file["claim"] % names, number, number)
            if file["present"]:
                names.update({key: file[key] % names for key in CHOICES})
                names["comments"] = file["comments"]
                texts["file%d.cpp" % number] = FILE % names
        for name in set(self.written) - set(texts):
            os.remove(os.path.join(self.folder, name))
        for name, text in texts.items():
            if self.written.get(name) != text:
                with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
                    file.write(text)
        if set(self.written) != set(texts):
            compile_commands.write(self.folder, [])
        self.written = texts


class Runner:
    def __init__(self, tool, folder, scratch):
        self.tool, self.folder, self.scratch = tool, folder, scratch

    def command(self, *options):
        return [self.tool, "analyze", "-p", self.folder] + list(options)

    def run(self, *options):
        """(exit status, stdout, stderr)"""
        done = subprocess.run(self.command(*options), capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout, done.stderr

    def from_scratch(self):
        shutil.rmtree(self.scratch, ignore_errors=True)
        return self.run("--index=" + os.path.join(self.scratch, "index"))


def compare(what, kept, scratch):
    """Ends the program if the two runs say different things."""
    if kept[:2] != scratch[:2] or kept[0] not in (0, 1) or "warning: index" in kept[2]:
        print("%s: the run with the index says\n%s%sexit status %d\nfrom scratch:\n%s%s"
              "exit status %d" % (what, kept[1], kept[2], kept[0], scratch[1], scratch[2],
                                  scratch[0]))
        sys.exit(1)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--race-tidy", required=True)
    parser.add_argument("--work", required=True, help="a folder that is made anew")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--edits", type=int, default=60)
    parser.add_argument("--kills", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=50,
                        help="no new edits, and no new kills, after half of this each")
    options = parser.parse_args()

    shutil.rmtree(options.work, ignore_errors=True)
    folder = os.path.join(os.path.realpath(options.work), "program")
    os.makedirs(folder)
    dice = random.Random(options.seed)
    program = Synthetic(folder, dice)
    runner = Runner(options.race_tidy, folder, os.path.join(options.work, "scratch"))

    began = time.monotonic()
    said, checks, edits, words = set(), set(), 0, "the first run"
    while True:
        scratch = runner.from_scratch()
        compare("edit %d (%s)" % (edits, words), runner.run(), scratch)
        said.add(scratch[1])
        checks.update(check for check in ("race-use-after-release", "race-check-then-act",
                                          "race-stale-thread-comment") if check in scratch[1])
        late = time.monotonic() - began > options.seconds / 2
        if edits >= options.edits or (late and edits >= 10):
            break
        edits += 1
        words = program.edit()
    # Edits that change nothing would prove nothing.
    if len(said) < 4 or len(checks) < 2:
        sys.exit("the edits gave only %d different outputs, of %s" % (len(said), sorted(checks)))

    began = time.monotonic()
    runner.from_scratch()
    full = time.monotonic() - began
    killed = finished = 0
    index = os.path.join(folder, ".race", "index")
    while killed + finished < options.kills and (
            time.monotonic() - began < options.seconds / 2 or not killed):
        if dice.random() < 0.5:
            shutil.rmtree(os.path.dirname(index), ignore_errors=True)
        words = program.edit()
        with subprocess.Popen(runner.command(), stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as process:
            time.sleep(dice.random() * full)
            process.kill()
        if process.returncode < 0:
            killed += 1
        else:
            finished += 1
        if os.path.exists(index):
            with sqlite3.connect(index) as database:
                state = database.execute("PRAGMA integrity_check").fetchone()[0]
            database.close()
            if state != "ok":
                sys.exit("after a kill the index is damaged: " + state)
        compare("after kill %d (%s)" % (killed, words), runner.run(), runner.from_scratch())
    print("%d edits, %d different outputs of %d checks, %d kills" % (
        edits, len(said), len(checks), killed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
