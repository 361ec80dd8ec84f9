#!/usr/bin/env python3
"""Prints the counts of a JUnit file as one closing line: N passed, N failed."""

import argparse
import xml.etree.ElementTree


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", help="the file that ctest --output-junit wrote")
    suite = xml.etree.ElementTree.parse(parser.parse_args().results).getroot()
    failed = int(suite.get("failures"))
    skipped = int(suite.get("skipped")) + int(suite.get("disabled"))
    line = "%d passed, %d failed" % (int(suite.get("tests")) - failed - skipped, failed)
    print(line + (", %d skipped" % skipped if skipped else ""))


if __name__ == "__main__":
    main()
