"""Every SELECT of the audit log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, or_, select, true
from sqlalchemy.orm import Session

from portal.audit.models import AuditDetail, AuditEntry, AuditHead
from portal.audit.rules import Details, Entry, Point
from portal.db import db

HEAD = 1
LOT = 1000
_AROUND = (AuditHead.sequence, AuditHead.hash, AuditDetail.salt, AuditDetail.personal)
_COLUMNS = tuple(getattr(AuditEntry, name) for name in Entry.__slots__)


def lock_head(session: Session) -> Point | None:
    """Return where the chain ends, kept until the transaction ends; others wait until then."""
    query = select(AuditHead.sequence, AuditHead.hash).where(AuditHead.id == HEAD)
    row = session.execute(query.with_for_update()).one_or_none()
    return Point(*row) if row else None


def point_at(sequence: int) -> Point | None:
    """Return the place of an entry in the chain."""
    query = select(AuditEntry.sequence, AuditEntry.hash).where(AuditEntry.sequence == sequence)
    row = db.session.execute(query).one_or_none()
    return Point(*row) if row else None


def head() -> Point | None:
    """Return where the chain ends."""
    query = select(AuditHead.sequence, AuditHead.hash).where(AuditHead.id == HEAD)
    row = db.session.execute(query).one_or_none()
    return Point(*row) if row else None


def _rows(after: int) -> Select[Any]:
    """The head, and every entry with what is personal of it, by one statement: one moment."""
    one = select(literal(1).label("one")).subquery()
    return (
        select(*_AROUND, *_COLUMNS)
        .select_from(one)
        .outerjoin(AuditHead, true())
        .outerjoin(AuditEntry, AuditEntry.sequence > after)
        .outerjoin(AuditDetail, AuditDetail.sequence == AuditEntry.sequence)
        .order_by(AuditEntry.sequence)
    )


class Chain:
    """All entries after a place in their order, a thousand at a time, and the head of them."""

    def __init__(self, after: int = 0) -> None:
        """Nothing is read yet; the head is known once reading has begun."""
        self.head: Point | None = None
        self._after = after

    def __iter__(self) -> Iterator[tuple[Entry, Details | None]]:
        """Yield every entry with what is personal of it."""
        options = {"yield_per": LOT}
        for row in db.session.execute(_rows(self._after), execution_options=options):
            end, letters, *one = row
            self.head = Point(end, letters) if end is not None else None
            if one[2] is not None:
                yield _read(one)


def _read(row: Sequence[Any]) -> tuple[Entry, Details | None]:
    salt, personal, *said = row
    return Entry(*said), Details(salt, personal) if salt is not None else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; None or empty: whatever it is."""

    actors: Sequence[int] | None = None
    action: str = ""
    kind: str = ""
    keys: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    request_id: str = ""


def entries(
    wanted: Wanted, *, before: int | None, limit: int
) -> list[tuple[Entry, Details | None]]:
    """Return entries that are looked for, the latest first, from before a place on."""
    query = (
        select(AuditDetail.salt, AuditDetail.personal, *_COLUMNS)
        .outerjoin_from(AuditEntry, AuditDetail, AuditDetail.sequence == AuditEntry.sequence)
        .where(*_conditions(wanted))
        .order_by(AuditEntry.sequence.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(AuditEntry.sequence < before)
    return [_read(tuple(row)) for row in db.session.execute(query)]


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.actors is not None:
        yield AuditEntry.actor.in_(wanted.actors)
    for column, value in (
        (AuditEntry.action, wanted.action),
        (AuditEntry.kind, wanted.kind),
        (AuditEntry.request_id, wanted.request_id),
    ):
        if value:
            yield column == value
    if wanted.keys:
        yield AuditEntry.key.in_(wanted.keys)
    if wanted.since is not None:
        yield AuditEntry.at >= wanted.since
    if wanted.until is not None:
        yield AuditEntry.at < wanted.until


def details_of(user_id: int) -> Select[Any]:
    """Choose the entries of a person, and those about one."""
    about = and_(AuditEntry.kind == "user", AuditEntry.key == str(user_id))
    return select(AuditEntry.sequence).where(or_(AuditEntry.actor == user_id, about))


def details_before(moment: datetime, limit: int) -> Select[Any]:
    """Choose up to so many entries from before a moment of which something personal is kept."""
    return (
        select(AuditEntry.sequence)
        .join(AuditDetail, AuditDetail.sequence == AuditEntry.sequence)
        .where(AuditEntry.at < moment)
        .order_by(AuditEntry.sequence)
        .limit(limit)
    )
