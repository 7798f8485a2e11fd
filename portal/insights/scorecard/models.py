"""Tables of the scorecard: the goal both departments share, what each side promised."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, Index, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base


class SharedGoal(Base):
    """A goal as a manager has set it; the latest row holds, the others say what held before.

    `target` is money of `currency`, a share in percent, or a count, as the measure is. `side` is
    whose manager has set it; it is shared when one of the other side has agreed.
    """

    __tablename__ = "shared_goals"

    id: Mapped[int] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(String(20))
    target: Mapped[Decimal] = mapped_column(Numeric(16, 2))
    currency: Mapped[str] = mapped_column(String(3), default="")
    period: Mapped[str] = mapped_column(String(10))
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)

    side: Mapped[str] = mapped_column(String(20), default="")
    agreed_at: Mapped[datetime | None]
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    set_by: Mapped[User] = relationship(foreign_keys=set_by_id)
    agreed_by: Mapped[User | None] = relationship(foreign_keys=agreed_by_id)


class SidePromise(Base):
    """What a side says it will do in a month, in its own words; `kept` is None while it is open."""

    __tablename__ = "side_promises"
    __table_args__ = (Index(None, "month", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    side: Mapped[str] = mapped_column(String(20))
    month: Mapped[str] = mapped_column(String(7))
    words: Mapped[str] = mapped_column(String(300))
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    due_on: Mapped[date] = mapped_column(Date)
    kept: Mapped[bool | None]
    settled_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)

    owner: Mapped[User] = relationship(foreign_keys=owner_id)
