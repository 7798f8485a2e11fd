"""Tables of collections and their entries."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base


class Collection(Base):
    """An ordered list of assets with a name in the language of who made it.

    `team_id`: for whom it is when its reach is a team. `version` counts changes of its entries
    and facts, so that nobody orders a list that is not the one they looked at.
    """

    __tablename__ = "collections"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(2))
    reach: Mapped[str] = mapped_column(String(10))
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    owner: Mapped[User] = relationship()
    entries: Mapped[list["CollectionEntry"]] = relationship(
        cascade="all, delete-orphan", order_by="CollectionEntry.position, CollectionEntry.id"
    )


class CollectionEntry(Base):
    """One asset of a collection, with a word on why or when to use it."""

    __tablename__ = "collection_entries"
    __table_args__ = (UniqueConstraint("collection_id", "asset_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    collection_id: Mapped[int] = mapped_column(ForeignKey("collections.id", ondelete="CASCADE"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    note: Mapped[str] = mapped_column(String(300), default="")
