"""Collections and assets pinned for teams and taken down again."""

from collections.abc import Iterable

from sqlalchemy import delete

from portal import clock
from portal.db import db, write_once
from portal.errors import Forbidden, Invalid
from portal.library.collections import rules
from portal.library.collections.models import Collection
from portal.library.collections.rules import Viewer
from portal.library.collections.service import standing
from portal.library.models import Asset
from portal.library.pinning import queries
from portal.library.pinning.models import AssetPin, CollectionPin, OwnPin


def pin_collection(viewer: Viewer, it: Collection, team_ids: Iterable[int]) -> None:
    """Pin a locked collection for just these teams; flushed.

    Raises:
        Forbidden: when the person does not pin.
        Invalid: when people of a team would not see it.
    """
    if not rules.pins(viewer):
        raise Forbidden
    wanted, had = _wanted(team_ids), queries.teams_with_collection(it.id)
    if not all(rules.can_pin_for(standing(it), team_id) for team_id in wanted):
        raise Invalid("the people of that team do not see this collection")
    db.session.execute(
        delete(CollectionPin).where(
            CollectionPin.collection_id == it.id, CollectionPin.team_id.in_(had - wanted)
        )
    )
    for team_id in sorted(wanted - had):
        db.session.add(
            CollectionPin(team_id=team_id, collection_id=it.id, user_id=viewer.id, at=clock.now())
        )
    db.session.flush()


def pin_asset(viewer: Viewer, asset: Asset, team_ids: Iterable[int]) -> None:
    """Pin an asset, locked by the caller, for just these teams; flushed.

    Raises:
        Forbidden: when the person does not pin.
    """
    if not rules.pins(viewer):
        raise Forbidden
    wanted, had = _wanted(team_ids), queries.teams_with_asset(asset.id)
    db.session.execute(
        delete(AssetPin).where(AssetPin.asset_id == asset.id, AssetPin.team_id.in_(had - wanted))
    )
    for team_id in sorted(wanted - had):
        db.session.add(
            AssetPin(team_id=team_id, asset_id=asset.id, user_id=viewer.id, at=clock.now())
        )
    db.session.flush()


def _wanted(team_ids: Iterable[int]) -> set[int]:
    """The teams among these numbers that there are."""
    return set(team_ids) & {team_id for team_id, _name in queries.teams()}


def pin_own(user_id: int, asset_id: int, *, pinned: bool) -> None:
    """Pin an asset for oneself, or take the pin off; done twice it is done once."""
    if not pinned:
        db.session.execute(
            delete(OwnPin).where(OwnPin.user_id == user_id, OwnPin.asset_id == asset_id)
        )
        return
    write_once(OwnPin, {"user_id": user_id, "asset_id": asset_id, "at": clock.now()})
