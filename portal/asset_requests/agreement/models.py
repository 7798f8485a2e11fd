"""Tables of the agreement: its versions with both signatures, and every promise made under it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base


class Agreement(Base):
    """Terms that one side has proposed; with a number once the other has signed, or the first.

    Terms are never changed: other ones are another row. `number` counts the versions that came
    into force; `outcome` says what became of a proposal that did not.
    """

    __tablename__ = "agreements"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int | None] = mapped_column(unique=True)
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text, default="")
    based_on: Mapped[int] = mapped_column(default=0)
    proposer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    proposed_for: Mapped[str | None] = mapped_column(String(20))
    proposed_at: Mapped[datetime]
    signer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    signed_for: Mapped[str | None] = mapped_column(String(20))
    settled_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(20), index=True)

    proposer: Mapped[User | None] = relationship(foreign_keys=proposer_id)
    signer: Mapped[User | None] = relationship(foreign_keys=signer_id)


class RequestTerms(Base):
    """Which version a request was filed under, and until when something is owed; None: nothing."""

    __tablename__ = "request_terms"

    request_id: Mapped[int] = mapped_column(
        ForeignKey("asset_requests.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"), index=True)
    ack_due_at: Mapped[datetime | None] = mapped_column(index=True)
    deliver_due_at: Mapped[datetime | None] = mapped_column(index=True)
    context_due_at: Mapped[datetime | None] = mapped_column(index=True)
    try_due_at: Mapped[datetime | None] = mapped_column(index=True)

    agreement: Mapped[Agreement] = relationship()


class RequestClock(Base):
    """One promise about a request, as `clocks.Clock` has it: what the ledger counts.

    `month` is the calendar's in which it started, `2026-11`; `used` are seconds of working time
    (of time, for a try) until it ended. Who owed it: a department, its team and person when known.
    """

    __tablename__ = "request_clocks"
    __table_args__ = (
        UniqueConstraint("request_id", "promise", "round"),
        Index(None, "month", "promise"),
        Index(None, "ended_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("asset_requests.id", ondelete="CASCADE"))
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"), index=True)
    promise: Mapped[str] = mapped_column(String(20))
    round: Mapped[int]
    month: Mapped[str] = mapped_column(String(7))
    department: Mapped[str] = mapped_column(String(20))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    urgent: Mapped[bool]
    started_at: Mapped[datetime]
    allowed: Mapped[int]
    soon_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    kept: Mapped[bool] = mapped_column(default=False)
    used: Mapped[int | None]
    pauses: Mapped[list[list[str | None]]] = mapped_column(JSON, default=list)

    agreement: Mapped[Agreement] = relationship()
