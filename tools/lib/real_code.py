"""Fetches the sources of some Debian packages and prepares each for clang-tidy:
a source tree with a compile_commands.json. Everything stays in one folder of
the build; the machine's package configuration is read, never changed."""

import glob
import json
import os
import re
import shlex
import shutil
import subprocess


class Unavailable(Exception):
    """The code cannot be had here; the text is one line for the user."""


class Project:
    """A Debian source package, how to make its compile database, and the
    packages that this needs."""

    def __init__(self, name, packages, prepare):
        self.name, self.packages, self.prepare = name, packages, prepare


def prepare_leveldb(tree, run):
    """CMake writes the database; tests and benchmarks want submodules that the
    source package does not have."""
    run(["cmake", "-G", "Ninja", "-S", tree, "-B", os.path.join(tree, "build-race"),
         "-DCMAKE_C_COMPILER=clang-19", "-DCMAKE_CXX_COMPILER=clang++-19",
         "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", "-DLEVELDB_BUILD_TESTS=OFF",
         "-DLEVELDB_BUILD_BENCHMARKS=OFF"])
    shutil.copy(os.path.join(tree, "build-race", "compile_commands.json"), tree)


def prepare_memcached(tree, run):
    """Autotools know no database: it is read off what make would run."""
    run(["./configure", "CC=clang-19", "--disable-dependency-tracking",
         "--disable-docs", "--disable-coverage"], cwd=tree)
    would_run = run(["make", "-n", "memcached"], cwd=tree)
    entries = database_of_make(would_run, tree)
    if not entries:
        raise Unavailable("make -n names no compile command in " + tree)
    with open(os.path.join(tree, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(entries, file, indent=1)


def database_of_make(text, folder):
    """The entries of a compile database for the compilations that `make -n`
    printed, each of a C file with -c, run in `folder`."""
    entries = []
    # automake writes `test -f 'x.c' || echo './'`x.c for x.c
    text = re.sub(r"`test -f [^`]*`", "", text.replace("\\\n", " "))
    for line in text.splitlines():
        for command in re.split(r"\s*(?:&&|;)\s*", line):
            try:
                words = shlex.split(command)
            except ValueError:
                continue
            sources = [word for word in words[1:] if word.endswith(".c")]
            if "-c" in words and len(sources) == 1 and words[0].startswith("clang"):
                entries.append({"directory": folder, "file": sources[0],
                                "arguments": words})
    return entries


PROJECTS = [
    Project("leveldb", ["cmake", "ninja-build"], prepare_leveldb),
    Project("memcached", ["make", "libevent-dev"], prepare_memcached),
]

# What fetching and unpacking any of them needs.
FETCH_PACKAGES = ["dpkg-dev"]


def needed_packages():
    """Every Debian package that ready() needs, each once."""
    names = FETCH_PACKAGES + [p for project in PROJECTS for p in project.packages]
    return list(dict.fromkeys(names))


def unready(folder):
    """The projects that are not prepared in `folder`."""
    return [p for p in PROJECTS if not os.path.exists(stamp_of(folder, p))]


def tree_of(folder, project):
    """Where the project's sources and compile_commands.json are once ready."""
    return os.path.join(folder, project.name, "source")


def stamp_of(folder, project):
    return os.path.join(folder, project.name, "ready")


def runner(log):
    """A function that runs a command into the log and returns its standard
    output; Unavailable when it fails."""
    def run(command, cwd=None):
        with open(log, "a", encoding="utf-8") as file:
            file.write("\n$ %s\n" % shlex.join(command))
            file.flush()
            done = subprocess.run(command, cwd=cwd, text=True, errors="replace",
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=file)
            file.write(done.stdout)
        if done.returncode:
            raise Unavailable("%s failed, see %s" % (" ".join(command[:2]), log))
        return done.stdout
    return run


def debian_mirror():
    """(base address, release) of the machine's own Debian main archive."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format",
         "$(COMPONENT) $(CREATED_BY) $(RELEASE) $(REPO_URI) $(ORIGIN)"],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout
    targets = [line.split() for line in listed.splitlines()]
    # Updates and security ("bookworm-updates") hold a few packages only. Without
    # downloaded lists apt does not know the origin and prints its own variable.
    main = [t for t in targets if t[:2] == ["main", "Packages"] and "-" not in t[2]
            and t[4:5] in ([], ["Debian"], ["$(ORIGIN)"])]
    if not main:
        raise Unavailable("apt knows no Debian archive here")
    return main[0][3], main[0][2]


def apt_options(folder):
    """Options that give apt a sources list and a state of its own in `folder`."""
    apt = os.path.join(folder, "apt")
    for sub in ("lists/partial", "cache/archives/partial"):
        os.makedirs(os.path.join(apt, sub), exist_ok=True)
    sources = os.path.join(apt, "sources.list")
    address, release = debian_mirror()
    key = "/usr/share/keyrings/debian-archive-keyring.gpg"
    signed = "[signed-by=%s] " % key if os.path.exists(key) else ""
    with open(sources, "w", encoding="utf-8") as file:
        file.write("deb-src %s%s %s main\n" % (signed, address, release))
    settings = {
        "Dir::Etc::sourcelist": sources, "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": os.path.join(apt, "lists"),
        "Dir::Cache": os.path.join(apt, "cache"),
        # apt's own user cannot write below a home directory.
        "APT::Sandbox::User": "root", "Acquire::Languages": "none",
        "Acquire::Retries": "1", "Acquire::http::Timeout": "20",
        "Acquire::https::Timeout": "20",
        # Without network an update would only warn.
        "APT::Update::Error-Mode": "any",
    }
    return [word for key, value in settings.items() for word in ("-o", key + "=" + value)]


def fetch(folder, project, options, run):
    """Fetches and prepares one project; `options` are apt's."""
    home = os.path.join(folder, project.name)
    shutil.rmtree(home, ignore_errors=True)
    os.makedirs(home)
    run(["apt-get", "source"] + options + [project.name], cwd=home)
    unpacked = [d for d in glob.glob(os.path.join(home, project.name + "-*")) if os.path.isdir(d)]
    if len(unpacked) != 1:
        raise Unavailable("apt-get source %s left no source tree" % project.name)
    with open(os.path.join(home, "version"), "w", encoding="utf-8") as file:
        file.write(os.path.basename(unpacked[0])[len(project.name) + 1:] + "\n")
    os.rename(unpacked[0], tree_of(folder, project))
    project.prepare(tree_of(folder, project), run)
    open(stamp_of(folder, project), "w", encoding="utf-8").close()


def ready(folder, say):
    """Fetches and prepares what is not ready in `folder`; returns the projects
    that are ready then. say(line) tells the user of each step, and of each
    project that cannot be had. Raises Unavailable, with one line, when there is
    none."""
    todo = unready(folder)
    if todo:
        os.makedirs(folder, exist_ok=True)
        run = runner(os.path.join(folder, "fetch.log"))
        options = apt_options(folder)
        try:
            run(["apt-get", "update"] + options)
        except Unavailable:
            raise Unavailable("no network, or no Debian archive reached") from None
        for project in todo:
            say("Fetching the source of %s (apt-get source)" % project.name)
            try:
                fetch(folder, project, options, run)
            except Unavailable as problem:
                say("Without %s: %s" % (project.name, problem))
    missing = unready(folder)
    if len(missing) == len(PROJECTS):
        raise Unavailable("none of the real code could be fetched")
    return [project for project in PROJECTS if project not in missing]


def version_of(folder, project):
    with open(os.path.join(folder, project.name, "version"), encoding="utf-8") as file:
        return file.read().strip()
