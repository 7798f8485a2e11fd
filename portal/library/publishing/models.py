"""Tables of writing and review: revisions, autosaved drafts, comments, reviewers, the timeline."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base
from portal.library.models import Asset


class TextRevision(Base):
    """One save of an asset's text in a language, its text never changed; `number` counts from 1.

    The newest one beyond the text being served (`AssetText.revision`) is the change in the works.
    `author_id` is None for what a file brought.
    """

    __tablename__ = "text_revisions"
    __table_args__ = (UniqueConstraint("asset_id", "language", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(2))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    extra: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    digest: Mapped[str] = mapped_column(String(64))
    # the body as `AssetText.sections` and `words` keep it; only until it is served
    drawn: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(300), default="")
    discarded_at: Mapped[datetime | None]  # it was the newest, and nobody wants to publish it
    # of a translation: which revision of which language it follows (the source it was made from)
    follows_language: Mapped[str | None] = mapped_column(String(2))
    follows_number: Mapped[int | None]

    asset: Mapped[Asset] = relationship()
    author: Mapped[User | None] = relationship()


class Autosave(Base):
    """What a person has typed into the editor and not saved yet; one a person and text."""

    __tablename__ = "autosaves"
    __table_args__ = (UniqueConstraint("user_id", "asset_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(2))
    base: Mapped[int]  # the number of the revision the typing began from; 0 for none
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]


class ReviewComment(Base):
    """What somebody said about a revision under review, at a section or about all of it."""

    __tablename__ = "review_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(2))
    number: Mapped[int]
    anchor: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    author: Mapped[User] = relationship(foreign_keys=author_id)


class Reviewer(Base):
    """Who reviews assets of a kind, of a department, or of both; None stands for any."""

    __tablename__ = "reviewers"
    __table_args__ = (UniqueConstraint("kind", "department", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str | None] = mapped_column(String(20))
    department: Mapped[str | None] = mapped_column(String(20))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)

    user: Mapped[User] = relationship()


class AssetEvent(Base):
    """One line of an asset's timeline: who did what, when, to which text, and why."""

    __tablename__ = "asset_events"
    __table_args__ = (Index(None, "asset_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    action: Mapped[str] = mapped_column(String(30))
    language: Mapped[str | None] = mapped_column(String(2))
    number: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    user: Mapped[User | None] = relationship()
