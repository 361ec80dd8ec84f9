#!/usr/bin/env python3
"""What race-clangd says over the protocol: diagnostics with their notes, fixes
and links, comments that silence, what it knows of other files, what it does with
bad input. Options are the tools to test; what is left goes to unittest."""

import argparse
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lsp  # noqa: E402

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
EXAMPLES = os.path.join(ROOT, "docs", "examples")
OPTIONS = argparse.Namespace()

POOL = """\
#include <std.h>
struct Connection { void write(const char *); };
class Pool {
public:
  Connection *get() { auto *C = Free.back(); Free.pop_back(); return C; }
  void put(Connection *C) { Free.push_back(C); }
private:
  std::vector<Connection *> Free;
};
void handle(Pool &P) {
  Connection *Conn = P.get();
  P.put(Conn);
  Conn->write("bye");
}
"""

# A check, an act, and the fix that joins them.
FLAG = """\
#include <atomic>
std::atomic<bool> Started{false};
void begin();
void start() {
  if (!Started.load()) {
    Started.store(true);
    begin();
  }
}
"""


def place(text, needle, after=0):
    """The range of `needle` in `text`, as LSP writes it."""
    at = text.index(needle, after)
    line = text.count("\n", 0, at)
    column = at - (text.rfind("\n", 0, at) + 1)
    return {"start": {"line": line, "character": column},
            "end": {"line": line, "character": column + len(needle)}}


class Case(unittest.TestCase):
    def serve(self, project, *arguments):
        server = lsp.Server([OPTIONS.server, *arguments], project.folder)
        self.addCleanup(server.close)
        return server

    def project(self, files=None, **more):
        made = lsp.Project(files, **more)
        self.addCleanup(made.__exit__)
        return made

    def opened(self, files, name, **more):
        """A project, a server, and the race-* diagnostics of one of its files."""
        project = self.project(files, **more)
        server = self.serve(project)
        path = project.path(name)
        server.open(path)
        return project, server, path, server.race(path)

    def codes(self, diagnostics):
        return [d["code"] for d in diagnostics]


class Alone(Case):
    """The program, not the protocol."""

    def run_it(self, *words, program=None):
        return subprocess.run([program or OPTIONS.server, *words], text=True, timeout=60,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)

    def test_version(self):
        first = self.run_it("--version").stdout.splitlines()[0]
        self.assertRegex(first, r"^race-clangd \d+\.\d+\.\d+ \(clangd 19\.\d+\.\d+\)$")

    def test_check_one_file(self):
        project = self.project({"pool.cpp": POOL})
        quiet = self.run_it("--check=" + project.path("pool.cpp"))
        self.assertEqual(quiet.returncode, 0, quiet.stdout)
        loud = self.run_it("--check=" + project.path("pool.cpp"), "--check-warnings")
        self.assertIn("[race-use-after-release] Line 13: 'Conn' is used after", loud.stdout)

    def test_finds_clangs_headers_after_a_move(self):
        project = self.project({"headers.cpp": "#include <stdarg.h>\n#include <stddef.h>\n"
                                "#include <stdint.h>\nva_list List; size_t Size;\n"})
        moved = shutil.copy(OPTIONS.server, project.path("elsewhere"))
        done = self.run_it("--check=" + project.path("headers.cpp"), program=moved)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("0 errors", done.stdout)


class Live(Case):
    def test_a_diagnostic(self):
        _, server, path, found = self.opened({"pool.cpp": POOL}, "pool.cpp")
        self.assertEqual(self.codes(found), ["race-use-after-release"])
        one = found[0]
        self.assertEqual(one["range"]["start"], place(POOL, "Conn->write")["start"])
        self.assertEqual(one["range"]["end"], place(POOL, "Conn")["end"] | {
            "line": 12, "character": 6})
        self.assertIn("'Conn' is used after it was handed back to 'P'", one["message"])
        self.assertEqual(one["severity"], 2)
        # The notes are related information, each with its place.
        notes = [(n["location"]["range"]["start"], n["message"]) for n in one["relatedInformation"]]
        self.assertEqual([where for where, _ in notes], [
            place(POOL, "P.put(Conn)")["start"] | {"character": 2},
            place(POOL, "P.get()")["start"],
            place(POOL, "P.put(Conn)")["start"] | {"character": 2}])
        self.assertIn("anded back here", notes[0][1])
        self.assertEqual({lsp.path_of(n["location"]["uri"]) for n in one["relatedInformation"]},
                         {path})
        self.assertIn("race-clangd", server.info["version"])

    def test_links_lead_to_pages(self):
        found = self.opened({"both.cpp": "#include <vector>\n" + FLAG + POOL.split("\n", 1)[1]}, "both.cpp")[3]
        self.assertEqual(sorted(self.codes(found)),
                         ["race-check-then-act", "race-use-after-release"])
        for one in found:
            link = one["codeDescription"]["href"]
            page = re.fullmatch(r"https://.*/blob/main/(docs/checks/.*\.md)", link)
            self.assertTrue(page, link)
            self.assertTrue(os.path.exists(os.path.join(ROOT, page[1])), link)

    def test_the_links_of_other_checks_stay(self):
        text = "bool f(int *P) { return P == 0; }\n"
        _, server, path, _ = self.opened({"null.cpp": text}, "null.cpp",
                                         checks="-*,modernize-use-nullptr,race-*")
        one = server.diagnostics(path)[0]
        self.assertEqual(one["code"], "modernize-use-nullptr")
        self.assertIn("clang.llvm.org", one["codeDescription"]["href"])

    def test_without_race_checks_it_is_clangd(self):
        self.assertEqual(self.opened({"pool.cpp": POOL}, "pool.cpp", checks="bugprone-*")[3], [])

    def test_edits(self):
        _, server, path, found = self.opened({"pool.cpp": POOL}, "pool.cpp")
        self.assertEqual(len(found), 1)
        server.change(path, POOL.replace("  P.put(Conn);\n", ""))
        self.assertEqual(server.race(path), [])
        # Typed again, further down.
        server.change(path, "// A line more.\n" + POOL)
        self.assertEqual([d["range"]["start"]["line"] for d in server.race(path)], [13])
        # By a part of the text, as editors do, without hurry.
        at = place(server.texts[path], '  Conn->write("bye");\n')
        server.texts[path] = server.texts[path].replace('  Conn->write("bye");\n', "")
        server.change(path, wanted=False, changes=[{"text": "", "range": {
            "start": at["start"], "end": {"line": at["start"]["line"] + 1, "character": 0}}}])
        self.assertEqual(server.race(path), [])

    def test_fix(self):
        _, server, path, found = self.opened({"flag.cpp": FLAG}, "flag.cpp")
        self.assertEqual(self.codes(found), ["race-check-then-act"])
        actions = [a for a in server.actions(path, found[0]) if a["kind"] == "quickfix"]
        self.assertEqual(len(actions), 1, actions)
        self.assertEqual(self.codes(actions[0]["diagnostics"]), ["race-check-then-act"])
        server.apply(path, actions[0])
        self.assertIn("if (!Started.exchange(true)) {", server.texts[path])
        self.assertEqual(server.diagnostics(path), [])

    def test_nolint(self):
        silent = POOL.replace('("bye");', '("bye"); // NOLINT(race-use-after-release): fine')
        _, server, path, found = self.opened({"pool.cpp": silent}, "pool.cpp")
        self.assertEqual(found, [])
        server.change(path, silent.replace("race-use-after-release", "race-check-then-act"))
        self.assertEqual(len(server.race(path)), 1)
        server.change(path, POOL.replace("  Conn->", "  // NOLINTNEXTLINE(race-*)\n  Conn->"))
        self.assertEqual(server.race(path), [])
        server.change(path, "// NOLINTBEGIN(race-*)\n" + POOL + "// NOLINTEND(race-*)\n")
        self.assertEqual(server.race(path), [])

    def test_comments_wherever_they_stand(self):
        thread = """\
void watch() {
  std::thread T([] { for (;;) (void)Seen.size(); });
  for (int N = 0; N < 9; ++N)
    Seen[N] = N;
  T.join();
}
"""
        claim = "// Single-threaded, no locking needed.\n"
        seen = "static std::map<int, int> Seen;\n"
        for layout in ("#include <std.h>\n" + claim + seen + thread,
                       # In what the server keeps precompiled, or at its border.
                       "#include <std.h>\n" + claim + seen + '#include "empty.h"\n' + thread,
                       '#include <std.h>\n#include "empty.h"\n\n' + claim + seen + thread,
                       "#include <std.h>\n" + seen[:-1] + "  " + claim + thread):
            with self.subTest(layout[:60]):
                found = self.opened({"seen.cpp": layout, "empty.h": "\n"}, "seen.cpp")[3]
                self.assertEqual(self.codes(found), ["race-stale-thread-comment"])
                self.assertEqual(found[0]["range"]["start"], place(layout, "Single-thr")["start"])

    def test_options(self):
        files = {"pool.cpp": POOL}
        strict = self.opened(files, "pool.cpp", config="CheckOptions:\n"
                             "  race-use-after-release.MinEvidence: annotated\n")
        self.assertEqual(strict[3], [])

    def test_own_models(self):
        files = {"jobs.cpp": "struct Job { void run(); };\nJob *fetch();\nvoid giveUp(Job *);\n"
                 "void f() { Job *J = fetch(); giveUp(J); J->run(); }\n"}
        self.assertEqual(self.opened(files, "jobs.cpp")[3], [])
        files[".race-models.yaml"] = (
            "library: ours\nfunctions:\n  - names: giveUp\n    hand-back: {what: arg0}\n")
        self.assertEqual(self.codes(self.opened(files, "jobs.cpp")[3]),
                         ["race-use-after-release"])

    def test_columns_are_utf16(self):
        text = POOL.replace('  Conn->write', '  /* 𝄞 ä */ Conn->write')
        found = self.opened({"pool.cpp": text}, "pool.cpp")[3]
        self.assertEqual([d["range"]["start"]["character"] for d in found], [13])

    def test_the_examples(self):
        for name, before, check in (
                ("connection-pool", "before.cpp", "race-use-after-release"),
                ("record-cache", "before.cpp", "race-check-then-act"),
                ("metrics-reconciler/single-file", "before.cpp", "race-stale-thread-comment")):
            with self.subTest(name):
                project = self.project()
                project.copy(os.path.join(EXAMPLES, name))
                server = self.serve(project)
                server.open(project.path(before))
                self.assertEqual(self.codes(server.race(project.path(before))), [check])
                server.open(project.path("after.cpp"))
                self.assertEqual(server.diagnostics(project.path("after.cpp")), [])


QUEUE = {
    "queue.h": """\
#include <std.h>
class Queue {
public:
  void add(int N);
  std::size_t count() const;

private:
  // Single-threaded, no locking needed.
  std::map<int, int> Pending;
};
extern Queue Jobs;
""",
    "queue.cpp": """\
#include "queue.h"
Queue Jobs;
void Queue::add(int N) { Pending[N] = N; }
std::size_t Queue::count() const { return Pending.size(); }
""",
    "main.cpp": """\
#include "queue.h"
void report();
int main() {
  report();
  for (int N = 0; N < 1000; ++N)
    Jobs.add(N);
}
""",
    "metrics.cpp": """\
#include "queue.h"
static void publish(std::size_t) {}
void report() {
  static std::thread Reporter([] {
    for (;;)
      publish(Jobs.count());
  });
}
""",
}

CROSS = {
    "pool.h": """\
struct Connection { void write(const char *); };
void finish(Connection *C);
Connection *begin();
""",
    "pool.cpp": """\
#include "pool.h"
#include <std.h>
static std::vector<Connection *> Free;
Connection *begin() { auto *C = Free.back(); Free.pop_back(); return C; }
void finish(Connection *C) { Free.push_back(C); }
""",
    "user.cpp": """\
#include "pool.h"
void handle() {
  Connection *Conn = begin();
  finish(Conn);
  Conn->write("bye");
}
""",
}


class OtherFiles(Case):
    """What the index knows of them."""

    def analyze(self, project):
        """Makes the index, or brings it up to date."""
        # A file that changed within the last seconds could change again unseen.
        for where, _, names in os.walk(project.folder):
            for name in names:
                if name.endswith((".cpp", ".h")):
                    os.utime(os.path.join(where, name), (1600000000, 1600000000))
        done = subprocess.run([OPTIONS.race_tidy, "analyze", "-p", project.folder], text=True,
                              timeout=60, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        self.assertIn(done.returncode, (0, 1), done.stdout)
        self.assertTrue(os.path.exists(project.path(".race/index")), done.stdout)
        return done.stdout

    def test_what_a_function_of_another_file_does(self):
        project, server, path, found = self.opened(CROSS, "user.cpp")
        self.assertEqual(found, [])
        self.analyze(project)
        server.change(path, server.texts[path] + "// An edit.\n")
        found = server.race(path)
        self.assertEqual(self.codes(found), ["race-use-after-release"])
        # What is not true any more is not said any more.
        project.write("pool.cpp", CROSS["pool.cpp"].replace("Free.push_back(C);", ""))
        server.change(path, server.texts[path] + "// Another.\n")
        self.assertEqual(server.race(path), [])
        self.analyze(project)
        server.change(path, server.texts[path] + "// And one.\n")
        self.assertEqual(server.race(path), [])
        # Nor when the index is gone, or another one is there.
        project.write("pool.cpp", CROSS["pool.cpp"])
        shutil.rmtree(project.path(".race"))
        server.change(path, server.texts[path] + "// Gone.\n")
        self.assertEqual(server.race(path), [])
        self.analyze(project)
        server.change(path, server.texts[path] + "// New.\n")
        self.assertEqual(len(server.race(path)), 1)

    def test_a_thread_in_another_file(self):
        project = self.project(QUEUE)
        self.analyze(project)
        server = self.serve(project)
        header = project.path("queue.h")
        server.open(header)
        found = server.race(header)
        self.assertEqual(self.codes(found), ["race-stale-thread-comment"])
        self.assertEqual(found[0]["range"]["start"], place(QUEUE["queue.h"], "Single-thr")["start"])
        places = {os.path.basename(lsp.path_of(n["location"]["uri"])): n["message"]
                  for n in found[0]["relatedInformation"]}
        self.assertIn("thread is started here", places["metrics.cpp"])
        self.assertIn("queue.cpp", places)

    def test_a_comment_in_a_header(self):
        project = self.project(QUEUE)
        self.analyze(project)
        server = self.serve(project)
        path = project.path("metrics.cpp")
        server.open(path)
        found = server.race(path)
        # It stands where this file has a part in it.
        self.assertEqual(self.codes(found), ["race-stale-thread-comment"])
        self.assertIn('omment says "Single-threaded, no locking needed"', found[0]["message"])
        self.assertIn(found[0]["range"]["start"]["line"], (3, 5))
        first = found[0]["relatedInformation"][0]["location"]
        self.assertEqual(lsp.path_of(first["uri"]), project.path("queue.h"))
        self.assertEqual(first["range"]["start"], place(QUEUE["queue.h"], "Single-thr")["start"])
        # A file that has no part in it is silent, and so is this one if the
        # comment is silenced where it stands.
        project.write("other.cpp", "#include \"queue.h\"\nint other() { return 1; }\n")
        server.open(project.path("other.cpp"))
        self.assertEqual(server.race(project.path("other.cpp")), [])
        project.write("queue.h", QUEUE["queue.h"].replace(
            "needed.", "needed. NOLINT(race-stale-thread-comment)"))
        self.analyze(project)
        server.change(path, "\n" + server.texts[path])
        self.assertEqual(server.race(path), [])

    def test_the_index_is_only_read(self):
        project = self.project(CROSS)
        self.analyze(project)
        index = project.path(".race/index")
        with open(index, "rb") as file:
            before = file.read()
        server = self.serve(project)
        path = project.path("user.cpp")
        server.open(path)
        self.assertEqual(len(server.race(path)), 1)
        with open(index, "rb") as file:
            self.assertEqual(file.read(), before)
        os.chmod(index, 0o444)
        server.change(path, "\n" + server.texts[path])
        self.assertEqual(len(server.race(path)), 1)

    def test_nothing_waits_for_who_writes(self):
        project = self.project(CROSS)
        self.analyze(project)
        server = self.serve(project)
        path = project.path("user.cpp")
        server.open(path)
        self.assertEqual(len(server.race(path)), 1)
        writer = sqlite3.connect(project.path(".race/index"), isolation_level=None)
        self.addCleanup(writer.close)
        # Readers see what was before a write that is under way.
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM effect")
        server.change(path, "\n" + server.texts[path])
        self.assertEqual(len(server.race(path)), 1)
        writer.execute("ROLLBACK")
        # Kept out, they do without.
        writer.execute("PRAGMA locking_mode=EXCLUSIVE")
        writer.execute("BEGIN EXCLUSIVE")
        begun = time.monotonic()
        server.change(path, "\n" + server.texts[path])
        found = server.diagnostics(path)
        # One who waits for SQLite would wait for 20 seconds.
        self.assertLess(time.monotonic() - begun, 15)
        self.assertEqual(found, [])
        writer.execute("ROLLBACK")
        writer.close()
        server.change(path, "\n" + server.texts[path])
        self.assertEqual(len(server.race(path)), 1)

    def test_a_damaged_index(self):
        project = self.project(CROSS)
        project.write(".race/index", "This is no index, and never was one. " * 100)
        server = self.serve(project)
        path = project.path("user.cpp")
        server.open(path)
        found = server.race(path)
        self.assertTrue(found)
        self.assertTrue(all("'race-tidy analyze'" in d["message"] for d in found), found)
        self.assertEqual(found[0]["range"]["start"], {"line": 0, "character": 0})
        self.analyze(project)
        server.change(path, "\n" + server.texts[path])
        self.assertEqual(self.codes(server.race(path)), ["race-use-after-release"])


class BadInput(Case):
    """A clear word, and the server stays up."""

    def alive(self, server, project):
        """Whether it still finds what is wrong with another file."""
        path = project.write("alive.cpp", POOL.replace("<std.h>", "<vector>"))
        server.open(path)
        self.assertEqual(self.codes(server.race(path)), ["race-use-after-release"])

    def test_malformed_messages(self):
        project = self.project({"pool.cpp": POOL})
        server = self.serve(project)
        for body in (b"{", b"[]", b"null", b'{"jsonrpc": "2.0"}', b'{"method": 7}', b"\xff\xfe{}",
                     b'{"jsonrpc":"2.0","id":{},"method":"x"}', b'"' + b"\\u" * 50 + b'"',
                     b"[" * 2000, b'{"jsonrpc":"2.0","method":"textDocument/didOpen"}',
                     b'{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"a":[]}}'):
            server.send_bytes(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        server.send_bytes(b"Content-Type: nonsense\r\nContent-Length: 2\r\n\r\n{}")
        answer = server.request("race/nothing", {})
        self.assertIn("method not found", answer["error"]["message"])
        path = project.path("pool.cpp")
        # A file that is not open, a place that is not there, a name that is none.
        for uri in (lsp.uri_of(path), "file:///", "http://example.org/x.cpp", "\0", "x"):
            answer = server.request("textDocument/codeAction", {
                "textDocument": {"uri": uri}, "context": {"diagnostics": []},
                "range": {"start": {"line": 1 << 30, "character": -1},
                          "end": {"line": 0, "character": 0}}})
            self.assertIn("error", answer)
        server.notify("textDocument/didChange", {
            "textDocument": {"uri": lsp.uri_of(path), "version": 2},
            "contentChanges": [{"text": "x"}]})
        server.notify("textDocument/didClose", {"textDocument": {"uri": lsp.uri_of(path)}})
        self.alive(server, project)

    def test_files_outside_the_project(self):
        project, other = self.project(), self.project()
        os.remove(other.path("compile_commands.json"))
        text = POOL.replace("#include <std.h>", "#include <vector>")
        path = other.write("stray.cpp", text)
        server = self.serve(project)
        server.open(path)
        self.assertEqual(self.codes(server.race(path)), ["race-use-after-release"])
        # Not on the disk at all.
        path = other.path("new/never/saved.cpp")
        server.open(path, text)
        self.assertEqual(self.codes(server.race(path)), ["race-use-after-release"])
        self.alive(server, project)

    def test_sources_that_are_not_utf8(self):
        latin = POOL.encode().replace(b'"bye"', b'"tsch\xfc\xdf"')
        claim = b"// single-threaded, keine Sperre n\xf6tig: no locking needed\nint Counter;\n"
        header = b"#pragma once\n// \xe4\xff\xfe\n" + claim
        project = self.project({"latin.h": header})
        path = project.write("latin.cpp", b'#include "latin.h"\n' + latin)
        binary = project.write("binary.cpp", bytes(range(256)) * 20)
        project.database()
        done = subprocess.run([OPTIONS.server, "--check=" + path, "--check-warnings"], text=True,
                              timeout=60, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False, errors="replace")
        self.assertIn("'Conn' is used after it was handed back", done.stdout)
        server = self.serve(project)
        # An editor sends UTF-8, whatever is on the disk.
        server.open(path, latin.decode("latin-1"))
        self.assertEqual(self.codes(server.race(path)), ["race-use-after-release"])
        server.open(binary, bytes(range(256)).decode("latin-1") * 20)
        server.diagnostics(binary)
        self.alive(server, project)

    def said_of_models(self, text, link=None):
        project = self.project({"pool.cpp": POOL})
        if link:
            os.symlink(link, project.path(".race-models.yaml"))
        else:
            project.write(".race-models.yaml", text)
        server = self.serve(project)
        path = project.path("pool.cpp")
        server.open(path)
        found = server.race(path)
        # The finding is not the file's business.
        self.assertEqual(len([d for d in found if "handed back" in d["message"]]), 1, found)
        said = [d for d in found if ".race-models.yaml" in d["message"]]
        for one in said:
            self.assertEqual(one["range"]["start"], {"line": 0, "character": 0})
        return said[0]["message"] if said else ""

    def test_models_from_elsewhere(self):
        good = "library: ours\nfunctions:\n  - names: f\n    hand-back: {what: arg0}\n"
        self.assertEqual(self.said_of_models(good), "")
        for text, expected in (
                ("functions: []\n", ":1:1: missing key 'library'"),
                ("library: x\nnonsense: 1\n", ":2:1: "),
                ("library: x\ninclude: /etc/passwd\n", ":2:1: "),
                ("library: x\nfunctions: !!python/object:os.system [touch /tmp/x]\n", ":2:"),
                ("library: &a x\nfunctions: *a\n", ":2:"),
                ("[" * 20000, ":1:"),
                ("library: x\nfunctions: " + "[" * 5000 + "\n", ":2:"),
                ("library: x\n" + "a: {" * 3000 + "\n", ":"),
                (b"\xff\xfe\x00", ":"),
                (b"library: \0\n", ":"),
                ("# " + "x" * (5 << 20), "4 MiB")):
            with self.subTest(repr(text[:60])):
                self.assertIn(expected, self.said_of_models(text))

    def test_models_that_are_no_file(self):
        for link in ("/dev/zero", "/dev/stdin", "/proc/self/mem", "/nowhere"):
            with self.subTest(link):
                self.said_of_models("", link)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", required=True, help="race-clangd")
    parser.add_argument("--race-tidy", required=True)
    rest = parser.parse_known_args(namespace=OPTIONS)[1]
    OPTIONS.server, OPTIONS.race_tidy = map(os.path.abspath, (OPTIONS.server, OPTIONS.race_tidy))
    unittest.main(argv=[sys.argv[0]] + rest)


if __name__ == "__main__":
    main()
