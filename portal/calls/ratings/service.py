"""Stores what a rep says of an asset, once each call."""

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.calls.models import Call
from portal.calls.ratings import queries, rules
from portal.calls.ratings.models import Rating
from portal.calls.ratings.rules import Helped
from portal.db import db
from portal.errors import Conflict, Invalid


def rate(
    user_id: int,
    asset_id: int,
    *,
    language: str,
    revision: int | None,
    stars: int,
    helped: Helped | None = None,
    why: str = "",
    call: Call | None = None,
    deal_id: int | None = None,
) -> Rating:
    """Store a rating, or change the one given for the same call; flushed.

    An asset that was retired meanwhile can be rated: it was used.

    Raises:
        Invalid: when the stars are not 1 to 5.
        Conflict: when it was given more than `rules.CHANGEABLE` ago and says something else.
    """
    if stars not in rules.STARS:
        raise Invalid("a rating has one to five stars")
    call_id = call.id if call else None
    said = (stars, helped.value if helped else None, why.strip()[: rules.WHY_MOST])
    kept = queries.given(user_id, asset_id, language, call_id)
    now = clock.now()
    if kept is None:
        made = Rating(
            user_id=user_id, asset_id=asset_id, language=language, revision=revision,
            call_id=call_id, deal_id=call.deal_id if call else deal_id,
            stars=said[0], helped=said[1], why=said[2], at=now, changed_at=now,
        )  # fmt: skip
        if _is_first(made):
            return made
        kept = queries.given(user_id, asset_id, language, call_id)
    if kept is None:
        raise Conflict("the rating is gone")
    if (kept.stars, kept.helped, kept.why) != said:
        if not rules.may_change(kept.at, now):
            raise Conflict("a rating can be changed for seven days")
        kept.stars, kept.helped, kept.why = said
        kept.revision, kept.changed_at = revision, now
        db.session.flush()
    return kept


def _is_first(made: Rating) -> bool:
    """Add a rating; false when the same form, sent twice at once, was faster."""
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return False
    return True
