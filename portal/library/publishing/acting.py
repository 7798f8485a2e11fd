"""Who acts on an asset, what they may do, and what the timeline keeps of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal import clock
from portal.accounts.rules import Role
from portal.audit import service as audit
from portal.db import db
from portal.errors import Conflict, Forbidden, NotFound
from portal.library.models import Asset
from portal.library.publishing import queries, rules
from portal.library.publishing.models import AssetEvent
from portal.library.publishing.rules import Action, Group, Phase, Standing
from portal.library.rules import SLUG_LIMIT
from portal.library.sources.labels import KEPT


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts; `id` is None for the portal itself, which may do what was decided before."""

    id: int | None
    role: Role
    department: str | None = None


PORTAL = Actor(None, Role.ADMIN)
"""The portal acting on its own at the time somebody has set."""


def phase(asset: Asset) -> Phase:
    """Return how far an asset and its next revision have come."""
    return rules.phase_of(asset.state, asset.change)


Scopes = Sequence[tuple[str | None, str | None]]


def groups(actor: Actor, asset: Asset, scopes: Scopes | None = None) -> frozenset[Group]:
    """Return who somebody is to an asset; `scopes`: what they review, when that is known."""
    own = actor.id is not None and actor.id in {
        asset.creator_id,
        asset.owner_id,
        asset.backup_owner_id,
    }
    if scopes is None:
        scopes = queries.reviewer_scopes(actor.id) if actor.id is not None else []
    return rules.groups_of(
        Standing(
            role=actor.role,
            is_own=own,
            same_department=rules.same_department(actor.department, asset.department),
            is_reviewer=rules.is_reviewer(scopes, asset.kind, asset.department),
            # the portal does at its time what the files say: they are where times are set
            kept_in_folder=asset.source_id is not None and actor.id is not None,
        )
    )


def allowed(actor: Actor, asset: Asset) -> list[Action]:
    """Return what somebody may do to an asset now."""
    return rules.moves_of(groups(actor, asset), phase(asset))


def require(actor: Actor, asset: Asset, action: Action) -> None:
    """Refuse what the table of moves does not allow.

    Raises:
        Conflict: when an asset in this phase can not be moved so: somebody has moved it meanwhile;
            or when it is kept in a folder.
        Forbidden: when others may, but not this person.
    """
    mine = groups(actor, asset)
    if rules.is_held(mine, action):
        raise Conflict(KEPT, elsewhere=True)
    if phase(asset) not in rules.MOVES[action].leads:
        raise Conflict(f"an asset that is {phase(asset)} can not be moved by {action}")
    if not rules.may(mine, action, phase(asset)):
        raise Forbidden(f"{action} is for others to do")


def seen(actor: Actor, slug: str, *, lock: bool = False) -> Asset:
    """Return an asset that is something to this person: whose desk page they may see.

    Raises:
        NotFound: when there is none.
        Forbidden: when it is somebody else's work.
    """
    usable = len(slug) <= SLUG_LIMIT and "\x00" not in slug
    asset = queries.asset_by_slug(slug, lock=lock) if usable else None
    if asset is None:
        raise NotFound
    if not groups(actor, asset):
        raise Forbidden(f"{slug} is for others to see")
    return asset


def locked(slug: str) -> Asset:
    """Return an asset that nobody else changes until this transaction ends.

    Raises:
        NotFound: when there is none.
    """
    asset = queries.asset_by_slug(slug, lock=True)
    if asset is None:
        raise NotFound
    return asset


def record(
    asset: Asset,
    action: str,
    actor: Actor,
    *,
    language: str | None = None,
    number: int | None = None,
    note: str = "",
    detail: Mapping[str, Any] | None = None,
) -> AssetEvent:
    """Add a line to an asset's timeline."""
    event = AssetEvent(
        asset_id=asset.id,
        at=clock.now(),
        user_id=actor.id,
        action=action,
        language=language,
        number=number,
        note=note,
        detail=dict(detail or {}),
    )
    db.session.add(event)
    if action in rules.AUDITED:
        before, after = rules.audited(detail or {})
        audit.record(
            f"asset.{action}",
            kind="asset", key=asset.slug, before=before, after=after, actor=actor.id,
        )  # fmt: skip
    return event
