"""Plots as SVG: horizontal bars, stacked bars, lines. They bring their own sheet, light or dark as the reader likes."""

import math
from xml.sax.saxutils import escape

WIDTH = 720
# Where names end and bars begin; where bars end and their labels begin.
LEFT, RIGHT = 212, 600
ROW, TOP = 34, 64

STYLE = """
    .sheet { fill: #ffffff; stroke: #d8dee4; }
    text { fill: #1f2328; font: 13px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; }
    .title { font-size: 15px; font-weight: 600; }
    .note { fill: #59636e; font-size: 12px; }
    .name { text-anchor: end; }
    .axis { stroke: #b7bfc8; stroke-width: 1; }
    .spread { stroke: #1f2328; stroke-width: 1.5; }
    .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
    .ours { fill: #b45309; } .theirs { fill: #7aa7d6; }
    .c0 { fill: #b45309; } .c1 { fill: #4f86c0; } .c2 { fill: #55917b; } .c3 { fill: #8a6db1; } .c4 { fill: #8a8f98; }
    .s0 { stroke: #b45309; } .s1 { stroke: #4f86c0; } .s2 { stroke: #55917b; } .s3 { stroke: #8a6db1; }
    .s4 { stroke: #8a8f98; }
    @media (prefers-color-scheme: dark) {
      .sheet { fill: #0d1117; stroke: #30363d; }
      text { fill: #e6edf3; } .note { fill: #9198a1; }
      .axis { stroke: #4a525c; } .spread { stroke: #e6edf3; }
      .ours { fill: #e08a3c; } .theirs { fill: #3f6f9f; }
      .c0 { fill: #e08a3c; } .c1 { fill: #5b94d0; } .c2 { fill: #5fa58b; } .c3 { fill: #a58bcb; }
      .s0 { stroke: #e08a3c; } .s1 { stroke: #5b94d0; } .s2 { stroke: #5fa58b; } .s3 { stroke: #a58bcb; }
    }"""
COLOURS = 5


def sheet(title, note, height, content):
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="title">\n'
        f'  <title id="title">{escape(title)}, {escape(note)}</title>\n  <style>{STYLE}\n  </style>\n'
        f'  <rect class="sheet" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="8"/>\n'
        f'  <text class="title" x="20" y="30">{escape(title)}</text>\n'
        f'  <text class="note" x="{WIDTH - 20}" y="30" text-anchor="end">{escape(note)}</text>\n'
    )
    return head + "".join(f"  {line}\n" for line in content) + "</svg>\n"


def number(value):
    """A coordinate, as short as it can be."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def bars(title, unit, rows):
    """`rows`: name, class, median, smallest, largest, label."""
    most = max(largest for *_, largest, _ in rows) or 1
    scale = (RIGHT - LEFT) / most
    content = []
    for index, (name, kind, median, smallest, largest, label) in enumerate(rows):
        y = TOP + index * ROW
        content += [
            f'<text class="name" x="{LEFT - 10}" y="{y + 4}">{escape(name)}</text>',
            f'<rect class="{kind}" x="{LEFT}" y="{y - 10}" width="{number(max(1, median * scale))}" height="20" rx="2"/>',
        ]
        if largest > smallest:
            content.append(
                f'<path class="spread" d="M{number(LEFT + smallest * scale)} {y}H{number(LEFT + largest * scale)}"/>'
            )
        content.append(f'<text x="{number(LEFT + largest * scale + 8)}" y="{y + 4}">{escape(label)}</text>')
    content.append(axis(len(rows)))
    return sheet(title, unit, TOP + len(rows) * ROW, content)


def stacked(title, unit, parts, rows):
    """`parts`: titles; `rows`: name, values in the order of the parts, label."""
    most = max(sum(values) for _, values, _ in rows) or 1
    scale = (RIGHT - LEFT) / most
    content = legend(parts, "c")
    top = TOP + 22
    for index, (name, values, label) in enumerate(rows):
        y, x = top + index * ROW, LEFT
        content.append(f'<text class="name" x="{LEFT - 10}" y="{y + 4}">{escape(name)}</text>')
        for part, value in enumerate(values):
            width = value * scale
            content.append(
                f'<rect class="c{part % COLOURS}" x="{number(x)}" y="{y - 10}" width="{number(width)}" height="20"/>'
            )
            x += width
        content.append(f'<text x="{number(x + 8)}" y="{y + 4}">{escape(label)}</text>')
    content.append(axis(len(rows), top))
    return sheet(title, unit, top + len(rows) * ROW, content)


def lines(title, x_title, y_title, courses):
    """`courses`: name, points. Both axes begin at zero."""
    left, right, top, bottom = 70, WIDTH - 30, TOP + 22, TOP + 242
    x_ticks = ticks(max(x for _, points in courses for x, _ in points))
    y_ticks = ticks(max(y for _, points in courses for _, y in points))
    x_scale, y_scale = (right - left) / x_ticks[-1], (bottom - top) / y_ticks[-1]
    content = legend([name for name, _ in courses], "c")
    for tick in y_ticks:
        y = number(bottom - tick * y_scale)
        content += [
            f'<path class="axis" d="M{left} {y}H{right}"/>',
            f'<text class="note" x="{left - 8}" y="{number(bottom - tick * y_scale + 4)}" text-anchor="end">{tick:g}</text>',
        ]
    for tick in x_ticks:
        x = number(left + tick * x_scale)
        content.append(f'<text class="note" x="{x}" y="{bottom + 18}" text-anchor="middle">{tick:g}</text>')
    for index, (_, points) in enumerate(courses):
        path = "L".join(f"{number(left + x * x_scale)} {number(bottom - y * y_scale)}" for x, y in points)
        content.append(f'<path class="line s{index % COLOURS}" d="M{path}"/>')
    content.append(f'<text class="note" x="{right}" y="{bottom + 38}" text-anchor="end">{escape(x_title)}</text>')
    return sheet(title, y_title, bottom + 54, content)


def ticks(most):
    """From zero to the first round number that is not below `most`, in four to eight steps."""
    if most <= 0:
        return [0, 1]
    decade = 10.0 ** math.floor(math.log10(most))
    step = next(decade * part for part in (0.1, 0.2, 0.25, 0.5, 1, 2) if most / (decade * part) <= 8)
    return [round(step * index, 9) for index in range(math.ceil(most / step - 1e-9) + 1)]


def legend(names, kind):
    content, x = [], 20
    for index, name in enumerate(names):
        content += [
            f'<rect class="{kind}{index % COLOURS}" x="{x}" y="45" width="12" height="12" rx="2"/>',
            f'<text class="note" x="{x + 18}" y="55">{escape(name)}</text>',
        ]
        x += 40 + 7 * len(name)
    return content


def axis(rows, top=TOP):
    return f'<path class="axis" d="M{LEFT} {top - 17}V{top + rows * ROW - 17}"/>'
