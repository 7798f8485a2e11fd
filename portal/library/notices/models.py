"""The table of notices: what a person is told, about which asset, and whether it was read."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base
from portal.library.models import Asset


class Notice(Base):
    """One thing one person is told; `mark`, when there is one, is told to each person only once.

    It opens its `path`, else its asset; `detail` holds what its words need.
    """

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("user_id", "mark"), Index(None, "user_id", "read_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    topic: Mapped[str] = mapped_column(String(20))
    asset_id: Mapped[int | None] = mapped_column(
        ForeignKey("assets.id", ondelete="CASCADE"), index=True
    )
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    mark: Mapped[str | None] = mapped_column(String(80))
    path: Mapped[str | None] = mapped_column(String(300))  # of our own site: what it opens
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    read_at: Mapped[datetime | None]

    asset: Mapped[Asset | None] = relationship()
    actor: Mapped[User | None] = relationship(foreign_keys=actor_id)
