"""Keeps the index in step with the database: drain, rebuild, verify.

These functions alone commit beside a request's one commit: they join two stores, and the rows of
the outbox may only go after the index has taken what they stand for.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from portal.db import db, reading, writing
from portal.errors import Conflict
from portal.library.models import Asset, AssetText
from portal.library.rules import State
from portal.search import indexable, indexing, outbox, taking
from portal.search.engine import Engine, Entry, IndexDamagedError
from portal.search.indexable import TextFacts
from portal.search.models import SearchText

BATCH = 400
SAMPLE = 50
"""Texts that tell whether the index is of this version; 500 took 0.2 s of every start."""


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


def _load(facts: Sequence[TextFacts]) -> list[tuple[Entry, dict[str, Any]]]:
    """Return the index entry of each text, and its row ready for snippets."""
    contents = indexable.contents([f.id for f in facts])
    loaded = []
    for fact in facts:
        content = contents.get(fact.id)
        if content is not None:
            take = cache(taking.take)  # each part of it once, for both
            data = indexing.prepared_of(fact, content, take).packed()
            row = {"text_id": fact.id, "digest": fact.digest, "data": data}
            loaded.append((indexing.entry_of(fact, content, take), row))
    return loaded


def _keep(session: Session, rows: Sequence[dict[str, Any]], gone: Iterable[int] = ()) -> None:
    """Replace the rows of these texts, and delete those of texts that are gone."""
    ids = [row["text_id"] for row in rows] + list(gone)
    session.execute(delete(SearchText).where(SearchText.text_id.in_(ids)))
    if rows:
        session.execute(insert(SearchText), rows)


def _drain_batch(engine: Engine) -> int:
    """Bring up to `BATCH` waiting texts up to date: index first, forget after.

    The rows are read while the writer's lock is held, so that what is loaded is never older
    than what the index already has.
    """
    with reading():
        rows = outbox.pending(BATCH)
        text_ids = sorted({text_id for _, text_id in rows})
        loaded = _load(indexable.published_facts(text_ids)) if text_ids else []
        db.session.rollback()
    if not rows:
        return 0
    live = {entry.id for entry, _ in loaded}
    gone = [i for i in text_ids if i not in live]
    engine.write([entry for entry, _ in loaded], gone)
    with writing():
        _keep(db.session(), [row for _, row in loaded], gone)
        outbox.forget(row for row, _ in rows)
        db.session.commit()
    return len(rows)


def drain(engine: Engine, *, wait: float = 60.0) -> int | None:
    """Tell the index what it still has to learn; return how many rows were worked off.

    Call it with no transaction open. Returns None when another process is writing and the lock
    could not be had within `wait` seconds: that process, or the next drain, does the work.
    """
    done = 0
    while True:
        with engine.writing(wait=wait) as mine:
            if not mine:
                return done or None
            while (batch := _drain_batch(engine)) == BATCH:
                done += batch
            done += batch
        # Who was turned away while the lock was held has left its rows to us.
        if not _is_behind():
            return done


def _is_behind() -> bool:
    with reading():
        found = outbox.pending(1)
        db.session.rollback()
    return bool(found)


def tidy(engine: Engine) -> None:
    """Let the engine merge what small changes have left, then drain what came meanwhile."""
    if engine.tidy():
        drain(engine)


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
            count = engine.rebuild(_all_entries())
            db.session.rollback()
        with writing():
            _forget_unpublished()
            outbox.forget(seen)
            db.session.commit()
    return count


def _forget_unpublished() -> None:
    """Delete what is kept of texts that are not published, or not there, any more."""
    published = (
        select(AssetText.id).join(AssetText.asset).where(Asset.state == State.PUBLISHED.value)
    )
    db.session.execute(
        delete(SearchText)
        .where(SearchText.text_id.not_in(published))
        .execution_options(synchronize_session=False)
    )


def _all_entries() -> Iterator[Entry]:
    """Yield the entry of every published text, and keep each ready for snippets on the way."""
    for facts in indexable.all_published_facts():
        loaded = _load(facts)
        db.session.rollback()  # a transaction that began as reading must not write
        with writing():
            _keep(db.session(), [row for _, row in loaded])
            db.session.commit()
        yield from (entry for entry, _ in loaded)


def catch_up(engine: Engine) -> int:
    """Before serving: drain, or build the index anew when it can not be used; return what was done.

    It can not be used when it is missing, damaged, or made by an older version of the analysis.

    Raises:
        Conflict: when another process keeps writing the index.
    """
    try:
        usable = engine.generation() >= 0 and not _is_outdated(engine)
    except IndexDamagedError:
        usable = False
    return drain(engine) or 0 if usable else rebuild(engine)


def _is_outdated(engine: Engine) -> bool:
    """Whether not one of the first texts is in the index as this version would put it there.

    One edit leaves one text behind, another analysis all of them: a sample tells them apart.
    """
    with reading():
        sample = next(indexable.all_published_facts(SAMPLE), [])
        db.session.rollback()
    indexed = engine.stamps()
    return bool(sample) and all(indexed.get(f.id) != indexing.stamp(f) for f in sample)


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
