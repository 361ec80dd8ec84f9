#!/usr/bin/env python3
"""Installs the Debian packages into a fresh Debian, and uses them there: a root
folder that debootstrap makes, with no more in it than Debian needs, and the
repositories of this machine. The root is kept for the next time; what is
installed there goes with a copy. Skipped without root's rights, debootstrap or a
mirror."""

import argparse
import glob
import os
import shutil
import subprocess
import sys

SKIPPED = 77
APT = ["/etc/apt", "/usr/share/keyrings", "/etc/ssl/certs", "/etc/resolv.conf", "/etc/hosts"]
SOURCE = """#include <stddef.h>
struct conn { struct conn *next; int fd; };
struct pool { struct conn *free; };
struct conn *pool_get(struct pool *p) {
  struct conn *c = p->free;
  if (c)
    p->free = c->next;
  return c;
}
void pool_put(struct pool *p, struct conn *c) {
  c->next = p->free;
  p->free = c;
}
void serve(struct pool *p) {
  struct conn *c = pool_get(p);
  pool_put(p, c);
  c->fd = -1;
}
"""
DATABASE = '[{"directory": "/project", "file": "a.c", "arguments": ["clang", "-c", "a.c"]}]'
FINDING = "'c' is used after it was handed back by 'pool_put'"


def run(*command):
    """(exit status, what it printed)"""
    done = subprocess.run(command, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, errors="replace",
                          env=dict(os.environ, LC_ALL="C", DEBIAN_FRONTEND="noninteractive"))
    return done.returncode, done.stdout


def inside(root, command):
    # debootstrap has made the devices.
    return run("unshare", "-m", "sh", "-c", 'mount --bind /proc "$1/proc" && '
               'exec chroot "$1" sh -c "$2"', "sh", root, command)


def mirror():
    """(address, name of the release) of the first repository of this machine."""
    _, said = run("apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME)",
                  "Created-By: Packages")
    for line in said.splitlines():
        if len(line.split()) == 2:
            return line.split()
    return None


def make_root(kept):
    """Whether the root is there."""
    if os.path.exists(kept):
        return True
    where = mirror()
    if not where:
        return False
    shutil.rmtree(kept + ".new", ignore_errors=True)
    status, said = run("debootstrap", "--variant=minbase", where[1], kept + ".new", where[0])
    if status:
        print("\n".join(said.splitlines()[-3:]))
        return False
    os.rename(kept + ".new", kept)
    return True


def copy_into(root, path):
    to = root + path
    if os.path.isdir(path):
        shutil.copytree(path, to, dirs_exist_ok=True, symlinks=True,
                        ignore_dangling_symlinks=True)
    elif os.path.exists(path):
        os.makedirs(os.path.dirname(to), exist_ok=True)
        shutil.copyfile(path, to)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", required=True, help="the folder that has them")
    parser.add_argument("--work", required=True, help="scratch folder")
    options = parser.parse_args()
    if os.geteuid() or not shutil.which("debootstrap") or not shutil.which("unshare"):
        print("this needs root's rights, debootstrap and unshare")
        return SKIPPED
    os.makedirs(options.work, exist_ok=True)
    kept, root = (os.path.join(options.work, name) for name in ("debian", "root"))
    if not make_root(kept):
        print("no root folder could be made")
        return SKIPPED
    shutil.rmtree(root, ignore_errors=True)
    run("cp", "-a", kept, root)
    # The sources of debootstrap name one repository; ours have the updates, too.
    for name in ("sources.list", "sources.list.d"):
        run("rm", "-rf", os.path.join(root, "etc", "apt", name))
    for path in APT:
        copy_into(root, path)
    packages = glob.glob(os.path.join(options.packages, "*.deb"))
    for package in packages:
        shutil.copy(package, os.path.join(root, "tmp"))
    os.makedirs(os.path.join(root, "project"))
    for name, text in (("a.c", SOURCE), ("compile_commands.json", DATABASE),
                       (".clang-tidy", "Checks: 'race-*'\n")):
        with open(os.path.join(root, "project", name), "w", encoding="utf-8") as file:
            file.write(text)
    status, said = inside(root, "apt-get update -qq")
    if status:
        print("no mirror: " + said)
        return SKIPPED

    problems = []
    for what, command, wanted, text in (
            ("apt installs them", "apt-get install -y -qq --no-install-recommends /tmp/*.deb", 0, ""),
            ("race-tidy", "race-tidy --version", 0, "race-tidy "),
            ("race-clangd", "race-clangd --version", 0, "race-clangd "),
            ("analyze", "cd /project && race-tidy analyze", 1, FINDING),
            ("the editor's server", "cd /project && race-clangd --check=a.c --check-warnings", None,
             FINDING),
            ("clang-tidy, as recommended",
             "apt-get install -y -qq --no-install-recommends clang-tidy-19 > /tmp/log 2>&1; "
             "cd /project && clang-tidy-19 --load=/usr/lib/race-tidy/RaceTidy.so a.c --", 0, FINDING),
            ("apt removes them", "dpkg -r race-tidy race-clangd && ! ls /usr/lib/race-tidy", 0, "")):
        status, said = inside(root, command)
        if (wanted is not None and status != wanted) or text not in said:
            problems.append("%s: status %d\n%s" % (what, status, said[-3000:]))
    for problem in problems:
        print(problem)
    print("%d packages" % len(packages))
    run("rm", "-rf", root)
    return 1 if problems or len(packages) != 2 else 0


if __name__ == "__main__":
    sys.exit(main())
