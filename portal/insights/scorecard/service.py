"""Setting the shared goal, and what each side promises for a month."""

from datetime import date
from decimal import Decimal

from portal import clock
from portal.accounts.rules import Department
from portal.db import db, write_once
from portal.errors import NotFound
from portal.insights.scorecard import queries
from portal.insights.scorecard.models import SharedGoal, SidePromise
from portal.insights.scorecard.rules import Measure, Period


def set_goal(
    measure: Measure, target: Decimal, *, currency: str, period: Period, user_id: int
) -> SharedGoal:
    """Set the goal that holds from now on; the one before is kept. The same again is the same."""
    wanted = (measure.value, target, currency, period.value)
    newest = next(iter(queries.goals()), None)
    if newest and (newest.measure, newest.target, newest.currency, newest.period) == wanted:
        return newest
    made = SharedGoal(
        measure=measure.value,
        target=target,
        currency=currency,
        period=period.value,
        set_at=clock.now(),
        set_by_id=user_id,
    )
    db.session.add(made)
    db.session.flush()
    return made


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
