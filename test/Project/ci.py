#!/usr/bin/env python3
"""Checks docs/ci.md: the recipes are YAML with the keys that their services
want, the shell lines in them parse and call race-tidy with options that it has,
and the commands marked "run" are run in a scratch project."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys

import yaml

BLOCK = re.compile(r"^<!-- (run|recipe: [\w ]+) -->\n```(\w+)\n(.*?)^```$", re.M | re.S)
PLUGIN = "/usr/lib/race-tidy/RaceTidy.so"


def scripts_of(value, keys=("run", "script", "before_script")):
    """All shell scripts in a recipe."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in keys:
                yield "\n".join(inner) if isinstance(inner, list) else inner
            else:
                yield from scripts_of(inner, keys)
    elif isinstance(value, list):
        for inner in value:
            yield from scripts_of(inner, keys)


def shell(script, cwd, env=None):
    return subprocess.run(["bash", "-o", "pipefail", "-c", script], cwd=cwd, env=env, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=200, check=False)


def check_recipe(name, text, options):
    """The problems of one recipe."""
    recipe = yaml.safe_load(text)
    problems = []
    if name == "GitHub Actions":
        # YAML 1.1 takes the word "on" for a truth value.
        wanted = {"jobs", True}
        for job in recipe.get("jobs", {}).values():
            problems += ["a job without " + key for key in ("runs-on", "steps") if key not in job]
            problems += ["a step that does nothing: %s" % step for step in job["steps"]
                         if ("run" in step) == ("uses" in step)]
    else:
        wanted = {"stages"}
        jobs = [job for key, job in recipe.items() if key != "stages"]
        problems += ["a job without a script or of no stage: %s" % job for job in jobs
                     if "script" not in job or job.get("stage") not in recipe["stages"]]
    problems += ["no key %s" % key for key in wanted - set(recipe)]
    scripts = list(scripts_of(recipe))
    for script in scripts:
        # What the service puts in.
        done = shell("bash -n <<'EOF'\n" + re.sub(r"\$\{\{.*?\}\}", "x", script) + "\nEOF\n", ".")
        if done.returncode:
            problems.append("no shell script: %s\n%s" % (script, done.stdout))
        for line in re.findall(r"race-tidy (\w+) ([^\n|;]*)", script):
            usage = subprocess.run([options.race_tidy, line[0], "--help"], text=True,
                                   stdout=subprocess.PIPE, check=False).stdout
            problems += ["race-tidy %s has no option %s" % (line[0], option)
                         for option in re.findall(r"(?<!\S)--?([a-z]\w*)", line[1])
                         if not re.search(r"^\s+--?%s\b" % option, usage, re.M)]
    everything = "\n".join(scripts)
    for needed in ("race-tidy analyze", "sarif", "--diff", "-fsanitize=thread", "until-fail"):
        if needed not in everything:
            problems.append("nothing with %s" % needed)
    return problems


def scratch_project(options):
    """A repository with a finding, before and behind a commit."""
    folder = os.path.join(options.work, "project")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(os.path.join(folder, "build"))
    shutil.copy(os.path.join(options.source, "docs/examples/connection-pool/after.cpp"),
                os.path.join(folder, "main.cpp"))
    with open(os.path.join(folder, "CMakeLists.txt"), "w", encoding="utf-8") as file:
        file.write("cmake_minimum_required(VERSION 3.20)\nproject(P CXX)\n"
                   "set(CMAKE_CXX_STANDARD 17)\nadd_library(p OBJECT main.cpp)\n")
    with open(os.path.join(folder, "build/compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump([{"directory": folder, "file": "main.cpp",
                    "arguments": ["clang++", "-std=c++17", "-c", "main.cpp"]}], file)
    git = "git -c user.name=T -c user.email=t@example.org"
    done = shell("git init -q && git add main.cpp && %s commit -qm x" % git, folder)
    if done.returncode:
        sys.exit(done.stdout)
    shutil.copy(os.path.join(options.source, "docs/examples/connection-pool/before.cpp"),
                os.path.join(folder, "main.cpp"))
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--race-tidy", required=True)
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--work", required=True, help="scratch folder")
    parser.add_argument("source", help="the repository")
    options = parser.parse_args()
    options.source, options.work = map(os.path.abspath, (options.source, options.work))
    with open(os.path.join(options.source, "docs", "ci.md"), encoding="utf-8") as file:
        text = file.read()
    # The hooks' page and our own hook file are YAML, too.
    with open(os.path.join(options.source, "docs", "hooks.md"), encoding="utf-8") as file:
        shown = re.findall(r"^```yaml\n(.*?)^```$", file.read(), re.M | re.S)
    with open(os.path.join(options.source, ".pre-commit-hooks.yaml"), encoding="utf-8") as file:
        ids = {hook["id"] for hook in yaml.safe_load(file)}
    problems, ran, recipes = [], 0, 0
    for block in shown:
        for repo in yaml.safe_load(block)["repos"]:
            problems += ["docs/hooks.md: no hook %s" % hook["id"] for hook in repo["hooks"]
                         if hook["id"] not in ids]
    folder = scratch_project(options)
    env = dict(os.environ, CXX=options.compiler, HOME=options.work)
    for kind, _, block in BLOCK.findall(text):
        if kind == "run":
            ran += 1
            done = shell(block.replace(PLUGIN, options.plugin), folder, env)
            output = done.stdout
            if block.startswith("cmake "):
                output += shell("cmake --build build", folder, env).stdout
            if "[race-use-after-release" not in output:
                problems.append("no finding from: %s\n%s" % (block, output))
        elif kind.startswith("recipe: G"):
            recipes += 1
            name = kind.split(": ")[1]
            problems += ["%s: %s" % (name, p) for p in check_recipe(name, block, options)]
    for problem in problems:
        print(problem)
    print("%d recipes, %d commands run" % (recipes, ran))
    return 1 if problems or recipes != 2 or not ran or not shown else 0


if __name__ == "__main__":
    sys.exit(main())
