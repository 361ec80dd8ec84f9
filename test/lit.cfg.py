# The lit suite: every *.cpp, *.c and *.test under test/ with a RUN line.
import os
import shlex
import shutil
import subprocess

import lit.formats

config.name = "race-tidy"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".cpp", ".c", ".test"]
config.excludes = ["Inputs", "Unit", "Benchmark", "Editor", "Project"]
config.test_source_root = os.path.join(config.race_source_dir, "test")
config.test_exec_root = os.path.join(config.race_binary_dir, "test")

if not config.race_have_plugin:
    lit_config.fatal("the build has no plugin: the target RaceTidy is missing")
if not os.path.exists(config.race_plugin):
    lit_config.fatal("build the plugin first: no " + config.race_plugin)


def command(*words):
    return " ".join(shlex.quote(word) for word in words)


tidy = command(config.race_clang_tidy)
tidy_race = command(config.race_clang_tidy, "--load=" + config.race_plugin)
check_race = command(
    config.race_python, os.path.join(config.test_source_root, "check_race.py"),
    "--clang-tidy=" + config.race_clang_tidy, "--plugin=" + config.race_plugin)

# Says which exit status came instead: exits 2 command...
exits = command("sh", "-c", 'wanted=$1; shift; "$@"; status=$?; '
                'test $status = $wanted || { echo "exit status $status" >&2; exit 1; }', "sh")
race_tidy = os.path.join(config.race_binary_dir, "bin", "race-tidy")
if os.path.exists(race_tidy):
    config.available_features.add("race-tidy")

# The plugin for the compiler.
clang_plugin = os.path.join(config.race_binary_dir, "lib", "RacePlugin.so")
if os.path.exists(clang_plugin):
    config.available_features.add("clang-plugin")
with_plugin = "-fplugin=" + clang_plugin

# A name that begins another comes after it: lit replaces in this order.
config.substitutions += [
    ("%clang_tidy_race", tidy_race),
    ("%clang_tidy", tidy),
    ("%check_race", check_race),
    ("%clangxx_race", command(os.path.join(config.race_tools_dir, "clang++"), with_plugin)),
    ("%clang_c_race", command(os.path.join(config.race_tools_dir, "clang"), with_plugin)),
    ("%clang_c", command(os.path.join(config.race_tools_dir, "clang"))),
    ("%clangxx", command(os.path.join(config.race_tools_dir, "clang++"))),
    ("%compiler_plugin", command(clang_plugin)),
    ("%plugin", command(config.race_plugin)),
    ("%examples", command(os.path.join(config.race_source_dir, "docs", "examples"))),
    ("%source_dir", command(config.race_source_dir)),
    ("%bin", command(os.path.join(config.race_binary_dir, "bin"))),
    # A hang is a failure, not a wait.
    ("%race_tidy_path", command(race_tidy)),
    ("%race_tidy", command("timeout", "120", race_tidy)),
    # Nobody's settings but these.
    ("%git", command("env", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
                     "git", "-c", "user.name=T", "-c", "user.email=t@example.org", "-C")),
    ("%compile_commands", command(
        config.race_python, os.path.join(config.test_source_root, "compile_commands.py"))),
    ("%exits", exits),
    ("%python", command(config.race_python)),
]

# Other build systems.
for tool, feature in (("cmake", "cmake"), ("ninja", "ninja"), ("make", "make")):
    if shutil.which(tool):
        config.available_features.add(feature)

# A second compiler, for what must not be clang's alone.
if shutil.which("gcc") and shutil.which("g++"):
    config.available_features.add("gcc")

# A full disk and a read-only one, where such can be mounted for one test alone.
mounts = ["unshare", "--mount"]
if shutil.which("unshare") and subprocess.call(
        mounts + ["mount", "-t", "tmpfs", "tmpfs", "/tmp"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0:
    config.available_features.add("mounts")
    config.substitutions.append(("%mounts", command(*mounts)))

# FileCheck, not and count stand in LLVM's own folder, without the version.
config.environment["PATH"] = os.pathsep.join(
    [config.race_tools_dir, config.environment.get("PATH", os.environ.get("PATH", ""))])
# One language for all messages that a test may quote.
config.environment["LC_ALL"] = "C"
