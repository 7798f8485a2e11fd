"""Tables of search: what the index has to learn, texts ready for snippets, words there are."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class SearchPending(Base):
    """One text whose index entry is out of date; written with the change itself."""

    __tablename__ = "search_pending"

    id: Mapped[int] = mapped_column(primary_key=True)
    text_id: Mapped[int] = mapped_column(index=True)
    at: Mapped[datetime]


class SearchText(Base):
    """A published text analysed for snippets (`passages.Prepared`, packed); can be made anew."""

    __tablename__ = "search_texts"

    text_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    data: Mapped[bytes] = mapped_column(LargeBinary)


class SearchIndex(Base):
    """Which generation of the index in these tables counts: one row, none before the first."""

    __tablename__ = "search_index"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    generation: Mapped[int]
    mark: Mapped[str] = mapped_column(String(32))


class SearchSegment(Base):
    """Documents that were indexed together (`postgres_engine`, packed), and which still count."""

    __tablename__ = "search_segments"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    size: Mapped[int]
    alive: Mapped[bytes] = mapped_column(LargeBinary)
    head: Mapped[bytes] = mapped_column(LargeBinary)


class SearchBlock(Base):
    """Some terms of a segment, in order, with their postings (packed)."""

    __tablename__ = "search_blocks"

    segment_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class SearchWord(Base):
    """A word some text has or had, lower-case: what slips of the finger are put right to."""

    __tablename__ = "search_words"
    # A number is never given twice: who has read up to it has read all before it.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(64), unique=True)
