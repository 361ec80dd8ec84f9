#!/usr/bin/env python3
"""Makes the Debian packages and looks at them: what they hold, what they depend
on, whether apt could install them here, and whether the programs run from where
a package puts them."""

import argparse
import glob
import os
import re
import shutil
import subprocess
import sys

WANTED = {
    "race-tidy": ["/usr/bin/race-tidy", "/usr/lib/race-tidy/RaceTidy.so",
                  "/usr/lib/cmake/RaceTidy/RaceTidyConfig.cmake",
                  "/usr/include/race/annotations.h", "/usr/share/race-tidy/hooks/pre-commit",
                  "/usr/share/doc/race-tidy/copyright"],
    "race-clangd": ["/usr/bin/race-clangd", "/usr/share/doc/race-clangd/copyright"],
}
DEPENDS = {"race-tidy": ["libclang-cpp19", "libllvm19", "libsqlite3-0", "libclang-common-19-dev"],
           "race-clangd": ["libclang-cpp19", "libllvm19", "libclang-common-19-dev"]}


def run(*command, check=True):
    done = subprocess.run(command, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, errors="replace")
    if check and done.returncode:
        sys.exit("status %d: %s\n%s" % (done.returncode, " ".join(command), done.stdout))
    return done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cpack", required=True)
    parser.add_argument("--build", required=True)
    parser.add_argument("--clang-tidy", required=True)
    parser.add_argument("--example", required=True, help="a source file with a finding")
    parser.add_argument("--work", required=True, help="scratch folder, emptied first")
    options = parser.parse_args()
    for tool in ("dpkg-deb", "dpkg-shlibdeps"):
        if not shutil.which(tool):
            print("no %s here" % tool)
            return 77
    shutil.rmtree(options.work, ignore_errors=True)
    os.makedirs(options.work)
    run(options.cpack, "--config", os.path.join(options.build, "CPackConfig.cmake"),
        "-B", options.work, "-D", "CPACK_THREADS=0")
    problems = []
    root = os.path.join(options.work, "root")
    packages = glob.glob(os.path.join(options.work, "*.deb"))
    names = set()
    for package in packages:
        name = run("dpkg-deb", "-f", package, "Package").strip()
        names.add(name)
        listed = run("dpkg-deb", "-c", package)
        files = re.findall(r"^-\S+ \S+ +\d+ \S+ \S+ \.(/\S+)", listed, re.M)
        problems += ["%s: no %s" % (name, path) for path in WANTED.get(name, [])
                     if path not in files]
        problems += ["%s: outside of /usr: %s" % (name, path) for path in files
                     if not path.startswith("/usr/") or path.startswith("/usr/local")]
        problems += ["%s: not root's: %s" % (name, line) for line in listed.splitlines()
                     if " root/root " not in line]
        problems += ["%s: others may write: %s" % (name, line) for line in listed.splitlines()
                     if line[8] == "w"]
        depends = run("dpkg-deb", "-f", package, "Depends")
        problems += ["%s: does not depend on %s" % (name, wanted)
                     for wanted in DEPENDS.get(name, []) if wanted not in depends]
        problems += ["%s: no field %s" % (name, field)
                     for field in ("Maintainer", "Description", "Version", "Architecture")
                     if not run("dpkg-deb", "-f", package, field).strip()]
        run("dpkg-deb", "-x", package, root)
        if shutil.which("apt-get"):
            said = run("apt-get", "install", "--simulate", "--no-install-recommends", package,
                       check=False)
            if "Inst " + name not in said and "Conf " + name not in said:
                problems.append("%s: apt could not install it:\n%s" % (name, said))
    if names != set(WANTED):
        problems.append("the packages are %s" % sorted(names))
    # No place of the build is left in what is installed.
    for path in glob.glob(os.path.join(root, "usr", "**"), recursive=True):
        if os.path.isfile(path):
            with open(path, "rb") as file:
                if os.path.abspath(options.build).encode() + b"/" in file.read():
                    problems.append("names the build folder: " + path)
    program = os.path.join(root, "usr/bin/race-tidy")
    if "race-tidy " not in run(program, "--version", check=False):
        problems.append("race-tidy does not run")
    said = run(options.clang_tidy, "--load=" + os.path.join(root, "usr/lib/race-tidy/RaceTidy.so"),
               "--config={}", "--checks=-*,race-*", options.example, "--", "-std=c++17",
               check=False)
    if "[race-use-after-release]" not in said:
        problems.append("the plugin finds nothing:\n" + said)
    for problem in problems:
        print(problem)
    print("%d packages" % len(packages))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
