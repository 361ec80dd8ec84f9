#!/usr/bin/env python3
"""Commits with hooks, in scratch repositories and without a network: the
pre-commit framework with .pre-commit-hooks.yaml of this repository, and the
plain git hook. Each test is a method; they tell of a small program to which a
thread in another file is added."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

OPTIONS = argparse.Namespace()
FINDING = 'comment says "single-threaded, no locking needed"'

MAIN = """#include "reconciler.h"
int main() {
  Reconciler R;
  R.run(3);
  return R.reconciledCount() == 0;
}
"""


class Scratch(unittest.TestCase):
    """A repository with the reconciler, a compilation database, and hooks."""

    def setUp(self):
        self.top = os.path.join(OPTIONS.work, self.id().split(".")[-1])
        shutil.rmtree(self.top, ignore_errors=True)
        self.repo = os.path.join(self.top, "project")
        os.makedirs(self.repo)
        home = os.path.join(self.top, "home")
        os.makedirs(home)
        # Nobody's settings but these; and the hook finds race-tidy on the PATH.
        self.env = {key: value for key, value in os.environ.items()
                    if not key.startswith(("GIT_", "PRE_COMMIT", "SKIP"))}
        self.env.update(
            HOME=home, XDG_CACHE_HOME=home, PRE_COMMIT_HOME=os.path.join(self.top, "cache"),
            GIT_CONFIG_NOSYSTEM="1", PRE_COMMIT_COLOR="never", LC_ALL="C",
            PATH=os.path.dirname(OPTIONS.race_tidy) + os.pathsep + self.env["PATH"])
        for key, value in (("user.name", "T"), ("user.email", "t@example.org"),
                           ("init.defaultBranch", "main"), ("protocol.file.allow", "always"),
                           ("commit.gpgSign", "false")):
            self.git("config", "--global", key, value)
        self.git("init", "-q")
        self.example("before", "reconciler.h", "reconciler.cpp")
        self.write("main.cpp", MAIN)
        self.write(".gitignore", "build\n")
        self.database("main.cpp", "reconciler.cpp")

    def run_it(self, *command, status=None, env=None):
        """What a command in the repository prints, stdout and stderr."""
        done = subprocess.run(command, cwd=self.repo, env=dict(self.env, **(env or {})), text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=120, check=False)
        if status is not None and done.returncode != status:
            self.fail("status %d, not %d: %s\n%s" % (done.returncode, status, command, done.stdout))
        return done.stdout

    def git(self, *arguments, status=0, env=None):
        return self.run_it("git", *arguments, status=status, env=env)

    def commit(self, *arguments, stopped=False, env=None):
        """Commits what is staged; returns what the hooks say."""
        return self.git("commit", "-m", "x", *arguments, status=1 if stopped else 0, env=env)

    def write(self, name, text):
        path = os.path.join(self.repo, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def example(self, which, *names):
        for name in names or os.listdir(os.path.join(OPTIONS.example, which)):
            shutil.copy(os.path.join(OPTIONS.example, which, name), self.repo)

    def database(self, *names, folder="build"):
        entries = [{"directory": self.repo, "file": name,
                    "arguments": ["clang++", "-std=c++17", "-c", name]} for name in names]
        self.write(os.path.join(folder, "compile_commands.json"), json.dumps(entries))

    def index(self):
        self.run_it("race-tidy", "analyze", "-p", "build", "--quiet")


class PreCommit(Scratch):
    """With the framework, the hooks' repository being a local one."""

    def setUp(self):
        super().setUp()
        if not shutil.which("pre-commit"):
            self.skipTest("no pre-commit here")
        hooks = os.path.join(self.top, "hooks")
        os.makedirs(os.path.join(hooks, "tools", "hooks"))
        for name in (".pre-commit-hooks.yaml", "tools/hooks/pre-commit"):
            shutil.copy(os.path.join(OPTIONS.source, name), os.path.join(hooks, name))
        for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "x"),
                          ("tag", "v0.1")):
            self.git("-C", hooks, *arguments)
        self.url = "file://" + hooks

    def install(self, hook="race-tidy", more=""):
        # The four lines that docs/hooks.md shows.
        self.write(".pre-commit-config.yaml",
                   "repos:\n  - repo: %s\n    rev: v0.1\n    hooks: [{id: %s%s}]\n" % (
                       self.url, hook, more))
        self.run_it("pre-commit", "install", status=0)
        self.git("add", "-A")

    def test_thread_in_another_file(self):
        self.install()
        # The first commit of a repository has nothing to compare with.
        self.assertIn("Passed", self.commit())
        self.example("before")
        self.git("add", "-A")
        said = self.commit(stopped=True)
        self.assertIn(FINDING, said)
        self.assertIn("reconciler.h:30:6: warning: ", said)
        self.assertIn("metrics.cpp:12:13: note: the thread is started here", said)
        self.assertIn("1 finding in what is to be committed", said)
        self.example("after")
        self.git("add", "-A")
        self.assertIn("Passed", self.commit())

    def test_init_makes_it_work(self):
        config = "url.%s.insteadOf" % self.url
        text = self.run_it("race-tidy", "init", status=0)
        self.assertIn(".pre-commit-config.yaml: new", text)
        with open(os.path.join(self.repo, ".pre-commit-config.yaml"), encoding="utf-8") as file:
            lines = dict(line.strip(" -\n").split(": ", 1) for line in file
                         if "repo: " in line or "rev: " in line)
        self.git("config", "--global", config, lines["repo"])
        self.git("-C", self.url[len("file://"):], "tag", lines["rev"])
        self.run_it("pre-commit", "install", status=0)
        self.example("before")
        self.git("add", "-A")
        self.assertIn(FINDING, self.commit(stopped=True))

    def test_finding_that_was_there_before(self):
        # In other files than the commit's it is nobody's business.
        self.example("before")
        self.database("main.cpp", "reconciler.cpp", "metrics.cpp")
        self.git("add", "-A")
        self.commit()
        self.install()
        self.assertIn("no files to check", self.commit())
        self.write("other.cpp", "int twice(int N) { return 2 * N; }\n")
        self.git("add", "-A")
        self.assertIn("Passed", self.commit())
        # In the commit's files it is said, by one hook; the other looks at
        # lines.
        with open(os.path.join(self.repo, "metrics.cpp"), "a", encoding="utf-8") as file:
            file.write("// The end.\n")
        self.git("add", "-A")
        self.assertIn(FINDING, self.commit(stopped=True))
        self.install("race-tidy-diff")
        self.assertIn("Passed", self.commit())

    def test_changed_lines(self):
        self.install("race-tidy-diff")
        self.assertIn("Passed", self.commit())
        self.example("before")
        self.git("add", "-A")
        # No line of the comment's file changes; the notes count.
        self.assertIn(FINDING, self.commit(stopped=True))
        self.example("after")
        self.git("add", "-A")
        self.assertIn("Passed", self.commit())
        # A renamed file has no changed line.
        self.git("mv", "metrics.cpp", "gauges.cpp")
        self.commit()
        self.git("rm", "-q", "gauges.cpp", "metrics.h")
        self.write("main.cpp", MAIN)
        self.git("add", "-A")
        self.commit()

    def test_staged_is_what_counts(self):
        self.install()
        self.commit()
        # The finding is in the work tree alone; pre-commit puts that aside.
        self.example("before")
        self.write("main.cpp", MAIN + "// Staged.\n")
        self.git("add", "main.cpp")
        self.example("before", "main.cpp")
        self.assertIn("Passed", self.commit())
        with open(os.path.join(self.repo, "main.cpp"), encoding="utf-8") as file:
            self.assertIn("metrics.start", file.read())
        # And the other way: staged, and mended in the work tree.
        self.git("add", "-A")
        self.example("after")
        self.assertIn(FINDING, self.commit(stopped=True))

    def test_batches_and_processes(self):
        # More names than one command line of pre-commit holds, and, against
        # our advice, several processes at once on one index that is not there.
        self.install(more=", require_serial: false")
        names = []
        for number in range(60):
            names.append("file-%s-%d.cpp" % ("x" * 30, number))
            self.write(names[-1], "int twice%d(int N) { return 2 * N; }\n" % number)
        self.example("before")
        self.database("main.cpp", "metrics.cpp", "reconciler.cpp")
        self.git("add", "-A")
        said = self.commit(stopped=True)
        self.assertIn(FINDING, said)
        self.assertNotIn("error:", said)
        self.example("after")
        self.git("add", "-A")
        self.assertIn("Passed", self.commit())

    def test_header_alone(self):
        self.install()
        self.commit()
        self.write("table.h", "struct Conn { Conn *Next; void write(); };\n"
                              "struct Pool { Conn *get(); void put(Conn *); };\n"
                              "inline void serve(Pool &P) {\n"
                              "  Conn *C = P.get();\n  P.put(C);\n  C->write();\n}\n")
        self.write("main.cpp", '#include "table.h"\nint main() {}\n')
        self.git("add", "main.cpp")
        # With a header that is not staged, pre-commit's work tree has it still.
        self.git("add", "table.h")
        self.assertIn("table.h:6:3: warning: 'C' is used after", self.commit(stopped=True))

    def test_what_is_missing(self):
        self.install()
        away = os.path.join(self.top, "away")
        os.rename(os.path.join(self.repo, "build"), away)
        said = self.commit(stopped=True)
        self.assertIn("race-tidy: error: no compile_commands.json in ", said)
        self.assertIn("configure with cmake", said)
        for folder in ("out", "cmake-build-debug", "builddir"):
            os.rename(away, os.path.join(self.repo, folder))
            self.git("reset", "-q", folder, status=None)
            self.assertIn("Passed", self.run_it("pre-commit", "run"))
            os.rename(os.path.join(self.repo, folder), away)
        self.install(more=", args: [-p, ../away]")
        self.assertIn("Passed", self.commit())
        self.write("main.cpp", MAIN + "\n")
        self.git("add", "-A")
        said = self.commit(stopped=True, env={"RACE_TIDY": "no-race-tidy-here"})
        self.assertIn("no 'no-race-tidy-here' here: install the Debian package race-tidy", said)
        self.assertIn("Skipped", self.commit(env={"SKIP": "race-tidy"}))


class Tool(Scratch):
    """The program that hooks run, and the plain git hook."""

    def hook(self, *arguments, status=0, env=None):
        return self.run_it("race-tidy", "hook", *arguments, status=status, env=env)

    def install(self):
        text = self.run_it("race-tidy", "init", "--git-hook", status=0)
        self.assertIn("pre-commit: new; runs race-tidy before a commit", text)
        self.git("add", "-A")

    def test_git_hook(self):
        self.install()
        self.commit()
        self.example("before")
        self.git("add", "-A")
        said = self.commit(stopped=True)
        self.assertIn(FINDING, said)
        self.example("after")
        self.git("add", "-A")
        self.commit()
        self.assertIn("is race-tidy's hook already",
                      self.run_it("race-tidy", "init", "--git-hook", "--yes", status=0))
        # The work tree is what it looks at, and it says so.
        self.write("main.cpp", MAIN + "// One.\n")
        self.git("add", "main.cpp")
        self.write("main.cpp", MAIN + "// Two.\n")
        self.assertIn("main.cpp is staged in part", self.commit())
        # Deleted and renamed files are no files to look at.
        self.git("rm", "-q", "metrics.cpp", "metrics.h")
        self.git("mv", "reconciler.cpp", "moved.cpp")
        self.write("main.cpp", MAIN)
        self.git("add", "-A")
        self.commit()

    def test_hook_that_was_there(self):
        hook = os.path.join(self.repo, ".git", "hooks", "pre-commit")
        with open(hook, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\necho the first hook\n! grep -rq forbidden *.cpp\n")
        os.chmod(hook, 0o755)
        text = self.run_it("race-tidy", "init", "--git-hook", status=1)
        self.assertIn("the hook that is there runs first", text)
        self.assertIn("left as it is: the file exists", text)
        self.run_it("race-tidy", "init", "--git-hook", "--yes", status=0)
        self.example("before")
        self.git("add", "-A")
        said = self.commit(stopped=True)
        self.assertIn("the first hook", said)
        self.assertIn(FINDING, said)
        self.write("main.cpp", "// forbidden\n" + MAIN)
        self.git("add", "-A")
        said = self.commit(stopped=True)
        self.assertIn("the first hook", said)
        self.assertNotIn("warning:", said)

    def test_hooks_path(self):
        self.git("config", "core.hooksPath", "shared/hooks")
        self.install()
        self.assertTrue(os.access(os.path.join(self.repo, "shared/hooks/pre-commit"), os.X_OK))
        self.example("before")
        self.git("add", "-A")
        self.assertIn(FINDING, self.commit(stopped=True))

    def test_other_llvm(self):
        # What the loader says if LLVM's libraries are of another version.
        fake = os.path.join(self.top, "race-tidy")
        with open(fake, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\necho 'race-tidy: error while loading shared libraries: "
                       "libLLVM.so.19.1: cannot open shared object file' >&2\nexit 127\n")
        os.chmod(fake, 0o755)
        script = os.path.join(OPTIONS.source, "tools", "hooks", "pre-commit")
        said = self.run_it(script, "main.cpp", status=2, env={"RACE_TIDY": fake})
        self.assertEqual(1, said.count("\n"), said)
        self.assertIn("does not start: ", said)
        self.assertIn("libLLVM.so.19.1", said)
        self.assertIn("install the Debian packages", said)
        with open(fake, "w", encoding="utf-8") as file:
            file.write('#!/bin/sh\n[ "$1" = --version ] && echo race-tidy 0.0.1\n')
        said = self.run_it(script, "main.cpp", status=2, env={"RACE_TIDY": fake})
        self.assertEqual(1, said.count("\n"), said)
        self.assertIn("is older than this hook (race-tidy 0.0.1)", said)

    def test_no_repository(self):
        shutil.rmtree(os.path.join(self.repo, ".git"))
        env = {"GIT_CEILING_DIRECTORIES": self.top}
        said = self.run_it("race-tidy", "init", "--git-hook", status=2, env=env)
        self.assertIn("no git repository, so no git hook", said)
        self.assertIn("what is staged cannot be known", self.hook(status=2, env=env))
        # Named files need no git.
        self.hook("main.cpp", env=env)

    def test_program_too_large_to_read_whole(self):
        # Without an index, the changed files alone.
        names = []
        for number in range(70):
            names.append("part%d.cpp" % number)
            self.write(names[-1], "int part%d();\n" % number)
        self.example("before")
        self.write("outer.h", '#include "reconciler.h"\n')
        self.write("part0.cpp", '#include "outer.h"\nint part0() { return 0; }\n')
        self.database("metrics.cpp", "main.cpp", "reconciler.cpp", *names)
        said = self.hook("metrics.cpp")
        self.assertIn("there is no index, so only the changed files are looked at", said)
        self.assertFalse(os.path.exists(os.path.join(self.repo, "build/.race")))
        # A header is seen as a file reads it that includes it, or is not seen.
        self.write("deep.h", "int broken(;\n")
        self.write("outer.h", '#include "deep.h"\n')
        self.assertIn("part0.cpp: deep.h:1:12: ", self.hook("deep.h", status=2))
        self.write("lonely.h", "int broken(;\n")
        self.assertIn("lonely.h is not looked at: no file", self.hook("lonely.h"))
        self.write("deep.h", "")
        self.write("outer.h", '#include "reconciler.h"\n')
        # The index makes the program the context.
        self.index()
        self.assertIn(FINDING, self.hook("metrics.cpp", status=1))

    def test_file_the_database_does_not_know(self):
        self.example("before")
        said = self.hook("metrics.cpp", "main.cpp", status=1)
        self.assertIn(FINDING, said)
        self.assertIn("metrics.cpp is not in the compilation database", said)
        # If the guess is no good, it is nobody's fault.
        self.write("windows.cpp", "#include <windows.h>\n")
        said = self.hook("windows.cpp")
        self.assertIn("windows.cpp cannot be read with that command", said)
        # A file that it knows, with an error, is.
        self.write("reconciler.cpp", "int broken(;\n")
        self.assertIn("error: reconciler.cpp: reconciler.cpp:1:12", self.hook("reconciler.cpp",
                                                                             status=2))
        self.assertIn("outside of the change: reconciler.cpp", self.hook("main.cpp", status=None))

    def test_bad_configuration(self):
        self.write(".race-models.yaml", "library: x\nno-such-key: 1\n")
        said = self.hook("main.cpp", status=2)
        self.assertIn(".race-models.yaml:2:1: unknown key 'no-such-key'", said)
        # Once, though each file is read with it.
        both = self.hook("main.cpp", "reconciler.cpp", status=2)
        self.assertEqual(both.count("unknown key"), 1, both)
        self.assertEqual(both.count("outside of the change"), 0, both)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--race-tidy", required=True)
    parser.add_argument("--source", required=True, help="this repository")
    parser.add_argument("tests", nargs="*", help="such as Tool.test_git_hook; all if none")
    parser.parse_args(namespace=OPTIONS)
    OPTIONS.race_tidy = os.path.abspath(OPTIONS.race_tidy)
    OPTIONS.source = os.path.abspath(OPTIONS.source)
    OPTIONS.example = os.path.join(OPTIONS.source, "docs", "examples", "metrics-reconciler")
    loader = unittest.TestLoader()
    here = sys.modules[__name__]
    tests = loader.loadTestsFromNames(OPTIONS.tests or ["PreCommit", "Tool"], here)
    # Outside of this repository: one of the tests is about having none.
    with tempfile.TemporaryDirectory() as work:
        OPTIONS.work = os.path.realpath(work)
        result = unittest.TextTestRunner(verbosity=1).run(tests)
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())
