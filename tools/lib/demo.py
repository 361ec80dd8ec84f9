#!/usr/bin/env python3
"""What tools/demo shows once the plugin is built: the three incidents, then
real code."""

import argparse
import hashlib
import json
import os
import sys
import time

import real_code
import tidy_runs

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Folder under docs/examples, what went wrong, the check that must say so.
INCIDENTS = [
    ("connection-pool", "a connection handed back to its pool, then used",
     "race-use-after-release"),
    ("record-cache", "a cache asked, then filled: two requests create the record twice",
     "race-check-then-act"),
    ("metrics-reconciler/single-file",
     "a comment says single-threaded; a metrics thread reads the map",
     "race-stale-thread-comment"),
]

# Findings of real code that are shown; the rest is in a file.
SHOWN_FINDINGS = 10


def say(text=""):
    print(text, flush=True)


def show_incidents(tidy, plugin):
    """Shows what the plugin says of each incident; the number of failures."""
    failures = 0
    for folder, story, check in INCIDENTS:
        say("\n== %s: %s" % (folder.split("/")[0], story))
        for variant in ("before", "after"):
            path = "docs/examples/%s/%s.cpp" % (folder, variant)
            if not os.path.exists(path):
                say("FAILED: there is no %s" % path)
                failures += 1
                continue
            run = tidy_runs.run_unit(tidy, plugin, path,
                                     ["--checks=-*,race-*", "--", "-std=c++17"])
            counts, _ = tidy_runs.count_findings([run])
            if run.crashed or run.compile_errors:
                wrong = "clang-tidy failed on it:\n" + run.output + run.errors
            elif variant == "before":
                say(run.output.rstrip())
                wrong = None if counts.get(check) else "%s says nothing of it" % check
            else:
                wrong = "it has findings:\n" + run.output if counts else None
            if wrong:
                say("FAILED: %s: %s" % (path, wrong))
                failures += 1
            elif variant == "after":
                say("-- %s: nothing found, as it should be" % path)
    return failures


def fingerprint(plugin, tree):
    """Changes when the plugin or the compile database does. The sources are
    fetched once and stay."""
    digest = hashlib.sha256()
    for path in (plugin, os.path.join(tree, "compile_commands.json"), __file__,
                 tidy_runs.__file__):
        with open(path, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def show_progress(name):
    """A function for run_units that keeps one line up to date on a terminal."""
    if not sys.stdout.isatty():
        return None

    def progress(done, total):
        print("\r%s: %d of %d files" % (name, done, total), end="" if done < total else "\r\x1b[K",
              flush=True)
    return progress


def measure(tidy, plugin, folder, project):
    """Runs the checks over a project; what the table and the list show of it."""
    tree = real_code.tree_of(folder, project)
    units = tidy_runs.load_units(tree)
    say("Checking %s %s: %d files on %d cores" % (
        project.name, real_code.version_of(folder, project), len(units), os.cpu_count() or 1))
    arguments = ["-p", tree, "--config={}", "--checks=-*,race-*",
                 "--header-filter=^" + tree + "/.*"]
    begin = time.monotonic()
    runs = tidy_runs.run_units(
        units, lambda unit: tidy_runs.run_unit(tidy, plugin, unit, arguments, profile=True),
        progress=show_progress(project.name))
    wall = time.monotonic() - begin
    failed = [run.unit for run in runs if run.crashed or run.compile_errors]
    counts, findings = tidy_runs.count_findings(runs)
    return {
        "units": len(units), "failed": [os.path.relpath(unit, tree) for unit in failed],
        "counts": counts, "findings": [f.replace(tree + os.sep, "") for f in findings],
        "wall": wall, "cpu": sum(run.cpu for run in runs),
        "checks": sum(run.checks_cpu("race-") for run in runs),
    }


def results_of(tidy, plugin, folder, project, fresh):
    """measure(), or what it said before when nothing has changed since."""
    path = os.path.join(folder, project.name, "results.json")
    key = fingerprint(plugin, real_code.tree_of(folder, project))
    if not fresh and os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            stored = json.load(file)
        if stored["key"] == key:
            say("%s: nothing changed since the last run, showing its results (--fresh runs it again)"
                % project.name)
            return stored["results"]
    results = measure(tidy, plugin, folder, project)
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"key": key, "results": results}, file, indent=1)
    with open(os.path.join(folder, project.name, "findings.txt"), "w", encoding="utf-8") as file:
        file.write("\n".join(results["findings"]) + "\n")
    return results


def show_findings(folder, project, results):
    findings = results["findings"]
    for finding in findings[:SHOWN_FINDINGS]:
        say("  " + finding.replace("\n", "\n  "))
    if len(findings) > SHOWN_FINDINGS:
        say("  ... %d more in %s" % (
            len(findings) - SHOWN_FINDINGS,
            os.path.relpath(os.path.join(folder, project.name, "findings.txt"), ROOT)))


def show_table(rows):
    """rows: (project name, results)."""
    head = ["", "files"] + [c[len("race-"):] for c in tidy_runs.CHECKS] + [
        "seconds", "CPU s", "in our checks"]
    table = [head]
    for name, r in rows:
        share = 100 * r["checks"] / r["cpu"] if r["cpu"] else 0
        table.append([name, str(r["units"])] +
                     [str(r["counts"].get(c, 0)) for c in tidy_runs.CHECKS] +
                     ["%.1f" % r["wall"], "%.1f" % r["cpu"],
                      "%.2f s (%.1f %%)" % (r["checks"], share)])
    widths = [max(len(row[i]) for row in table) for i in range(len(head))]
    say()
    for row in table:
        say("  ".join(cell.ljust(w) if i == 0 else cell.rjust(w)
                      for i, (cell, w) in enumerate(zip(row, widths))).rstrip())
    say("\nFindings per check, in files of the project. \"CPU s\": user time of all clang-tidy "
        "processes;\n\"in our checks\": the part of it spent in race-* (clang-tidy's own profile).")


def show_real_code(tidy, plugin, folder, fresh):
    """The second half; the number of failures. Without network there is nothing
    to show, which is no failure."""
    say("\n== Real code")
    try:
        projects = real_code.ready(folder, say)
    except real_code.Unavailable as problem:
        say("Skipped: %s." % problem)
        return 0
    rows, failures = [], 0
    for project in projects:
        results = results_of(tidy, plugin, folder, project, fresh)
        show_findings(folder, project, results)
        if results["failed"]:
            say("FAILED: clang-tidy could not read %s" % ", ".join(results["failed"]))
            failures += 1
        rows.append((project.name, results))
    show_table(rows)
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"), help="build folder")
    parser.add_argument("--plugin", help="default: lib/RaceTidy.so of the build")
    parser.add_argument("--packages", action="store_true",
                        help="only list the Debian packages that the real code still needs")
    parser.add_argument("--incidents", action="store_true", help="only the three incidents")
    parser.add_argument("--real-code", action="store_true", help="only the real code")
    parser.add_argument("--fresh", action="store_true",
                        help="check the real code again even if nothing changed")
    options = parser.parse_args()
    folder = os.path.join(os.path.abspath(options.build), "real-code")
    if options.packages:
        print("\n".join(real_code.needed_packages() if real_code.unready(folder) else []))
        return 0
    plugin = os.path.abspath(options.plugin or os.path.join(options.build, "lib", "RaceTidy.so"))
    if not os.path.exists(plugin):
        sys.exit("error: no plugin at %s: build it first (tools/demo does)" % plugin)
    tidy = tidy_runs.find_tool("clang-tidy", "clang-tidy-19")
    os.chdir(ROOT)
    failures = 0
    if not options.real_code:
        failures += show_incidents(tidy, plugin)
    if not options.incidents:
        failures += show_real_code(tidy, plugin, folder, options.fresh)
    if failures:
        say("\nThe demo failed in %d place%s: see FAILED above." % (
            failures, "s" if failures > 1 else ""))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
