"""Tables of calls: when, on which deal, how they went, what was used, what the customer said."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base
from portal.deals.models import Deal
from portal.library.models import Asset


class Call(Base):
    """A conversation with a customer: planned, then logged or called off.

    `token` makes a second sending of the same form the same call; `event_uid` is the calendar's
    own name for it. `with_role` is what they do, never who they are.
    """

    __tablename__ = "calls"
    __table_args__ = (
        UniqueConstraint("user_id", "event_uid"),
        Index(None, "deal_id", "at"),
        Index(None, "user_id", "state", "at"),
        Index(None, "state", "at"),
        Index(None, "logged_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(20), default="planned")
    kind: Mapped[str] = mapped_column(String(20), default="")
    with_role: Mapped[str] = mapped_column(String(80), default="")
    stage: Mapped[str] = mapped_column(String(80), default="")
    result: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    event_uid: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[datetime]
    logged_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    deal: Mapped[Deal] = relationship()
    user: Mapped[User] = relationship()
    uses: Mapped[list["CallUse"]] = relationship(
        cascade="all, delete-orphan", order_by="(CallUse.asset_id, CallUse.language)"
    )
    points: Mapped[list["CallPoint"]] = relationship(
        back_populates="call", cascade="all, delete-orphan", order_by="CallPoint.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own spelling


class CallUse(Base):
    """An asset was used in a call, in this language and revision."""

    __tablename__ = "call_uses"
    __table_args__ = (Index(None, "asset_id"),)

    call_id: Mapped[int] = mapped_column(
        ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True
    )
    asset_id: Mapped[int] = mapped_column(
        ForeignKey("assets.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    revision: Mapped[int | None]

    asset: Mapped[Asset] = relationship()


class CallPoint(Base):
    """Something the customer said: an objection, a wish, a complaint, or a competitor named.

    `asset_id` and `anchor` name the objection of a battlecard when it is one we know. It waits in
    the inbox of `department` until it is answered by an asset or a request (`request_id`, kept
    without a foreign key: requests lie above calls), or set aside.
    """

    __tablename__ = "call_points"
    __table_args__ = (
        Index(None, "department", "state", "at"),
        Index(None, "kind", "at"),
        Index(None, "facet", "slug"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text, default="")
    words_key: Mapped[str] = mapped_column(String(200), default="", index=True)
    facet: Mapped[str | None] = mapped_column(String(20))
    slug: Mapped[str | None] = mapped_column(String(80))
    asset_id: Mapped[int | None] = mapped_column(
        ForeignKey("assets.id", ondelete="SET NULL"), index=True
    )
    anchor: Mapped[str] = mapped_column(String(200), default="")
    department: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="open")
    at: Mapped[datetime]
    answer_asset_id: Mapped[int | None] = mapped_column(
        ForeignKey("assets.id", ondelete="SET NULL"), index=True
    )
    request_id: Mapped[int | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    answered_at: Mapped[datetime | None]

    call: Mapped[Call] = relationship(back_populates="points")
    asset: Mapped[Asset | None] = relationship(foreign_keys=asset_id)
    answer_asset: Mapped[Asset | None] = relationship(foreign_keys=answer_asset_id)
