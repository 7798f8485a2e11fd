"""Tables of requests: what is asked for, who waits for it, and all that has happened."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.asset_requests.rules import words_of
from portal.db import Base
from portal.deals.models import Deal
from portal.library.models import Asset


class AssetRequest(Base):
    """Something that is missing, wrong or outdated.

    `product`, `competitor`, `industry` and `stage` are slugs of the vocabulary: former ones lead
    on when a word is renamed or merged. `token` is the form's: sent twice, it is one request.
    `asset` is what it complains of, `draft` what is being written for it, `delivered` what came.
    """

    __tablename__ = "asset_requests"
    __table_args__ = (
        Index(None, "state", "department"),
        Index(None, "assignee_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    situation: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str | None] = mapped_column(String(2))
    product: Mapped[str | None] = mapped_column(String(80))
    competitor: Mapped[str | None] = mapped_column(String(80))
    industry: Mapped[str | None] = mapped_column(String(80))
    stage: Mapped[str | None] = mapped_column(String(80))
    department: Mapped[str] = mapped_column(String(20))
    urgent: Mapped[bool] = mapped_column(default=False)
    needed_by: Mapped[date | None] = mapped_column(Date)
    origin: Mapped[str] = mapped_column(String(20))
    query: Mapped[str] = mapped_column(String(300), default="")
    filters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"), index=True)
    anchor: Mapped[str] = mapped_column(String(200), default="")
    complaint: Mapped[str | None] = mapped_column(String(20))
    requester_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    state: Mapped[str] = mapped_column(String(20))
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"), index=True)
    delivered_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"), index=True)
    alternative_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"), index=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("asset_requests.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    changed_at: Mapped[datetime] = mapped_column(index=True)

    requester: Mapped[User] = relationship(foreign_keys=requester_id)
    assignee: Mapped[User | None] = relationship(foreign_keys=assignee_id)
    asset: Mapped[Asset | None] = relationship(foreign_keys=asset_id)
    draft: Mapped[Asset | None] = relationship(foreign_keys=draft_id)
    delivered: Mapped[Asset | None] = relationship(foreign_keys=delivered_id)
    alternative: Mapped[Asset | None] = relationship(foreign_keys=alternative_id)
    supporters: Mapped[list["RequestSupporter"]] = relationship(
        order_by="RequestSupporter.id", cascade="all, delete-orphan"
    )

    @property
    def said(self) -> str:
        """All its words, for finding requests like it."""
        return words_of(self.title, self.query, self.situation)


class RequestWord(Base):
    """A word of an open request as analysis leaves it: what requests like it are found by."""

    __tablename__ = "request_words"

    word: Mapped[str] = mapped_column(String(60), primary_key=True)
    request_id: Mapped[int] = mapped_column(
        ForeignKey("asset_requests.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    )
    weight: Mapped[int]


class RequestSupporter(Base):
    """Somebody who waits for it too, the requester first; with the deal it is wanted for."""

    __tablename__ = "request_supporters"
    __table_args__ = (UniqueConstraint("request_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("asset_requests.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("deals.id"), index=True)
    at: Mapped[datetime]

    user: Mapped[User] = relationship()
    deal: Mapped[Deal | None] = relationship()


class RequestEvent(Base):
    """One thing that has happened to a request, never changed; comments are events too."""

    __tablename__ = "request_events"
    __table_args__ = (Index(None, "request_id", "id"), Index(None, "action", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("asset_requests.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    action: Mapped[str] = mapped_column(String(20))
    came_from: Mapped[str | None] = mapped_column(String(20))
    led_to: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    user: Mapped[User | None] = relationship()
