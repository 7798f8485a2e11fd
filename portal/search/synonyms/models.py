"""Tables of synonyms: groups added, or changed from those shipped, and who changed what."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base


class SynonymGroup(Base):
    """A group as people have made it; with the key of a shipped one it stands in its place."""

    __tablename__ = "synonym_groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    words: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    removed: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class SynonymEvent(Base):
    """One change of a group: its words before and after."""

    __tablename__ = "synonym_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("synonym_groups.id"), index=True)
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    action: Mapped[str] = mapped_column(String(20))
    before: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)

    user: Mapped[User | None] = relationship()
