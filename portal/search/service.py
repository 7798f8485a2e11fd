"""Keeps the index in step with the database: drain, rebuild, catch up.

These functions alone commit beside a request's one commit: they join two stores, and the rows of
the outbox may only go after the index has taken what they stand for.
"""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from portal.db import db, reading, writing
from portal.errors import Conflict
from portal.library.models import Asset, AssetText
from portal.library.rules import State
from portal.search import dictionary, indexable, indexing, outbox
from portal.search.engine import Engine, Entry, IndexDamagedError
from portal.search.hints.models import TitleWord
from portal.search.hints.service import keep_titles
from portal.search.indexable import TextFacts
from portal.search.models import SearchText
from portal.search.passages import Prepared
from portal.search.preparing import Lot, Ready, all_ready, ready

BATCH = 400
LOT = 200
"""Texts of a library that are read, made ready and kept at once when all of it is."""
SAMPLE = 50
"""Texts that tell whether the index is of this version; 500 took 0.2 s of every start."""


def _ready(facts: Sequence[TextFacts]) -> list[Ready]:
    """Return what is to be kept of each text."""
    return ready((facts, indexable.contents([f.id for f in facts])))


def entries(text_ids: Sequence[int]) -> list[Entry]:
    """Return the index entries of those of the texts that are published."""
    return [it.entry for it in _ready(indexable.published_facts(text_ids))]


def _keep(session: Session, loaded: Sequence[Ready], gone: Iterable[int] = ()) -> None:
    """Replace what is kept of these texts, and delete that of texts that are gone."""
    rows = [it.row for it in loaded]
    keep_titles(session, list(map(_titled, loaded)), list(gone))
    ids = [row["text_id"] for row in rows] + list(gone)
    session.execute(delete(SearchText).where(SearchText.text_id.in_(ids)))
    if rows:
        session.execute(insert(SearchText), rows)


def _titled(it: Ready) -> tuple[int, str, str]:
    """Return (text, language, title)."""
    kept = Prepared(it.row["data"])
    return it.entry.id, it.entry.facets["language"][0], kept.text(0)[: kept.title_end]


def _drain_batch(engine: Engine) -> int:
    """Bring up to `BATCH` waiting texts up to date: index first, forget after.

    The rows are read while the writer's lock is held, so that what is loaded is never older
    than what the index already has.
    """
    with reading():
        rows = outbox.pending(BATCH)
        db.session.rollback()
    if rows:
        bring(engine, sorted({text_id for _, text_id in rows}), [row for row, _ in rows])
    return len(rows)


def bring(engine: Engine, text_ids: Sequence[int], rows: Sequence[int] = ()) -> None:
    """Put texts into the index as they are, those not published out of it; forget outbox rows."""
    with reading():
        loaded = _ready(indexable.published_facts(text_ids))
        db.session.rollback()
    live = {it.entry.id for it in loaded}
    gone = [i for i in text_ids if i not in live]
    engine.write([it.entry for it in loaded], gone)
    with writing():
        _keep(db.session(), loaded, gone)
        dictionary.learn(word for it in loaded for word in it.said)
        outbox.forget(rows)
        db.session.commit()


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
            said: set[str] = set()
            count = engine.rebuild(_all_entries(said))
            db.session.rollback()
        with writing():
            _forget_unpublished()
            dictionary.learn(said, instead=True)
            outbox.forget(seen)
            db.session.commit()
    return count


def _forget_unpublished() -> None:
    """Delete what is kept of texts that are not published, or not there, any more."""
    published = (
        select(AssetText.id).join(AssetText.asset).where(Asset.state == State.PUBLISHED.value)
    )
    for table in (SearchText, TitleWord):
        db.session.execute(
            delete(table)
            .where(table.text_id.not_in(published))
            .execution_options(synchronize_session=False)
        )


def _all_entries(said: set[str]) -> Iterator[Entry]:
    """Yield the entry of every published text; keep it ready for snippets, gather what is said."""
    for loaded in all_ready(_lots()):
        db.session.rollback()  # a transaction that began as reading must not write
        with writing():
            _keep(db.session(), loaded)
            db.session.commit()
        said.update(word for it in loaded for word in it.said)
        yield from (it.entry for it in loaded)


def _lots() -> Iterator[Lot]:
    """Yield all published texts, so many at a time."""
    for facts in indexable.all_published_facts(LOT):
        yield facts, indexable.contents([f.id for f in facts])


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
