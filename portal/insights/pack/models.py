"""Tables of the pack: each week's and month's, its actions, who gets it, whether it goes out."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base


class Pack(Base):
    """The pack of a week or a month; there is a row once somebody wrote in it or it was sent.

    `facts` is what it said when it was sent: ids, counts and titles, nobody's name; never changed.
    `version` counts the changes of the minutes.
    """

    __tablename__ = "packs"
    __table_args__ = (UniqueConstraint("kind", "first_on"), Index(None, "sent_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    first_on: Mapped[date] = mapped_column(Date)
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    minutes: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=0)
    minutes_at: Mapped[datetime | None]
    minutes_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    sent_at: Mapped[datetime | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    minutes_by: Mapped[User | None] = relationship(foreign_keys=minutes_by_id)
    sent_by: Mapped[User | None] = relationship(foreign_keys=sent_by_id)


class PackAction(Base):
    """What somebody does until a day, as decided at a meeting; carried over until it is done."""

    __tablename__ = "pack_actions"
    __table_args__ = (Index(None, "done_at", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("packs.id", ondelete="CASCADE"), index=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    words: Mapped[str] = mapped_column(String(300))
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    due_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    done_at: Mapped[datetime | None]

    pack: Mapped[Pack] = relationship()
    owner: Mapped[User] = relationship(foreign_keys=owner_id)


class PackReader(Base):
    """Who gets the pack by their own wish; managers get it anyway."""

    __tablename__ = "pack_readers"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )


class PackSchedule(Base):
    """Packs of a kind go out by themselves; set by a manager. Without a row they do not."""

    __tablename__ = "pack_schedules"

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)

    set_by: Mapped[User] = relationship()
