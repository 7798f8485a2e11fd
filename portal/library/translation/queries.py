"""The SELECTs behind translations: how each language of an asset stands, what revisions say."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, select, tuple_

from portal.db import db
from portal.library.publishing.models import TextRevision
from portal.library.translation.rules import Head


def numbers_of(query: Any) -> Subquery:  # noqa: ANN401  # a Select of those columns
    """Of each asset and language: its first row, and its revisions by number."""
    found: Subquery = query.group_by(TextRevision.asset_id, TextRevision.language).subquery()
    return found


GROUPED = select(
    TextRevision.asset_id,
    TextRevision.language,
    func.min(TextRevision.id).label("first"),
    func.min(TextRevision.number).label("earliest"),
    func.max(TextRevision.number).label("newest"),
    func.max(case((TextRevision.discarded_at.is_(None), TextRevision.number))).label("live"),
)


def is_live(numbers: Subquery) -> ColumnElement[bool]:
    """Join the newest revision that was not discarded."""
    return and_(
        TextRevision.asset_id == numbers.c.asset_id,
        TextRevision.language == numbers.c.language,
        TextRevision.number == numbers.c.live,
    )


def head_of(row: Any) -> Head:  # noqa: ANN401
    """Return a row of numbers with what its newest revision follows as a head."""
    return Head(
        language=row.language,
        first=row.first,
        earliest=row.earliest,
        newest=row.newest,
        live=row.live,
        follows_language=row.follows_language,
        follows_number=row.follows_number,
    )


def heads(asset_id: int) -> list[Head]:
    """Return how each language of an asset stands, the first begun first."""
    numbers = numbers_of(GROUPED.where(TextRevision.asset_id == asset_id))
    query = (
        select(numbers, TextRevision.follows_language, TextRevision.follows_number)
        .outerjoin(TextRevision, is_live(numbers))
        .order_by(numbers.c.first)
    )
    return [head_of(row) for row in db.session.execute(query)]


def newest_live(asset_id: int, language: str) -> TextRevision | None:
    """Return the newest revision of a text that was not discarded."""
    query = (
        select(TextRevision)
        .where(
            TextRevision.asset_id == asset_id,
            TextRevision.language == language,
            TextRevision.discarded_at.is_(None),
        )
        .order_by(TextRevision.number.desc())
        .limit(1)
    )
    return db.session.scalars(query).first()


Name = tuple[int, str, int]


def contents(names: Sequence[Name]) -> dict[Name, dict[str, Any]]:
    """Return what revisions say, by (asset, language, number), in one statement."""
    if not names:
        return {}
    row = TextRevision
    query = (
        select(
            row.asset_id, row.language, row.number, row.title, row.summary, row.body, row.tags,
            row.fields, row.extra,
        )
        .where(tuple_(row.asset_id, row.language, row.number).in_(sorted(set(names))))
        .order_by(row.asset_id, row.language, row.number)
    )  # fmt: skip
    return {
        (r.asset_id, r.language, r.number): {
            "title": r.title,
            "summary": r.summary,
            "body": r.body,
            "tags": r.tags,
            "fields": r.fields,
            "extra": r.extra,
        }
        for r in db.session.execute(query)
    }
