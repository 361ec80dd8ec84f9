#!/usr/bin/env python3
"""Runs the ```sh blocks of README files from the repository's root, so that what
they say can be typed as it stands. Not the blocks that set a machine up."""

import argparse
import re
import subprocess
import sys

# A block with one of these changes the machine, takes the network, or would
# run this test again.
NOT_RUN = re.compile(r"tools/demo|tools/check|apt-get|git clone|cmake --install|\bsudo\b")


def blocks_of(text):
    """(first line number, text) of each ```sh block."""
    for found in re.finditer(r"^```sh[ \t]*\n(.*?)^```", text, re.M | re.S):
        yield text.count("\n", 0, found.start()) + 2, found[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--timeout", type=int, default=120, help="seconds for one block")
    parser.add_argument("readmes", nargs="+")
    options = parser.parse_args()
    blocks = []
    for readme in options.readmes:
        with open(readme, encoding="utf-8") as file:
            of_one = [(readme, line, block) for line, block in blocks_of(file.read())]
        if not of_one:
            sys.exit("error: %s has no ```sh block" % readme)
        blocks += of_one
    ran = failed = 0
    for readme, line, block in blocks:
        if NOT_RUN.search(block):
            continue
        ran += 1
        try:
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", block], text=True,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=options.timeout, check=False)
            status, output = "ended with status %d" % done.returncode, done.stdout
            wrong = done.returncode != 0
        except subprocess.TimeoutExpired as stopped:
            status, output, wrong = "ran over %d s" % options.timeout, str(stopped.stdout), True
        if wrong:
            failed += 1
            print("%s:%d: the block %s:\n%s---- it printed ----\n%s" % (
                readme, line, status, block, output))
    print("%d blocks, %d run, %d failed" % (len(blocks), ran, failed))
    # Nothing tried is neither passed nor failed; ctest shows it as skipped.
    return 1 if failed else 0 if ran else 77


if __name__ == "__main__":
    sys.exit(main())
