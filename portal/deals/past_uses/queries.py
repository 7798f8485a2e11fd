"""The SELECTs behind past uses: who, what and which deal a file means, what is there already."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from portal.accounts.models import User
from portal.db import db
from portal.deals.models import Deal, StageChange
from portal.deals.queries import NUMBER_MOST
from portal.library.models import Asset
from portal.usage.models import UsageEvent


def people(keys: Collection[str] | None = None) -> dict[str, int]:
    """Return everybody, or those of these keys, by the key of their e-mail."""
    query = select(User.email_key, User.id).order_by(User.id)
    if keys is not None:
        query = query.where(User.email_key.in_(sorted(keys)))
    return {row[0]: row[1] for row in db.session.execute(query)}


def assets() -> dict[str, int]:
    """Return every asset by its slug and by its number; a slug comes before a number."""
    rows = db.session.execute(select(Asset.slug, Asset.id).order_by(Asset.id)).all()
    return {str(row[1]): row[1] for row in rows} | {row[0]: row[1] for row in rows}


def _numbers(texts: Collection[str]) -> list[int]:
    found = [int(t) for t in texts if t.isascii() and t.isdigit() and len(t) <= 10]  # noqa: PLR2004
    return sorted(number for number in found if 0 < number <= NUMBER_MOST)


def deals(named: Collection[str]) -> dict[str, list[int]]:
    """Return the deals of these names: the source's own, else our number."""
    found: dict[str, list[int]] = defaultdict(list)
    query = (
        select(Deal.external_id, Deal.id)
        .where(Deal.external_id.in_(sorted(named)))
        .order_by(Deal.external_id, Deal.id)
    )
    for name, number in db.session.execute(query):
        found[name or ""].append(number)
    ours = select(Deal.id).where(Deal.id.in_(_numbers(set(named) - found.keys())))
    for number in db.session.scalars(ours.order_by(Deal.id)):
        found[str(number)].append(number)
    return found


def histories(numbers: Collection[int]) -> dict[int, list[tuple[datetime, str]]]:
    """Return when these deals entered which stage, the first first."""
    query = (
        select(StageChange.deal_id, StageChange.at, StageChange.stage)
        .where(StageChange.deal_id.in_(sorted(numbers)))
        .order_by(StageChange.deal_id, StageChange.at, StageChange.id)
    )
    found: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for number, at, stage in db.session.execute(query):
        found[number].append((at, stage))
    return found


def there(keys: Collection[str]) -> set[str]:
    """Return those of these keys by which uses were loaded already."""
    query = select(UsageEvent.import_key).where(UsageEvent.import_key.in_(sorted(keys)))
    return {key for key in db.session.scalars(query.order_by(UsageEvent.import_key)) if key}
