#!/usr/bin/env python3
"""Checks that an HTML report is well-formed, runs nothing and loads nothing,
and prints its text in a form that FileCheck can read.

  check_html.py FILE"""

import re
import sys
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br"}
FORBIDDEN = {"script", "iframe", "object", "embed", "img", "base", "form", "foreignobject"}
LOADS = {"src", "srcset", "data", "action", "poster", "background", "xlink:href"}
# Each on a line of its own.
LINES = {"p", "h1", "h2", "h3", "h4", "h5", "li", "div", "text", "summary", "title"}


class Checker(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open = []
        self.ids = set()
        self.links = set()
        self.line = ""

    def fail(self, text):
        sys.exit("check_html.py: %d:%d: %s" % (*self.getpos(), text))

    def flush(self):
        text = re.sub(r"\s+", " ", self.line).strip()
        if text:
            print(text)
        self.line = ""

    def handle_starttag(self, tag, attrs):
        if tag in FORBIDDEN:
            self.fail("<%s>" % tag)
        values = dict(attrs)
        if len(values) != len(attrs):
            self.fail("an attribute twice")
        for name, value in attrs:
            if name.startswith("on") or name in LOADS:
                self.fail("%s=%s" % (name, value))
            if name == "href":
                if not re.match(r"#[\w-]+$|https://github\.com/race-tidy/|data:,$", value):
                    self.fail("href=" + value)
                if value.startswith("#"):
                    self.links.add(value[1:])
            if name == "id":
                if value in self.ids:
                    self.fail("two of id " + value)
                self.ids.add(value)
        if tag in LINES or tag in ("article", "svg", "circle"):
            self.flush()
        if tag == "article":
            state, check, evidence = values["class"].split()
            print("article", check.replace("check-", "", 1),
                  evidence.replace("evidence-", "", 1), state)
        elif tag == "svg" and "class" in values:
            print("svg %s: %s" % (values["class"], values["aria-label"]))
        elif values.get("class") == "file":
            self.line = "file "
        elif tag == "title" and not self.open[-1:] == ["rect"]:
            self.line = "title: "
        elif values.get("class") == "say main":
            self.line = "main "
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.fail("</%s> closes nothing" % tag)
        if tag in LINES:
            self.flush()

    def handle_data(self, data):
        if self.open[-1:] == ["style"]:
            if re.search(r"url\(|@import|expression\(", data):
                self.fail("a style that loads something")
            return
        self.line += data

    def finish(self):
        self.close()
        self.flush()
        if self.open:
            self.fail("not closed: %s" % self.open)
        if self.links - self.ids:
            self.fail("links to nothing: %s" % (self.links - self.ids))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    if not text.startswith("<!DOCTYPE html>") or "default-src 'none'" not in text:
        sys.exit("check_html.py: no doctype, or no policy")
    checker = Checker()
    checker.feed(text)
    checker.finish()


if __name__ == "__main__":
    main()
