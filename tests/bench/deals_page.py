"""Deals at 100,000 with 2,000,000 uses, on both databases: a deal's page, lists, the rest."""

import os
import random
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import insert, literal, select

from portal import clock
from portal.accounts.models import Team, User
from portal.app import create_app
from portal.calls.models import Call
from portal.config import Config
from portal.db import Base, db, optimise
from portal.deals.models import Customer, Deal, DealTerm, StageChange
from portal.deals.pipelines import service as pipelines
from portal.deals.working.models import WorkingDeal
from portal.library.models import Asset, AssetText, FacetTerm, asset_facets
from portal.usage.models import UsageEvent
from tests.bench.requests_board import calibration
from tests.bench.table import Figure, show
from tests.conftest import fresh_postgresql
from tests.page import Client

DEALS, USES, ASSETS, PEOPLE, CUSTOMERS = 100_000, 2_000_000, 2_000, 400, 20_000
OUTCOMES = ("open", "won", "won", "lost", "lost", "no-decision")
ACTIONS = ("viewed", "viewed", "copied", "downloaded", "printed")
FACETS = {"product": 6, "competitor": 9, "industry": 8, "stage": 6}
SEEN, CHUNK = 200, 20_000


def bulk(table, rows):
    """Insert many rows, some at a time."""
    chunk = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            db.session.execute(insert(table), chunk)
            chunk = []
    if chunk:
        db.session.execute(insert(table), chunk)


def people(now):
    bulk(Team, ({"id": n, "name": f"Team {n}", "name_key": f"team {n}"} for n in range(1, 21)))
    bulk(
        User,
        (
            {
                "id": n, "email": f"p{n}@example.com", "email_key": f"p{n}@example.com",
                "name": f"Person {n}", "role": "manager" if n == 1 else "rep", "active": True,
                "department": "sales", "team_id": 1 + n % 20, "created_at": now,
            }
            for n in range(1, PEOPLE + 1)
        ),
    )  # fmt: skip


def library(chance, now):
    """Terms and published assets with some of each facet; returns the terms by facet."""
    terms, number = {}, 0
    for facet, many in FACETS.items():
        for n in range(many):
            number += 1
            slug = "proposal" if (facet, n) == ("stage", 0) else f"{facet}-{n}"
            names = {"en": slug.title()}
            row = {"id": number, "facet": facet, "slug": slug, "names": names, "aliases": []}
            db.session.execute(insert(FacetTerm), [row])
            terms.setdefault(facet, []).append((number, slug))
    assets, texts, links = [], [], []
    for n in range(1, ASSETS + 1):
        assets.append(
            {
                "id": n, "slug": f"asset-{n}", "kind": "battlecard", "state": "published",
                "created_at": now, "updated_at": now, "checked_on": date(2026, 1 + n % 11, 1),
            }
        )  # fmt: skip
        texts += [
            {
                "asset_id": n, "language": code, "title": f"Asset {n} {code}", "summary": "Why.",
                "body": "", "tags": [], "fields": {}, "extra": {}, "sections": [], "updated_at": now,
            }
            for code in ("en", "vi", "ru")[: 1 + n % 3]
        ]  # fmt: skip
        for facet, share in (
            ("product", 1),
            ("competitor", 0.4),
            ("industry", 0.5),
            ("stage", 0.5),
        ):
            if chance.random() < share:
                links.append({"asset_id": n, "term_id": chance.choice(terms[facet])[0]})
    bulk(Asset, assets)
    bulk(AssetText, texts)
    bulk(asset_facets, links)
    return terms


def deals(chance, now, terms):
    stages = [stage for stage in pipelines.ready().stages if stage.outcome == "open"]
    db.session.flush()
    countries = ("Vietnam", "Russia", "United States", "")
    bulk(
        Customer,
        (
            {
                "id": n, "name": f"Customer {n}", "name_key": f"customer {n}", "created_at": now,
                "industry": chance.choice(terms["industry"])[1], "updated_at": now,
                "country": countries[n % 4], "employees": n,
            }
            for n in range(1, CUSTOMERS + 1)
        ),
    )  # fmt: skip
    first, last = stages[0], stages[-1]
    bulk(
        Deal,
        (
            {
                "id": n, "name": f"Deal {n}", "account": f"Customer {1 + n % CUSTOMERS}",
                "customer_id": 1 + n % CUSTOMERS, "owner_id": 1 + n % PEOPLE,
                "team_id": 1 + (1 + n % PEOPLE) % 20, "amount": chance.randrange(1_000, 900_000),
                "currency": ("EUR", "VND", "RUB")[n % 3], "outcome": OUTCOMES[n % len(OUTCOMES)],
                "pipeline_id": first.pipeline_id, "stage": last.names["en"], "stage_id": last.id,
                "closes_on": date(2026, 11, 1) + timedelta(days=n % 300), "region": "",
                "closed_at": now - timedelta(days=n % 700), "created_at": now, "updated_at": now,
            }
            for n in range(1, DEALS + 1)
        ),
    )  # fmt: skip
    bulk(
        DealTerm,
        (
            {"deal_id": n, "facet": facet, "slug": terms[facet][n * 7 % len(terms[facet])][1]}
            for n in range(1, DEALS + 1)
            for facet in ("competitor", "product")
        ),
    )
    bulk(
        StageChange,
        (
            {
                "deal_id": n, "at": now - timedelta(days=90 - 30 * k), "stage_id": stage.id,
                "stage": stage.names["en"], "outcome": "open", "user_id": 1 + n % PEOPLE,
            }
            for n in range(1, DEALS + 1)
            for k, stage in enumerate((first, stages[1], last))
        ),
    )  # fmt: skip
    bulk(
        Call,
        (
            {
                "token": f"c{n}", "deal_id": n, "user_id": 1 + n % PEOPLE, "state": "logged",
                "at": now - timedelta(days=n % 90), "created_at": now, "result": "advanced",
                "version": 1,
            }
            for n in range(1, DEALS + 1)
        ),
    )  # fmt: skip


def uses(now):
    """As many uses of each deal, made by the database from its deals."""
    columns = ("at", "action", "user_id", "asset_id", "language", "deal_id", "stage")
    for k in range(USES // DEALS):
        made = select(
            literal(now - timedelta(days=30 * k, minutes=k), UsageEvent.at.type),
            literal(ACTIONS[k % len(ACTIONS)]),
            1 + (Deal.id + k) % PEOPLE,
            1 + (Deal.id * 13 + k * 31) % ASSETS,
            literal("en"),
            Deal.id,
            literal("Proposal"),
        )
        db.session.execute(insert(UsageEvent).from_select(columns, made))


def fill():
    chance, now = random.Random(5), clock.now()
    people(now)
    deals(chance, now, library(chance, now))
    db.session.commit()
    uses(now)
    bulk(WorkingDeal, [{"user_id": 2, "deal_id": 1, "since": now}])
    db.session.commit()
    optimise()
    db.session.commit()


def timed(app, browser, path):
    with app.app_context():
        began = time.perf_counter()
        answer = browser.raw.get(path)
        taken = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, (path, answer.status)
    return taken


def figure(name, values, most=None):
    return Figure(
        f"{name}, p95", quantiles(values, n=20)[18], "ms", most, note=f"p50 {median(values):.1f} ms"
    )


def pages(app, where):
    """The figures of a portal that is full."""
    chance = random.Random(6)
    with app.app_context():
        rep = Client(app).sign_in(db.session.get(User, 2))
        manager = Client(app).sign_in(db.session.get(User, 1))
    some = [f"/deals/{chance.randrange(1, DEALS + 1)}" for _ in range(SEEN)]
    for path in some[:20]:
        timed(app, manager, path)
    own = [f"/deals/{2 + PEOPLE * n - 1}" for n in range(60)]
    found = [
        figure(f"{where}: a deal", [timed(app, manager, path) for path in some], 25),
        figure(f"{where}: a deal of one’s own", [timed(app, rep, path) for path in own], 25),
    ]
    for name, who, path in (
        ("my deals", rep, "/deals/"),
        ("my team’s, a word", rep, "/deals/?scope=team&q=customer+12"),
        ("all deals", manager, "/deals/?scope=all"),
        ("all deals, a word", manager, "/deals/?scope=all&q=customer+123"),
        ("all that ended, by amount", manager, "/deals/?scope=all&outcome=ended&sort=amount"),
        ("teams", manager, "/deals/teams"),
        ("a customer", manager, "/deals/customers/7"),
        ("a competitor", rep, "/competitors/competitor-1"),
        ("picking a deal", rep, "/deals/working/"),
    ):
        timed(app, who, path)
        found.append(figure(f"{where}: {name}", [timed(app, who, path) for _ in range(20)]))
    return found


def measure(folder, url, where):
    app = create_app(Config(data_dir=folder, database_url=url, secret_key="only the bench uses it"))
    with app.app_context():
        Base.metadata.create_all(db.engine)
        fill()
    figures = pages(app, where)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return figures


def run():
    """Print the table; returns whether everything asked for was reached."""
    before = calibration()
    with tempfile.TemporaryDirectory(prefix="arsenal-bench-") as folder:
        figures = measure(Path(folder) / "one", "", "SQLite")
        if url := os.environ.get("PORTAL_TEST_DATABASE_URL"):
            url = f"{url}_bench"
            fresh_postgresql(url)
            figures += measure(Path(folder) / "two", url, "PostgreSQL")
    loops = f"before {before:.0f} ms, after {calibration():.0f} ms"
    figures.append(Figure("a loop of a million, to compare machines", before, "ms", note=loops))
    return show(f"deals: {DEALS:,} with {USES:,} uses", figures)


if __name__ == "__main__":
    run()
