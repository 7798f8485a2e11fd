"""Many assets changed at once and set back again: each as far as it may, chunk by chunk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.accounts.rules import Role
from portal.audit import service as audit
from portal.db import db
from portal.errors import Conflict, Forbidden, NotFound
from portal.library.bulk import changing, queries, rules
from portal.library.bulk.changing import Plan
from portal.library.bulk.models import BulkAction, BulkChange
from portal.library.bulk.rules import NEEDS, UNDO_NEEDS, Refusal, Task
from portal.library.models import Asset
from portal.library.notices import service as notices
from portal.library.notices.rules import Topic
from portal.library.publishing import acting
from portal.library.publishing import queries as publishing
from portal.library.publishing.acting import Actor
from portal.library.quality import rechecking

Commit = Callable[[], None]


@dataclass(slots=True)
class Preview:
    """What would become of the assets chosen: those that can be changed, others by reason."""

    able: list[Asset] = field(default_factory=list)
    refused: dict[Refusal, list[Asset]] = field(default_factory=dict)


def _scopes(actor: Actor) -> acting.Scopes:
    return publishing.reviewer_scopes(actor.id) if actor.id is not None else []


def seen(actor: Actor, ids: Sequence[int]) -> list[Asset]:
    """Return those of the assets to which this person is something."""
    scopes = _scopes(actor)
    return [it for it in queries.assets(ids) if acting.groups(actor, it, scopes)]


def preview(actor: Actor, plan: Plan, ids: Sequence[int], *, today: date) -> Preview:
    """Say what would become of each asset; nothing is changed."""
    found, scopes = Preview(), _scopes(actor)
    for asset in seen(actor, ids):
        why = _refusal(actor, plan, asset, scopes, today)
        if why is None:
            found.able.append(asset)
        else:
            found.refused.setdefault(why, []).append(asset)
    return found


def _refusal(
    actor: Actor, plan: Plan, asset: Asset, scopes: acting.Scopes, today: date
) -> Refusal | None:
    groups = acting.groups(actor, asset, scopes)
    why = rules.refusal(groups, NEEDS[plan.task], acting.phase(asset))
    if why is None and changing.is_same(plan, asset, today=today):
        return Refusal.SAME
    return why


def begin(actor: Actor, plan: Plan, ids: Sequence[int], *, token: str) -> BulkAction:
    """Write down what is to be done to which assets; the same form sent again begins nothing.

    Raises:
        Forbidden: for nobody in particular.
    """
    if actor.id is None:
        raise Forbidden
    known = queries.by_token(token)
    if known is not None:
        return known
    chosen = [it.id for it in seen(actor, ids[: rules.MOST])]
    bulk = BulkAction(
        at=clock.now(),
        user_id=actor.id,
        action=plan.task.value,
        detail=plan.kept() | {"ids": chosen},
        token=token,
        total=len(chosen),
    )
    try:
        with db.session.begin_nested():
            db.session.add(bulk)
    except IntegrityError as error:  # the same form, sent at the same moment
        known = queries.by_token(token)
        if known is None:
            raise Conflict("this form was sent twice") from error
        return known
    told = {"task": bulk.action, "assets": bulk.total}
    audit.record("bulk.begun", kind="bulk", key=bulk.id, after=told, actor=actor.id)
    return bulk


def run(actor: Actor, bulk_id: int, *, today: date, commit: Commit) -> None:
    """Do what was begun, a chunk a transaction; goes on where an earlier run was interrupted.

    Raises:
        NotFound: when there is no such action.
        Forbidden: when somebody else has begun it.
    """
    while True:
        bulk = queries.action(bulk_id, lock=True)
        if bulk is None:
            raise NotFound
        if bulk.user_id != actor.id:
            raise Forbidden
        done = queries.touched(bulk.id)
        left = [i for i in bulk.detail.get("ids", ()) if i not in done]
        if bulk.finished_at is None and left:
            _run_chunk(actor, bulk, left[: rules.CHUNK], today)
        if len(left) <= rules.CHUNK:
            bulk.finished_at = bulk.finished_at or clock.now()
        finished = bulk.finished_at is not None
        db.session.flush()
        if finished:
            _tell(actor, bulk)
        commit()
        if finished:
            return


def _tell(actor: Actor, bulk: BulkAction) -> None:
    """Tell somebody once how many assets they were given."""
    plan = Plan.of(Task(bulk.action), bulk.detail)
    count = queries.tally(bulk.id).get((None, None), 0)
    if plan.task in {Task.OWNER, Task.BACKUP} and plan.person_id and count:
        notices.tell(
            [plan.person_id],
            Topic.HANDED_OVER,
            actor_id=actor.id,
            mark=f"bulk:{bulk.id}",
            detail={"count": count},
        )


def _run_chunk(actor: Actor, bulk: BulkAction, ids: Sequence[int], today: date) -> None:
    plan, scopes = Plan.of(Task(bulk.action), bulk.detail), _scopes(actor)
    changed = []
    for asset in queries.assets(ids, lock=True):
        change = BulkChange(bulk_id=bulk.id, asset_id=asset.id, before={}, after={})
        why = _refusal(actor, plan, asset, scopes, today)
        if why is None:
            change.before = changing.state_of(plan, asset)
            changing.apply(actor, plan, asset, today=today, bulk=bulk.id)
            change.after = changing.state_of(plan, asset, applied=True)
            changed.append(asset.id)
        else:
            change.refusal = why.value
        db.session.add(change)
    if plan.task is not Task.RETIRE:  # a move checks what it moves
        rechecking.soon(changed)
    db.session.flush()


def may_undo(actor: Actor, bulk: BulkAction) -> bool:
    """Whether somebody may undo an action: who did it, and managers."""
    return actor.id == bulk.user_id or actor.role.covers(Role.MANAGER)


RESTORED = "restored"


def undo(actor: Actor, bulk_id: int, *, commit: Commit) -> None:
    """Set back what nobody has changed since; what was left as it is says why.

    Raises:
        NotFound: when there is no such action.
        Forbidden: when it is somebody else's.
        Conflict: when it was undone already.
    """
    first = True
    while True:
        bulk = queries.action(bulk_id, lock=True)
        if bulk is None:
            raise NotFound
        if not may_undo(actor, bulk):
            raise Forbidden
        changes = queries.to_undo(bulk.id, limit=rules.CHUNK)
        if not changes and first:
            raise Conflict("there is nothing left to undo")
        if first:
            audit.record("bulk.undone", kind="bulk", key=bulk.id, actor=actor.id)
        bulk.undone_at, bulk.undone_by_id = bulk.undone_at or clock.now(), actor.id
        bulk.finished_at = bulk.finished_at or clock.now()  # nothing more is done, half done or not
        _undo_chunk(actor, bulk, changes)
        db.session.flush()
        commit()
        first = False
        if len(changes) < rules.CHUNK:
            return


def _undo_chunk(actor: Actor, bulk: BulkAction, changes: Sequence[BulkChange]) -> None:
    plan, scopes = Plan.of(Task(bulk.action), bulk.detail), _scopes(actor)
    assets = {it.id: it for it in queries.assets([c.asset_id for c in changes], lock=True)}
    for change in changes:
        asset = assets[change.asset_id]
        why: Refusal | None = None
        if changing.state_of(plan, asset, applied=True) != change.after:
            why = Refusal.CHANGED
        else:
            groups = acting.groups(actor, asset, scopes)
            why = rules.refusal(groups, UNDO_NEEDS[plan.task], acting.phase(asset))
        if why is None:
            changing.restore(plan, asset, change.before)
            detail = {"bulk": bulk.id, "task": plan.task.value}
            acting.record(asset, "undo", actor, detail=detail)
        change.undone = why.value if why else RESTORED
    rechecking.soon(change.asset_id for change in changes if change.undone == RESTORED)
