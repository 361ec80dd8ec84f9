#!/usr/bin/env python3
"""Opens the HTML report of a program with long and hostile names, and of the
documentation's examples, in headless Chromium, at several widths, light and
dark. Nothing may be loaded or complained of, nothing may be wider than the
window, and no two texts of a drawing may overlap.

--shots FOLDER keeps a screenshot of each."""

import argparse
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import compile_commands  # noqa: E402

WIDTHS = (1280, 768, 390, 360)
SKIPPED = 77

# What is wrong with the page, as a list of texts.
LOOK = r"""(() => {
  const wrong = [], wide = window.innerWidth;
  if (document.documentElement.scrollWidth > wide)
    wrong.push(`the page is ${document.documentElement.scrollWidth} wide in a window of ${wide}`);
  for (const e of document.querySelectorAll('body *')) {
    const r = e.getBoundingClientRect();
    if (r.width && r.right > wide + 0.5)
      wrong.push(`<${e.tagName} class="${e.getAttribute('class')}"> ends at ${r.right} of ${wide}`);
  }
  if (!document.querySelectorAll('article').length) wrong.push('no article');
  for (const figure of document.querySelectorAll('figure')) {
    const seen = [...figure.querySelectorAll('svg')].filter(s => s.getBoundingClientRect().width);
    if (seen.length != 1) { wrong.push(`${seen.length} drawings in a figure`); continue; }
    const frame = seen[0].getBoundingClientRect();
    const boxes = [...seen[0].querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
    boxes.forEach(([text, a], i) => {
      if (a.left < frame.left - 1 || a.right > frame.right + 1 || a.bottom > frame.bottom + 1)
        wrong.push(`"${text}" leaves its drawing`);
      for (const [other, b] of boxes.slice(i + 1))
        if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
            Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4)
          wrong.push(`"${text}" overlaps "${other}"`);
    });
    const size = parseFloat(getComputedStyle(seen[0].querySelector('text')).fontSize) *
                 frame.width / seen[0].viewBox.baseVal.width;
    if (size < 10.5) wrong.push(`letters of ${size} pixels`);
  }
  return wrong;
})()"""

# How bright the page and its text are, from 0 to 1.
LIGHT = r"""(() => {
  const light = c => { const [r, g, b] = c.match(/[\d.]+/g).map(Number);
                       return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255; };
  const style = getComputedStyle(document.body);
  return [light(style.backgroundColor), light(style.color)];
})()"""

# How many findings are seen when each of the buttons is chosen.
PICK = r"""(() => {
  const seen = () => [...document.querySelectorAll('article.new')]
    .filter(a => a.getBoundingClientRect().height).length;
  const counts = {};
  for (const input of document.querySelectorAll('.pick input')) {
    input.checked = true;
    counts[input.id] = seen();
    document.getElementById('p-' + input.name + '-all').checked = true;
  }
  return counts;
})()"""


class Browser:
    """Chromium, spoken to in its DevTools protocol over a pair of pipes."""

    def __init__(self, program, folder):
        to_browser, self.out = os.pipe()
        self.inn, from_browser = os.pipe()

        def connect():
            # Chromium reads from 3 and writes to 4.
            reader, writer = os.dup(to_browser), os.dup(from_browser)
            while min(reader, writer) < 5:
                reader, writer = os.dup(reader), os.dup(writer)
            os.dup2(reader, 3)
            os.dup2(writer, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--hide-scrollbars", "--disable-dev-shm-usage", "--remote-debugging-pipe",
             "--user-data-dir=" + folder, "about:blank"],
            preexec_fn=connect, close_fds=False, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.rest = b""
        self.number = 0
        self.session = None
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target,
                                 flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def receive(self):
        while b"\0" not in self.rest:
            data = os.read(self.inn, 1 << 20)
            if not data:
                sys.exit("the browser is gone")
            self.rest += data
        message, _, self.rest = self.rest.partition(b"\0")
        return json.loads(message)

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit("%s: %s" % (method, answer["error"]))
                return answer["result"]
            self.events.append(answer)

    def open(self, url):
        self.events = []
        self.call("Page.navigate", url=url)
        while not any(e.get("method") == "Page.loadEventFired" for e in self.events):
            self.events.append(self.receive())

    def ask(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            sys.exit("%s" % answer["exceptionDetails"])
        return answer["result"].get("value")

    def complaints(self, url):
        """Requests of other files, and what the console has."""
        for event in self.events:
            method, params = event.get("method"), event.get("params", {})
            if method == "Network.requestWillBeSent":
                asked = params["request"]["url"]
                if asked != url and not asked.startswith("data:"):
                    yield "loads " + asked
            elif method == "Log.entryAdded":
                yield "console: " + params["entry"]["text"]
            elif method in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled",
                            "Page.javascriptDialogOpening"):
                yield "%s: %s" % (method, json.dumps(params)[:300])

    def close(self):
        self.session = None
        os.write(self.out, json.dumps({"id": 0, "method": "Browser.close"}).encode() + b"\0")
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


def make_report(options, folder):
    """A program of all that there is to show, and its report."""
    program = os.path.join(folder, "program")
    shutil.copytree(os.path.join(HERE, "Inputs", "report"), program)
    for example in ("connection-pool", "record-cache", "metrics-reconciler"):
        shutil.copytree(os.path.join(options.examples, example), os.path.join(program, example))
    compile_commands.write(program, [])
    report = os.path.join(program, "race.html")
    run = subprocess.run([options.race_tidy, "analyze", "-p", program, "--quiet", "-o", report],
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if run.returncode != 1:
        sys.exit("race-tidy: exit status %d\n%s" % (run.returncode, run.stdout))
    return report


def look(browser, url, width, dark, shots):
    """What is wrong at this width."""
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900,
                 deviceScaleFactor=1, mobile=width < 600)
    browser.call("Emulation.setEmulatedMedia", features=[
        {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
    browser.open(url)
    browser.ask("document.querySelectorAll('details').forEach(d => d.open = true)")
    wrong = list(browser.complaints(url)) + browser.ask(LOOK)
    page, text = browser.ask(LIGHT)
    if (page > text) == dark or abs(page - text) < 0.6:
        wrong.append("page %.2f, text %.2f" % (page, text))
    if shots:
        image = browser.call("Page.captureScreenshot", captureBeyondViewport=True)
        name = "%d-%s.png" % (width, "dark" if dark else "light")
        with open(os.path.join(shots, name), "wb") as file:
            file.write(base64.b64decode(image["data"]))
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--race-tidy", required=True)
    parser.add_argument("--examples", required=True)
    parser.add_argument("--shots")
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        print("skipped: install the Debian package chromium")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        url = "file://" + make_report(options, folder)
        browser = Browser(chromium, os.path.join(folder, "profile"))
        failed = False
        for width in WIDTHS:
            for dark in (False, True):
                wrong = look(browser, url, width, dark, options.shots)
                failed |= bool(wrong)
                for text in wrong:
                    print("%d %s: %s" % (width, "dark" if dark else "light", text))
        counts = browser.ask(PICK)
        everything = counts.pop("p-check-all")
        counts.pop("p-evidence-all", None)
        by_check = [n for name, n in counts.items() if name.startswith("p-check-")]
        if len(by_check) != 3 or sum(by_check) != everything or 0 in by_check:
            failed = True
            print("the buttons leave %s of %d findings" % (counts, everything))
        browser.close()
        if failed:
            sys.exit(1)
        print("%d findings, %d widths, light and dark" % (everything, len(WIDTHS)))


if __name__ == "__main__":
    main()
