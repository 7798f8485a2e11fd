"""The ledger of use: facts are added, never changed, and outlive what they are about."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base

_OPENED = text("action = 'opened'")


class UsageEvent(Base):
    """Somebody did something; ids are kept without foreign keys so that facts survive deletion."""

    __tablename__ = "usage_events"
    __table_args__ = (
        Index(None, "asset_id", "at"),
        Index(None, "action", "at"),
        Index(None, "user_id", "at"),
        Index(None, "deal_id", "at"),
        Index("uq_usage_events_import_key", "import_key", unique=True),
        # a hit is opened once a search, however often its address is loaded again
        Index(
            None,
            "ref",
            "asset_id",
            unique=True,
            sqlite_where=_OPENED,
            postgresql_where=_OPENED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(12))
    user_id: Mapped[int | None]
    asset_id: Mapped[int | None]
    language: Mapped[str | None] = mapped_column(String(2))
    revision: Mapped[int | None]
    source: Mapped[str | None] = mapped_column(String(12))
    rank: Mapped[int | None]
    ref: Mapped[str | None] = mapped_column(String(16), index=True)
    section: Mapped[str | None] = mapped_column(String(200))
    sentence: Mapped[str | None] = mapped_column(Text)
    query: Mapped[str | None] = mapped_column(Text)
    results: Mapped[int | None]
    filters: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    # which assets a search has listed on its page, in their order
    shown: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    deal_id: Mapped[int | None]
    stage: Mapped[str | None] = mapped_column(String(80))  # of the deal, at that moment
    # what a use loaded from elsewhere is known by: loaded again, it is the same one
    import_key: Mapped[str | None] = mapped_column(String(64))
