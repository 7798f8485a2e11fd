"""The table of sources: folders that say what some of the assets are."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class ContentSource(Base):
    """A folder of this machine; `options` is how its files are read, as `content load` is told.

    Its assets name it in `assets.source_id`.
    """

    __tablename__ = "content_sources"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    folder: Mapped[str] = mapped_column(String(1000), unique=True)
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    busy_since: Mapped[datetime | None]  # somebody brings it in step, or was killed at it
    synced_at: Mapped[datetime | None]
    revision: Mapped[str | None] = mapped_column(String(64))  # git's, when the folder is its
    gone: Mapped[list[str]] = mapped_column(JSON, default=list)  # slugs no file speaks of any more
