"""Loading: the shared folder of real documents, in the time asked for, twice."""

import json
import tempfile
from pathlib import Path

from tests.bench.site import Site
from tests.bench.table import Figure, show
from tests.browser import ROOT

REAL = ROOT.parent / "shared" / "data" / "content"


def run():
    """Print the table; True when reached, or when there are no documents here."""
    if not REAL.is_dir():
        print("content: no shared data here, left out")
        return True
    with tempfile.TemporaryDirectory() as name:
        site = Site(Path(name))
        site.run("db", "upgrade")
        first, seconds = load(site)
        again, repeat = load(site)
        _, indexing = site.run("search", "rebuild")
    rejected = len(first["rejected"])
    figures = [
        Figure(
            f"loading {first['files']} real documents",
            seconds,
            "s",
            most=90,
            note=f"{first['created']} created, {rejected} rejected",
        ),
        Figure("loading them again", repeat, "s", note=f"{again['unchanged']} unchanged"),
        Figure("changed by loading again", again["created"] + again["updated"], "", most=0),
        Figure("building the index", indexing, "s"),
    ]
    return show("content: real documents in three languages", figures)


def load(site):
    """Load everything; files that are broken are rejected, which is status 1 and no failure here."""
    said, seconds = site.run("content", "load", REAL, "--publish", "--json", fine=(0, 1))
    return json.loads(said), seconds
