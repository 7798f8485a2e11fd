"""The table of suggestions that were shown: the trial's record. It names no person."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class ShownSuggestion(Base):
    """An asset was suggested for a deal: the first time that day, at which place, by what.

    `chance`: chosen at random among `among` assets that fit as well, else by rank. `promising`, of
    those by chance: it was of the half of them that is believed to help more (True) or less; NULL
    when they are believed to help alike.
    """

    __tablename__ = "shown_suggestions"
    __table_args__ = (UniqueConstraint("deal_id", "day", "asset_id"), Index(None, "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id", ondelete="CASCADE"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"), index=True)
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime]
    place: Mapped[int]
    chance: Mapped[bool]
    among: Mapped[int]
    promising: Mapped[bool | None]
