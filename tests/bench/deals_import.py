"""Deals imported by command: 10,000 rows in seconds and memory, and five kills without a trace.

On both databases, when PORTAL_TEST_DATABASE_URL names a PostgreSQL; from CSV and from XLSX.
"""

import csv
import os
import random
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

from openpyxl import Workbook
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from tests.bench import command
from tests.bench.command import ready
from tests.bench.table import Figure, show

ROWS, KILLS = 10_000, 5
SECONDS, MEGABYTES = 20, 250
TABLES = (
    "deals", "customers", "deal_terms", "deal_stage_changes", "deal_imports", "deal_import_rows",
    "deal_import_words", "deal_import_mappings", "jobs",
)  # fmt: skip
MOMENTS = {"at", "created_at", "updated_at", "finished_at", "due_at", "token"}
"""What differs from run to run by its nature."""


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


def start(told, path):
    return command.start(told, "deals", "import", path, "--json")


def measured(told, path):
    """Seconds, seconds of a processor in words, and megabytes of one import."""
    _, taken = command.measured(told, "deals", "import", path, "--json")
    return taken.seconds, f"{taken.processor:.1f} s of a processor", taken.megabytes


@contextmanager
def connected(told):
    """A connection of one's own, closed at the end."""
    url = told["PORTAL_DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def contents(told):
    """All that imports write, but moments."""
    found = {}
    with connected(told) as database:
        for name in TABLES:
            columns = [it["name"] for it in inspect(database).get_columns(name)]
            kept = ", ".join(c for c in sorted(columns) if c not in MOMENTS)
            found[name] = sorted(map(repr, database.execute(text(f"SELECT {kept} FROM {name}"))))
    return found


def cursor(told):
    """How far the import has come."""
    with suppress(SQLAlchemyError), connected(told) as database:
        query = text("SELECT coalesce(max(cursor), 0) FROM deal_imports")
        return database.execute(query).scalar_one()
    return 0


def killed(told, path, rows=ROWS):
    """Kill the import at random moments while it writes, then let it end; returns how it ended."""
    chance = random.Random()
    for row in sorted(chance.sample(range(rows * 6 // 10), KILLS)):
        process = start(told, path)
        while process.poll() is None and cursor(told) <= row:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.01)
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0, 0.03))
        assert process.returncode is None, "it ended before it could be killed"
        process.kill()
        process.wait()
    return start(told, path).wait()


def differences(one, other):
    return sum(len(set(one[name]) ^ set(other[name])) for name in TABLES)


def figures(folder, path, url, where):
    """The figures of one database."""
    calm = ready(folder / "calm", url and f"{url}_calm")
    seconds, worked, megabytes = measured(calm, path)
    undisturbed = contents(calm)
    again, working, _ = measured(calm, path)
    told = ready(folder / "killed", url and f"{url}_killed")
    killed(told, path)
    disturbed = contents(told)
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
