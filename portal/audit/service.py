"""Writes the audit log: entries are told during a transaction and chained just before its commit.

Whoever chains holds the one head of the chain. Held from the moment something is told, a slow
request would make all others wait, and two could wait for each other; held only from the last
moment before the commit, nobody waits for anything else meanwhile. What is undone with a
savepoint, or with all of the transaction, was never told.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, event, insert, update
from sqlalchemy.orm import Session, SessionTransaction

from portal import clock
from portal.audit import origin, queries, rules
from portal.audit.checking import Reader, Report
from portal.audit.models import AuditDetail, AuditEntry, AuditHead
from portal.audit.rules import START, Details, Entry, Facts, Point
from portal.db import apart, db, inserting, writing

_TOLD = "arsenal.audit"
_HEAD: Any = AuditHead.__table__
_ENTRIES: Any = AuditEntry.__table__
_DETAILS: Any = AuditDetail.__table__


@dataclass(frozen=True, slots=True)
class _Told:
    """What was told, and in which transaction or savepoint."""

    entry: Entry
    details: Details | None
    within: SessionTransaction | None


def record(
    action: str,
    *,
    kind: str,
    key: object,
    before: Facts | None = None,
    after: Facts | None = None,
    actor: int | None = None,
) -> None:
    """Tell what was done, as part of the caller's transaction; it is written with its commit.

    `action` is like "user.role_changed"; `kind` and `key` name the object; `actor` is the
    signed-in person unless told. Of people tell numbers, no names: what is personal after all
    (`rules.PERSONAL`, of a `user`) is kept apart, where it can be forgotten.
    """
    session = db.session()
    told = _told(action, kind=kind, key=key, before=before, after=after, actor=actor)
    if not session.in_transaction():
        session.begin()
    within = session.get_nested_transaction() or session.get_transaction()
    session.info.setdefault(_TOLD, []).append(_Told(*told, within))


def record_apart(
    action: str,
    *,
    kind: str,
    key: object,
    before: Facts | None = None,
    after: Facts | None = None,
    actor: int | None = None,
) -> None:
    """Write down at once what is to be kept though the request itself is refused or only reads.

    Call it when the request's own transaction does not write: SQLite has one writer.
    """
    told = _told(action, kind=kind, key=key, before=before, after=after, actor=actor)
    with writing(), apart() as own:
        _chain(own, [told])
        own.commit()


def sent(table: str, kind: str, rows: int) -> None:
    """Tell that somebody takes a table along as a file: called by what sends files."""
    note("data.exported", kind="table", key=table, after={"format": kind, "rows": rows})


def note(action: str, *, kind: str, key: object, after: Facts | None = None) -> None:
    """Tell what somebody does by a request that only reads; `keep` writes it when that is over."""
    origin.noted().append(_told(action, kind=kind, key=key, before=None, after=after, actor=None))


def keep() -> None:
    """Write what a request that only reads has told, once its own transaction has ended."""
    if told := origin.noted():
        with writing(), apart() as own:
            _chain(own, told)
            own.commit()
        told.clear()


def forget_person(user_id: int) -> int:
    """Take out what is personal of all entries of a person or about one; returns how many."""
    return _forget(queries.details_of(user_id), {"person_number": user_id})


def forget_before(moment: datetime, limit: int) -> int:
    """Take out what is personal of up to `limit` entries from before then; returns how many."""
    return _forget(queries.details_before(moment, limit), {"before": moment})


def _forget(which: Select[Any], why: Facts) -> int:
    """Take out what is personal; that so many are without is told, or they would be missed."""
    gone = delete(_DETAILS).where(_DETAILS.c.sequence.in_(which)).returning(_DETAILS.c.sequence)
    count = len(db.session.execute(gone).all())
    if count:
        record(rules.FORGOTTEN, kind="audit", key="", after={**why, "entries": count})
    return count


def verify(anchors: Iterable[Point] = (), *, newest: int | None = None) -> Report:
    """Read the chain, or so many of its newest entries, and tell what is not as it was written."""
    end = queries.head()
    first = max(0, end.sequence - newest) if end is not None and newest is not None else 0
    start = queries.point_at(first) if first else START
    if start is None:  # it is not there any more: all has to be read
        first, start = 0, START
    chain, reader = queries.Chain(first), Reader(anchors, start)
    for entry, details in chain:
        reader.read(entry, details)
    return reader.end(chain.head)


def _told(
    action: str,
    *,
    kind: str,
    key: object,
    before: Facts | None,
    after: Facts | None,
    actor: int | None,
) -> tuple[Entry, Details | None]:
    source = origin.now()
    kept_before, kept_after, personal = rules.split(kind, before, after)
    if source.address:
        personal = {**personal, "address": source.address}
    details = Details(secrets.token_hex(16), personal) if personal else None
    entry = Entry(
        sequence=0,
        at=clock.now(),
        actor=source.actor if actor is None else actor,
        via=source.via,
        action=rules.clean(action, rules.ACTION_MOST),
        kind=rules.clean(kind, rules.KIND_MOST),
        key=rules.clean(key, rules.KEY_MOST),
        before=kept_before,
        after=kept_after,
        request_id=rules.clean(source.request_id, rules.REQUEST_MOST),
        sealed=rules.seal(details) if details else "",
        previous="",
    )
    return entry, details


def _chain(session: Session, told: list[tuple[Entry, Details | None]]) -> None:
    """Write entries at the end of the chain, whose head is held until the commit."""
    head, entries, details = _head(session), [], []
    for entry, personal in told:
        placed = rules.follow(head, entry)
        head = Point(placed.sequence, placed.hash)
        entries.append({name: getattr(placed, name) for name in Entry.__slots__})
        if personal is not None:
            row = {"salt": personal.salt, "personal": personal.personal}
            details.append({"sequence": placed.sequence, **row})
    session.execute(insert(_ENTRIES), entries)
    if details:
        session.execute(insert(_DETAILS), details)
    end = update(_HEAD).where(_HEAD.c.id == queries.HEAD)
    session.execute(end.values(sequence=head.sequence, hash=head.hash))


def _head(session: Session) -> Point:
    """Return where the chain ends, locked; it begins with the first entry."""
    found = queries.lock_head(session)
    if found is None:
        first = {"id": queries.HEAD, "sequence": START.sequence, "hash": START.hash}
        begin = inserting(_HEAD, session.connection()).values(first)
        session.execute(begin.on_conflict_do_nothing())
        found = queries.lock_head(session)
    return found or START


@event.listens_for(db.session, "before_commit")
def _before_commit(session: Session) -> None:
    """Chain what was told, when it is the whole transaction that is committed."""
    if session.in_nested_transaction() or not session.info.get(_TOLD):
        return
    session.flush()  # whatever waits for others does so before the head is held
    told = session.info.pop(_TOLD)
    _chain(session, [(one.entry, one.details) for one in told])


@event.listens_for(db.session, "after_soft_rollback")
def _after_rollback(session: Session, undone: SessionTransaction) -> None:
    """Forget what was told inside what is undone."""
    told: list[_Told] = session.info.get(_TOLD, [])
    if told:
        session.info[_TOLD] = [one for one in told if not _is_inside(one.within, undone)]


def _is_inside(within: SessionTransaction | None, undone: SessionTransaction) -> bool:
    while within is not None and within is not undone:
        within = within.parent
    return within is not None
