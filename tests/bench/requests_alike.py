"""Requests asked twice in other words: whether the first one is offered while the second is typed, how fast."""

import json
import random
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import mean, median

from sqlalchemy import insert, select

from portal import clock
from portal.app import create_app
from portal.asset_requests.models import AssetRequest, RequestSupporter, RequestWord
from portal.asset_requests.similar import rules, service
from portal.config import Config
from portal.db import db, optimise, reading
from portal.library.vocabulary import Vocabulary
from portal.library.vocabulary import load as load_vocabulary
from portal.search import wording
from tests import make
from tests.bench import corpus
from tests.bench.publishing import SEEDS, fill, p95
from tests.bench.site import Site
from tests.bench.table import Figure, show
from tests.browser import ROOT
from tests.page import Client

JUDGED = Path(__file__).with_name("duplicates.jsonl")
OPEN, ALL, ASSETS = 2000, 50_000, 20_000
TUNED_ON = 3
PARTS = ("tuned on", "held out", "seen later", "written last")
"""The first two were written before anything was built; of them every third was looked at while
weights and the words of the trade were chosen. The third part was written after that, and more words
were added for it. The last was written when all was done: nothing has been changed since.
"""
SHARE, MILLISECONDS = 85, 60
FACETS = ("kind", "product", "competitor", "industry", "stage")


@dataclass(frozen=True)
class Judged:
    """A line of the judged set: a request that is open, and the same one asked again, if it was."""

    number: int
    asked: dict
    again: dict | None
    part: str
    """What of it had been seen: see PARTS."""

    @property
    def across(self):
        return self.again["language"] != self.asked["language"]


def judged():
    """The judged set, in the order of its file."""
    lines = [json.loads(line) for line in JUDGED.read_text("utf-8").splitlines()]
    return [
        Judged(
            line.get("pair", 1000 + number),
            line["asked"],
            line.get("again"),
            line.get("part") or ("held out" if line.get("pair", 0) % TUNED_ON else "tuned on"),
        )
        for number, line in enumerate(lines)
    ]


def said(request):
    """All the words of a request, as the portal keeps them."""
    return f"{request['title']}\n\n{request['situation']}"


def about(request):
    return {facet: request[facet] for facet in FACETS if request.get(facet)}


def vocabulary():
    """Take over the vocabulary of the demo."""
    load_vocabulary((ROOT / "content/vocabulary.yaml").read_bytes(), Vocabulary())


def keep(requests, person, name="judged"):
    """Keep open requests with their words; returns their numbers."""
    now, numbers = clock.now(), []
    for number, request in enumerate(requests):
        it = {
            "token": f"{name}-{number}",
            "title": request["title"],
            "situation": request["situation"],
            "department": "marketing",
            "origin": "blank",
            "state": "asked",
            "requester_id": person.id,
            "asked_at": now,
            "changed_at": now,
            "urgent": False,
            "query": "",
            "filters": {},
            "anchor": "",
            **{facet: request.get(facet) for facet in FACETS},
        }
        key = db.session.scalar(insert(AssetRequest).returning(AssetRequest.id), it)
        numbers.append(key)
        words = wording.words(said(request))
        rows = [{"request_id": key, "word": w, "weight": n} for w, n in words.items()]
        db.session.execute(insert(RequestWord), rows)
    db.session.execute(
        insert(RequestSupporter),
        [{"request_id": n, "user_id": person.id, "at": now} for n in numbers],
    )
    return numbers


def ranks(cases, numbers):
    """(judged pair, place of its first asking among those offered, or 0) of every pair."""
    found = []
    for case, number in zip(cases, numbers, strict=True):
        if case.again is None:
            continue
        words = wording.words(said(case.again))
        offered = [it.number for it in service.find(rules.Said(words, about(case.again)), 0)]
        found.append((case, offered.index(number) + 1 if number in offered else 0))
    return found


def tell(name, found, floor=None):
    """A figure: how many percent of pairs are offered."""
    share = 100 * mean(place > 0 for _, place in found)
    mrr = mean(1 / place if place else 0 for _, place in found)
    return Figure(name, share, "%", least=floor, note=f"{len(found)} pairs, MRR {mrr:.2f}")


def quality(found):
    """The figures of the judged set: together, by language, by what had been looked at."""
    by = defaultdict(list)
    for case, place in found:
        by[f"typed in {case.again['language']}"].append((case, place))
        by[case.part].append((case, place))
        if case.across:
            by["asked in another language"].append((case, place))
    figures = [tell("true duplicate among the first 3", found, SHARE)]
    names = ("typed in en", "typed in vi", "typed in ru", "asked in another language", *PARTS)
    figures += [tell(f"· {name}", by[name]) for name in names]
    return figures


def mixed(cases, wanted):
    """More open requests, put together of the judged ones' sentences and what they are about."""
    chance = random.Random(4)
    pool = [case.asked for case in cases]
    for _ in range(wanted):
        one, two, three = chance.choices(pool, k=3)
        facets = {facet: three[facet] for facet in FACETS if facet in three}
        yield {
            "title": f"{one['title']} {two['title']}"[:200]
            if chance.random() < 0.3
            else one["title"],
            "situation": f"{two['situation']} {three['title']}. {one['situation']}",
            **facets,
        }


def settle(wanted, person):
    """Many requests that are settled, so that nobody waits for them."""
    now = clock.now()
    rows = [
        {
            "token": f"done-{number}",
            "title": f"Settled request {number}",
            "department": "marketing",
            "origin": "blank",
            "state": ("accepted", "declined", "withdrawn", "merged")[number % 4],
            "requester_id": person.id,
            "asked_at": now - timedelta(minutes=number),
            "changed_at": now,
            "urgent": False,
            "situation": "",
            "query": "",
            "filters": {},
            "anchor": "",
        }
        for number in range(wanted)
    ]
    for start in range(0, wanted, 2000):
        db.session.execute(insert(AssetRequest), rows[start : start + 2000])
    numbers = db.session.scalars(select(AssetRequest.id).where(AssetRequest.state != "asked"))
    people = [{"request_id": n, "user_id": person.id, "at": clock.now()} for n in numbers]
    db.session.execute(insert(RequestSupporter), people)


def prefixes(title, chance):
    """What is in the field while a title is typed: when one stops for a moment, and at the end."""
    places = sorted(chance.sample(range(4, max(5, len(title))), k=min(2, max(0, len(title) - 5))))
    return [*(title[:place] for place in places), title]


def speed(client, cases):
    """Milliseconds of a suggestion through the view."""
    chance, took = random.Random(8), []
    typed = [case.again for case in cases if case.again]
    chance.shuffle(typed)
    for request in typed:
        for text in prefixes(request["title"], chance):
            fields = {"title": text, "situation": request["situation"], **about(request)}
            began = time.perf_counter()
            answer = client.get("/requests/suggest", query_string=fields)
            took.append((time.perf_counter() - began) * 1000)
            if answer.status != 200:
                raise RuntimeError(f"a suggestion answered {answer.status}")
    return took


def measure(folder):
    """(places of the judged pairs, milliseconds of suggestions) at the size asked for."""
    site = Site(folder)
    corpus.write(folder / "content", SEEDS)
    fill(site, folder / "content", ASSETS)
    config = Config(
        data_dir=folder / "data", secret_key="x" * 40, base_url=f"http://127.0.0.1:{site.port}"
    )
    app, cases = create_app(config), judged()
    with app.app_context():
        vocabulary()
        person = make.user("asker@example.com")
        numbers = keep([case.asked for case in cases], person)
        db.session.commit()
        with reading():
            found = ranks(cases, numbers)
        db.session.rollback()
        keep_more = list(mixed(cases, OPEN - len(numbers)))
        keep(keep_more, person, "mixed")
        settle(ALL - OPEN, person)
        optimise()
        db.session.commit()
        client = Client(app).sign_in(person)
        db.session.commit()
    speed(client, cases[:20])
    return found, speed(client, cases)


def run():
    """Print the table; returns whether everything asked for was reached."""
    with tempfile.TemporaryDirectory(prefix="arsenal-bench-") as name:
        found, took = measure(Path(name))
    figures = quality(found)
    note = f"p50 {median(took):.0f} ms, {len(took)} suggestions, {ASSETS:,} assets"
    figures.append(Figure("suggestion, p95", p95(took), "ms", most=MILLISECONDS, note=note))
    return show(f"requests alike: {ALL:,} requests, {OPEN:,} open", figures)
