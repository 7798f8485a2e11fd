"""The table of what another tool calls our assets."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class HistoryAsset(Base):
    """An asset as a source knows it: its id and type there, when it was archived.

    `kind` is what the type means here, "other" for a word nobody here knows (the library itself
    has no such kind, and keeps those as guides): figures by kind go by it. `own`: the import has
    made the asset, and may change it; `digest` stands for its last row.
    """

    __tablename__ = "history_assets"
    __table_args__ = (UniqueConstraint("source", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(60))
    external_id: Mapped[str] = mapped_column(String(120))
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"), index=True)
    own: Mapped[bool] = mapped_column(default=False, server_default=false())
    type: Mapped[str] = mapped_column(String(80), default="", server_default=text("''"))
    kind: Mapped[str] = mapped_column(String(20), default="", server_default=text("''"))
    archived_at: Mapped[datetime | None]
    digest: Mapped[str] = mapped_column(String(64), default="", server_default=text("''"))
