"""Deals imported by command: 10,000 rows in seconds and memory, and five kills without a trace."""

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from tests.bench.table import Figure, show

ROWS, KILLS = 10_000, 5
SECONDS, MEGABYTES = 20, 250
COMMAND = [sys.executable, "-c", "from portal.cli import main; main()"]
TABLES = (
    "deals", "customers", "deal_terms", "deal_stage_changes", "deal_imports", "deal_import_rows",
    "deal_import_words", "deal_import_mappings", "jobs",
)  # fmt: skip
MOMENTS = {"at", "created_at", "updated_at", "finished_at", "due_at", "token"}
"""What differs from run to run by its nature."""


def environment(folder):
    return os.environ | {
        "PORTAL_DATA_DIR": str(folder),
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


def ready(folder):
    subprocess.run([*COMMAND, "db", "upgrade"], env=environment(folder), check=True, stdout=-3)
    return folder


def start(folder, path):
    return subprocess.Popen(
        [*COMMAND, "deals", "import", str(path), "--json"],
        env=environment(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def measured(folder, path):
    """Seconds and megabytes of one import."""
    began = time.perf_counter()
    process = start(folder, path)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - began, used.ru_maxrss / 1024


def contents(folder):
    """All that imports write, but moments."""
    found = {}
    with sqlite3.connect(folder / "portal.sqlite") as database:
        for name in TABLES:
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({name})")]
            told = ", ".join(c for c in columns if c not in MOMENTS)
            found[name] = sorted(map(repr, database.execute(f"SELECT {told} FROM {name}")))
    return found


def cursor(folder):
    """How far the import has come."""
    with (
        suppress(sqlite3.Error),
        sqlite3.connect(folder / "portal.sqlite", timeout=0.1) as database,
    ):
        return database.execute("SELECT coalesce(max(cursor), 0) FROM deal_imports").fetchone()[0]
    return 0


def killed(folder, path, rows=ROWS):
    """Kill the import at random moments while it writes, then let it end; returns how it ended."""
    chance = random.Random()
    for row in sorted(chance.sample(range(rows * 6 // 10), KILLS)):
        process = start(folder, path)
        while process.poll() is None and cursor(folder) <= row:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.01)
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0, 0.03))
        assert process.returncode is None, "it ended before it could be killed"
        process.kill()
        process.wait()
    return start(folder, path).wait()


def differences(one, other):
    return sum(len(set(one[name]) ^ set(other[name])) for name in TABLES)


def run():
    """Measure; returns whether what was asked for was reached."""
    with tempfile.TemporaryDirectory() as folder:
        path = table(Path(folder, "deals.csv"))
        calm = ready(Path(folder, "calm"))
        seconds, megabytes = measured(calm, path)
        undisturbed = contents(calm)
        again, _ = measured(calm, path)
        killed(ready(Path(folder, "killed")), path)
        disturbed = contents(Path(folder, "killed"))
    assert len(undisturbed["deals"]) > ROWS * 0.9, "the import has not been done"
    return show(
        f"Deals imported by command: {ROWS:,} rows, SQLite",
        [
            Figure("import", seconds, "s", most=SECONDS),
            Figure("most memory of the process", megabytes, "MB", most=MEGABYTES),
            Figure("the same again", again, "s", most=SECONDS),
            Figure(f"rows that differ after {KILLS} kills", differences(undisturbed, disturbed), "rows", most=0),
        ],
    )  # fmt: skip
