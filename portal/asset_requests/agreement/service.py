"""Making an agreement: proposed by one side, signed by the other; what it means for requests."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.asset_requests.agreement import clocks, holidays_of, queries, rules, working_time
from portal.asset_requests.agreement import terms as agreed
from portal.asset_requests.agreement.clocks import ANSWERING, BY_DAYS, Clock, Promise, Step
from portal.asset_requests.agreement.models import Agreement, RequestClock, RequestTerms
from portal.asset_requests.agreement.rules import Doing, Outcome
from portal.asset_requests.agreement.terms import Terms
from portal.asset_requests.agreement.working_time import Calendar
from portal.audit import service as audit
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid
from portal.library.publishing.acting import Actor

SOON = timedelta(hours=3)
"""Working time before something is due from which on it is due soon."""
SOON_TRY = timedelta(days=2)


def terms_of(found: Agreement | None, zone: str) -> Terms:
    """Return the terms of a version; None: those that hold in a time zone before there is one."""
    return agreed.read(found.terms) if found else agreed.first(zone)


def current(zone: str, *, lock: bool = False) -> Agreement:
    """Return the version in force; the first one is written when there is none.

    Args:
        zone: the company's time zone, for the first version.
        lock: whether nobody else shall make another version meanwhile.
    """
    found = queries.newest(lock=lock)
    if found is not None:
        return found
    now = clock.now()
    try:
        with db.session.begin_nested():
            first = Agreement(
                number=1,
                terms=agreed.first(zone).model_dump(mode="json"),
                proposed_at=now,
                settled_at=now,
                outcome=Outcome.IN_FORCE.value,
            )
            db.session.add(first)
    except IntegrityError:  # another process was first
        found = queries.newest(lock=lock)
        if found is None:
            raise
        return found
    return first


def _require(actor: Actor, doing: Doing, proposal: Agreement | None) -> str:
    """Return for which side somebody acts, or refuse it.

    Raises:
        Forbidden: when they sign for neither side, or it is for the other side to do.
        Conflict: when there is a proposal already, or it is gone.
    """
    side = rules.side_of(actor.role, actor.department)
    if side is None:
        raise Forbidden("the agreement is made by managers of Sales and Marketing")
    if doing in rules.doings(side, proposal.proposed_for if proposal else None):
        return side.value
    if proposal is None or doing is Doing.PROPOSE:
        raise Conflict("the proposal has been settled, or there is one already")
    raise Forbidden("this is for the other side to do")


def propose(actor: Actor, terms: Terms, *, note: str, based_on: int, zone: str) -> Agreement:
    """Propose other terms to the other side.

    Raises:
        Forbidden: when somebody signs for neither side.
        Conflict: when a proposal is open, or another version has come into force meanwhile.
        Invalid: when nothing would change.
    """
    base = current(zone, lock=True)
    side = _require(actor, Doing.PROPOSE, queries.proposal())
    if base.number != based_on:
        raise Conflict("another version has come into force meanwhile")
    if not agreed.differences(agreed.read(base.terms), terms):
        raise Invalid("nothing would change")
    made = Agreement(
        terms=terms.model_dump(mode="json"),
        note=note,
        based_on=based_on,
        proposer_id=actor.id,
        proposed_for=side,
        proposed_at=clock.now(),
        outcome=Outcome.OPEN.value,
    )
    db.session.add(made)
    db.session.flush()
    audit.record(
        "agreement.proposed",
        kind="agreement",
        key=made.id,
        actor=actor.id,
        before=base.terms,
        after=made.terms,
    )
    return made


_ENDS = {
    Doing.SIGN: Outcome.IN_FORCE,
    Doing.REFUSE: Outcome.REFUSED,
    Doing.WITHDRAW: Outcome.WITHDRAWN,
}


def settle(actor: Actor, proposal_id: int, doing: Doing, *, zone: str) -> Agreement:
    """Sign, refuse or withdraw the open proposal; signed, it is in force from now on.

    Raises:
        Forbidden: when somebody signs for neither side, or it is for the other side to do.
        Conflict: when the proposal has been settled meanwhile.
    """
    base = current(zone, lock=True)
    proposal = queries.proposal()
    if proposal is not None and proposal.id != proposal_id:
        proposal = None
    side = _require(actor, doing, proposal)
    if proposal is None:
        raise Conflict("the proposal has been settled")
    proposal.outcome = _ENDS[doing].value
    proposal.settled_at = clock.now()
    proposal.signer_id, proposal.signed_for = actor.id, side
    if doing is Doing.SIGN:
        proposal.number = (base.number or 0) + 1
    db.session.flush()
    told = {"outcome": proposal.outcome, "number": proposal.number, "for": side}
    audit.record("agreement.settled", kind="agreement", key=proposal_id, after=told, actor=actor.id)
    return proposal


class Owing(Protocol):
    """Somebody who owes something."""

    id: int
    team_id: int | None
    department: str | None


class Requested(Protocol):
    """What the clocks need to know of a request."""

    id: int
    kind: str | None
    urgent: bool
    department: str
    asked_at: datetime

    @property
    def requester(self) -> Owing:
        """Who asked."""

    @property
    def assignee(self) -> Owing | None:
        """Who has taken it on."""


def set_due(
    request: Requested,
    steps: Sequence[tuple[datetime, str]],
    *,
    used_at: Sequence[datetime] = (),
    rated_at: Sequence[datetime] = (),
    zone: str,
) -> RequestTerms:
    """Work out the clocks of a request anew, and keep what is due; called after each event.

    The first call, at filing, ties the request to the version in force; it keeps it for ever.

    Args:
        request: it, locked by who calls.
        steps: when it came into which state after it was asked, as they followed.
        used_at: when the requester opened or copied what was delivered.
        rated_at: when they rated it.
        zone: the company's time zone, for the first version.
    """
    kept = queries.terms_of(request.id)
    if kept is None:
        kept = RequestTerms(request_id=request.id, agreement=current(zone))
        db.session.add(kept)
    terms = agreed.read(kept.agreement.terms)
    calendar = holidays_of.calendar(terms)
    found = clocks.read(
        kind=request.kind,
        urgent=request.urgent,
        asked_at=request.asked_at,
        steps=[Step(at, state) for at, state in steps],
        # a try that was made stays made, and so does a rating
        used_at=[*used_at, *queries.kept_at(request.id, Promise.TRY)],
        rated_at=[*rated_at, *queries.kept_at(request.id, Promise.RATE)],
        terms=terms,
        calendar=calendar,
    )
    kept.ack_due_at = clocks.next_due(found, Promise.ACKNOWLEDGE)
    kept.deliver_due_at = clocks.next_due(found, Promise.DELIVER)
    kept.context_due_at = clocks.next_due(found, Promise.CONTEXT)
    kept.try_due_at = clocks.next_due(found, Promise.TRY)
    db.session.flush()
    _keep(request, kept, found, calendar)
    return kept


def _keep(
    request: Requested, kept: RequestTerms, found: Sequence[Clock], calendar: Calendar
) -> None:
    """Write the clocks of a request as they are now; those there are no more are taken out."""
    known = {(row.promise, row.round): row for row in queries.clocks_of(request.id)}
    for it in found:
        row = known.pop((it.promise.value, it.round), None) or RequestClock(
            request_id=request.id,
            agreement_id=kept.agreement_id,
            promise=it.promise.value,
            round=it.round,
        )
        _write(row, request, it, calendar)
        db.session.add(row)  # once it is whole: what it is written from may have to be loaded
    for row in known.values():
        db.session.delete(row)
    db.session.flush()


def _write(row: RequestClock, request: Requested, it: Clock, calendar: Calendar) -> None:
    owing = request.assignee if it.promise in ANSWERING else request.requester
    row.department = (
        request.department if it.promise in ANSWERING else request.requester.department or "sales"
    )
    row.team_id = owing.team_id if owing is not None else None
    row.owner_id = owing.id if owing is not None else None
    row.urgent = request.urgent
    row.started_at, row.due_at, row.ended_at = it.started_at, it.due_at, it.ended_at
    row.month = f"{calendar.day_of(it.started_at):%Y-%m}"
    row.allowed = int(it.allowed.total_seconds())
    row.soon_at = soon_at(it, calendar)
    row.kept = it.done_at is not None
    ended = it.ended_at
    row.used = int(it.used(calendar, ended).total_seconds()) if ended is not None else None
    row.pauses = [[a.isoformat(), b.isoformat() if b else None] for a, b in it.pauses]


def clock_of(row: RequestClock) -> Clock:
    """Return a clock as it is kept; one that is done or stopped keeps only that it ended."""
    return Clock(
        promise=Promise(row.promise),
        round=row.round,
        started_at=row.started_at,
        allowed=timedelta(seconds=row.allowed),
        due_at=row.due_at,
        done_at=row.ended_at if row.kept else None,
        stopped_at=None if row.kept else row.ended_at,
    )


def soon_at(it: Clock, calendar: Calendar) -> datetime | None:
    """Return when an open promise begins to be due soon: three working hours, or two days before.

    A promise of little time is due soon once half of it is left.
    """
    if it.ended_at is not None or it.due_at is None:
        return None
    if it.promise in BY_DAYS:
        return max(it.started_at, it.due_at - SOON_TRY)
    before = min(SOON, it.allowed / 2)
    left = it.allowed - before
    pauses = [p for p in it.pauses if p[1] is not None]
    return working_time.after(calendar, it.started_at, left, pauses)
