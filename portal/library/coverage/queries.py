"""The SELECT behind the coverage page: every language of every asset."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select

from portal.db import db
from portal.library.models import Asset, AssetText
from portal.library.publishing.models import TextRevision
from portal.library.rules import State
from portal.library.translation.queries import GROUPED, head_of, is_live, numbers_of
from portal.library.translation.rules import Head


@dataclass(frozen=True, slots=True)
class Standing:
    """A language of an asset among all assets."""

    asset_id: int
    slug: str
    kind: str
    is_public: bool
    updated_at: datetime
    title: str
    served: int | None
    head: Head


def _query() -> Select[Any]:
    numbers = numbers_of(GROUPED)
    return (
        select(
            numbers,
            Asset.slug,
            Asset.kind,
            Asset.state,
            Asset.updated_at,
            TextRevision.title,
            TextRevision.follows_language,
            TextRevision.follows_number,
            AssetText.revision.label("served"),
        )
        .join(Asset, Asset.id == numbers.c.asset_id)
        .outerjoin(TextRevision, is_live(numbers))
        .outerjoin(
            AssetText,
            and_(
                AssetText.asset_id == numbers.c.asset_id,
                AssetText.language == numbers.c.language,
            ),
        )
        .where(Asset.state != State.RETIRED.value)
        .order_by(numbers.c.asset_id, numbers.c.first)
    )


def standings(*, kind: str | None, person_id: int | None) -> list[Standing]:
    """Return every language of every asset that is not retired, in one statement.

    `person_id`: only of assets that are theirs.
    """
    query = _query()
    if kind:
        query = query.where(Asset.kind == kind)
    if person_id is not None:
        mine = (Asset.owner_id, Asset.creator_id, Asset.backup_owner_id)
        query = query.where(or_(*(column == person_id for column in mine)))
    return [
        Standing(
            asset_id=row.asset_id,
            slug=row.slug,
            kind=row.kind,
            is_public=row.state == State.PUBLISHED.value,
            updated_at=row.updated_at,
            title=row.title or row.slug,
            served=row.served,
            head=head_of(row),
        )
        for row in db.session.execute(query)
    ]
