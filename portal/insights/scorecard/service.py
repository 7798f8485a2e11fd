"""Setting the shared goal, and what each side promises for a month."""

from datetime import date
from decimal import Decimal

from portal import clock
from portal.accounts.rules import Department
from portal.audit import service as audit
from portal.db import db, write_once
from portal.errors import Conflict, Forbidden, NotFound
from portal.insights.scorecard import queries, rules
from portal.insights.scorecard.models import SharedGoal, SidePromise
from portal.insights.scorecard.rules import Measure, Period


def set_goal(
    measure: Measure,
    target: Decimal,
    *,
    currency: str,
    period: Period,
    side: Department,
    user_id: int,
) -> SharedGoal:
    """Set the goal from now on; the one before is kept, and the other side is to agree.

    The same again is the same, and from the other side an agreement.
    """
    wanted = (measure.value, target, currency, period.value)
    newest = queries.newest_goal()
    if newest and (newest.measure, newest.target, newest.currency, newest.period) == wanted:
        if rules.may_agree(newest.side, agreed=newest.agreed_at is not None, side=side):
            agree(newest.id, side, user_id)
        return newest
    made = SharedGoal(
        measure=measure.value,
        target=target,
        currency=currency,
        period=period.value,
        set_at=clock.now(),
        set_by_id=user_id,
        side=side.value,
    )
    db.session.add(made)
    db.session.flush()
    before = None
    if newest is not None:
        before = (newest.measure, newest.target, newest.currency, newest.period)
    audit.record(
        "goal.set", kind="goal", key=made.id, actor=user_id, before=_told(before),
        after=_told(wanted),
    )  # fmt: skip
    return made


def _told(goal: tuple[str, Decimal, str, str] | None) -> dict[str, object] | None:
    """Return a goal as the audit log keeps it."""
    if goal is None:
        return None
    return dict(zip(("measure", "target", "currency", "period"), goal, strict=True))


def agree(goal_id: int, side: Department, user_id: int) -> None:
    """Agree to the goal the other side has set; agreed already, it stays as it is.

    Raises:
        Conflict: when another goal was set meanwhile.
        Forbidden: when it is one's own side that has set it.
    """
    newest = queries.newest_goal()
    if newest is None or newest.id != goal_id:
        raise Conflict("another goal was set meanwhile")
    if newest.agreed_at is not None:
        return
    if not rules.may_agree(newest.side, agreed=False, side=side):
        raise Forbidden("a manager of the other department agrees to it")
    newest.agreed_at, newest.agreed_by_id = clock.now(), user_id
    db.session.flush()
    audit.record("goal.agreed", kind="goal", key=goal_id, after={"for": side.value}, actor=user_id)


def promise(
    side: Department,
    words: str,
    *,
    token: str,
    month: str,
    owner_id: int,
    due_on: date,
    user_id: int,
) -> SidePromise:
    """Keep what a side promises; the same form sent twice is one promise."""
    made = {
        "side": side.value, "month": month, "token": token, "words": words, "owner_id": owner_id,
        "due_on": due_on, "made_at": clock.now(), "made_by_id": user_id,
    }  # fmt: skip
    write_once(SidePromise, made)
    return queries.promise_by_token(token)


def settle(promise_id: int, *, kept: bool | None) -> SidePromise:
    """Say that a promise was kept, was not, or is open after all.

    Raises:
        NotFound: when there is none of this number.
    """
    found = queries.promise(promise_id)
    if found is None:
        raise NotFound
    if found.kept is not kept:
        found.kept, found.settled_at = kept, clock.now() if kept is not None else None
    db.session.flush()
    return found
