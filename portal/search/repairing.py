"""Finds where the index differs from the database, and mends just that."""

from dataclasses import dataclass

from portal.db import db, reading
from portal.errors import Conflict
from portal.search import indexable, indexing, outbox, service
from portal.search.engine import Engine, IndexDamagedError, Query


@dataclass(frozen=True, slots=True)
class Differences:
    """What `verify` counts: texts the index lacks, has too many of, or has in an old state."""

    checked: int
    missing: int
    extra: int
    stale: int
    waiting: int
    damaged: bool = False

    @property
    def clean(self) -> bool:
        """Whether index and database agree."""
        return not (self.missing or self.extra or self.stale or self.damaged)


@dataclass(frozen=True, slots=True)
class Repaired:
    """What `repair` did; `rebuilt`: the index could not be read or was missing, and is new."""

    added: int = 0
    removed: int = 0
    replaced: int = 0
    rebuilt: bool = False


def _expected() -> dict[int, str]:
    """Text → stamp, of all that the index should know."""
    return {f.id: indexing.stamp(f) for facts in indexable.all_published_facts() for f in facts}


def _indexed(engine: Engine) -> dict[int, str] | None:
    """Text → stamp, of all that the index knows; None when it can not be read.

    Postings are read when they are asked for: the words of some texts are, from all over it.
    """
    try:
        stamps = engine.stamps()
        some = sorted(stamps)[:: max(1, len(stamps) // service.SAMPLE)]
        for entry in service.entries(some[: service.SAMPLE]):
            words = tuple(((term, 1.0),) for term in dict.fromkeys(entry.terms))
            engine.search(Query(words=words, limit=1))
    except IndexDamagedError:
        return None
    return stamps


def verify(engine: Engine) -> Differences:
    """Count the differences between index and database; a damaged index lacks everything."""
    found = _indexed(engine)
    indexed = found or {}
    expected = _expected()
    return Differences(
        checked=len(expected),
        missing=len(expected.keys() - indexed.keys()),
        extra=len(indexed.keys() - expected.keys()),
        stale=sum(1 for i in expected.keys() & indexed.keys() if expected[i] != indexed[i]),
        waiting=outbox.backlog()[0],
        damaged=found is None,
    )


def repair(engine: Engine, *, wait: float = 60.0) -> Repaired:
    """Mend just what differs; build the index anew when it can not be read or is not there.

    What waits to be drained is left to be drained: that is no difference to wonder about.

    Raises:
        Conflict: when another process keeps writing for longer than `wait` seconds.
    """
    with engine.writing(wait=wait) as mine:
        if not mine:
            raise Conflict("another process is writing the index; try again in a minute")
        with reading():  # while nobody writes, so that nothing is newer than it looks
            indexed = _indexed(engine)
            expected = _expected()
            db.session.rollback()
        if indexed is None or engine.generation() < 0:
            service.rebuild(engine)
            return Repaired(rebuilt=True)
        other = {i for i in expected.keys() & indexed.keys() if expected[i] != indexed[i]}
        missing, extra = expected.keys() - indexed.keys(), indexed.keys() - expected.keys()
        try:
            for some in outbox.batched(sorted(missing | other | extra), service.BATCH):
                service.bring(engine, some)
        except IndexDamagedError:
            service.rebuild(engine)
            return Repaired(rebuilt=True)
    return Repaired(added=len(missing), removed=len(extra), replaced=len(other))
