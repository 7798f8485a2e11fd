"""Tables of claims: what served texts say, figure by figure, and what people decided about it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base
from portal.library.models import Asset


class ClaimRow(Base):
    """A claim of the text that is served in a language; made anew whenever that text changes."""

    __tablename__ = "claims"
    __table_args__ = (
        Index(None, "asset_id", "language", "number", unique=True),
        Index(None, "competitor"),
        Index(None, "mark"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(2))
    number: Mapped[int]
    anchor: Mapped[str] = mapped_column(String(200))
    sentence: Mapped[str] = mapped_column(Text)
    mark: Mapped[str] = mapped_column(String(24))
    subject: Mapped[str] = mapped_column(String(220))
    competitor: Mapped[str] = mapped_column(String(80))
    has_figure: Mapped[bool]
    needs_source: Mapped[bool]
    said: Mapped[bool]
    source: Mapped[str] = mapped_column(String(300))
    source_day: Mapped[date | None] = mapped_column(Date)
    borrowed: Mapped[bool]
    linked: Mapped[bool]
    figures: Mapped[list[str]] = mapped_column(JSON)

    asset: Mapped[Asset] = relationship()


class ClaimFact(Base):
    """One figure of a claim (by asset, language and number), and the thing it measures."""

    __tablename__ = "claim_facts"
    __table_args__ = (
        Index(None, "asset_id", "language", "number"),
        Index(None, "thing"),
        Index(None, "value", "unit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(2))
    number: Mapped[int]
    thing: Mapped[str] = mapped_column(String(24))
    place: Mapped[str] = mapped_column(String(100))
    unit: Mapped[str] = mapped_column(String(10))
    value: Mapped[str] = mapped_column(String(60))
    rough: Mapped[bool]


class ClaimRuling(Base):
    """What a person decided about a claim that was listed, and why; taken back, it stays to read.

    `mark` stands for the sentence, or for the sentences that contradict each other: when one of
    them changes, it is another one, and listed again.
    """

    __tablename__ = "claim_rulings"

    id: Mapped[int] = mapped_column(primary_key=True)
    verdict: Mapped[str] = mapped_column(String(20))
    mark: Mapped[str] = mapped_column(String(24), index=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(2))
    sentences: Mapped[list[Any]] = mapped_column(JSON)
    why: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    asset: Mapped[Asset] = relationship()
    by: Mapped[User | None] = relationship(foreign_keys=by_id)
