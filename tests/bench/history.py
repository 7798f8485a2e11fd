"""A history of 8,800 deals and 100,000 uses moved in by command, on both databases, and again."""

import os
import random
import subprocess
import tempfile
from pathlib import Path

import sqlalchemy as sa

from tests.bench import command
from tests.bench.command import ready
from tests.bench.table import Figure, show
from tests.insights import world_files
from tests.insights.worlds import Size, simulate

WORLD = Size(8_800, 500, 120, use=2.75)
SECONDS, MEGABYTES, KILLS = 60, 300, 3
TABLES = (
    "assets", "asset_texts", "text_revisions", "users", "history_assets", "deals", "deal_terms",
    "deal_stage_changes", "pipelines", "pipeline_stages", "usage_events", "calls", "call_uses",
    "ratings",
)  # fmt: skip
WHEN = {"created_at", "updated_at", "version"}
"""What differs from run to run by its nature; of text_revisions `at` as well."""


def start(told, files):
    return command.start(told, "history", "import", files, "--json")


def measured(told, files):
    """What one import takes."""
    status, taken = command.measured(told, "history", "import", files, "--json")
    assert status == 0, "rows were refused, or it failed"
    return taken


def contents(engine):
    """All that imports write, with numbers, but moments of the run."""
    found, metadata = {}, sa.MetaData()
    with engine.connect() as connection:
        metadata.reflect(connection, only=TABLES)
        for name in TABLES:
            table = metadata.tables[name]
            skipped = WHEN | ({"at"} if name == "text_revisions" else set())
            columns = [c for c in table.columns if c.name not in skipped]
            found[name] = sorted(map(repr, connection.execute(sa.select(*columns))))
    return found


def written(engine):
    """How many rows an import that is killed has written."""
    with engine.connect() as connection:
        return sum(
            connection.execute(sa.text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in ("deals", "deal_stage_changes", "usage_events", "ratings")
        )


def killed(told, files, engine, total, kills=KILLS):
    """Kill the import at random moments while it writes, then let it end; returns its status."""
    chance = random.Random()
    for rows in sorted(chance.sample(range(total * 6 // 10), kills)):
        process = start(told, files)
        while process.poll() is None and written(engine) <= rows:
            try:
                process.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
        assert process.returncode in {None, 0}, "it failed before it could be killed"
        process.kill()  # on a busy machine it may have ended by itself
        process.wait()
    return start(told, files).wait()


def differences(one, other):
    return sum(len(set(one[name]) ^ set(other[name])) for name in TABLES)


def engine_of(folder, url=""):
    full = url.replace("postgresql://", "postgresql+psycopg://")
    return sa.create_engine(full or f"sqlite:///{folder}/portal.sqlite", poolclass=sa.NullPool)


def run():
    """Measure; returns whether what was asked for was reached."""
    server = os.environ.get("PORTAL_TEST_DATABASE_URL", "")
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder, "files")
        rows = world_files.write(simulate(WORLD, random.randrange(2**31)), files).rows
        for name, url in (("SQLite", ""), ("PostgreSQL", server and f"{server}_history")):
            if name == "PostgreSQL" and not url:
                continue
            data = Path(folder, name)
            told = ready(data, url)
            seconds, processor, megabytes = measured(told, files)
            again, _, _ = measured(told, files)
            figures += [
                Figure(f"import, {name}", seconds, "s", most=SECONDS, note=f"{processor:.0f} s of processor"),
                Figure(f"most memory, {name}", megabytes, "MB", most=MEGABYTES),
                Figure(f"the same again, {name}", again, "s", most=SECONDS),
            ]  # fmt: skip
            engine = engine_of(data, url)
            calm, total = contents(engine), written(engine)
            told = ready(Path(folder, f"{name} killed"), url)
            engine = engine_of(Path(folder, f"{name} killed"), url)
            assert killed(told, files, engine, total) == 0
            different = differences(calm, contents(engine))
            figures.append(
                Figure(f"rows that differ after {KILLS} kills, {name}", different, "rows", most=0)
            )
    return show(
        f"History moved in by command: {rows['deals.csv']:,} deals, {rows['uses.csv']:,} uses",
        figures,
    )
