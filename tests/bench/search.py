"""Search at 5,000, 20,000 and 100,000 texts: whole answers, rivals, build, freshness, memory, growth.

A whole answer is what `Finder.find` does within the process: analysis of what was typed, the
index's ids and facet counts, whether each may be shown and in which version, cards, and snippets,
by SELECTs on the portal's own database. No two of the measured searches are the same.

    python -m tests.bench search [--sizes 5000,20000] [--queries 600] [--write]
"""

import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import select

from portal.app import create_app
from portal.config import Config, Language
from portal.db import db, reading
from portal.library.models import AssetText
from portal.search import rules, service
from tests.bench import command, search_hostile, search_library, search_page, search_workers
from tests.bench.search_rivals import entries, rivals
from tests.bench.table import Figure, plot, show

SIZES = (5_000, 20_000, 100_000)
QUERIES, WARM = 600, 200
HOSTILE = 20_000
ASKED = {5_000: (4, 8), 20_000: (6, 14), 100_000: (20, 45)}
"""Most ms of a whole answer, p50 and p95."""
RIVALS_MOST = 20_000
"""Texts up to which other engines are measured, too."""
SLOWER = 1.3
"""Times tantivy that we may take."""
BUILD, PUBLISHED, MEMORY, WORST = 450, 150, 600, 60


@dataclass
class Spent:
    """Milliseconds of each answer, by the clock and of the processor."""

    wall: list = field(default_factory=list)
    cpu: list = field(default_factory=list)

    def time(self, what, *arguments):
        began, cpu = time.perf_counter(), time.process_time()
        result = what(*arguments)
        self.wall.append((time.perf_counter() - began) * 1000)
        self.cpu.append((time.process_time() - cpu) * 1000)
        return result

    @property
    def p50(self):
        return median(self.wall)

    @property
    def p95(self):
        return quantiles(self.wall, n=20)[18]

    @property
    def note(self):
        return f"of processor {median(self.cpu):.1f} / {quantiles(self.cpu, n=20)[18]:.1f}"


@contextmanager
def portal_in(folder):
    """An empty portal on SQLite, in its context; gives it and its environment."""
    told = command.ready(folder)
    settings = Config(
        data_dir=folder, database_url=told["PORTAL_DATABASE_URL"],
        secret_key=told["PORTAL_SECRET_KEY"], base_url=told["PORTAL_BASE_URL"],
    )  # fmt: skip
    app = create_app(settings)
    with app.app_context():
        yield app, told
        db.session.remove()
        db.engine.dispose()


def understood(asked):
    """What the page would make of a search."""
    return rules.ask(asked.text, filters=asked.filters, prefer=Language(asked.language))


def answers(finder, searches):
    """What whole answers take, and the same answers without cards and snippets."""
    whole, engine = Spent(), Spent()
    for asked in searches[:WARM]:
        with reading():
            finder.find(understood(asked))
            db.session.remove()
    hits = 0
    for asked in searches[WARM:]:
        with reading():
            found = whole.time(lambda asked=asked: finder.find(understood(asked)))
            db.session.remove()
        hits += bool(found.hits)
        engine.time(finder.engine.search, understood(asked).query)
    return whole, engine, hits


def beside(folder, finder, searches):
    """By name: what other engines take for the same searches, and documents a second they take in."""
    digests = dict(db.session.execute(select(AssetText.id, AssetText.digest)).all())
    found = {}
    for made in rivals():
        began = time.perf_counter()
        rival = made(folder / made.__name__, entries(), digests)
        built = len(digests) / (time.perf_counter() - began)
        spent = Spent()
        for asked in searches[:WARM]:
            with reading():
                rival.answer(understood(asked))
                db.session.remove()
        for asked in searches[WARM:]:
            question = understood(asked)
            with reading():
                if question.words:
                    spent.time(rival.answer, question)
                db.session.remove()
        found[made.name] = (spent, built)
    return found


def built(finder):
    """Texts a second of `portal search rebuild`, and what the processor would make of a second."""
    began, cpu = time.perf_counter(), time.process_time()
    number = service.rebuild(finder.engine)
    seconds, worked = time.perf_counter() - began, time.process_time() - cpu
    db.session.remove()
    return number / seconds, number / worked


def at(size, app, told, folder, *, material, queries):
    """All figures of one size."""
    finder = app.extensions["arsenal.finder"]
    texts, words = search_library.grow(material, size)
    rate, of_processor = built(finder)
    searches = search_library.searches(material, WARM + queries, size)
    whole, engine, hits = answers(finder, searches)
    p50, p95 = ASKED.get(size, (None, None))
    figures = [
        Figure("whole answer, p50", whole.p50, "ms", most=p50, note=whole.note),
        Figure("whole answer, p95", whole.p95, "ms", most=p95, note=f"{hits} of {queries} found something"),
        Figure("of it ids and facet counts, p50", engine.p50, "ms", note=engine.note),
        Figure("index built, texts a second", rate, "", least=BUILD,
               note=f"{of_processor:.0f} of processor; {words:.0f} words each"),
    ]  # fmt: skip
    if size <= RIVALS_MOST:
        for name, (spent, build) in beside(folder / str(size), finder, searches).items():
            most = SLOWER if name == "tantivy" and size in ASKED else None
            note = (
                f"it takes {spent.p50:.1f} / {spent.p95:.1f} ms, {spent.note}; builds {build:.0f}/s"
            )
            figures += [
                Figure(f"times {name}, p50", whole.p50 / spent.p50, "×", most=most, note=note),
                Figure(f"times {name}, p95", whole.p95 / spent.p95, "×", most=most,
                       note=f"of processor {median(whole.cpu) / median(spent.cpu):.2f} ×"),
            ]  # fmt: skip
    figures += search_workers.figures(told, searches, PUBLISHED if size == 20_000 else None,
                                      MEMORY if size == 100_000 else None)  # fmt: skip
    show(f"search: {texts:,} texts, {words:.0f} words each, {queries} searches", figures)
    return figures


def run(sizes=SIZES, *, queries=QUERIES, hostile=HOSTILE, write=False):
    """Print the tables and the plot; returns whether everything asked for was reached."""
    measured = {}
    material = search_library.read()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with portal_in(folder) as (app, told):
            for size in sizes:
                (folder / str(size)).mkdir()
                measured[size] = at(size, app, told, folder, material=material, queries=queries)
                if size == min(sizes, key=lambda it: abs(it - 5_000)):
                    odd = search_hostile.figures(app, material, hostile, WORST)
                    show(f"search: {hostile:,} strange searches at {size:,} texts", odd)
                    measured["odd"] = odd
    points = [
        (f"{size:,}", next(f.measured for f in measured[size] if f.name == "whole answer, p50"))
        for size in sizes
    ]
    plot("Whole answer, p50", "ms", points)
    if write:
        search_page.write(measured, sizes, queries)
    return all(figure.good for figures in measured.values() for figure in figures)
