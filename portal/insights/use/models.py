"""Kept counts of use; all of them follow from the ledger and can be made anew from it."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from portal.db import Base


class _Counted:
    """What is counted of events; a person's searches that listed an asset are `shown`."""

    views: Mapped[int] = mapped_column(default=0)
    copies: Mapped[int] = mapped_column(default=0)
    downloads: Mapped[int] = mapped_column(default=0)
    prints: Mapped[int] = mapped_column(default=0)
    opens: Mapped[int] = mapped_column(default=0)
    shown: Mapped[int] = mapped_column(default=0)


class _Keyed:
    """Of what: a dimension (`rules.Dim`) and one of its values, by number; 0 is "none"."""

    @declared_attr
    def dim(cls) -> Mapped[str]:  # noqa: N805  # SQLAlchemy gives the class
        """Which dimension."""
        return mapped_column(String(1), primary_key=True)

    @declared_attr
    def key(cls) -> Mapped[int]:  # noqa: N805
        """Which of its values."""
        return mapped_column(primary_key=True, autoincrement=False)


class UseDay(_Keyed, _Counted, Base):
    """Counts of one value of a dimension on one day, numbered from 1970 in the company's zone."""

    __tablename__ = "use_days"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  # SQLAlchemy's own spelling

    day: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class UsePerson(_Keyed, Base):
    """The last day on which a person used something with a value of a dimension.

    All spans end today, so that it tells whether they used it in any of them.
    """

    __tablename__ = "use_people"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_day: Mapped[int]


class UseSpan(Base):
    """A number of days one can look back over, and the first of them at the last roll-up."""

    __tablename__ = "use_spans"

    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first: Mapped[int]


class UseTotal(_Keyed, _Counted, Base):
    """Counts of one value of a dimension over a span; `people` are different ones."""

    __tablename__ = "use_totals"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)
    people: Mapped[int] = mapped_column(default=0)


class UseAsset(Base):
    """When an asset was last used, and its kind when people were counted by kind."""

    __tablename__ = "use_assets"

    asset_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[int]
    last_at: Mapped[datetime | None]


class UseWord(Base):
    """A language, stage or kind by the number it has as a key."""

    __tablename__ = "use_words"
    __table_args__ = (UniqueConstraint("dim", "word"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dim: Mapped[str] = mapped_column(String(1))
    word: Mapped[str] = mapped_column(String(80))


class UseState(Base):
    """How far the ledger has been rolled up: up to this event, in this time zone."""

    __tablename__ = "use_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    watermark: Mapped[int]
    zone: Mapped[str] = mapped_column(String(80))
    today: Mapped[int]
    rolled_at: Mapped[datetime]
    shown_since: Mapped[int | None]
