"""Tables of bulk actions: what was done to many assets at once, and what was before in each."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base
from portal.library.models import Asset


class BulkAction(Base):
    """One change of many assets; `detail` is what was to be done, and to which.

    `token` makes a form that is sent twice one action; `total` is how many assets were chosen.
    """

    __tablename__ = "bulk_actions"
    __table_args__ = (Index(None, "user_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    action: Mapped[str] = mapped_column(String(20))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    total: Mapped[int]
    finished_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)

    user: Mapped[User] = relationship(foreign_keys=user_id)


class BulkChange(Base):
    """What became of one asset: `before` and `after` when it was changed, else `refusal`.

    `undone` says what became of it when the action was undone.
    """

    __tablename__ = "bulk_changes"
    __table_args__ = (UniqueConstraint("bulk_id", "asset_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bulk_id: Mapped[int] = mapped_column(ForeignKey("bulk_actions.id", ondelete="CASCADE"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"), index=True)
    refusal: Mapped[str | None] = mapped_column(String(20))
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    undone: Mapped[str | None] = mapped_column(String(20))

    asset: Mapped[Asset] = relationship()
