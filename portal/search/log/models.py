"""Kept days of the log of searches; all of it follows from the ledger and can be made anew."""

from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class SearchDay(Base):
    """The searches and visits of one day, numbered from 1970 in the company's zone, packed.

    `stamp` changes whenever the rest does.
    """

    __tablename__ = "search_days"

    day: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stamp: Mapped[int]
    searches: Mapped[bytes] = mapped_column(LargeBinary)
    visits: Mapped[bytes] = mapped_column(LargeBinary)


class SearchWording(Base):
    """A search as it was typed, and the number of what it means: its terms after analysis."""

    __tablename__ = "search_wordings"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(500), unique=True)
    meaning: Mapped[int] = mapped_column(BigInteger)


class SearchLogState(Base):
    """Up to when the ledger was counted, by which zone and with which names of the vocabulary."""

    __tablename__ = "search_log_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rolled_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(80))
    names: Mapped[str] = mapped_column(String(32))
    stamp: Mapped[int]
