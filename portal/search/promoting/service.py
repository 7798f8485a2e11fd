"""Promotes assets for searches, changes that, and ends it; each time it is written down by whom."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal import clock
from portal.audit import service as audit
from portal.db import db
from portal.errors import Conflict
from portal.search.promoting import queries, rules
from portal.search.promoting.models import Promotion, PromotionEdit


class Trouble(StrEnum):
    """Why something can not be promoted."""

    WORDS = "words"  # the search has none, or too many
    DAY = "day"  # it has passed, or is too far ahead
    TWICE = "twice"  # the asset is promoted for this search already
    MANY = "many"  # as many as can be are


class RefusedError(Exception):
    """It can not be promoted."""

    def __init__(self, trouble: Trouble) -> None:
        """Say why."""
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be promoted for which search, until when, and why."""

    query: str
    reason: str
    ends_on: date


def promote(user_id: int, asset_id: int, wanted: Wanted, today: date) -> Promotion:
    """Promote an asset for a search; flushed.

    Raises:
        RefusedError: when it can not be.
    """
    key = _checked(asset_id, wanted, today, but=None)
    it = Promotion(
        query=wanted.query, key=key, asset_id=asset_id, reason=wanted.reason,
        ends_on=wanted.ends_on, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(it)
    _written(it, user_id)
    return it


def change(user_id: int, it: Promotion, wanted: Wanted, version: int, today: date) -> None:
    """Change a locked promotion; one that has ended is live again when its day is ahead; flushed.

    Raises:
        Conflict: when somebody changed it meanwhile.
        RefusedError: when it can not be so.
    """
    if it.version != version:
        raise Conflict
    it.key = _checked(it.asset_id, wanted, today, but=it.id)
    it.query, it.reason, it.ends_on, it.ended_at = wanted.query, wanted.reason, wanted.ends_on, None
    _written(it, user_id)


def end(user_id: int, it: Promotion) -> None:
    """End a locked promotion now, if it has not been ended; flushed."""
    if it.ended_at is None:
        it.ended_at = clock.now()
        _written(it, user_id)


def _checked(asset_id: int, wanted: Wanted, today: date, *, but: int | None) -> str:
    key = rules.key_of(wanted.query)
    if not key:
        raise RefusedError(Trouble.WORDS)
    if not today <= wanted.ends_on <= rules.latest(today):
        raise RefusedError(Trouble.DAY)
    others = queries.rivals(key, today, but)
    if any(it.asset_id == asset_id for it in others):
        raise RefusedError(Trouble.TWICE)
    if len(others) >= rules.EACH:
        raise RefusedError(Trouble.MANY)
    return key


def _written(it: Promotion, user_id: int) -> None:
    it.edits.append(
        PromotionEdit(
            user_id=user_id, at=clock.now(), query=it.query, reason=it.reason, ends_on=it.ends_on,
            ended=it.ended_at is not None,
        )
    )  # fmt: skip
    db.session.flush()
    told = {"asset": it.asset_id, "query": it.query, "until": it.ends_on, "ended": it.ended_at}
    audit.record("promotion.written", kind="promotion", key=it.id, after=told, actor=user_id)
