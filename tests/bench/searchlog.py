"""The log at 300,000 searches of a year: pages with everything warm, the first one, the roll-up."""

import os
import random
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import insert

from portal import clock
from portal.accounts.models import Team, User
from portal.app import create_app
from portal.config import Config
from portal.db import Base, db, optimise
from portal.search.log import service
from portal.usage.models import UsageEvent
from tests.bench.table import Figure, show
from tests.page import Client

SEARCHES, PEOPLE, TEAMS, DAYS, WORDINGS = 300_000, 2_000, 60, 365, 30_000
SEEN = 20
ZONE = "Asia/Ho_Chi_Minh"
WORDS = (
    "kestrel giá price цена drone cold store kho lạnh склад demo hợp đồng contract возврат".split()
)
PAGES = {
    "30 days": "/search/log",
    "a year": "/search/log?window=365",
    "a year, by people, page 9": "/search/log?window=365&sort=people&page=9",
    "a year, nothing found": "/search/log?window=365&list=nothing",
    "a year, one team": "/search/log?window=365&team=7",
    "a year, in Vietnamese": "/search/log?window=365&language=vi",
}
MOST_MS = 80


def fill(chance):
    """A year of searches, most of them of a few wordings; two thirds lead to a hit being opened."""
    now = clock.now()
    db.session.execute(
        insert(Team), [{"name": f"Team {n}", "name_key": f"team {n}"} for n in range(TEAMS)]
    )
    people = [
        {
            "email": f"p{n}@example.com", "email_key": f"p{n}@example.com", "name": f"Person {n}",
            "role": "marketer", "team_id": 1 + n % TEAMS, "created_at": now, "active": True,
            "language": chance.choice(("en", "vi", "ru", None)),
        }
        for n in range(PEOPLE)
    ]  # fmt: skip
    db.session.execute(insert(User), people)
    typed = [
        f"{' '.join(chance.sample(WORDS, chance.randint(1, 3)))} {n if n > 300 else ''}".strip()
        for n in range(WORDINGS)
    ]
    rows = []
    for number in range(SEARCHES):
        at = now - timedelta(days=DAYS * chance.random())
        person, ref = 1 + chance.randrange(PEOPLE), f"{number:016x}"
        found = chance.randint(0, 9)
        text = typed[int(WORDINGS * chance.random() ** 4)]
        base = {"user_id": person, "ref": ref, "source": "search", "asset_id": None, "query": None}
        rows.append(base | {"at": at, "action": "searched", "query": text, "results": found})
        if found and chance.random() < 0.66:
            later = {"at": at + timedelta(seconds=20), "action": "opened", "asset_id": 1}
            rows.append(base | later | {"results": None})
        if len(rows) > 20_000:
            db.session.execute(insert(UsageEvent), rows)
            rows = []
    db.session.execute(insert(UsageEvent), rows)
    optimise()
    db.session.commit()


def pages(app):
    """Median and p95 of each page, in milliseconds."""
    app.testing = False
    client = Client(app)
    with app.app_context():
        client.sign_in(db.session.get(User, 1))
    measured = {}
    for name, url in PAGES.items():
        times = []
        for _ in range(SEEN + 1):
            start = time.perf_counter()
            assert client.raw.get(url, buffered=True).status_code == 200
            times.append((time.perf_counter() - start) * 1000)
        measured[name] = (times[0], median(times[1:]), quantiles(times[1:], n=20)[-1])
    return measured


def measure(url):
    """The figures on one database."""
    with tempfile.TemporaryDirectory() as folder:
        config = Config(
            data_dir=Path(folder), database_url=url, secret_key="not a secret, a bench uses it",
            base_url="http://127.0.0.1:8000", timezone=ZONE,
        )  # fmt: skip
        app = create_app(config)
        with app.app_context():
            Base.metadata.drop_all(db.engine)
            Base.metadata.create_all(db.engine)
            fill(random.Random(7))
            start = time.perf_counter()
            service.roll_up(ZONE, commit=db.session.commit)
            whole = time.perf_counter() - start
            start = time.perf_counter()
            service.roll_up(ZONE, commit=db.session.commit)
            again = (time.perf_counter() - start) * 1000
            db.session.remove()
        measured = pages(app)
        first = next(iter(measured.values()))[0]
        with app.app_context():
            Base.metadata.drop_all(db.engine)
            db.engine.dispose()
    return whole, again, first, measured


def run():
    """Measure on SQLite, and on PostgreSQL when one is named; returns whether all is reached."""
    urls = {"SQLite": "", "PostgreSQL": os.environ.get("PORTAL_BENCH_DATABASE_URL", "")}
    good = True
    for database, url in urls.items():
        if database == "PostgreSQL" and not url:
            continue
        whole, again, first, measured = measure(url)
        figures = [
            Figure("a year rolled up", whole, "s"),
            Figure("rolled up again", again, "ms"),
            Figure("the first page of a process", first, "ms"),
        ]
        figures += [
            Figure(f"page, p95: {name}", p95, "ms", most=MOST_MS, note=f"median {middle:.1f}")
            for name, (_, middle, p95) in measured.items()
        ]
        good &= show(f"Log of {SEARCHES:,} searches, {database}", figures)
    return good
