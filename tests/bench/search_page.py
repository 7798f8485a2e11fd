"""Keeps what the bench of search measured: docs/search-speed.md, with its growth as a picture."""

import platform
from html import escape

from portal import clock
from tests.browser import ROOT

STYLE = (
    "text{font:12px sans-serif;fill:#666}path{fill:none;stroke:#999}"
    "polyline{fill:none;stroke:#0b6e4f;stroke-width:2}.p95{stroke-dasharray:6 4}"
    "circle{fill:#0b6e4f}@media(prefers-color-scheme:dark){text{fill:#bbb}"
    "polyline{stroke:#5fd0a5}circle{fill:#5fd0a5}}"
)
WIDE, HIGH, LEFT, RIGHT, TOP, FOOT = 640, 300, 56, 120, 16, 40

HEAD = """# How quick search is

Documents are recombined from real paragraphs in three languages (`../shared/data`), one asset in four in all three. A whole answer is what
the search page asks for, in process: what was typed analysed, ids and facet counts from the index, whether each hit may be shown, its card, its snippet
and its sentence, by SELECTs on SQLite. {queries} searches of a size, no two the same: 1, 3 or 6 words (one, two and one in four) of real
paragraphs, a third in each language, half of the Vietnamese ones without diacritics, half narrowed by one or two facets. The other engines get the same terms and
answer ids, facet counts and snippets (the portal's own, from the same rows), counted by text and not by asset; ratios compare just these three.

{date}, `python -m tests.bench search --write`, Python {python}, on {machine}.

![Milliseconds of a whole answer by the number of texts](search-growth.svg)
"""


def table(title, figures):
    """Figures as Markdown."""
    lines = [f"\n## {title}\n", "| figure | measured | asked | |", "|---|---|---|---|"]
    for it in figures:
        measured = f"{it.measured:,.{3 if 0 < it.measured < 1 else 1}f} {it.unit}".strip()
        missed = "" if it.good else "**missed** "
        lines.append(f"| {it.name} | {measured} | {it.asked.strip()} | {missed}{it.note} |")
    return "\n".join(lines) + "\n"


def picture(sizes, by_line):
    """Lines over the number of texts, as SVG that needs no page around it."""
    most = max(max(values) for values in by_line.values()) * 1.1
    largest = max(sizes)

    def at(size, value):
        x = LEFT + (WIDE - LEFT - RIGHT) * size / largest
        return f"{x:.1f},{HIGH - FOOT - (HIGH - TOP - FOOT) * value / most:.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img">',
        "<title>Milliseconds of a whole answer by the number of texts</title>",
        f"<style>{STYLE}</style>",
        f'<path d="M{LEFT} {TOP}V{HIGH - FOOT}H{WIDE - RIGHT}"/>',
        f'<text x="{LEFT}" y="{HIGH - 6}">texts</text><text x="4" y="{TOP + 4}">ms</text>',
    ]
    for share in (0.25, 0.5, 0.75, 1):
        y = at(0, most * share).split(",")[1]
        parts.append(f'<text x="{LEFT - 6}" y="{y}" text-anchor="end">{most * share:.1f}</text>')
    for size in sizes:
        x = at(size, 0).split(",")[0]
        parts.append(f'<text x="{x}" y="{HIGH - FOOT + 16}" text-anchor="middle">{size:,}</text>')
    for name in by_line:
        css = name.split(", ")[1]
        points = [at(size, value) for size, value in zip(sizes, by_line[name], strict=True)]
        parts.append(f'<polyline class="{css}" points="{" ".join(points)}"/>')
        for point, value in zip(points, by_line[name], strict=True):
            x, y = point.split(",")
            parts.append(
                f'<circle cx="{x}" cy="{y}" r="3.5"><title>{value:.1f} ms</title></circle>'
            )
        x, y = map(float, points[-1].split(","))
        parts.append(f'<text x="{x + 8}" y="{y + 4}">{escape(css)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def write(measured, sizes, grown, queries, folder=ROOT / "docs"):
    """Write the page and its picture anew; `grown`: what is drawn, (texts, value) by name."""
    said = HEAD.format(
        queries=queries,
        date=clock.now().date(),
        python=platform.python_version(),
        machine=platform.machine(),
    )
    said += "".join(table(title, figures) for title, figures in measured.items())
    (folder / "search-speed.md").write_text(said, "utf-8")
    lines = {name: [value for _, value in points] for name, points in grown.items()}
    (folder / "search-growth.svg").write_text(picture(sizes, lines), "utf-8")
