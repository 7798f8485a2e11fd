"""Deals imported by command: 10,000 rows in seconds and memory, and five kills without a trace.

On both databases, when PORTAL_TEST_DATABASE_URL names a PostgreSQL; from CSV and from XLSX.
"""

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from tests.bench.table import Figure, show
from tests.conftest import fresh_postgresql

ROWS, KILLS = 10_000, 5
SECONDS, MEGABYTES = 20, 250
COMMAND = [sys.executable, "-c", "from portal.cli import main; main()"]
TABLES = (
    "deals", "customers", "deal_terms", "deal_stage_changes", "deal_imports", "deal_import_rows",
    "deal_import_words", "deal_import_mappings", "jobs",
)  # fmt: skip
MOMENTS = {"at", "created_at", "updated_at", "finished_at", "due_at", "token"}
"""What differs from run to run by its nature."""


class Site(NamedTuple):
    """A portal of one's own; without a `url` on SQLite."""

    folder: Path
    url: str = ""


def environment(site):
    given = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return given | {
        "PORTAL_DATA_DIR": str(site.folder),
        "PORTAL_DATABASE_URL": site.url or f"sqlite:///{site.folder / 'portal.sqlite'}",
        "PORTAL_SECRET_KEY": "b7c1f09a-5e0d-4c61-9c3f-2d1e8a7f4b60",
        "PORTAL_BASE_URL": "http://127.0.0.1:8000",
    }


def table(path, rows=ROWS):
    """A table with repetitions, rows that can not be, many customers, words that match nothing."""
    chance = random.Random(3)
    with path.open("w", encoding="utf-8") as file:
        file.write("ID,Deal name,Company,Owner,Stage,Amount,Created,Close date,Product,Country\n")
        for n in range(rows):
            number = n if n % 50 else n // 2
            amount = "-1" if n % 97 == 0 else chance.randrange(1, 10**6)
            stage = chance.choice(("Demo", "Proposal", "Negotiation", "Won", "Lost", "Odd"))
            file.write(
                f"N{number},Cold store {n},Company {n % 3000},Rep {n % 40},{stage},{amount},"
                f"2026-{1 + n % 9:02}-05,2026-{1 + n % 9:02}-{6 + n % 20:02},Product {n % 7},Kenya\n"
            )
    return path


def book(path, csv_path):
    """The same table as a workbook."""
    made = Workbook(write_only=True)
    sheet = made.create_sheet()
    with csv_path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            sheet.append(row)
    made.save(path)
    return path


def ready(folder, url=""):
    site = Site(folder, url)
    if url:
        fresh_postgresql(url)
    subprocess.run([*COMMAND, "db", "upgrade"], env=environment(site), check=True, stdout=-3)
    return site


def start(site, path):
    return subprocess.Popen(
        [*COMMAND, "deals", "import", str(path), "--json"],
        env=environment(site), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def measured(site, path):
    """Seconds, seconds of a processor, and megabytes of one import."""
    began = time.perf_counter()
    process = start(site, path)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    worked = used.ru_utime + used.ru_stime
    return time.perf_counter() - began, f"{worked:.1f} s of a processor", used.ru_maxrss / 1024


@contextmanager
def connected(site):
    """A connection of one's own, closed at the end."""
    url = environment(site)["PORTAL_DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def contents(site):
    """All that imports write, but moments."""
    found = {}
    with connected(site) as database:
        for name in TABLES:
            columns = [it["name"] for it in inspect(database).get_columns(name)]
            told = ", ".join(c for c in sorted(columns) if c not in MOMENTS)
            found[name] = sorted(map(repr, database.execute(text(f"SELECT {told} FROM {name}"))))
    return found


def cursor(site):
    """How far the import has come."""
    with suppress(SQLAlchemyError), connected(site) as database:
        query = text("SELECT coalesce(max(cursor), 0) FROM deal_imports")
        return database.execute(query).scalar_one()
    return 0


def killed(site, path, rows=ROWS):
    """Kill the import at random moments while it writes, then let it end; returns how it ended."""
    chance = random.Random()
    for row in sorted(chance.sample(range(rows * 6 // 10), KILLS)):
        process = start(site, path)
        while process.poll() is None and cursor(site) <= row:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.01)
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0, 0.03))
        assert process.returncode is None, "it ended before it could be killed"
        process.kill()
        process.wait()
    return start(site, path).wait()


def differences(one, other):
    return sum(len(set(one[name]) ^ set(other[name])) for name in TABLES)


def figures(folder, path, url, where):
    """The figures of one database."""
    calm = ready(folder / "calm", url and f"{url}_calm")
    seconds, worked, megabytes = measured(calm, path)
    undisturbed = contents(calm)
    again, working, _ = measured(calm, path)
    site = ready(folder / "killed", url and f"{url}_killed")
    killed(site, path)
    disturbed = contents(site)
    assert len(undisturbed["deals"]) > ROWS * 0.9, "the import has not been done"
    kills = f"{where}: rows that differ after {KILLS} kills"
    return [
        Figure(f"{where}: import", seconds, "s", most=SECONDS, note=worked),
        Figure(f"{where}: most memory of the process", megabytes, "MB", most=MEGABYTES),
        Figure(f"{where}: the same again", again, "s", most=SECONDS, note=working),
        Figure(kills, differences(undisturbed, disturbed), "rows", most=0),
    ]


def run():
    """Measure; returns whether what was asked for was reached."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = table(folder / "deals.csv")
        found = figures(folder / "one", path, "", "SQLite")
        seconds, worked, megabytes = measured(
            ready(folder / "book"), book(folder / "deals.xlsx", path)
        )
        found += [
            Figure("SQLite: import of a workbook", seconds, "s", most=SECONDS, note=worked),
            Figure("SQLite: most memory with a workbook", megabytes, "MB", most=MEGABYTES),
        ]
        if url := os.environ.get("PORTAL_TEST_DATABASE_URL"):
            found += figures(folder / "two", path, url, "PostgreSQL")
    return show(f"Deals imported by command: {ROWS:,} rows", found)
