"""The SELECTs behind the pages of revisions: lists without the texts, and who saved what."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import User
from portal.db import db
from portal.library.publishing.models import TextRevision


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """A revision in a list: everything but its text."""

    number: int
    at: datetime
    author: str
    note: str
    title: str
    is_discarded: bool


def revisions(asset_id: int, language: str, *, limit: int, offset: int = 0) -> list[RevisionLine]:
    """Return the revisions of a text, the newest first."""
    row = TextRevision
    query = (
        select(row.number, row.at, User.name.label("author"), row.note, row.title, row.discarded_at)
        .outerjoin(User, User.id == row.author_id)
        .where(row.asset_id == asset_id, row.language == language)
        .order_by(row.number.desc())
        .limit(limit)
        .offset(offset)
    )
    return [
        RevisionLine(r.number, r.at, r.author or "", r.note, r.title, r.discarded_at is not None)
        for r in db.session.execute(query)
    ]


def revision_count(asset_id: int, language: str) -> int:
    """Return how many revisions a text has."""
    query = select(func.count()).where(
        TextRevision.asset_id == asset_id, TextRevision.language == language
    )
    return db.session.scalar(query) or 0


def with_authors(asset_id: int, language: str, *numbers: int) -> dict[int, TextRevision]:
    """Return revisions with who saved them, by number; those that are not there are left out."""
    query = (
        select(TextRevision)
        .where(
            TextRevision.asset_id == asset_id,
            TextRevision.language == language,
            TextRevision.number.in_(numbers),
        )
        .options(joinedload(TextRevision.author))
        .order_by(TextRevision.number)
    )
    return {row.number: row for row in db.session.scalars(query)}


def newest_number(asset_id: int, language: str) -> int:
    """Return the number of the newest revision of a text; 0 for none."""
    query = select(func.max(TextRevision.number)).where(
        TextRevision.asset_id == asset_id, TextRevision.language == language
    )
    return db.session.scalar(query) or 0
