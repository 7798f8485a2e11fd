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
from tests.bench.search_rivals import Ours, entries, rivals
from tests.bench.table import Figure, plot, show

SIZES = (5_000, 20_000, 100_000)
QUERIES, WARM = 600, 200
HOSTILE = 20_000
P50, P95 = "whole answer, p50", "whole answer, p95"
STRANGE_AT = 20_000
"""Strange searches are asked of as many texts, or the next fewer there are."""
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
    def worked(self):
        """p50 and p95 of the processor's time."""
        return median(self.cpu), quantiles(self.cpu, n=20)[18]

    @property
    def note(self):
        return "of processor {:.1f} / {:.1f}".format(*self.worked)


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


def spent_by(rival, searches):
    """What an engine takes for ids, facet counts and snippets, when it has answered all of it once."""
    spent = Spent()
    questions = [question for asked in searches if (question := understood(asked)).words]
    for measured in (False, True):
        for question in questions:
            with reading():
                if measured:
                    spent.time(rival.answer, question)
                else:
                    rival.answer(question)
                db.session.remove()
    return spent


def beside(folder, finder, searches, size):
    """How we compare with other engines that do the same: ids, facet counts, snippets."""
    digests = dict(db.session.execute(select(AssetText.id, AssetText.digest)).all())
    ours = spent_by(Ours(finder.engine, digests), searches)
    figures = []
    for made in rivals():
        began = time.perf_counter()
        rival = made(folder / made.__name__, entries(), digests)
        built = len(digests) / (time.perf_counter() - began)
        spent = spent_by(rival, searches)
        again = spent_by(Ours(finder.engine, digests), searches)  # before and after, for the noise
        mine = Spent(ours.wall + again.wall, ours.cpu + again.cpu)
        most = SLOWER if made.name == "tantivy" and size in ASKED else None
        note = f"{mine.p50:.1f} / {mine.p95:.1f} to {spent.p50:.1f} / {spent.p95:.1f} ms; it builds {built:.0f} a second"
        compared = f"of processor {mine.worked[0] / spent.worked[0]:.2f} and {mine.worked[1] / spent.worked[1]:.2f} ×"
        figures += [
            Figure(f"ids, facets, snippets: times {made.name}, p50", mine.p50 / spent.p50, "×", most=most, note=note),
            Figure(f"ids, facets, snippets: times {made.name}, p95", mine.p95 / spent.p95, "×", most=most, note=compared),
        ]  # fmt: skip
    return figures


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
        Figure(P50, whole.p50, "ms", most=p50, note=whole.note),
        Figure(P95, whole.p95, "ms", most=p95, note=f"{hits} of {queries} found something"),
        Figure("of it the index: ids and facet counts, p50", engine.p50, "ms", note=engine.note),
        Figure("index built, texts a second", rate, "", least=BUILD,
               note=f"{of_processor:.0f} of processor; {words:.0f} words each"),
    ]  # fmt: skip
    if size <= RIVALS_MOST:
        folder.mkdir()
        figures += beside(folder, finder, searches, size)
    figures += search_workers.figures(
        told,
        searches,
        size,
        most_ms=PUBLISHED if size == 20_000 else None,
        most_mb=MEMORY if size == 100_000 else None,
    )
    show(f"search: {texts:,} texts, {words:.0f} words each, {queries} searches", figures)
    return figures


def run(sizes=SIZES, *, queries=QUERIES, hostile=HOSTILE, write=False):
    """Print the tables and the plot; returns whether everything asked for was reached."""
    measured = {}
    material = search_library.read()
    few = [size for size in sizes if size <= STRANGE_AT] or sizes[:1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with portal_in(folder) as (app, told):
            for size in sorted(sizes):
                measured[f"{size:,} texts"] = at(
                    size, app, told, folder / str(size), material=material, queries=queries
                )
                if size == max(few):
                    title = f"{hostile:,} strange searches at {size:,} texts"
                    measured[title] = search_hostile.figures(app, material, hostile, WORST)
                    show(f"search: {title}", measured[title])
    grown = {
        name: [
            (size, it.measured) for size, told in measured.items() for it in told if it.name == name
        ]
        for name in (P50, P95)
    }
    for name, points in grown.items():
        plot(name.capitalize(), "ms", points)
    if write:
        search_page.write(measured, sorted(sizes), grown, queries)
    return all(figure.good for figures in measured.values() for figure in figures)
