"""Every engine there is, each with an index of its own to open, empty and harm."""

import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa

from portal.db import Base
from portal.search import blocks, postgres_engine, segment_writing, whoosh_engine
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

    def divide(self, patch):
        """Make its parts so small that every way of merging them is gone; `patch` undoes it."""
        if self.kind == "embedded":
            sizes = {"SMALL_SEGMENT": 4, "MANY_SEGMENTS": 3, "TIDIED": 2, "MERGED_AT_ONCE": 12}
            for name, size in sizes.items():
                patch.setattr(segment_writing, name, size)
            return
        sizes = {"SIZES": (1, 4, 8, 16), "MANY": 3, "TIDIED": 2, "MERGED": 12, "SMALL": 4}
        for name, size in (sizes | {"TERMS": 2, "POSTINGS": 3}).items():
            patch.setattr(blocks, name, size)
        patch.setattr(postgres_engine, "SEGMENT", 5)

    @property
    def url(self):
        return database().url.render_as_string(hide_password=False)

    def execute(self, *statements):
        """Do something to the tables behind the engine's back."""
        with database().begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

    def clear(self):
        """Make it one that was never written.

        Whoosh names its segments at random, and Hypothesis lets chance begin anew with every
        example: its engines are opened again, connections kept.
        """
        if self.kind == "embedded":
            self.close()
            shutil.rmtree(self.folder / "index", ignore_errors=True)
            (self.folder / "index").mkdir(0o700)
        else:
            self.execute(*(f"DELETE FROM {name}" for name in TABLES))

    def tear(self):
        """Harm it so that it can not be read."""
        if self.kind == "embedded":
            for path in self.folder.glob("index/*.toc"):
                path.write_bytes(path.read_bytes()[:40])
        else:
            self.execute("UPDATE search_segments SET head = substring(head FROM 1 FOR 9)")

    def tear_postings(self):
        """Harm only what words are found by; the list of documents can be read."""
        if self.kind == "embedded":
            for path in self.folder.glob("index/*.pst"):
                path.write_bytes(b"")
        else:
            self.execute("UPDATE search_blocks SET data = substring(data FROM 1 FOR 9)")

    def held(self):
        """What its engines hold open in this process: files, or connections by the server's book."""
        if self.kind == "embedded":
            found = []
            for link in Path("/proc/self/fd").iterdir():
                with suppress(OSError):  # that of the listing itself
                    found.append(link.readlink())
            return sum(file.is_relative_to(self.folder) for file in found)
        book = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'arsenal search'"
        with database().begin() as connection:
            return connection.scalar(sa.text(f"{book} AND datname = current_database()"))

    def holds_nothing(self):
        """Whether nothing is open, as soon as a server has noted it."""
        end = time.monotonic() + 20
        while self.held() and time.monotonic() < end:
            pass
        return not self.held()

    def two(self):
        """The index opened twice, and not again by the next example."""
        return [*self.opened, *(self() for _ in range(2 - len(self.opened)))][:2]

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
