"""Use at 20,000,000 events of two years: pages, the roll-up, and that it equals the raw counts."""

import os
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import insert, text

from portal import clock
from portal.accounts.models import Team, User
from portal.app import create_app
from portal.config import Config
from portal.db import Base, db, optimise
from portal.insights.use import service
from portal.library.models import Asset, AssetText
from portal.usage.models import UsageEvent
from tests.bench.table import Figure, show
from tests.page import Client

EVENTS, ASSETS, PEOPLE, TEAMS, DAYS = 20_000_000, 20_000, 2_000, 60, 730
TAIL = 500
SEEN = 20
ZONE = "Asia/Ho_Chi_Minh"
KINDS = ("battlecard", "case-study", "comparison", "faq", "deck", "one-pager")
PAGES = {
    "overview": "/insights/use",
    "overview, 365 days": "/insights/use?window=365",
    "by asset": "/insights/usage",
    "by asset, by people, 365 days": "/insights/usage?window=365&sort=people",
    "by kind": "/insights/use/by/kind",
    "by team, 90 days": "/insights/use/by/team?window=90",
    "by person": "/insights/use/by/person",
    "by stage": "/insights/use/by/stage",
    "by day": "/insights/use/by/day",
    "rising": "/insights/use/lists/hot",
    "never listed": "/insights/use/lists/never-shown",
    "listed, not opened": "/insights/use/lists/not-opened",
    "not used at all": "/insights/use/lists/stale",
    "an asset much used": "/insights/use/assets/a1",
    "an asset, 90 days": "/insights/use/assets/a50?window=90",
    "one's own": "/insights/use/mine",
}
# what differs between the two: chance from 0 to 1, a moment, a series of numbers
SAID = {
    "sqlite": {
        "u": "(abs(random()) % 1000003 / 1000003.0)",
        "at": "strftime('%Y-%m-%d %H:%M:%S', {0}, 'unixepoch') || '.000000'",
        "series": "(WITH RECURSIVE s(i) AS (SELECT {0} UNION ALL SELECT i + 1 FROM s WHERE i < {1}) SELECT i FROM s)",
        "int": "CAST({0} AS INTEGER)",
    },
    "postgresql": {
        "u": "random()",
        "at": "to_timestamp({0})",
        "series": "generate_series({0}, {1}) AS s(i)",
        "int": "floor({0})::int",
    },
}  # fmt: skip


def people_and_assets():
    now = clock.now()
    db.session.execute(
        insert(Team),
        [{"id": n, "name": f"Team {n}", "name_key": f"team {n}"} for n in range(1, TEAMS + 1)],
    )
    db.session.execute(
        insert(User),
        [
            {
                "id": n, "email": f"p{n}@example.com", "email_key": f"p{n}@example.com",
                "name": f"Person {n}", "role": "admin" if n == 1 else "rep", "department": "sales",
                "team_id": 1 + n % TEAMS, "active": True, "created_at": now,
            }
            for n in range(1, PEOPLE + 1)
        ],
    )  # fmt: skip
    db.session.execute(text("UPDATE users SET created_at = :at"), {"at": "2024-01-01 00:00:00"})
    rows = [
        {
            "id": n, "slug": f"a{n}", "kind": KINDS[n % len(KINDS)], "state": "published",
            "created_at": now, "updated_at": now, "published_at": now,
        }
        for n in range(1, ASSETS + 1)
    ]  # fmt: skip
    db.session.execute(insert(Asset), rows)
    db.session.execute(
        insert(AssetText),
        [
            {"asset_id": n, "language": code, "title": f"Asset {n} {code}", "updated_at": now}
            for n in range(1, ASSETS + 1)
            for code in ("en", "vi")
        ],
    )
    db.session.commit()


def events(low, high, begin, end):
    """Write events by one statement; the later the number, the later the moment, about."""
    dialect = db.engine.dialect.name
    said = SAID[dialect]
    u, whole = said["u"], said["int"]
    at = said["at"].format(
        f"{begin} + {whole.format(f'({end} - {begin}) * ((i - {low}.0) / ({high} - {low} + 1)) + 30000 * {u}')}"
    )
    kind = whole.format(f"100 * {u}")
    asset = whole.format(f"1 + {ASSETS} * {u} * {u} * {u} * {u}")
    shown = " || ',' || ".join(
        f"({asset.replace('1 +', f'{n} * 2000 + 1 +')}) % {ASSETS} + 1" for n in range(10)
    )
    shown = f"'[' || {shown} || ']'" + ("::json" if dialect == "postgresql" else "")
    shown = f"({shown})" if dialect == "sqlite" else f"({shown[:-6]})::json"
    db.session.execute(
        text(f"""
        INSERT INTO usage_events (id, at, action, user_id, asset_id, language, stage, shown)
        SELECT i, {at},
          CASE WHEN k < 60 THEN 'viewed' WHEN k < 72 THEN 'copied' WHEN k < 80 THEN 'downloaded'
               WHEN k < 82 THEN 'printed' WHEN k < 94 THEN 'opened' ELSE 'searched' END,
          p, CASE WHEN k < 94 THEN a END,
          CASE WHEN k % 3 = 0 THEN 'en' WHEN k % 3 = 1 THEN 'vi' ELSE 'ru' END,
          CASE WHEN p % 2 = 0 THEN 'Stage ' || (k % 7) END,
          CASE WHEN k >= 94 THEN {shown} END
        FROM (SELECT i, {kind} AS k, {whole.format(f"1 + {PEOPLE} * {u} * {u}")} AS p, {asset} AS a
              FROM {said["series"].format(low, high)}) AS made
    """)
    )  # numbers of ours


def fill(total):
    """Fill a database: no indexes while events are written, made afterwards."""
    people_and_assets()
    table = UsageEvent.__table__
    for index in list(table.indexes):
        index.drop(db.engine)
    end = int(clock.now().timestamp())
    begin = end - DAYS * 86_400
    lot = 1_000_000
    for low in range(0, total, lot):
        high = min(total, low + lot)
        span = (end - 40_000 - begin) / total
        events(low + 1, high, int(begin + low * span), int(begin + high * span))
        db.session.commit()
    for index in list(table.indexes):
        index.create(db.engine)
    db.session.commit()
    optimise()
    db.session.commit()


def pages(app):
    with app.app_context():
        browser = Client(app).sign_in(db.session.get(User, 1))
    found, cpu = {}, {}
    for name, path in PAGES.items():

        def ask(path=path):
            with app.app_context():
                answer = browser.raw.get(path)
            assert answer.status_code == 200, (path, answer.status)

        ask()
        found[name], worked = [], time.process_time()
        for _ in range(SEEN):
            began = time.perf_counter()
            ask()
            found[name].append((time.perf_counter() - began) * 1000)
        cpu[name] = (time.process_time() - worked) * 1000 / SEEN
    return found, cpu


def timed(action):
    began = time.perf_counter()
    result = action()
    took = time.perf_counter() - began
    print(f"… {took:.1f} s", flush=True)
    return took, result


def measure(app, total, name):
    figures = []
    with app.app_context():
        Base.metadata.create_all(db.engine)
        filled, _ = timed(lambda: fill(total))
        figures.append(Figure("filled, indexes made", filled, "s"))
        took, _ = timed(lambda: service.rebuild(ZONE, commit=db.session.commit))
        optimise()
        db.session.commit()
        figures.append(
            Figure("everything rolled up", took, "s", note=f"{total / took:,.0f} events/s")
        )
        now = int(clock.now().timestamp())
        events(total + 1, total + 5_000, now - 3600, now - 1800)
        db.session.commit()
        took, _ = timed(lambda: service.roll_up(ZONE, commit=db.session.commit))
        figures.append(Figure("5,000 more rolled up", took, "s"))
        events(total + 5_001, total + 5_000 + TAIL, now - 1800, now - 60)
        db.session.commit()
    shown, cpu = pages(app)
    for page, values in shown.items():
        note = f"p50 {median(values):.1f} ms, at work {cpu[page]:.0f} ms"
        figures.append(
            Figure(f"{page}, p95", quantiles(values, n=20)[18], "ms", most=80, note=note)
        )
    with app.app_context():
        took, wrong = timed(lambda: service.verify(ZONE))
        figures.append(
            Figure(
                "differences to the raw counts",
                len(wrong),
                "",
                most=0,
                note=f"{took:.0f} s; {wrong[:3]}",
            )
        )
        rows = {
            it: db.session.scalar(text(f"SELECT count(*) FROM {it}"))
            for it in sorted(Base.metadata.tables)
            if it.startswith("use_")
        }
        db.session.rollback()
        db.engine.dispose()
    print(rows)
    return show(f"use: {total:,} events, {TAIL} not rolled up, {name}", figures)


def run(total=EVENTS, databases=("sqlite", "postgresql")):
    """Print the tables; PostgreSQL where PORTAL_TEST_DATABASE_URL names a server."""
    good = True
    for name in databases:
        url = os.environ.get("PORTAL_TEST_DATABASE_URL", "") if name == "postgresql" else ""
        if name == "postgresql":
            if not url:
                continue
            from tests.conftest import fresh_postgresql

            url += "_bench"
            fresh_postgresql(url)
        with tempfile.TemporaryDirectory(prefix="arsenal-bench-") as folder:
            config = Config(
                data_dir=Path(folder), database_url=url, timezone=ZONE,
                secret_key="only the bench uses this one",
            )  # fmt: skip
            good &= measure(create_app(config), total, name)
    return good
