#!/usr/bin/env python3
"""Checks the order of the layers: what each file under include/race/<Layer> and
lib/<Layer> may include."""

import argparse
import os
import re
import sys
import tempfile

# Each layer and those directly below it in the house; it may include these and
# all that they may include.
USES = {
    "Support": [],
    "Models": ["Support"],
    "Comments": ["Support"],
    "Flow": ["Models", "Comments"],
    "Summary": ["Flow"],
    "Program": ["Summary"],
    "Analysis": ["Program"],
    "Checks": ["Report"],
    "Report": ["Analysis"],
    "Driver": ["Report"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')
# What gives a file the AST: knowledge of syntax trees or of what is built on them.
AST_HEADER = re.compile(r"clang/(AST|ASTMatchers|Analysis|Frontend|Index|Sema|Tooling)/")
NO_AST = {"Support", "Program", "Report"}


def allowed(layer):
    """The layers whose headers `layer` may include, itself too."""
    result = {layer}
    for used in USES[layer]:
        result |= allowed(used)
    return result


def files_of(root):
    """(layer, is a public header, path) of every C++ file of a layer."""
    for top, public in (("include/race", True), ("lib", False)):
        for folder, _, names in os.walk(os.path.join(root, top)):
            parts = os.path.relpath(folder, os.path.join(root, top)).split(os.sep)
            for name in sorted(names):
                if parts[0] != "." and name.endswith((".h", ".cpp", ".def", ".inc")):
                    yield parts[0], public, os.path.join(folder, name)


def problems_of(root):
    """(number of files read, every violation as one line)."""
    problems, read, summary_with_ast = [], 0, []
    for layer, public, path in files_of(root):
        shown = os.path.relpath(path, root)
        if layer not in USES:
            problems.append("%s: no layer is called %s" % (shown, layer))
            continue
        read += 1
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
        for number, line in enumerate(lines, 1):
            included = INCLUDE.match(line)
            if not included:
                continue
            header, why = included[1], None
            other = re.match(r"(?:\.\./)*(?:race/)?([A-Z]\w+)/", header)
            if header.startswith(("race/", "../")) and other and other[1] not in allowed(layer):
                why = "%s does not include %s" % (layer, other[1])
            elif header.startswith("clang-tidy/") and layer not in ("Checks", "Driver"):
                why = "only Checks and Driver include clang-tidy's headers"
            elif header.startswith("clang/") and layer == "Support":
                why = "Support includes nothing of clang"
            elif AST_HEADER.match(header) and layer in NO_AST:
                why = "%s knows nothing of clang's AST" % layer
            elif AST_HEADER.match(header) and layer == "Summary" and public:
                if shown not in summary_with_ast:
                    summary_with_ast.append(shown)
            if why:
                problems.append("%s:%d: %s: %s" % (shown, number, header, why))
    if len(summary_with_ast) > 1:
        problems.append("only one public header of Summary, the extractor's, includes clang's AST: "
                        + ", ".join(summary_with_ast))
    return read, problems


# Planted violations: file, its include, and what must be said (None: allowed).
PLANTED = [
    ("include/race/Support/A.h", "race/Models/Model.h", "Support does not include Models"),
    ("lib/Support/B.cpp", "clang/Basic/SourceLocation.h", "Support includes nothing of clang"),
    ("lib/Comments/C.cpp", "race/Models/Model.h", "Comments does not include Models"),
    ("lib/Models/D.cpp", "race/Support/Evidence.h", None),
    ("lib/Flow/sub/E.cpp", "race/Summary/Summary.h", "Flow does not include Summary"),
    ("lib/Flow/F.cpp", "../Analysis/Finding.h", "Flow does not include Analysis"),
    ("lib/Program/G.cpp", "clang/AST/Decl.h", "Program knows nothing of clang's AST"),
    ("lib/Program/H.cpp", "clang/Basic/Version.h", None),
    ("lib/Analysis/I.cpp", "clang-tidy/ClangTidyCheck.h", "only Checks and Driver include clang-tidy's"),
    ("lib/Checks/J.cpp", "clang-tidy/ClangTidyCheck.h", None),
    ("lib/Report/K.cpp", "race/Checks/Module.h", "Report does not include Checks"),
    ("include/race/Summary/L.h", "clang/AST/Decl.h", None),
    ("include/race/Elsewhere/M.h", "vector", "no layer is called Elsewhere"),
]


def self_test():
    """Every planted violation is found, and nothing else."""
    failures = []
    for plants in [[p] for p in PLANTED] + [
            [("include/race/Summary/N.h", "clang/AST/Decl.h", "only one public header of Summary"),
             ("include/race/Summary/O.h", "clang/AST/Expr.h", None)]]:
        with tempfile.TemporaryDirectory() as root:
            for path, header, _ in plants:
                os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
                with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                    file.write('#include "%s"\n' % header)
            _, found = problems_of(root)
        expected = [said for _, _, said in plants if said]
        if len(found) != len(expected) or any(
                said not in line for said, line in zip(expected, found)):
            failures.append("planted %s: expected %s, found %s" % (plants, expected, found))
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", nargs="?", help="the repository")
    parser.add_argument("--self-test", action="store_true",
                        help="plant violations and see that each is found")
    options = parser.parse_args()
    if options.self_test:
        problems = self_test()
    else:
        read, problems = problems_of(options.root or ".")
        print("%d files read" % read)
        if not read:
            problems.append("there is no file to check")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
