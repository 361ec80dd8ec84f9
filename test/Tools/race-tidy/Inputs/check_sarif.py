#!/usr/bin/env python3
"""Checks a SARIF log against the published schema, and that what it refers to
is there; then prints its results in a form that FileCheck can read.

  check_sarif.py LOG"""

import json
import os
import sys
from urllib.parse import unquote

HERE = os.path.dirname(os.path.abspath(__file__))


def fail(text):
    sys.exit("check_sarif.py: " + text)


def validate(log):
    try:
        import jsonschema
    except ImportError:
        fail("install the Debian package python3-jsonschema")
    with open(os.path.join(HERE, "sarif", "sarif-schema-2.1.0.json"), encoding="utf-8") as file:
        schema = json.load(file)
    for error in jsonschema.Draft4Validator(schema).iter_errors(log):
        fail("/%s: %s" % ("/".join(map(str, error.absolute_path)), error.message[:300]))


def place(location, root):
    """"file:line:column", after a look whether there is such a place."""
    physical = location.get("physicalLocation")
    if not physical:
        return "nowhere"
    artifact = physical["artifactLocation"]
    name = unquote(artifact["uri"])
    path = os.path.join(root, name) if "uriBaseId" in artifact else name[len("file://"):]
    region = physical.get("region")
    if not region:
        return name
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = file.read().split("\n")
    line = lines[region["startLine"] - 1]
    if not 1 <= region["startColumn"] <= region["endColumn"] <= len(line) + 2:
        fail("%s:%d has no columns %d to %d" % (name, region["startLine"], region["startColumn"],
                                                region["endColumn"]))
    marked = line[region["startColumn"] - 1:region["endColumn"] - 1]
    return "%s:%d:%d <%s>" % (name, region["startLine"], region["startColumn"], marked)


def show(result, rules, root):
    words = [result.get("ruleId", "-"), result.get("baselineState", "")]
    if result["suppressions"]:
        words.append("suppressed %s" % result["suppressions"][0]["kind"])
    print("result", " ".join(word for word in words if word))
    if "ruleIndex" in result and rules[result["ruleIndex"]]["id"] != result["ruleId"]:
        fail("ruleIndex of another rule")
    for location in result.get("locations", []):
        print("  at", place(location, root), *[
            "in " + logical["fullyQualifiedName"]
            for logical in location.get("logicalLocations", [])])
    print("  says", result["message"]["text"])
    for location in result.get("relatedLocations", []):
        print("  note", place(location, root), "says", location["message"]["text"])
    orders = []
    for flow in result.get("codeFlows", []):
        for thread in flow["threadFlows"]:
            print("  flow", thread["id"])
            for step in thread["locations"]:
                orders.append(step["executionOrder"])
                print("    step %d %s %s" % (step["executionOrder"],
                                             place(step["location"], root),
                                             step["location"]["message"]["text"]))
    if sorted(orders) != list(range(1, len(orders) + 1)):
        fail("the steps are not in an order: %s" % orders)
    for fix in result.get("fixes", []):
        for change in fix["artifactChanges"]:
            for replacement in change["replacements"]:
                region = replacement["deletedRegion"]
                print("  fix %s:%d:%d-%d" % (change["artifactLocation"]["uri"], region["startLine"],
                                             region["startColumn"], region["endColumn"]),
                      json.dumps(replacement["insertedContent"]["text"]))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        log = json.load(file)
    validate(log)
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    for rule in rules:
        if not rule["help"]["text"] or not rule["helpUri"].startswith("https://"):
            fail("no help for " + rule["id"])
    root = unquote(run["originalUriBaseIds"]["SRCROOT"]["uri"][len("file://"):])
    print("successful" if run["invocations"][0]["executionSuccessful"] else "not successful")
    for note in run["invocations"][0].get("toolExecutionNotifications", []):
        print("failed", note["message"]["text"])
    seen = set()
    for result in run["results"]:
        show(result, rules, root)
        fingerprint = result["partialFingerprints"]["raceTidy/v1"]
        if len(fingerprint) != 16 or fingerprint in seen:
            fail("the fingerprint %s is no good" % fingerprint)
        seen.add(fingerprint)


if __name__ == "__main__":
    main()
