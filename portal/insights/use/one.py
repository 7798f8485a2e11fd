"""Of one asset or one person: who, in which language and stage, what."""

from dataclasses import replace
from typing import Any

from sqlalchemy import and_, func, select

from portal.db import db
from portal.insights.use.models import UsePerson
from portal.insights.use.queries import Basis
from portal.insights.use.rules import NOTHING, Counts, Dim
from portal.insights.use.statements import NAME_OF, USED
from portal.library.models import Asset
from portal.library.rules import State
from portal.usage.models import UsageEvent


def users_of(on: Basis, asset_id: int) -> set[int]:
    """Return who used an asset."""
    query = select(UsePerson.user_id).where(
        UsePerson.dim == on.dim(Dim.ASSET),
        UsePerson.key == asset_id,
        UsePerson.last_day >= on.first,
    )
    found = set(db.session.scalars(query.order_by(UsePerson.user_id)))
    if on.fresh is not None:
        found |= on.fresh.users(asset_id, on.first)
    else:
        one = replace(on.tail, asset_id=asset_id)
        found |= {row.user_id for row in db.session.execute(one.people(Dim.ASSET))}
    return found


def split_of(on: Basis, asset_id: int) -> dict[tuple[str, str], Counts]:
    """Return the use of an asset by (language, stage), asked of the ledger: one asset is little."""
    query = (
        select(UsageEvent.language, UsageEvent.stage, UsageEvent.action, func.count())
        .where(
            UsageEvent.asset_id == asset_id,
            UsageEvent.at >= on.tail.start,
            UsageEvent.action.in_(USED),
        )
        .group_by(UsageEvent.language, UsageEvent.stage, UsageEvent.action)
        .order_by(UsageEvent.language, UsageEvent.stage, UsageEvent.action)
    )
    found: dict[tuple[str, str], Counts] = {}
    for language, stage, action, number in db.session.execute(query):
        key = (language or "", stage or "")
        found[key] = found.get(key, NOTHING) + Counts(**{NAME_OF[action]: number})
    return found


def own(on: Basis, user_id: int) -> list[tuple[int, str, Counts]]:
    """Return what a person used, the most first: the asset, its slug, how often."""
    query = (
        select(UsageEvent.asset_id, Asset.slug, UsageEvent.action, func.count())
        .join(Asset, and_(Asset.id == UsageEvent.asset_id, Asset.state == State.PUBLISHED.value))
        .where(
            UsageEvent.user_id == user_id,
            UsageEvent.at >= on.tail.start,
            UsageEvent.action.in_(USED),
        )
        .group_by(UsageEvent.asset_id, Asset.slug, UsageEvent.action)
        .order_by(UsageEvent.asset_id, UsageEvent.action)
    )
    found: dict[tuple[int, str], Counts] = {}
    rows: Any = db.session.execute(query)
    for asset_id, slug, action, number in rows:
        key = (asset_id, slug)
        found[key] = found.get(key, NOTHING) + Counts(**{NAME_OF[action]: number})
    used = [(key[0], key[1], it) for key, it in found.items()]
    return sorted(used, key=lambda row: (-row[2].uses, row[0]))
