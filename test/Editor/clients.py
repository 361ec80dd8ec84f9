#!/usr/bin/env python3
"""Real editors with the settings of docs/editors.md: each opens a file with a
check-then-act in it, reads the diagnostic at the right range, applies the fix,
and sees it gone. And the settings that no editor here can try are at least well
formed. --editor runs one of them; without the editor the test is skipped."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import lsp  # noqa: E402

PAGE = os.path.join(HERE, "..", "..", "docs", "editors.md")
SKIPPED = 77

INCIDENT = """\
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
FIXED = """\
#include <atomic>
std::atomic<bool> Started{false};
void begin();
void start() {
  if (!Started.exchange(true)) {
    begin();
  }
}
"""


def settings(kind):
    """The block of the page that is marked as this kind of settings."""
    with open(PAGE, encoding="utf-8") as file:
        found = re.findall(r"^<!-- settings: %s -->\n```\w+\n(.*?)^```$" % kind, file.read(),
                           re.M | re.S)
    if len(found) != 1:
        sys.exit("docs/editors.md has %d blocks of settings for %s" % (len(found), kind))
    return found[0]


def neovim(program, project):
    init = project.write("init.lua", settings("neovim"))
    return [program, "--headless", "-i", "NONE", "-n", "-u", init,
            "-S", os.path.join(HERE, "Inputs", "session.lua")]


def emacs(program, project):
    init = project.write("init.el", settings("emacs"))
    # Debian's packages, but no settings of the one who runs the test.
    return [program, "--batch", "--no-init-file", "--eval", "(package-initialize)",
            "--load", init, "--load", os.path.join(HERE, "Inputs", "session.el")]


EDITORS = {"nvim": neovim, "emacs": emacs}


def has_eglot(program):
    return subprocess.run([program, "--batch", "--no-init-file", "--eval", "(package-initialize)",
                           "--eval", "(require 'eglot)"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          check=False).returncode == 0


def session(options):
    """Runs the editor; what is wrong with what it saw."""
    program = shutil.which(options.editor)
    if not program or (options.editor == "emacs" and not has_eglot(program)):
        print("skipped: no %s here; tools/setup installs it" % (
            "eglot for Emacs" if program else options.editor))
        return None
    with lsp.Project({"start.cpp": INCIDENT}) as project:
        path = project.path("start.cpp")
        lsp.write_config(project.folder)
        env = dict(os.environ, FILE=path, LIMIT=str(options.limit), HOME=project.folder,
                   XDG_CONFIG_HOME=project.path(".config"),
                   XDG_CACHE_HOME=project.path(".cache"),
                   PATH=os.path.dirname(options.server) + os.pathsep + os.environ["PATH"])
        done = subprocess.run(EDITORS[options.editor](program, project), cwd=project.folder,
                              env=env, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=4 * options.limit, check=False)
    seen = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    # To an editor that does not know related information, such as eglot, the
    # notes come as remarks of their own, which quote the warning.
    found = [s for s in seen if "message" in s and "warning: check-then" not in s["message"]]
    after = [s for s in seen if "text" in s]
    problems = [s["problem"] for s in seen if "problem" in s]
    if len(found) != 1:
        problems.append("%d diagnostics, not one: %s" % (len(found), found))
    else:
        place = tuple(found[0][key] for key in ("line", "column", "last_line", "last_column"))
        if place != (5, 4, 5, 24):
            problems.append("the diagnostic is at %s" % (place,))
        if "heck-then-act on 'Started'" not in found[0]["message"]:
            problems.append("it says: " + found[0]["message"])
        if found[0].get("code", "race-check-then-act") != "race-check-then-act":
            problems.append("its code is " + found[0]["code"])
    # The fix leaves an empty line where the store was.
    if not after or [line for line in after[0]["text"].splitlines() if line.strip()] != \
            FIXED.splitlines():
        problems.append("the text after the fix: %s" % after)
    if done.returncode or problems:
        problems.append("status %d\n%s\n%s" % (done.returncode, done.stdout, done.stderr[-3000:]))
    return problems


def well_formed():
    """What is wrong with the settings of the other editors."""
    problems = []
    code = json.loads(settings("json"))
    if code.get("clangd.path") != "race-clangd":
        problems.append("VS Code: no clangd.path")
    try:
        import tomllib
    except ImportError:
        return problems
    helix = tomllib.loads(settings("toml"))
    if helix["language-server"]["race-clangd"]["command"] != "race-clangd" or any(
            one["language-servers"] != ["race-clangd"] for one in helix["language"]):
        problems.append("Helix: another server")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--editor", choices=sorted(EDITORS), help="otherwise: the settings alone")
    parser.add_argument("--server", help="race-clangd; its folder comes first in the path")
    parser.add_argument("--limit", type=int, default=60, help="seconds for each step")
    options = parser.parse_args()
    if options.server:
        options.server = os.path.abspath(options.server)
    problems = session(options) if options.editor else well_formed()
    if problems is None:
        return SKIPPED
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
