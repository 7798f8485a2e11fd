"""Calls at 100,000 deals and 2,000,000 uses: logging one with five ratings, its form, a deal's page."""

import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import insert, text

from portal import clock
from portal.accounts.models import Team, User
from portal.app import create_app
from portal.calls.models import Call
from portal.config import Config
from portal.db import Base, db, optimise
from tests import make
from tests.bench.requests_board import calibration
from tests.bench.table import Figure, show
from tests.page import Client

DEALS, USES, CALLS, REPS, ASSETS, TEAMS = 100_000, 2_000_000, 200_000, 200, 300, 20
LOGGED, SEEN, RATED = 60, 60, 5
NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most)",
    "postgresql": "WITH n AS (SELECT i FROM generate_series(1, :most) AS i)",
}
# a moment so many seconds before the bench begins
AGO = {
    "sqlite": "datetime(:now, '-' || ({0}) || ' seconds')",
    "postgresql": "CAST(:now AS timestamptz) - ({0}) * interval '1 second'",
}


def few():
    """People, assets with texts, the words of competitors: what is few is made by the factories."""
    now = clock.now()
    db.session.execute(
        insert(Team),
        [{"id": n, "name": f"Team {n}", "name_key": f"team {n}"} for n in range(1, TEAMS + 1)],
    )
    people = [
        {
            "id": n,
            "email": f"p{n}@example.com",
            "email_key": f"p{n}@example.com",
            "name": f"Person {n}",
            "role": "rep",
            "department": "sales",
            "team_id": 1 + n % TEAMS,
            "created_at": now,
            "active": True,
        }
        for n in range(1, REPS + 1)
    ]
    db.session.execute(insert(User), people)
    words = [make.term("competitor", f"rival-{n}") for n in range(9)]
    for number in range(ASSETS):
        kind = "battlecard" if number % 5 == 0 else "guide"
        asset = make.asset(f"asset-{number}", kind=kind, facets=[words[number % 9]])
        body = "## Objections\n\n" + "".join(f"### No {n}\n\nYes.\n\n" for n in range(6))
        make.text(asset, title=f"Asset {number}", body=body)
    db.session.commit()


def fill(total, uses):
    """Deals, their terms, calls and uses by INSERT … SELECT."""
    few()
    connection = db.session.connection()
    dialect = connection.dialect.name
    ago, numbers = AGO[dialect].format, NUMBERS[dialect]
    now = clock.now()
    bound = {"now": now.replace(tzinfo=None) if dialect == "sqlite" else now}

    def put(into, select, most):
        # SQLite takes WITH before INSERT or within; both take it within
        connection.execute(
            text(f"INSERT INTO {into} {numbers} {select} FROM n"), bound | {"most": most}
        )

    put(
        "deals (id, name, account, owner_id, team_id, region, amount, currency, stage, outcome,"
        " loss_words, digest, created_at, updated_at)",
        f"SELECT i, 'Deal ' || i, '', 1 + i % {REPS}, 1 + (1 + i % {REPS}) % {TEAMS}, '', 1000, 'EUR',"
        f" 'Proposal', CASE WHEN i % 10 = 0 THEN 'open' ELSE 'won' END, '', '',"
        f" {ago('i * 60')}, {ago('i * 60')}",
        total,
    )
    put("deal_terms (deal_id, facet, slug)", "SELECT i, 'competitor', 'rival-' || (i % 9)", total)
    put(
        "calls (id, token, deal_id, user_id, at, state, kind, with_role, stage, note, created_at,"
        " logged_at, version)",
        f"SELECT i, 'b' || i, 1 + i % {total}, 1 + (1 + i % {total}) % {REPS}, {ago('i * 60 + 86400')},"
        f" 'logged', '', '', '', '', {ago('i * 60 + 86400')}, {ago('i * 60 + 86400')}, 1",
        CALLS * total // DEALS,
    )
    put(
        "call_points (call_id, kind, words, words_key, anchor, department, state, at)",
        f"SELECT i, 'objection', 'Words ' || (i % 997), 'words ' || (i % 997), '', 'marketing', 'open',"
        f" {ago('i * 60 + 86400')}",
        CALLS * total // DEALS,
    )
    put(
        "usage_events (at, action, user_id, asset_id, language, revision, deal_id)",
        f"SELECT {ago('i * 30')}, 'viewed', 1 + (1 + i % {total}) % {REPS}, 1 + i % {ASSETS}, 'en', 1,"
        f" 1 + i % {total}",
        uses,
    )
    if dialect == "postgresql":  # the numbers were given, not taken from the sequences
        for table in ("deals", "calls", "call_points", "users", "teams"):
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                )
            )
    optimise()
    db.session.commit()


def timed(action):
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1000


def p95(values):
    return quantiles(values, n=20)[18]


def sending(deal, number):
    """A form with five assets rated, two objections, a wish and a note."""
    keys = [f"{1 + (number * RATED + n) % ASSETS}-en" for n in range(RATED)]
    sent = {
        "deal": deal, "once": f"bench{number}", "at": f"{clock.now() - timedelta(minutes=1):%Y-%m-%dT%H:%M}",
        "row": keys, "result": "advanced", "kind": "demo", "with_role": "buyer", "note": "Good.",
        "objection_words": "Too dear\nToo late", "wishes": "Dark mode", "competitors": "rival-1",
    }  # fmt: skip
    for key in keys:
        sent |= {
            f"used-{key}": "1",
            f"stars-{key}": "4",
            f"helped-{key}": "helped",
            f"why-{key}": "It is quick.",
        }
    return sent


def measure(app, total):
    """Milliseconds of logging, of the form, of a deal's page and of the list of calls."""
    with app.app_context():
        browser = Client(app).sign_in(db.session.get(User, 1 + 10 % REPS))
    # of that person: each number by which `owner_id` comes out the same, open ones
    deals = [n for n in range(10, total + 1, REPS) if n % 10 == 0][:SEEN]

    def ask(path):
        with app.app_context():
            answer = browser.raw.get(path)
        assert answer.status_code == 200, (path, answer.status)

    def log(number):
        with app.app_context():
            answer = browser.raw.post(
                "/calls/new", data=sending(deals[number % len(deals)], number)
            )
        assert answer.status_code == 303, answer.get_data(as_text=True)[-3000:]

    for warm in range(1000, 1003):
        log(warm)
    found = {"logging a call with five ratings": [timed(lambda n=n: log(n)) for n in range(LOGGED)]}
    for name, path in (
        ("its form", "/calls/new?deal={}"),
        ("a deal's page", "/deals/{}"),
        ("my calls", "/calls/?x={}"),
        ("the voice of customers", "/calls/voice/?x={}"),
    ):
        ask(path.format(deals[0]))
        found[name] = [timed(lambda d=d, path=path: ask(path.format(d))) for d in deals]
    with app.app_context():
        assert db.session.query(Call).filter(Call.token.like("%bench%")).count() >= LOGGED
    return found


MOST = {"logging a call with five ratings": 50, "a deal's page": 25}


def part(url, total, uses):
    """Print the table for one database; returns whether everything asked for was reached."""
    with tempfile.TemporaryDirectory(prefix="arsenal-bench-") as folder:
        config = Config(
            data_dir=Path(folder), database_url=url, secret_key="only the bench uses this one"
        )
        app = create_app(config)
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            Base.metadata.create_all(db.engine)
            fill(total, uses)
        found = measure(app, total)
        with app.app_context():
            db.engine.dispose()
    figures = [
        Figure(
            f"{name}, p95",
            p95(values),
            "ms",
            most=MOST.get(name),
            note=f"p50 {median(values):.1f} ms",
        )
        for name, values in found.items()
    ]
    figures.append(Figure("a loop of a million, to compare machines", calibration(), "ms"))
    kind = "PostgreSQL" if url else "SQLite"
    return show(f"calls on {kind}: {total:,} deals, {uses:,} uses", figures)


def run(total=DEALS, uses=USES):
    """Measure on SQLite, and on PostgreSQL when PORTAL_TEST_DATABASE_URL names a server."""
    url = os.environ.get("PORTAL_TEST_DATABASE_URL", "")
    good = part("", total, uses)
    if url:
        from tests.conftest import fresh_postgresql

        fresh_postgresql(f"{url}_bench")
        good &= part(f"{url}_bench", total, uses)
    return good


if __name__ == "__main__":
    run()
