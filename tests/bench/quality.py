"""Claims and quality checks: milliseconds for 20 kB of text, seconds for a night over all assets."""

import json
import statistics
import tempfile
import time
from pathlib import Path

from portal import markup
from portal.library.claims.extraction import Part, Told, claims_of
from portal.library.claims.subjects import Term, Vocabulary
from portal.library.rules import anchor_of
from tests.bench import corpus, table
from tests.bench.site import Site
from tests.bench.table import Figure

ASSETS = 2000
SIZE = 20_000
WORDS = Vocabulary([Term("competitor", name, (name.title(),)) for name in ("kestrel", "nordhaul")])


def extraction():
    """Median milliseconds in which the claims of 20 kB of our content are read, by language."""
    figures = []
    for language in corpus.LANGUAGES:
        told, spent, size = "", [], 0
        for source in corpus.sources()[language]:
            told += "\n\n".join(f"## {h}\n\n" + "\n\n".join(p) for h, p in source.sections) + "\n\n"
        document = markup.render(told[: SIZE * 3], anchor_of=anchor_of)
        parts, size = [], 0
        for s in document.sections:
            if size < SIZE:
                parts.append(Part(s.anchor, s.level, s.heading, s.html))
                size += len(s.text)
        asset = Told("x", "battlecard", language, parts, {}, ("kestrel",), ())
        for _ in range(7):
            begun = time.perf_counter()
            claims_of(asset, WORDS)
            spent.append((time.perf_counter() - begun) * 1000 * SIZE / size)
        figures.append(Figure(f"claims of 20 kB, {language}", statistics.median(spent), "ms", 150))
    return figures


def nights(assets):
    """Seconds of a first run over all assets, and of one that finds everything as it was."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = corpus.write(folder / "content", assets)
        site = Site(folder)
        site.run("db", "upgrade")
        said, loading = site.run("content", "load", folder / "content", "--publish", "--json")
        created = json.loads(said)["created"]
        first, first_seconds = site.run("content", "check", "--json")
        again, again_seconds = site.run("content", "check", "--json")
    found, same = json.loads(first), json.loads(again)
    note = f"{texts} texts, {found['findings']} findings"
    return [
        Figure("load, claims kept with it", loading, "s", note=f"{created} texts"),
        Figure("first night", first_seconds, "s", 180, note=note),
        Figure("night without changes", again_seconds, "s", 120),
        Figure("findings new in the second night", same["new"] + same["gone"], "", 0),
    ]


def run(assets=ASSETS):
    """Print the table; returns whether everything asked for was reached."""
    return table.show("Claims and quality checks", [*extraction(), *nights(assets)])
