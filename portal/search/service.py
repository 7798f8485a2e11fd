"""Keeps the index in step with the database: drain, rebuild, verify.

These functions alone commit beside a request's one commit: they join two stores, and the rows of
the outbox may only go after the index has taken what they stand for.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.db import db, reading, writing
from portal.errors import Conflict
from portal.search import indexable, indexing, outbox
from portal.search.engine import Engine, Entry, IndexDamagedError

BATCH = 400


@dataclass(frozen=True, slots=True)
class Differences:
    """What `verify` counts: texts the index lacks, has too many of, or has in an old state."""

    checked: int
    missing: int
    extra: int
    stale: int
    waiting: int

    @property
    def clean(self) -> bool:
        """Whether index and database agree."""
        return not (self.missing or self.extra or self.stale)


def _entries(facts: list[indexable.TextFacts]) -> Iterator[Entry]:
    contents = indexable.contents([f.id for f in facts])
    for fact in facts:
        if fact.id in contents:
            yield indexing.entry_of(fact, contents[fact.id])


def _drain_batch(engine: Engine) -> int:
    """Bring up to `BATCH` waiting texts up to date: index first, forget after.

    The rows are read while the writer's lock is held, so that what is loaded is never older
    than what the index already has.
    """
    with reading():
        rows = outbox.pending(BATCH)
        text_ids = sorted({text_id for _, text_id in rows})
        upserts = list(_entries(indexable.published_facts(text_ids))) if text_ids else []
        db.session.rollback()
    if not rows:
        return 0
    live = {entry.id for entry in upserts}
    engine.write(upserts, [i for i in text_ids if i not in live])
    with writing():
        outbox.forget(row for row, _ in rows)
        db.session.commit()
    return len(rows)


def drain(engine: Engine, *, wait: float = 60.0) -> int | None:
    """Tell the index what it still has to learn; return how many rows were worked off.

    Call it with no transaction open. Returns None when another process is writing and the lock
    could not be had within `wait` seconds: that process, or the next drain, does the work.
    """
    done = 0
    with engine.writing(wait=wait) as mine:
        if not mine:
            return None
        while batch := _drain_batch(engine):
            done += batch
    return done


def rebuild(engine: Engine, *, wait: float = 60.0) -> int:
    """Build the index anew beside the old one and swap; return the number of texts.

    Raises:
        Conflict: when another process keeps writing for longer than `wait` seconds.
    """
    with engine.writing(wait=wait) as mine:
        if not mine:
            raise Conflict("another process is writing the index; try again in a minute")
        with reading():
            seen = outbox.waiting()
            count = engine.rebuild(
                e for facts in indexable.all_published_facts() for e in _entries(facts)
            )
            db.session.rollback()
        with writing():
            outbox.forget(seen)
            db.session.commit()
    return count


def catch_up(engine: Engine) -> int:
    """Before serving: drain, or build the index that is missing or damaged; return what was done.

    Raises:
        Conflict: when another process keeps writing the index.
    """
    try:
        missing = engine.generation() < 0
    except IndexDamagedError:
        missing = True
    return rebuild(engine) if missing else drain(engine) or 0


def verify(engine: Engine) -> Differences:
    """Count the differences between index and database; a damaged index lacks everything."""
    try:
        indexed = engine.stamps()
    except IndexDamagedError:
        indexed = {}
    expected = {f.id: indexing.stamp(f) for facts in indexable.all_published_facts() for f in facts}
    return Differences(
        checked=len(expected),
        missing=len(expected.keys() - indexed.keys()),
        extra=len(indexed.keys() - expected.keys()),
        stale=sum(1 for i in expected.keys() & indexed.keys() if expected[i] != indexed[i]),
        waiting=outbox.backlog()[0],
    )
