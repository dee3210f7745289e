#!/usr/bin/env python3
"""Draws docs/soak.svg, and writes the table of docs/soak.md, from what the soak test left.

Usage: soak.py CSV DOCS
"""

import csv
import statistics
import sys
from pathlib import Path

BEGIN = "<!-- generated: begin -->"
END = "<!-- generated: end -->"

# Column, title, unit, divisor, colour.
CURVES = [
    ("handshakes", "handshakes", "million", 1e6, "#7b8794"),
    ("native", "native memory, but for the JVM's own", "MiB", 2**20, "#d9480f"),
    ("jvm", "what the JVM's compilers and the like have", "MiB", 2**20, "#e8865f"),
    ("heap", "heap in use after a collection", "MiB", 2**20, "#5b8def"),
    ("open", "ends of connections that are open", "", 1, "#c5a34f"),
    ("descriptors", "file descriptors", "", 1, "#9aa5b1"),
    ("threads", "threads", "", 1, "#9aa5b1"),
]


def value(number):
    return f"{number:,.1f}" if number < 100 and number != int(number) else f"{number:,.0f}"


def picture(rows):
    """One panel for each curve, from zero up: growth by a twentieth can be seen."""
    columns, width, height, margin = 2, 440, 150, 16
    plot_width, plot_height = width - 2 * margin, height - 50
    lines = (len(CURVES) + columns - 1) // columns
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{columns * width}" '
        f'height="{lines * height + 10}" font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    last = rows[-1]["seconds"]
    for index, (column, title, unit, divisor, colour) in enumerate(CURVES):
        x = margin + (index % columns) * width
        y = 22 + (index // columns) * height
        values = [row[column] / divisor for row in rows]
        top = max(values) or 1
        base = y + 12 + plot_height
        points = " ".join(
            f"{x + row['seconds'] / last * plot_width:.1f},{base - v / top * plot_height:.1f}"
            for row, v in zip(rows, values)
        )
        highest = f"{value(top)} {unit}".strip()
        out += [
            f'<text x="{x}" y="{y}"><tspan font-weight="bold">{title}</tspan>, '
            f"at most {highest}</text>",
            f'<line x1="{x}" y1="{base}" x2="{x + plot_width}" y2="{base}" stroke="#9aa5b1"/>',
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>',
            f'<text x="{x + plot_width}" y="{base + 14}" text-anchor="end">'
            f"{last / 60:.0f} min</text>",
        ]
    return "\n".join(out + ["</svg>"]) + "\n"


def table(rows):
    third = len(rows) // 3
    last = rows[-1]
    text = (
        f"{last['handshakes']:,} handshakes in {last['seconds'] / 60:.0f} minutes, "
        f"{last['resumed']:,} of them resumed; {last['broken']:,} more were broken off or refused. "
        f"Medians:\n\n| | first third | last third |\n|---|---|---|\n"
    )
    for column, title, unit, divisor, _ in CURVES[1:]:
        first, end = (
            statistics.median(row[column] for row in part) / divisor
            for part in (rows[:third], rows[-third:])
        )
        text += f"| {title}{', ' + unit if unit else ''} | {value(first)} | {value(end)} |\n"
    return text


def main():
    source, docs = Path(sys.argv[1]), Path(sys.argv[2])
    with source.open(newline="") as lines:
        rows = [{name: int(cell) for name, cell in row.items()} for row in csv.DictReader(lines)]
    if len(rows) < 6:
        sys.exit(f"{source} has too few samples to compare thirds: run for a minute at least")
    page = docs / "soak.md"
    head, rest = page.read_text().split(BEGIN, 1)
    tail = rest.split(END, 1)[1]
    image = "![What the process held](soak.svg)"
    page.write_text(f"{head}{BEGIN}\n\n{table(rows)}\n{image}\n\n{END}{tail}")
    (docs / "soak.svg").write_text(picture(rows))


main()
