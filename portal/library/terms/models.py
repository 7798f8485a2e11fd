"""The table of what was done to the vocabulary: enough of it to undo a merge."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base


class TermEvent(Base):
    """One change of the vocabulary; `term_id` without a foreign key, since it outlives terms."""

    __tablename__ = "term_events"
    __table_args__ = (Index(None, "term_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    term_id: Mapped[int]
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    action: Mapped[str] = mapped_column(String(20))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    undone_at: Mapped[datetime | None]

    user: Mapped[User | None] = relationship()
