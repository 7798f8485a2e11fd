"""Speed of the insights at 8,800 deals and at 1,000,000: counted, kept, shown; both databases.

`ARSENAL_LARGE=1` adds the large size: 1,000,000 deals, 20,000 assets, 20,000,000 uses, made by the
databases themselves (no truth is planted there), and takes most of an hour. `--growth` plots how
counting and the page grow from 1,000 to 100,000 deals.
"""

import os
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import sqlalchemy as sa

from portal import clock
from portal.accounts.models import User
from portal.app import create_app
from portal.config import Config
from portal.db import db
from portal.deals.models import Deal
from portal.deals.pipelines import service as pipelines
from portal.insights.lift import following, queries, service
from portal.library.models import Asset, AssetText
from portal.usage.models import UsageEvent
from tests.bench import command
from tests.bench.deals_page import bulk
from tests.bench.table import Figure, plot, show
from tests.page import Client

YEARS = 900
"""Days over which deals begin; the last ends before today."""


@dataclass(frozen=True)
class Size:
    """How much there is, and what was asked: seconds to count all, milliseconds of the page."""

    name: str
    deals: int
    assets: int
    uses: int
    people: int
    seconds: dict = field(default_factory=dict)
    page: float | None = None
    megabytes: float = 4096


MIDDLE = Size("8,800 deals", 8_800, 500, 100_000, 120, {"SQLite": 3, "PostgreSQL": 3}, 60)
LARGE = Size(
    "1,000,000 deals", 1_000_000, 20_000, 20_000_000, 4_000,
    {"SQLite": 300, "PostgreSQL": 120}, 150,
)  # fmt: skip


GROWING = tuple(
    Size(f"{deals:,} deals", deals, 500, deals * 100_000 // 8_800, 120)
    for deals in (1_000, 8_800, 30_000, 100_000)
)
"""As many uses a deal and as many assets as the middle size has."""


def library(size, now):
    """Assets with titles, and people."""
    bulk(
        User,
        (
            {"id": n, "email": f"p{n}@example.com", "email_key": f"p{n}@example.com",
             "name": f"Person {n}", "role": "admin" if n == 1 else "rep", "active": True,
             "department": "sales", "created_at": now}
            for n in range(1, size.people + 1)
        ),
    )  # fmt: skip
    bulk(
        Asset,
        (
            {"id": n, "slug": f"asset-{n}", "kind": "battlecard", "state": "published",
             "owner_id": 1, "created_at": now, "updated_at": now, "published_at": now}
            for n in range(1, size.assets + 1)
        ),
    )  # fmt: skip
    bulk(
        AssetText,
        (
            {"asset_id": n, "language": "en", "title": f"Against the competition, part {n}",
             "body": "", "path": "", "sections": [], "words": 0, "revision": 1,
             "created_at": now, "updated_at": now}
            for n in range(1, size.assets + 1)
        ),
    )  # fmt: skip


def numbers(count):
    """A table of whole numbers from 1, in the words of the database."""
    if db.engine.dialect.name == "postgresql":
        return f"(SELECT generate_series(1, {count}) AS n)"
    return f"(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s)"


def words():
    """A moment so many seconds since 1970, a number from 0 to 1, in the words of the database."""
    if db.engine.dialect.name == "postgresql":
        return "to_timestamp({})", "random()"
    return (
        "strftime('%Y-%m-%d %H:%M:%S.000000', {}, 'unixepoch')",
        "((random() & 1048575) / 1048576.0)",
    )


def facts(size, stages, now):
    """Deals that begin over YEARS days, go through three stages and end after 60 to 120 days."""
    moment, chance = words()
    begin = int(now.timestamp()) - (YEARS + 130) * 86_400
    created = f"({begin} + (CAST(n AS BIGINT) * 7919 % {YEARS}) * 86400)"
    length = "(60 + n * 31 % 60)"
    signs = "%%" if db.engine.dialect.name == "postgresql" else "%"

    def execute(sql):
        db.session.connection().exec_driver_sql(sql.replace("%", signs))

    def at(days):
        return moment.format(f"{created} + CAST({days} * 86400 AS BIGINT)")

    execute(
        "INSERT INTO deals (id, name, account, owner_id, region, segment, amount, currency,"
        " stage, outcome, loss_words, digest, created_at, updated_at, closed_at)"
        f" SELECT n, 'Deal ' || n, '', 2 + n % {size.people - 1}, 'R' || (n % 4),"
        f" 'S' || (n % 3), (n * 37 % 90000) + 1000, 'EUR', '',"
        f" CASE WHEN {chance} < 0.4 THEN 'won' ELSE 'lost' END, '', '',"
        f" {at('0')}, {at(length)}, {at(length)} FROM {numbers(size.deals)} AS s"
    )
    for place, stage in enumerate(stages[:3]):
        execute(
            "INSERT INTO deal_stage_changes (deal_id, at, stage_id, stage, outcome)"
            f" SELECT n, {at(f'{place * 18} + n % 7')}, {stage}, 'x', 'open'"
            f" FROM {numbers(size.deals)} AS s"
        )
    for _ in range(max(size.uses // size.deals, 1)):
        execute(
            "INSERT INTO usage_events (at, action, user_id, asset_id, language, deal_id)"
            f" SELECT {at('60 * u')}, 'viewed', 2 + n % {size.people - 1},"
            f" 1 + CAST(v * v * {size.assets - 1} AS INTEGER), 'en', n"
            f" FROM (SELECT n, {chance} AS u, {chance} AS v FROM {numbers(size.deals)} AS s) AS x"
        )


def fill(size):
    """Fill an empty database; the ledger's indexes are made afterwards."""
    now = clock.now()
    ledger = UsageEvent.__table__
    for index in ledger.indexes:
        index.drop(db.engine)
    library(size, now)
    stages = [it.id for it in pipelines.ready().stages if it.outcome == "open"]
    facts(size, stages, now)
    db.session.commit()
    for index in ledger.indexes:
        index.create(db.engine)
    db.session.connection().exec_driver_sql("ANALYZE")
    db.session.commit()


def counted(told):
    """Seconds and megabytes of counting everything anew, by command."""
    status, taken = command.measured(told, "insights", "refresh", "--json")
    assert status == 0
    return taken.seconds, taken.megabytes


def one_more(size, rounds=40):
    """Milliseconds each of counting one more deal that ends, without judging."""
    found, worked = [], []
    ids = db.session.scalars(sa.select(Deal.id).order_by(Deal.id.desc()).limit(rounds)).all()
    for i in ids:
        deal = db.session.get(Deal, i)
        deal.outcome = "lost" if deal.outcome == "won" else "won"
        db.session.commit()
        began, cpu = time.perf_counter(), time.process_time()
        kept = queries.model_to_change()
        assert following.recount(kept, [i]) == 1
        db.session.commit()
        found.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - cpu) * 1000)
    return found, median(worked)


def page(app, path, rounds=60):
    """Milliseconds each of a page, within the process; the first ones are not counted."""
    client = Client(app)
    client.sign_in(db.session.get(User, 1))
    found = []
    for i in range(rounds + 5):
        began = time.perf_counter()
        assert client.raw.get(path).status_code == 200
        if i >= 5:  # the first ones draw and keep
            found.append((time.perf_counter() - began) * 1000)
    return found


def p95(values):
    return quantiles(values, n=20)[-1]


def measure(size, folder, url, where):
    """All figures of a size on a database."""
    told = command.ready(folder, url)
    settings = Config(
        data_dir=folder, database_url=told["PORTAL_DATABASE_URL"],
        secret_key=told["PORTAL_SECRET_KEY"], base_url=told["PORTAL_BASE_URL"],
    )  # fmt: skip
    app = create_app(settings)
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        began = time.perf_counter()
        fill(size)
        filled = time.perf_counter() - began
        db.session.remove()
        seconds, megabytes = counted(told)
        more, worked = one_more(size)
        began = time.perf_counter()
        service.judge(db.session.commit)
        judged = (time.perf_counter() - began) * 1000
        shown = page(app, "/insights/helps")
        db.session.remove()
        db.engine.dispose()
    return [
        Figure(f"count all, {where}", seconds, "s", most=size.seconds.get(where), note=f"filled in {filled:.0f} s"),
        Figure(f"its most memory, {where}", megabytes, "MB", most=size.megabytes),
        Figure(f"one more closed deal p95, {where}", p95(more), "ms", most=20, note=f"p50 {median(more):.0f}, {worked:.0f} of processor"),
        Figure(f"judge all assets, {where}", judged, "ms", note="at most every other minute"),
        Figure(f"What helps p50, {where}", median(shown), "ms"),
        Figure(f"What helps p95, {where}", p95(shown), "ms", most=size.page),
    ]  # fmt: skip


def places():
    """The databases to measure on: their names and addresses."""
    server = os.environ.get("PORTAL_TEST_DATABASE_URL", "")
    return {"SQLite": ""} | ({"PostgreSQL": f"{server}_speed"} if server else {})


def measured(size, where, url):
    with tempfile.TemporaryDirectory() as folder:
        return measure(size, Path(folder), url, where)


def grow():
    """Plot how counting all and the page grow with the number of deals."""
    for where, url in places().items():
        found = {size.name: measured(size, where, url) for size in GROWING}
        for title, unit, name in (
            (f"Counting all anew, {where}", "s", f"count all, {where}"),
            (f"The page What helps, {where}, p95", "ms", f"What helps p95, {where}"),
        ):
            points = [
                (size, it.measured)
                for size, figures in found.items()
                for it in figures
                if it.name == name
            ]
            plot(title, unit, points)


def run(*, growth=False):
    """Measure, and plot the growth if asked to; returns whether what was asked for was reached."""
    good = True
    for size in (MIDDLE, *([LARGE] if os.environ.get("ARSENAL_LARGE") else [])):
        figures = []
        for where, url in places().items():
            figures += measured(size, where, url)
        good &= show(
            f"Insights at {size.name}, {size.assets:,} assets, {size.uses:,} uses", figures
        )
    if growth:
        grow()
    return good
