"""Tables of ratings and of what reps say is wrong."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.calls.models import Call
from portal.db import Base
from portal.library.models import Asset

_WITHOUT_CALL = text("call_id IS NULL")


class Rating(Base):
    """How a rep rates an asset as it was at a revision: one each call, and one without a call."""

    __tablename__ = "ratings"
    __table_args__ = (
        UniqueConstraint("user_id", "asset_id", "language", "call_id"),
        # NULLs differ from one another: without a call there is one as well
        Index(
            "uq_ratings_without_call",
            "user_id",
            "asset_id",
            "language",
            unique=True,
            sqlite_where=_WITHOUT_CALL,
            postgresql_where=_WITHOUT_CALL,
        ),
        Index(None, "asset_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(2))
    revision: Mapped[int | None]
    call_id: Mapped[int | None] = mapped_column(
        ForeignKey("calls.id", ondelete="CASCADE"), index=True
    )
    deal_id: Mapped[int | None] = mapped_column(
        ForeignKey("deals.id", ondelete="SET NULL"), index=True
    )
    stars: Mapped[int]
    helped: Mapped[str | None] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime]
    changed_at: Mapped[datetime]

    user: Mapped[User] = relationship()
    asset: Mapped[Asset] = relationship()
    call: Mapped[Call | None] = relationship()


class AssetFlag(Base):
    """A rep says that an asset, or a section of it, is wrong or outdated; its owner answers."""

    __tablename__ = "asset_flags"
    __table_args__ = (Index(None, "asset_id", "state"), Index(None, "user_id", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(2))
    revision: Mapped[int | None]
    anchor: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text, default="")
    call_id: Mapped[int | None] = mapped_column(
        ForeignKey("calls.id", ondelete="SET NULL"), index=True
    )
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(20), default="open")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    answered_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(foreign_keys=user_id)
    asset: Mapped[Asset] = relationship()
    answered_by: Mapped[User | None] = relationship(foreign_keys=answered_by_id)
