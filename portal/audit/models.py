"""Tables of the audit log: entries that are only ever added to, and where they end.

No entry names a person: it holds their number, which is kept when they are erased. What is
personal (the address they came from, a name before and after) lies apart in `audit_details` and
can be taken out; the entry keeps its seal, so that nobody can put something else in its place.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, JSON, ForeignKey, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column

from portal.audit import guards
from portal.db import Base

HASH = 64
"""Letters of a SHA-256."""


class AuditEntry(Base):
    """One thing that was done. Triggers refuse to change or delete it; see `guards`.

    `actor` is no foreign key on purpose: what somebody did is kept when they are gone.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index(None, "actor", "sequence"),
        Index(None, "kind", "key", "sequence"),
        Index(None, "action", "sequence"),
    )

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[int | None]
    via: Mapped[str] = mapped_column(String(10))
    action: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    request_id: Mapped[str] = mapped_column(String(64), index=True)
    sealed: Mapped[str] = mapped_column(String(HASH))
    previous: Mapped[str] = mapped_column(String(HASH))
    hash: Mapped[str] = mapped_column(String(HASH))


class AuditDetail(Base):
    """What is personal of an entry, until it is forgotten: never changed, only taken out."""

    __tablename__ = "audit_details"

    sequence: Mapped[int] = mapped_column(
        ForeignKey("audit_entries.sequence"), primary_key=True, autoincrement=False
    )
    salt: Mapped[str] = mapped_column(String(32))
    personal: Mapped[dict[str, Any]] = mapped_column(JSON)


class AuditHead(Base):
    """Where the chain ends: one row, by which entries that were cut off at the end are missed."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(String(HASH))


for _model in (AuditEntry, AuditDetail):
    for _dialect, _statements in guards.of(_model.__tablename__).items():
        for _statement in _statements:
            _guard = DDL(_statement).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
            event.listen(_model.__table__, "after_create", _guard)
