#!/usr/bin/env python3
"""Measures what linking costs: runs race-link-benchmark on made-up programs of
growing size, one process a size. --save keeps the numbers and their curve for
docs/performance.md; --plot draws the curve from the numbers that are kept."""

import argparse
import csv
import math
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.path.join(ROOT, "docs", "performance", "link.csv")
CURVE = os.path.join(ROOT, "docs", "performance", "link.svg")
PHASES = ["read", "import", "link", "judge"]


def measure(program, sizes):
    """A dictionary of numbers, all text, for each size."""
    rows = []
    for size in sizes:
        done = subprocess.run([program, str(size)], text=True, stdout=subprocess.PIPE, check=False)
        if done.returncode:
            sys.exit("error: %s failed with %d" % (program, done.returncode))
        rows.append(dict(word.split("=") for word in done.stdout.split()))
        print(done.stdout.strip(), file=sys.stderr)
    return rows


def seconds(row):
    return sum(float(row[phase]) for phase in PHASES)


def print_table(rows):
    print("| functions | threads | claims | documents, MB | read, s | import, s | link, s | judge, s | "
          "all, s | µs a function | peak, MB |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for row in rows:
        print("| {:,} | {} | {} | {} | {} | {:.2f} | {:.1f} | {:,} |".format(
            int(row["functions"]), row["threads"], row["claims"], row["json_mb"],
            " | ".join("%.2f" % float(row[phase]) for phase in PHASES), seconds(row),
            1e6 * seconds(row) / int(row["functions"]), int(row["peak_mb"])))


class Panel:
    """One plot with logarithmic axes, functions from left to right."""

    WIDTH, HEIGHT = 300, 240

    def __init__(self, left, title, low, high, points, limit):
        self.left, self.title, self.low, self.high = left, title, low, high
        self.points, self.limit = points, limit

    def x(self, functions):
        return self.left + self.WIDTH * (math.log10(functions) - 3) / 3

    def y(self, value):
        low, high = math.log10(self.low), math.log10(self.high)
        return 40 + self.HEIGHT * (high - math.log10(value)) / (high - low)

    def text(self, x, y, words, anchor="middle"):
        return '<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>' % (x, y, anchor, words)

    def line(self, x1, y1, x2, y2, style):
        return '<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" %s/>' % (x1, y1, x2, y2, style)

    def draw(self):
        right, bottom = self.left + self.WIDTH, 40 + self.HEIGHT
        grid, out = 'stroke="#ddd"', [self.text(self.left + self.WIDTH / 2, 24, self.title)]
        for power in range(3, 7):
            at = self.x(10 ** power)
            out.append(self.line(at, 40, at, bottom, grid))
            out.append(self.text(at, bottom + 18, "{:,}".format(10 ** power)))
        for power in range(round(math.log10(self.low)), round(math.log10(self.high)) + 1):
            at = self.y(10 ** power)
            out.append(self.line(self.left, at, right, at, grid))
            out.append(self.text(self.left - 6, at + 4, "{:g}".format(10 ** power), "end"))
        # What is linear is parallel to this.
        functions, value = self.points[-1]
        first = max(1e3, functions * self.low / value)
        out.append(self.line(self.x(first), self.y(value * first / functions), self.x(functions),
                             self.y(value), 'stroke="#999" stroke-dasharray="4 4"'))
        at = self.y(self.limit)
        out.append(self.line(self.left, at, right, at, 'stroke="#c33"'))
        out.append(self.text(self.left + 4, at - 5, "limit for 1,000,000: {:,}".format(self.limit),
                             "start"))
        path = " ".join("%.1f,%.1f" % (self.x(f), self.y(v)) for f, v in self.points)
        out.append('<polyline points="%s" fill="none" stroke="#247" stroke-width="2"/>' % path)
        out += ['<circle cx="%.1f" cy="%.1f" r="3.5" fill="#247"/>' % (self.x(f), self.y(v))
                for f, v in self.points]
        return out


def plot(rows):
    """The curve as SVG, by hand: it needs nothing but lines and words."""
    time = [(int(row["functions"]), max(seconds(row), 0.01)) for row in rows]
    memory = [(int(row["functions"]), int(row["peak_mb"])) for row in rows]
    panels = [Panel(60, "user CPU, seconds", 0.01, 100, time, 60),
              Panel(440, "peak memory, MB", 10, 10000, memory, 4096)]
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="780" height="340" '
           'font-family="sans-serif" font-size="12" fill="#222">',
           '<rect width="780" height="340" fill="white"/>']
    for panel in panels:
        out += panel.draw()
        out.append(panel.text(panel.left + panel.WIDTH / 2, 322, "functions of the program"))
    return "\n".join(out + ["</svg>", ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"), help="build folder")
    parser.add_argument("--sizes", default="1000,10000,100000,1000000")
    parser.add_argument("--save", action="store_true")
    parser.add_argument("--plot", action="store_true")
    options = parser.parse_args()
    if options.plot:
        with open(DATA, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    else:
        program = os.path.join(options.build, "bin", "race-link-benchmark")
        if not os.path.exists(program):
            sys.exit("error: no program at %s: build the target race-link-benchmark" % program)
        rows = measure(program, [int(size) for size in options.sizes.split(",")])
    print_table(rows)
    if options.save:
        os.makedirs(os.path.dirname(DATA), exist_ok=True)
        with open(DATA, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    if options.save or options.plot:
        with open(CURVE, "w", encoding="utf-8") as file:
            file.write(plot(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
