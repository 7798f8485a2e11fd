"""Tables of what is suggested: the words of titles, and searches that led several people on."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base

_PLAIN = String(40).with_variant(String(40, collation="C"), "postgresql")
"""Compared letter by letter in both databases, so that a prefix is a range of an index."""


class TitleWord(Base):
    """A word of the title of a published text, folded; kept in step with the index."""

    __tablename__ = "search_title_words"
    __table_args__ = (Index(None, "language", "word", "text_id"),)

    text_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    word: Mapped[str] = mapped_column(_PLAIN, primary_key=True)
    language: Mapped[str] = mapped_column(String(2))
    place: Mapped[int]


class Phrase(Base):
    """A search by which at least three people found what they opened; counted anew at night."""

    __tablename__ = "search_phrases"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(2))  # "" when it could be any
    people: Mapped[int]
    counted_at: Mapped[datetime]
