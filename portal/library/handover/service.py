"""Handing over what hangs on a person, in one transaction, with a line in each asset's timeline."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from portal.accounts.models import User
from portal.accounts.rules import Role
from portal.audit import service as audit
from portal.db import db
from portal.errors import Invalid
from portal.library.handover import queries
from portal.library.models import Asset
from portal.library.notices import service as notices
from portal.library.notices.rules import Topic
from portal.library.publishing.acting import Actor, record
from portal.library.quality import rechecking


class Part(StrEnum):
    """What can be handed over."""

    OWNER = "owner"
    BACKUP = "backup"
    REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True)
class Report:
    """How much has gone to the successor."""

    owned: int
    backed: int
    reviewed: int


def hand_over(
    actor: Actor, leaver: User, successor: User, *, parts: Collection[Part] = tuple(Part)
) -> Report:
    """Give all that hangs on one person to another one.

    Somebody who would stand in for themselves does not: that place becomes free.

    Raises:
        Invalid: when the successor is the same person, has left, or may write nothing.
    """
    able = successor.active and Role(successor.role).covers(Role.CONTRIBUTOR)
    if leaver.id == successor.id or not able:
        raise Invalid("choose somebody else, who is here and may write")
    owned = backed = 0
    changed = []
    note = f"{leaver.name} → {successor.name}"
    for asset in queries.assets_of(leaver.id):
        moved = _hand_over(asset, leaver.id, successor.id, parts)
        owned, backed = owned + (Part.OWNER in moved), backed + (Part.BACKUP in moved)
        if moved:
            changed.append(asset.id)
            detail = {"from": leaver.id, "to": successor.id, "parts": [it.value for it in moved]}
            record(asset, "hand-over", actor, note=note, detail=detail)
    reviewed = _reviews(leaver.id, successor.id) if Part.REVIEWER in parts else 0
    rechecking.soon(changed)
    db.session.flush()
    if owned or backed or reviewed:
        detail = {"name": leaver.name, "count": owned + backed, "reviews": reviewed}
        notices.tell([successor.id], Topic.HANDED_OVER, actor_id=actor.id, detail=detail)
        told = {"to": successor.id, "owned": owned, "backed": backed, "reviewed": reviewed}
        audit.record("user.handed_over", kind="user", key=leaver.id, after=told, actor=actor.id)
    return Report(owned, backed, reviewed)


def _hand_over(asset: Asset, leaver: int, successor: int, parts: Collection[Part]) -> list[Part]:
    """Put the successor in the leaver's places; return which those were."""
    moved = []
    if Part.OWNER in parts and asset.owner_id == leaver:
        asset.owner_id = successor
        moved.append(Part.OWNER)
    if Part.BACKUP in parts and asset.backup_owner_id == leaver:
        asset.backup_owner_id = successor
        moved.append(Part.BACKUP)
    if moved and asset.backup_owner_id == asset.owner_id:
        asset.backup_owner_id = None
    return moved


def _reviews(leaver: int, successor: int) -> int:
    """Name the successor wherever the leaver was; what both reviewed stays once."""
    rows = queries.reviews_of([leaver, successor])
    known = {(row.kind, row.department) for row in rows if row.user_id == successor}
    count = 0
    for row in rows:
        if row.user_id != leaver:
            continue
        count += 1
        if (row.kind, row.department) in known:
            db.session.delete(row)
        else:
            row.user_id = successor
            known.add((row.kind, row.department))
    return count
