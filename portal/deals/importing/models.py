"""Tables of imports: each run with its files and reports, and what was learnt for the next one."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base


class DealImport(Base):
    """One import; `cursor` is the last row whose chunk is kept, so that it can be gone on with.

    `settings` is how the files are read, `found` what looking through them has shown, `counts`
    what has become of the rows so far, `refusal` why nothing came of it.
    """

    __tablename__ = "deal_imports"
    __table_args__ = (Index(None, "fingerprint", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(60))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(20))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    found: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    refusal: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    cursor: Mapped[int] = mapped_column(default=0)

    by: Mapped[User | None] = relationship()
    files: Mapped[list["DealImportFile"]] = relationship(
        cascade="all, delete-orphan", order_by="DealImportFile.position"
    )


class DealImportFile(Base):
    """A file sent by the page, kept from its preview until its rows are in."""

    __tablename__ = "deal_import_files"
    __table_args__ = (UniqueConstraint("import_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("deal_imports.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(255))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class DealImportRow(Base):
    """A row that was not taken, or was with a doubt (`kind`), and why."""

    __tablename__ = "deal_import_rows"
    __table_args__ = (Index(None, "import_id", "kind", "row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("deal_imports.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    row: Mapped[int]
    reason: Mapped[str] = mapped_column(String(40))
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class DealImportMapping(Base):
    """Which column is what in tables with these headers, as somebody has said."""

    __tablename__ = "deal_import_mappings"

    signature: Mapped[str] = mapped_column(String(64), primary_key=True)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime]


class DealImportWord(Base):
    """What a word of a source stands for here: a slug, a number, an e-mail; "" for nothing.

    For kinds told by tables beside the deals (agents, owners, stages), `detail` holds their row.
    """

    __tablename__ = "deal_import_words"
    __table_args__ = (UniqueConstraint("source", "kind", "word_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    word_key: Mapped[str] = mapped_column(String(400))
    word: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(String(254), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
