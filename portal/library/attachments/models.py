"""Tables of attachments: what belongs to an asset, and the text that was read from it."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base
from portal.library.models import Asset


class Attachment(Base):
    """A file or a video by link; `public_id` is all that its address tells.

    `digest` (SHA-256 of the content, where the file store has it) is None for a link, `url` for a
    file. `state`: see `rules.State`; `status` and `trouble`: how reading its text went.
    """

    __tablename__ = "attachments"
    __table_args__ = (Index(None, "asset_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"))
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    media_type: Mapped[str] = mapped_column(String(100), default="")
    digest: Mapped[str | None] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    url: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(10))
    trouble: Mapped[str | None] = mapped_column(String(20))
    pages: Mapped[int | None]
    preview: Mapped[str | None] = mapped_column(String(64), index=True)  # its picture's digest
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"), index=True)

    asset: Mapped[Asset] = relationship()
    added_by: Mapped[User | None] = relationship()
    replaced_by: Mapped["Attachment | None"] = relationship(remote_side="Attachment.id")


class AttachmentPassage(Base):
    """The text of one page, slide, sheet or part of an attachment; `number` counts from 1."""

    __tablename__ = "attachment_passages"
    __table_args__ = (Index(None, "attachment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachments.id", ondelete="CASCADE"))
    number: Mapped[int]
    label: Mapped[str] = mapped_column(String(200), default="")  # a slide's title, a sheet's name
    text: Mapped[str] = mapped_column(Text)
