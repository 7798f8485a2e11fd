"""Tables of the quality checks: what was found, and the prints that tell texts that are alike."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base
from portal.library.models import Asset


class QualityFinding(Base):
    """Something a check has found; `mark` names it from run to run, `there` the text it is about.

    Dismissed, it is listed no more until the text there changes.
    """

    __tablename__ = "quality_findings"
    __table_args__ = (Index(None, "asset_id", "mark", unique=True), Index(None, "name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"))
    mark: Mapped[str] = mapped_column(String(24))
    name: Mapped[str] = mapped_column(String(30))
    severity: Mapped[int]
    language: Mapped[str] = mapped_column(String(2))  # "" for the asset as a whole
    anchor: Mapped[str] = mapped_column(String(200))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    there: Mapped[str] = mapped_column(String(24))
    first_seen: Mapped[datetime]
    found_at: Mapped[datetime]
    dismissed_at: Mapped[datetime | None]
    dismissed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    why: Mapped[str] = mapped_column(Text, default="")

    asset: Mapped[Asset] = relationship()
    dismissed_by: Mapped[User | None] = relationship()


class TextPrint(Base):
    """What a text is compared by, and what its claims were last read from; made anew with it."""

    __tablename__ = "text_prints"
    __table_args__ = (Index(None, "text_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    text_id: Mapped[int] = mapped_column(ForeignKey("asset_texts.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(64))
    basis: Mapped[str] = mapped_column(String(24))
    print: Mapped[bytes] = mapped_column(LargeBinary)


class TextBand(Base):
    """A part of a print: two texts that share one are looked at closely."""

    __tablename__ = "text_bands"

    id: Mapped[int] = mapped_column(primary_key=True)
    text_id: Mapped[int] = mapped_column(
        ForeignKey("asset_texts.id", ondelete="CASCADE"), index=True
    )
    band: Mapped[int] = mapped_column(BigInteger, index=True)
