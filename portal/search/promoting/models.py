"""Tables of promotions, and of who changed them when."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base
from portal.library.models import Asset


class Promotion(Base):
    """An asset stands first for a search until the end of a day; `key` is what is the same search.

    `ended_at`: it was ended before that day. It is kept, as what was recommended when.
    """

    __tablename__ = "search_promotions"
    __table_args__ = (Index(None, "key", "ends_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    query: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(700))
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(300))
    ends_on: Mapped[date] = mapped_column(Date)
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    asset: Mapped[Asset] = relationship()
    edits: Mapped[list["PromotionEdit"]] = relationship(
        back_populates="promotion", cascade="all, delete-orphan", order_by="PromotionEdit.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own spelling


class PromotionEdit(Base):
    """A promotion as somebody left it: one row each time."""

    __tablename__ = "search_promotion_edits"

    id: Mapped[int] = mapped_column(primary_key=True)
    promotion_id: Mapped[int] = mapped_column(
        ForeignKey("search_promotions.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[datetime]
    query: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(300))
    ends_on: Mapped[date] = mapped_column(Date)
    ended: Mapped[bool]

    promotion: Mapped[Promotion] = relationship(back_populates="edits")
    user: Mapped[User | None] = relationship()
