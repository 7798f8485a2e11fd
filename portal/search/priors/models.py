"""The table of how assets are opened from searches, counted anew each night."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class SearchUse(Base):
    """How often an asset was opened from searches, and how often others would have been there.

    `people`: who opened it. `pull`: opens over expected opens, shrunk towards 1.
    """

    __tablename__ = "search_uses"

    asset_id: Mapped[int] = mapped_column(
        ForeignKey("assets.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    opens: Mapped[int]
    people: Mapped[int]
    expected: Mapped[float]
    pull: Mapped[float]
    counted_at: Mapped[datetime]
