"""Stores a call that was held, all in one transaction: what was used, said, and how it is rated."""

from collections.abc import Sequence

from sqlalchemy.orm.attributes import flag_modified

from portal import clock
from portal.calls import queries, rules
from portal.calls.log.queries import Text, Texts
from portal.calls.log.rules import Held, Point, Row
from portal.calls.models import Call, CallPoint, CallUse
from portal.calls.ratings.models import Rating
from portal.calls.ratings.rules import Helped
from portal.calls.ratings.service import rate
from portal.calls.rules import Answer, Said, State
from portal.db import db
from portal.deals.models import Deal
from portal.deals.rules import COMPETITOR
from portal.errors import Conflict, Invalid

SEPARATE = "no"
"""What is said instead of a call's number when it is another call."""


class Ahead(Invalid):
    """The call has not taken place yet: it can be planned."""


class Alike(Conflict):
    """Somebody else has logged a call on this deal around that time, the same perhaps."""

    def __init__(self, call: Call) -> None:
        """Keep the other call."""
        super().__init__("is it the same call?")
        self.call = call


class Old(Conflict):
    """A rating that was given more than a week ago would be changed."""


def log(
    user_id: int,
    deal: Deal,
    held: Held,
    *,
    token: str,
    texts: Texts,
    call: Call | None = None,
    seen: int | None = None,
    same: str = "",
) -> Call:
    """Log a call, or change (`call`, locked) one that was planned or logged; flushed.

    The same form sent again changes nothing. `same` answers `Alike`: the number of the call it is,
    or `SEPARATE`. `texts` are those of the assets in `held.rows`.

    Raises:
        Ahead: when it has not taken place yet.
        Alike: when it is perhaps somebody else's call, and nobody has said so yet.
        Old: when a rating that is older than a week would be changed.
        Conflict: when it was changed since it was shown.
    """
    if rules.is_ahead(held.at, clock.now()):
        raise Ahead("it has not taken place yet")
    queries.lock_deal(deal.id)
    kept = queries.by_token(token)
    if kept is not None and kept.deal_id == deal.id:
        return kept
    is_first = call is None or call.state != State.LOGGED.value
    if is_first and same != SEPARATE:
        other = queries.alike(deal.id, user_id, held.at, call.id if call else None)
        if other is not None and same == str(other.id):
            return _join(other, user_id, held, texts, mine=call)
        if other is not None:
            raise Alike(other)
    if call is not None and seen is not None and seen != call.version:
        raise Conflict("changed meanwhile")
    call = _stored(call, user_id, deal, held, token)
    if held.rows is not None:
        _use(call, held.rows, texts, drop=True)
    _say(call, held.points, drop=True)
    if is_first:
        _rate_first(call, user_id, held.rows or ())
    db.session.flush()
    if not is_first:
        _rate(call, user_id, held.rows or ())
    return call


def _stored(call: Call | None, user_id: int, deal: Deal, held: Held, token: str) -> Call:
    now = clock.now()
    is_new = call is None
    if call is None:
        call = Call(user_id=user_id, deal_id=deal.id, created_at=now, uses=[], points=[])
    if call.state != State.LOGGED.value:
        call.stage = queries.stage_at(deal, held.at)
        call.logged_at = now
    # the form's token, so that the same form sent again is known
    call.token, call.state, call.at = token, State.LOGGED.value, held.at
    call.kind, call.with_role, call.note = held.kind, held.with_role, held.note
    call.result = held.result
    if is_new:
        db.session.add(call)
    return call


def _join(call: Call, user_id: int, held: Held, texts: Texts, *, mine: Call | None) -> Call:
    """Add what a second person says to a call that is logged; all that is said stays."""
    call.result = call.result or held.result
    if held.note and held.note not in call.note:
        call.note = f"{call.note}\n{held.note}".strip()[: rules.NOTE_MOST]
    _use(call, held.rows or (), texts, drop=False)
    _say(call, held.points, drop=False)
    flag_modified(call, "note")  # another version: who edits the old one must see this first
    if mine is not None and mine.state == State.PLANNED.value:
        mine.state = State.OFF.value  # it is this one
    db.session.flush()
    _rate(call, user_id, held.rows or ())
    return call


def _use(call: Call, rows: Sequence[Row], texts: Texts, *, drop: bool) -> None:
    used = {(row.asset_id, row.language): row for row in rows if row.is_used}
    there = {(use.asset_id, use.language): use for use in call.uses}
    if drop:
        for key in [key for key in there if key not in used]:
            call.uses.remove(there[key])
    for (asset_id, language), row in used.items():
        if (asset_id, language) not in there:
            revision = revision_of(row, texts.get((asset_id, language)))
            call.uses.append(CallUse(asset_id=asset_id, language=language, revision=revision))


def revision_of(row: Row, text: Text | None) -> int | None:
    """Return the revision that was used: as the page said, when there is one of this number."""
    if text is None:
        return None
    return row.revision if row.revision and row.revision <= text.revision else text.revision


def _say(call: Call, points: Sequence[Point], *, drop: bool) -> None:
    """Make a call say these things; what is answered already stays."""
    there = {(it.kind, it.words_key): it for it in call.points}
    wanted = {point.key: point for point in points}
    if drop:
        for key, it in there.items():
            if key not in wanted and it.state == Answer.OPEN.value:
                call.points.remove(it)
    for key, point in wanted.items():
        if key not in there:
            call.points.append(_point(call, point))


def _point(call: Call, point: Point) -> CallPoint:
    is_rival = point.kind is Said.COMPETITOR
    return CallPoint(
        kind=point.kind.value,
        words=point.words,
        words_key=point.key[1],
        facet=COMPETITOR if is_rival else None,
        slug=point.slug,
        asset_id=point.asset_id,
        anchor=point.anchor[:200],
        department=rules.department_of(point.kind, point.words).value,
        state=Answer.OPEN.value,
        at=call.at,
    )


def _rate_first(call: Call, user_id: int, rows: Sequence[Row]) -> None:
    """Rate what was used in a call that has no ratings yet: stored with it, in one statement."""
    revisions = {(use.asset_id, use.language): use.revision for use in call.uses}
    now = clock.now()
    for row in rows:
        if row.stars is not None:
            rating = Rating(
                user_id=user_id, asset_id=row.asset_id, language=row.language,
                revision=revisions.get((row.asset_id, row.language)), call=call,
                deal_id=call.deal_id, stars=row.stars, helped=row.helped or None, why=row.why,
                at=now, changed_at=now,
            )  # fmt: skip
            db.session.add(rating)


def _rate(call: Call, user_id: int, rows: Sequence[Row]) -> None:
    revisions = {(use.asset_id, use.language): use.revision for use in call.uses}
    for row in rows:
        if row.stars is None:
            continue
        try:
            rate(
                user_id,
                row.asset_id,
                language=row.language,
                revision=revisions.get((row.asset_id, row.language)),
                stars=row.stars,
                helped=Helped(row.helped) if row.helped else None,
                why=row.why,
                call=call,
            )
        except Conflict as error:
            raise Old(error.reason) from error
