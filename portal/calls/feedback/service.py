"""Asks the owners of deals that have ended what helped, once, and keeps what they say."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.calls.feedback import queries, rules
from portal.calls.feedback.models import DealFeedback, DealFeedbackAsset
from portal.calls.links import feedback_path
from portal.calls.ratings.rules import Helped
from portal.db import db
from portal.deals.models import Deal, LossReason
from portal.errors import Conflict, Invalid
from portal.library.notices import service as notices
from portal.library.notices.rules import Topic

LOT = 500


def ask(deal_ids: Sequence[int]) -> int:
    """Ask the owners of those of these deals that have lately ended; returns how many were asked.

    Done again, it asks nobody twice. People who have left are asked nothing.
    """
    asked = 0
    for begin in range(0, len(deal_ids), LOT):
        for deal in queries.ended(deal_ids[begin : begin + LOT]):
            if rules.is_asked(deal.outcome, deal.closed_at, clock.now()):
                asked += _ask(deal)
    return asked


def _ask(deal: Deal) -> int:
    if deal.owner_id is None:
        return 0
    kept = queries.feedback(deal.id, lock=True)
    if kept is not None:
        if deal.closed_at is None or kept.asked_at >= deal.closed_at:
            return 0  # another worker has asked since we looked
        # it was opened again, and has ended once more
        kept.user_id, kept.asked_at, kept.skipped = deal.owner_id, clock.now(), False
    else:
        kept = _begin(deal.id, deal.owner_id)
    if kept is None:
        return 0
    return notices.tell(
        [deal.owner_id],
        Topic.DEAL_FEEDBACK,
        path=feedback_path(deal.id),
        detail={"title": deal.name},
        mark=f"deal-feedback:{deal.id}:{kept.asked_at:%Y%m%d%H%M%S%f}",
    )


def _begin(deal_id: int, user_id: int) -> DealFeedback | None:
    """Make the row of a deal; None when another was faster."""
    made = DealFeedback(deal_id=deal_id, user_id=user_id, asked_at=clock.now())
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return None
    return made


def _held(deal: Deal, by: int) -> DealFeedback:
    """Return what was asked about a deal, held until the transaction ends; begun if need be."""
    found = queries.feedback(deal.id, lock=True) or _begin(deal.id, by)
    found = found or queries.feedback(deal.id, lock=True)
    if found is None:
        raise Conflict("it is gone")
    return found


def answer(
    deal: Deal,
    by: int,
    *,
    helped: Mapping[int, Helped],
    missing: str,
    reason: LossReason | None = None,
    words: str | None = None,
    used: Iterable[int],
) -> DealFeedback:
    """Keep what helped on a deal that has ended, what was missing, and why it was lost; flushed.

    Args:
        deal: the deal.
        by: who says so, who may.
        helped: what each asset did.
        missing: what was missing, in words.
        reason: why a lost deal was lost; None says nothing new about it.
        words: why it was lost, in words; None says nothing new about it.
        used: the assets that were offered; others are not kept.

    Raises:
        Conflict: when the deal is open again, or it was said more than seven days ago.
        Invalid: when too much is said.
    """
    if max(len(missing), len(words or "")) > rules.MISSING_MOST:
        raise Invalid("too long")
    if deal.outcome == "open":
        raise Conflict("this deal is open again")
    kept = _held(deal, by)
    if not rules.may_change(kept.answered_at, clock.now()):
        raise Conflict("it can be changed for seven days")
    offered = set(used)
    before = {it.asset_id: it for it in kept.assets}
    for asset_id, did in sorted(helped.items()):
        if asset_id in before:
            before[asset_id].helped = did.value
        elif asset_id in offered:
            kept.assets.append(DealFeedbackAsset(asset_id=asset_id, helped=did.value))
    kept.assets = [it for it in kept.assets if it.asset_id in helped]
    kept.missing, kept.skipped = missing.strip(), False
    kept.answered_at = kept.answered_at or clock.now()
    if deal.outcome == "lost":
        deal.loss_reason_id = reason.id if reason else deal.loss_reason_id
        deal.loss_words = deal.loss_words if words is None else words.strip()
    db.session.flush()
    return kept


def skip(deal: Deal, by: int) -> None:
    """Say nothing about a deal; nobody asks again. What was said before stays; flushed."""
    kept = _held(deal, by)
    if kept.answered_at is None:
        kept.skipped = True
        db.session.flush()
