"""A client of a language server, as an editor would be: starts the server, keeps
the texts of open files, waits for what is said of them. Nothing waits longer
than its limit, and nothing sleeps."""

import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.parse

LIMIT = 60


class Gone(Exception):
    """The server ended, or said nothing in time."""


def uri_of(path):
    return "file://" + urllib.parse.quote(os.path.abspath(path))


def path_of(uri):
    return urllib.parse.unquote(urllib.parse.urlparse(uri).path)


def offset_of(text, position):
    """The index into `text` of a position, whose columns are UTF-16 units."""
    lines = text.split("\n")
    before = sum(len(line) + 1 for line in lines[:position["line"]])
    line = lines[position["line"]] if position["line"] < len(lines) else ""
    units = line.encode("utf-16-le")[:2 * position["character"]]
    return before + len(units.decode("utf-16-le", "ignore"))


def edited(text, edits):
    """`text` with LSP's TextEdits, from the last to the first."""
    order = sorted(edits, key=lambda e: offset_of(text, e["range"]["start"]), reverse=True)
    for edit in order:
        begin = offset_of(text, edit["range"]["start"])
        end = offset_of(text, edit["range"]["end"])
        text = text[:begin] + edit["newText"] + text[end:]
    return text


# Settings of the one who runs the tests are none of ours. Reading all of the
# standard library for completions would take seconds a server.
CONFIG = "Index:\n  StandardLibrary: No\n  Background: Skip\n"

# The race-* checks and no others, whatever a .clang-tidy file says.
RACE_ONLY = ("---\nDiagnostics:\n  ClangTidy:\n    Remove: '*'\n"
             "---\nDiagnostics:\n  ClangTidy:\n    Add: 'race-*'\n")


def write_config(folder, more=""):
    """The user's settings of a clangd whose XDG_CONFIG_HOME is .config below
    `folder`."""
    os.makedirs(os.path.join(folder, ".config", "clangd"), exist_ok=True)
    with open(os.path.join(folder, ".config", "clangd", "config.yaml"), "w",
              encoding="utf-8") as file:
        file.write(CONFIG + more)


class Server:
    """One running server, in the project's `folder`. Use it in a `with`, or call
    close(). `config` is added to the user's settings."""

    def __init__(self, command, folder, config="", limit=LIMIT):
        self.limit, self.texts, self.versions, self.last = limit, {}, {}, {}
        self.errors = tempfile.TemporaryFile()
        env = dict(os.environ, XDG_CONFIG_HOME=os.path.join(folder, ".config"),
                   XDG_CACHE_HOME=os.path.join(folder, ".cache"))
        write_config(folder, config)
        self.process = subprocess.Popen(command + ["--log=error"], cwd=folder, env=env,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.errors)
        self.messages, self.next_id = queue.Queue(), 0
        threading.Thread(target=self._read, daemon=True).start()
        capabilities = {
            "textDocument": {
                "publishDiagnostics": {"relatedInformation": True, "versionSupport": True,
                                       "codeDescriptionSupport": True,
                                       "codeActionsInline": False},
                "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}},
            },
            "workspace": {"workspaceEdit": {"documentChanges": False}},
        }
        answer = self.request("initialize", {
            "processId": os.getpid(), "rootUri": uri_of(folder), "capabilities": capabilities})
        self.info = answer["result"]["serverInfo"]
        self.notify("initialized", {})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _read(self):
        stream = self.process.stdout
        while True:
            length = None
            while True:
                line = stream.readline()
                if not line:
                    self.messages.put(None)
                    return
                line = line.strip()
                if not line:
                    break
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if length is not None:
                self.messages.put(json.loads(stream.read(length)))

    def send_bytes(self, data):
        try:
            self.process.stdin.write(data)
            self.process.stdin.flush()
        except OSError:
            raise Gone("the server ended: " + self.said()) from None

    def send(self, message):
        body = json.dumps(message).encode()
        self.send_bytes(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def notify(self, method, params):
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method, params):
        """Sends a request and waits for the answer, the whole message."""
        self.next_id += 1
        number = self.next_id
        self.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return self.wait(lambda m: m.get("id") == number and "method" not in m)

    def wait(self, wanted, limit=None):
        """The first message from now on that is wanted. Keeps the diagnostics of
        those that pass by."""
        end = time.monotonic() + (limit or self.limit)
        while True:
            try:
                message = self.messages.get(timeout=max(0, end - time.monotonic()))
            except queue.Empty:
                raise Gone("no answer in %g s; the server's log: %s" % (
                    limit or self.limit, self.said())) from None
            if message is None:
                raise Gone("the server ended with %s: %s" % (self.process.wait(), self.said()))
            if message.get("method") == "textDocument/publishDiagnostics":
                params = message["params"]
                self.last[path_of(params["uri"])] = params
            elif "id" in message and "method" in message:
                self.send({"jsonrpc": "2.0", "id": message["id"], "result": None})
            if wanted(message):
                return message

    def said(self):
        """What the server wrote to its log."""
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")[-4000:]

    def open(self, path, text=None):
        if text is None:
            with open(path, encoding="utf-8") as file:
                text = file.read()
        language = "c" if path.endswith(".c") else "cpp"
        self.texts[path], self.versions[path] = text, 1
        self.notify("textDocument/didOpen", {"textDocument": {
            "uri": uri_of(path), "languageId": language, "version": 1, "text": text}})

    def change(self, path, text=None, changes=None, wanted=True):
        """Replaces the text of an open file. `changes` says how (LSP's content
        changes); without, it is sent in full. With `wanted` the server does not
        wait for the user to stop typing."""
        if text is not None:
            self.texts[path] = text
        self.versions[path] += 1
        message = {"textDocument": {"uri": uri_of(path), "version": self.versions[path]},
                   "contentChanges": changes or [{"text": self.texts[path]}]}
        if wanted:
            # clangd's own: this version must get diagnostics, at once.
            message.update(wantDiagnostics=True, forceRebuild=False)
        self.notify("textDocument/didChange", message)

    def save(self, path):
        self.notify("textDocument/didSave", {"textDocument": {"uri": uri_of(path)}})

    def shut(self, path):
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri_of(path)}})

    def diagnostics(self, path, limit=None):
        """What is said of the file as it now stands."""
        version, path = self.versions[path], os.path.abspath(path)
        known = self.last.get(path)
        if not known or known.get("version") != version:
            known = self.wait(lambda m: m.get("method") == "textDocument/publishDiagnostics" and
                              path_of(m["params"]["uri"]) == path and
                              m["params"].get("version") == version, limit)["params"]
        return known["diagnostics"]

    def race(self, path):
        """The diagnostics of the race-* checks."""
        return [d for d in self.diagnostics(path) if str(d.get("code")).startswith("race-")]

    def actions(self, path, diagnostic):
        """The code actions that are offered for a diagnostic."""
        answer = self.request("textDocument/codeAction", {
            "textDocument": {"uri": uri_of(path)}, "range": diagnostic["range"],
            "context": {"diagnostics": [diagnostic]}})
        return answer["result"] or []

    def apply(self, path, action):
        """Does what a code action says to the file."""
        for uri, edits in action["edit"]["changes"].items():
            if path_of(uri) != os.path.abspath(path):
                raise ValueError("an edit of another file: " + uri)
            self.change(path, edited(self.texts[path], edits))

    def close(self):
        """Ends the server as an editor does; its exit status."""
        if self.process.poll() is None:
            try:
                self.request("shutdown", None)
                self.notify("exit", None)
                self.process.wait(self.limit)
            except (Gone, subprocess.TimeoutExpired):
                self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            try:
                stream.close()
            except OSError:
                pass
        self.errors.close()
        return self.process.returncode


STD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Project", "Inputs")


class Project:
    """A folder with sources, a compile database and `Checks: 'race-*'`, outside
    the repository, gone at the end of the `with`. Declarations that stand for
    the standard library are found as <std.h>."""

    def __init__(self, files=None, checks="race-*", config=""):
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="race-editor-"))
        self.write(".clang-tidy", "Checks: '%s'\n%s" % (checks, config))
        for name, text in (files or {}).items():
            self.write(name, text)
        self.database()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return path

    def copy(self, folder):
        """Takes in the files of another folder."""
        shutil.copytree(folder, self.folder, dirs_exist_ok=True)
        self.database()

    def database(self):
        entries = []
        for where, _, names in os.walk(self.folder):
            for name in sorted(names):
                if name.endswith((".c", ".cpp")):
                    compiler = (["clang", "-std=c11"] if name.endswith(".c") else
                                ["clang++", "-std=c++17", "-pthread"])
                    path = os.path.join(where, name)
                    entries.append({"directory": self.folder, "file": path, "arguments":
                                    compiler + ["-isystem", os.path.realpath(STD), "-c", path]})
        self.write("compile_commands.json", json.dumps(entries))
