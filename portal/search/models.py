"""The outbox's table: which texts the index still has to learn about."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class SearchPending(Base):
    """One text whose index entry is out of date; written with the change itself."""

    __tablename__ = "search_pending"

    id: Mapped[int] = mapped_column(primary_key=True)
    text_id: Mapped[int] = mapped_column(index=True)
    at: Mapped[datetime]
