"""Every SELECT of the audit log."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, literal, select, true
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


def _whole() -> Select[Any]:
    """The head, and every entry with what is personal of it, by one statement: one moment."""
    one = select(literal(1).label("one")).subquery()
    return (
        select(*_AROUND, *_COLUMNS)
        .select_from(one)
        .outerjoin(AuditHead, true())
        .outerjoin(AuditEntry, true())
        .outerjoin(AuditDetail, AuditDetail.sequence == AuditEntry.sequence)
        .order_by(AuditEntry.sequence)
    )


class Chain:
    """All entries in their order, a thousand at a time, and the head they should end at."""

    def __init__(self) -> None:
        """Nothing is read yet; the head is known once reading has begun."""
        self.head: Point | None = None

    def __iter__(self) -> Iterator[tuple[Entry, Details | None]]:
        """Yield every entry with what is personal of it."""
        for row in db.session.execute(_whole(), execution_options={"yield_per": LOT}):
            end, letters, *one = row
            self.head = Point(end, letters) if end is not None else None
            if one[2] is not None:
                yield _read(one)


def _read(row: Sequence[Any]) -> tuple[Entry, Details | None]:
    salt, personal, *said = row
    return Entry(*said), Details(salt, personal) if salt is not None else None
