"""The table of review intervals: after how many months an asset of a kind is checked again."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base


class ReviewInterval(Base):
    """What a manager has set for a kind; a kind without a row has the interval of the rules."""

    __tablename__ = "review_intervals"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), unique=True)
    months: Mapped[int]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    set_at: Mapped[datetime]

    set_by: Mapped[User | None] = relationship()
