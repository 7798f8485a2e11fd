"""What is done when an asset's time has come: it is published or retired, or the reason is kept."""

from datetime import date

from portal import clock, jobs
from portal.db import db
from portal.errors import PortalError
from portal.jobs import Job
from portal.jobs import queries as queued
from portal.library.models import Asset
from portal.library.publishing import acting, moving, queries, rules, timing
from portal.library.publishing.rules import Action, Phase

UNSEEN = frozenset({Phase.DRAFT, Phase.CHANGED})


def publish(job: Job, today: date | None = None) -> str:
    """Publish an asset at the time set for it, if that still stands and was decided for this.

    `today` is the company's day, on which it counts as checked; None: UTC's.
    """
    asset = queries.asset_by_id(job.payload["asset"], lock=True)
    if asset is None or asset.publish_at is None or asset.publish_at > clock.now():
        return "called off"
    decision = queries.last_schedule(asset.id)
    decided_by = decision.user_id if decision else None
    phase = acting.phase(asset)
    if phase not in rules.MOVES[Action.PUBLISH].leads:
        why = "nothing" if phase is Phase.PUBLISHED else "phase"
    elif phase in UNSEEN and decision is not None and not decision.detail.get("unseen", False):
        why = "unseen"
    else:
        why = _moved(asset, Action.PUBLISH, decided_by, today)
    if not why:
        return asset.slug
    asset.publish_at = None
    acting.record(asset, f"not-published-{why}", acting.PORTAL, detail={"decided_by": decided_by})
    return f"not published: {why}"


def retire(job: Job) -> str:
    """Retire an asset at the time set for it, if that still stands."""
    asset = queries.asset_by_id(job.payload["asset"], lock=True)
    if asset is None or asset.retire_at is None or asset.retire_at > clock.now():
        return "called off"
    decision = queries.last_schedule(asset.id)
    decided_by = decision.user_id if decision else None
    if acting.phase(asset) in rules.MOVES[Action.RETIRE].leads:
        _moved(asset, Action.RETIRE, decided_by)
        return asset.slug
    asset.retire_at = None
    acting.record(asset, "not-retired", acting.PORTAL, detail={"decided_by": decided_by})
    return "not retired: phase"


def _moved(asset: Asset, action: Action, decided_by: int | None, today: date | None = None) -> str:
    """Move an asset as the portal; return why that was refused, or nothing when it was not."""
    try:
        with db.session.begin_nested():
            moving.move(acting.PORTAL, asset, action, decided_by=decided_by, today=today)
    except PortalError:
        return "text"
    return ""


def enqueue_late(_job: Job) -> str:
    """Enqueue what is late and has no job: a file or an older portal has set the time."""
    late = queries.late_times(clock.now())
    keys = {timing.key_of(name, asset_id): (name, asset_id) for name, asset_id in late}
    known = queued.unsettled(keys)
    for key, (name, asset_id) in keys.items():
        if key not in known:
            jobs.enqueue(name, {"asset": asset_id}, key=key)
    return str(len(keys.keys() - known))
