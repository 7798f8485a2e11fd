"""Every engine there is, each with an index of its own to open, empty and harm."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa

from portal.db import Base
from portal.search import postgres_engine, whoosh_engine
from portal.search.engine import Engine, Entry, Found, Query
from tests.conftest import POSTGRESQL, fresh_postgresql

KINDS = ["embedded", *(["postgresql"] if POSTGRESQL else [])]
TABLES = ("search_index", "search_segments", "search_blocks")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")


@cache
def database():
    """A handle on the database of the engines alone, made anew once a run."""
    url = f"{POSTGRESQL}_{WORKER}_index"
    fresh_postgresql(url)
    handle = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:", 1))
    Base.metadata.create_all(handle, [Base.metadata.tables[name] for name in TABLES])
    return handle


@dataclass
class Index:
    """One index; called, it is opened as another process would."""

    kind: str
    folder: Path
    opened: list[Engine]

    def __call__(self, **more) -> Engine:
        if self.kind == "embedded":
            made = whoosh_engine.WhooshEngine(self.folder / "index", **more)
        else:
            made = postgres_engine.PostgresEngine(self.url, **more)
        self.opened.append(made)
        return made

    @property
    def module(self) -> ModuleType:
        """Where the engine's numbers stand."""
        return whoosh_engine if self.kind == "embedded" else postgres_engine

    @property
    def url(self):
        return database().url.render_as_string(hide_password=False)

    def execute(self, *statements):
        """Do something to the tables behind the engine's back."""
        with database().begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

    def clear(self):
        """Make it one that was never written."""
        self.close()
        if self.kind == "embedded":
            for path in self.folder.glob("index/*"):
                path.unlink()
        else:
            self.execute(*(f"DELETE FROM {name}" for name in TABLES))

    def tear(self):
        """Harm it so that it can not be read."""
        if self.kind == "embedded":
            for path in self.folder.glob("index/*.toc"):
                path.write_bytes(path.read_bytes()[:40])
        else:
            self.execute("UPDATE search_segments SET head = substring(head FROM 1 FOR 9)")

    def close(self):
        for engine in self.opened:
            engine.let_go()
        self.opened.clear()


def entry(number, terms, *, group=None, day=1, stamp="s", **facets) -> Entry:
    """An entry of these words, each facet's values in one text."""
    listed = terms.split()
    values = {name: tuple(text.split()) for name, text in facets.items()}
    return Entry(number, group or number, listed, len(listed), values, day, stamp)


def asking(*words, **more) -> Query:
    return Query(words=tuple(((word, 1.0),) for word in words), **more)


def ids(found: Found) -> list[int]:
    return [hit.id for hit in found.hits]
