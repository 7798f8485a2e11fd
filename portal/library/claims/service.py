"""What people decide about claims that were listed: recorded with who and why, and taken back."""

from collections.abc import Sequence

from portal import clock
from portal.db import db
from portal.errors import Conflict, Invalid, NotFound
from portal.library.claims import queries, surroundings
from portal.library.claims.contradictions import Group
from portal.library.claims.models import ClaimRow, ClaimRuling
from portal.library.claims.rules import WHY_MOST, Verdict
from portal.library.publishing.acting import Actor, locked, record, require
from portal.library.publishing.rules import Action


def dismiss_claim(actor: Actor, claim_id: int, why: str) -> ClaimRuling:
    """Decide that a sentence is no claim: it is listed no more, wherever it is quoted.

    Raises:
        NotFound: when there is no such claim (any more).
        Forbidden, Conflict: when the asset's texts are not this person's to write.
        Invalid: when no reason is given.
    """
    claim = queries.claim(claim_id)
    if claim is None:
        raise NotFound
    return _rule(actor, Verdict.NO_CLAIM, claim.mark, [claim], why)


def dismiss_contradiction(actor: Actor, group: Group | None, why: str) -> ClaimRuling:
    """Decide that claims do not contradict each other, until one of them changes.

    Raises:
        Conflict: when there is no such group any more: a text has changed meanwhile.
        Forbidden, Conflict: when none of the assets is this person's to write.
        Invalid: when no reason is given.
    """
    if group is None:
        raise Conflict("a text has changed meanwhile: look at the list again")
    return _rule(actor, Verdict.NO_CONTRADICTION, group.mark, group.claims, why)


def _rule(
    actor: Actor, verdict: Verdict, mark: str, claims: Sequence[ClaimRow], why: str
) -> ClaimRuling:
    why = why.strip()
    if not why:
        raise Invalid("say why")
    asset = locked(claims[0].asset.slug)
    require(actor, asset, Action.EDIT)
    ruling = ClaimRuling(
        verdict=verdict.value,
        mark=mark,
        asset_id=asset.id,
        language=claims[0].language,
        sentences=[claim.sentence for claim in claims],
        why=why[:WHY_MOST],
        by_id=actor.id,
        at=clock.now(),
    )
    db.session.add(ruling)
    for other in {claim.asset_id: claim.asset for claim in claims}.values():
        record(
            other, "rule-claim", actor, language=claims[0].language, note=ruling.why,
            detail={"verdict": verdict.value, "sentences": ruling.sentences},
        )  # fmt: skip
    db.session.flush()
    return ruling


def end_ruling(actor: Actor, ruling_id: int) -> None:
    """Take a decision back: the claim is listed again if it still says the same.

    Raises:
        NotFound: when there is no such decision.
        Forbidden, Conflict: when the asset's texts are not this person's to write.
    """
    ruling = surroundings.ruling(ruling_id)
    if ruling is None:
        raise NotFound
    asset = locked(ruling.asset.slug)
    require(actor, asset, Action.EDIT)
    if ruling.ended_at is not None:
        return
    for same in surroundings.holding(ruling.verdict, ruling.mark):
        same.ended_at, same.ended_by_id = clock.now(), actor.id
    record(
        asset, "unrule-claim", actor, language=ruling.language, note=ruling.why,
        detail={"verdict": ruling.verdict, "sentences": ruling.sentences},
    )  # fmt: skip
    db.session.flush()
