"""Checks confirmed, intervals set, owners named; each leaves a line in the asset's timeline."""

from datetime import date

from portal import clock
from portal.audit import service as audit
from portal.db import db
from portal.errors import Invalid
from portal.library.freshness import queries, rules
from portal.library.freshness.models import ReviewInterval
from portal.library.models import Asset
from portal.library.notices import service as notices
from portal.library.notices.rules import CHECKS, Topic
from portal.library.publishing.acting import Actor, record, require
from portal.library.publishing.rules import Action
from portal.library.quality import rechecking
from portal.library.quality import service as quality
from portal.library.rules import Kind


def confirm(
    actor: Actor, asset: Asset, *, today: date, on: date | None = None, bulk: int | None = None
) -> bool:
    """Say that a locked asset is still true: checked today, or on an earlier day.

    Returns whether that was news; the same said twice is kept once.

    Raises:
        Forbidden, Conflict: as `require`.
        Invalid: when the day is still to come, or too long ago to be meant.
    """
    require(actor, asset, Action.CONFIRM)
    day = on or today
    if not rules.EARLIEST <= day <= today:
        raise Invalid("the day of a check is not after today")
    before = asset.checked_on
    if before == day:
        return False
    asset.checked_on = day
    told: dict[str, str | int | None] = {
        "from": before.isoformat() if before else None,
        "to": day.isoformat(),
    }
    record(asset, "confirm", actor, detail=told | ({"bulk": bulk} if bulk else {}))
    db.session.flush()
    if bulk is None:
        quality.check_asset(asset)
    if not rules.freshness(day, queries.months_of(asset.id), today).is_due:
        notices.settle(asset.id, CHECKS)
    return True


def set_interval(actor: Actor, kind: Kind, months: int) -> None:
    """Set after how many months assets of a kind are checked; reminders follow the new one.

    Raises:
        Invalid: when there are too few or too many.
    """
    if not rules.is_interval(months):
        raise Invalid(f"an interval has {rules.LEAST} to {rules.MOST} months")
    kept = queries.intervals().get(kind.value)
    before = kept.months if kept is not None else rules.DEFAULTS[kind]
    if kept is None and months == before:
        return
    if kept is None:
        kept = ReviewInterval(kind=kind.value)
        db.session.add(kept)
    elif kept.months == months:
        return
    kept.months, kept.set_by_id, kept.set_at = months, actor.id, clock.now()
    rechecking.everything()
    db.session.flush()
    audit.record(
        "settings.interval", kind="interval", key=kind.value, actor=actor.id,
        before={"months": before}, after={"months": months},
    )  # fmt: skip


def set_own_interval(actor: Actor, asset: Asset, months: int | None) -> None:
    """Give a locked asset an interval of its own, or that of its kind again.

    Raises:
        Forbidden, Conflict: as `require`.
        Invalid: when there are too few or too many months.
    """
    require(actor, asset, Action.ASSIGN)
    if not rules.is_interval(months):
        raise Invalid(f"an interval has {rules.LEAST} to {rules.MOST} months")
    before = asset.review_months
    if before != months:
        asset.review_months = months
        record(asset, "interval", actor, detail={"from": before, "to": months})
        db.session.flush()
        quality.check_asset(asset)


OWNERS = {"owner": "owner_id", "backup": "backup_owner_id"}
"""Who stands for an asset: the word of the timeline → the column."""


def assign(
    actor: Actor, asset: Asset, what: str, person_id: int | None, *, bulk: int | None = None
) -> bool:
    """Make somebody the `owner` or the `backup` owner of a locked asset; None: nobody.

    Returns whether that changed anything.

    Raises:
        Forbidden, Conflict: as `require`.
        Invalid: when the person has left or may write nothing.
    """
    require(actor, asset, Action.ASSIGN)
    column = OWNERS[what]
    before: int | None = getattr(asset, column)
    if before == person_id:
        return False
    people = queries.people([before, person_id])
    if person_id is not None and not (person_id in people and people[person_id].can_act):
        raise Invalid("choose somebody who is here and may write")
    setattr(asset, column, person_id)
    names = [people[i].name if i else "—" for i in (before, person_id)]
    detail = {"from": before, "to": person_id} | ({"bulk": bulk} if bulk else {})
    record(asset, what, actor, note=" → ".join(names), detail=detail)
    db.session.flush()
    if what == "owner" and bulk is None:
        db.session.expire(asset, ["owner"])
        quality.check_asset(asset)
    if person_id is not None and bulk is None:
        notices.tell(
            [person_id], Topic.HANDED_OVER, asset_id=asset.id, actor_id=actor.id,
            detail={"role": what},
        )  # fmt: skip
    return True
