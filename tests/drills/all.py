"""The drills by name, and how one is performed: in a folder and a database of its own."""

import tempfile
import traceback
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from tests.conftest import fresh_postgresql
from tests.drills.report import Report


@dataclass(frozen=True, slots=True)
class Drill:
    """Where it is, what it is about, on which databases it makes sense."""

    module: str
    about: str
    only: str = ""
    short_only: str = (
        ""  # what the tests can leave out: it takes long, and no database matters much
    )

    def suits(self, database, *, short=False):
        kind = "sqlite" if database == "sqlite" else "postgresql"
        return self.only in {"", kind} and not (short and self.short_only not in {"", kind})


DRILLS = {
    "kills": Drill(
        "kills", "kill -9 of web, worker and index writer while people publish and rate"
    ),
    "full": Drill("full", "the disk of database, index and uploads is full"),
    "locked": Drill("locked", "somebody else holds the database for half a minute"),
    "gone": Drill("gone", "PostgreSQL goes and comes back", only="postgresql"),
    "outside": Drill("outside", "mail server and file store go and come back", short_only="sqlite"),
    "ahead": Drill("ahead", "the clock is 400 days ahead, and back again", short_only="sqlite"),
    "hostile": Drill(
        "hostile",
        "hostile inputs over every form, query, address, upload and import",
        short_only="sqlite",
    ),
    "editors": Drill("editors", "fifty people save the same text"),
    "five": Drill("five", "the same POST five times"),
}


def perform(name, database, *, short, folder=None):
    """Do one drill on `sqlite` or on a database beside the one of a URL; returns its report."""
    kind = "SQLite" if database == "sqlite" else "PostgreSQL"
    report, url = Report(name, kind), ""
    if database != "sqlite":
        url = f"{database}_drill"
        fresh_postgresql(url)
    run = import_module(f"tests.drills.{DRILLS[name].module}").run
    with tempfile.TemporaryDirectory(prefix="arsenal-drill-", dir=folder) as own:
        try:
            run(report, Path(own), url, short=short)
        except Exception:  # noqa: BLE001  # a drill that breaks is a bad report, and the next one runs
            report.none("the drill itself broke", [traceback.format_exc()[-2500:]])
    return report.end()
