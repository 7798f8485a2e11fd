"""Tables of mail: how people want to be told, mails, and which notices each one holds."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base


class NoticeChoice(Base):
    """How a person wants to be told of one kind of thing; without a row, as `rules.USUAL` says."""

    __tablename__ = "notice_choices"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    way: Mapped[str] = mapped_column(String(10))


class Mail(Base):
    """One mail to one person.

    Its `message_id` and date are made with it and never change, so that what is sent again is
    seen to be the same mail.
    `token` is that of the attempt which last began to hand it over, `handed_at` when: until the
    answer is kept, nobody can know whether the server has it.
    """

    __tablename__ = "mails"
    __table_args__ = (Index(None, "state", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    message_id: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(String(10))
    token: Mapped[int] = mapped_column(default=0)
    doubts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    handed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    said: Mapped[str] = mapped_column(String(300), default="")

    user: Mapped[User] = relationship()


class MailNotice(Base):
    """A notice that is to go out, in one mail at most; without one it waits for a digest."""

    __tablename__ = "mail_notices"

    notice_id: Mapped[int] = mapped_column(
        ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    mail_id: Mapped[int | None] = mapped_column(
        ForeignKey("mails.id", ondelete="CASCADE"), index=True
    )
