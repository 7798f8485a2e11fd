"""Tables of what is asked when a deal has ended."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base
from portal.deals.models import Deal
from portal.library.models import Asset


class DealFeedback(Base):
    """A rep is asked about a deal that has ended: once, by whom it was owned then."""

    __tablename__ = "deal_feedback"
    __table_args__ = (Index(None, "user_id", "answered_at"),)

    deal_id: Mapped[int] = mapped_column(
        ForeignKey("deals.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    skipped: Mapped[bool] = mapped_column(default=False)
    missing: Mapped[str] = mapped_column(Text, default="")

    deal: Mapped[Deal] = relationship()
    user: Mapped[User] = relationship()
    assets: Mapped[list["DealFeedbackAsset"]] = relationship(
        cascade="all, delete-orphan", order_by="DealFeedbackAsset.asset_id"
    )


class DealFeedbackAsset(Base):
    """What the rep says about one asset used on the deal: helped, did not, hurt."""

    __tablename__ = "deal_feedback_assets"

    deal_id: Mapped[int] = mapped_column(
        ForeignKey("deal_feedback.deal_id", ondelete="CASCADE"), primary_key=True
    )
    asset_id: Mapped[int] = mapped_column(
        ForeignKey("assets.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    helped: Mapped[str] = mapped_column(String(10))

    asset: Mapped[Asset] = relationship()
