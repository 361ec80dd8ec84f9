"""Runs clang-tidy with the plugin over one translation unit or many, and says
what it found and what it cost. Used by tools/demo and test/Benchmark."""

import concurrent.futures
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading

CHECKS = ["race-use-after-release", "race-check-then-act", "race-stale-thread-comment"]

DIAGNOSTIC = re.compile(r"^(?P<file>[^\s:][^:\n]*):(?P<line>\d+):(?P<col>\d+): "
                        r"(?P<kind>warning|error|fatal error|note): (?P<text>.*)$")
ERROR = re.compile(r"^(?:[^\s:][^:\n]*:\d+:\d+: )?(?:fatal )?error: ", re.I)
CHECK_NAME = re.compile(r"\[([\w.-]+)(?:,[\w.,-]+)?\]$")


def find_tool(name, package):
    """The path of LLVM 19's tool `name`; ends the program in one line without it."""
    for candidate in ("/usr/lib/llvm-19/bin/" + name, name + "-19"):
        path = shutil.which(candidate)
        if path:
            return path
    sys.exit("error: no %s of LLVM 19: install the Debian package %s" % (name, package))


def load_units(folder):
    """The translation units of folder's compile_commands.json: absolute paths,
    each file once, in its order."""
    with open(os.path.join(folder, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    units = [os.path.normpath(os.path.join(e["directory"], e["file"])) for e in entries]
    return list(dict.fromkeys(units))


class Run:
    """What one clang-tidy process said and used. `cpu` is its user time."""

    def __init__(self, unit, output, errors, status, cpu, profile):
        self.unit, self.output, self.errors = unit, output, errors
        self.status, self.cpu, self.profile = status, cpu, profile

    @property
    def crashed(self):
        return self.status < 0 or self.status > 128

    @property
    def compile_errors(self):
        """The messages of kind error; not the source lines quoted with others."""
        # Errors of the command line, such as a file that is not there, are on stderr.
        text = self.output + "\n" + self.errors
        return [line for line in text.splitlines() if ERROR.match(line)]

    def diagnostics(self):
        """(file, line, column, kind, text) of each line that is a diagnostic."""
        for line in self.output.splitlines():
            found = DIAGNOSTIC.match(line)
            if found:
                yield (found["file"], int(found["line"]), int(found["col"]),
                       found["kind"], found["text"])

    def checks_cpu(self, prefix):
        """Seconds of user time in the checks whose names begin so."""
        return sum(value for key, value in self.profile.items()
                   if key.startswith("time.clang-tidy." + prefix) and key.endswith(".user"))


def run_measured(command, timeout=None):
    """(output, errors, status, user seconds) of a command; at the time limit it
    is killed, so that its status is a signal."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        limit = threading.Timer(timeout, process.kill) if timeout else None
        if limit:
            limit.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        finally:
            if limit:
                limit.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    return texts[0], texts[1], process.returncode, usage.ru_utime


def run_unit(tidy, plugin, unit, arguments, profile=False, timeout=None):
    """clang-tidy over `unit` with more arguments; never raises for what it says.
    Without a plugin, None, it runs as it is."""
    folder = tempfile.mkdtemp(prefix="race-profile-") if profile else None
    command = [tidy, "--quiet"] + (["--load=" + plugin] if plugin else [])
    if folder:
        command += ["--enable-check-profile", "--store-check-profile=" + folder]
    try:
        output, errors, status, cpu = run_measured(command + [unit] + arguments, timeout)
        measured = {}
        for path in glob.glob(os.path.join(folder, "*.json")) if folder else []:
            with open(path, encoding="utf-8") as file:
                measured.update(json.load(file)["profile"])
    finally:
        if folder:
            shutil.rmtree(folder)
    return Run(unit, output, errors, status, cpu, measured)


def run_units(units, run, jobs=None, progress=None):
    """run(unit) for every unit on all cores; the results in the units' order.
    progress(done, all) is called as they end."""
    jobs = jobs or os.cpu_count() or 1
    results = {}
    with concurrent.futures.ThreadPoolExecutor(max_workers=jobs) as pool:
        pending = {pool.submit(run, unit): unit for unit in units}
        for future in concurrent.futures.as_completed(pending):
            results[pending[future]] = future.result()
            if progress:
                progress(len(results), len(units))
    return [results[unit] for unit in units]


def count_findings(runs, prefix="race-"):
    """({check: number}, [text of a finding with its notes]) over all runs. What
    several units report alike, in a header, counts once."""
    counts, texts, seen, current = {}, [], set(), None
    for run in runs:
        current = None
        for file, line, col, kind, text in run.diagnostics():
            if kind == "note":
                if current is not None:
                    current.append("  %s:%d:%d: note: %s" % (file, line, col, text))
                continue
            current = None
            name = CHECK_NAME.search(text)
            if not name or not name[1].startswith(prefix) or (file, line, col, text) in seen:
                continue
            seen.add((file, line, col, text))
            counts[name[1]] = counts.get(name[1], 0) + 1
            current = ["%s:%d:%d: %s: %s" % (file, line, col, kind, text)]
            texts.append(current)
    return counts, ["\n".join(text) for text in texts]
