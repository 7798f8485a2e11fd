"""Who is told when an asset moves through its review: reviewers, authors, those who commented."""

from portal.accounts.rules import Role
from portal.library.models import Asset
from portal.library.notices import service as notices
from portal.library.notices.rules import CHECKS, Topic
from portal.library.publishing import queries, rules
from portal.library.publishing.acting import Actor, phase
from portal.library.publishing.rules import Action, Phase

ANSWERS = {Action.SEND_BACK: Topic.SENT_BACK, Action.PUBLISH: Topic.PUBLISHED}
IN_REVIEW = frozenset({Phase.REVIEW, Phase.CHANGE_IN_REVIEW})


def reviewers_of(asset: Asset) -> list[int]:
    """Return who is named as reviewer for an asset, is here, and may review."""
    return sorted(
        {
            user_id
            for kind, department, user_id in queries.active_reviewers()
            if rules.is_reviewer([(kind, department)], asset.kind, asset.department)
        }
    )


def waits_for(asset: Asset) -> list[str] | None:
    """Return the names an asset under review waits for; none: the desk; None: it is not."""
    return queries.names(reviewers_of(asset)) if phase(asset) in IN_REVIEW else None


def authors(asset: Asset) -> set[int]:
    """Return whose text it is: who asked for the review, else who owns or began the asset."""
    submitter = queries.last_submitter(asset.id)
    return {i for i in (submitter or asset.owner_id or asset.creator_id,) if i is not None}


def moved(actor: Actor, asset: Asset, action: Action, *, reason: str = "") -> None:
    """Tell those whom a move of an asset concerns; what it settles is marked as read."""
    if action is Action.SUBMIT:
        people = reviewers_of(asset) or queries.active_with_role([Role.MARKETER])
        notices.tell(people, Topic.REVIEW, asset_id=asset.id, actor_id=actor.id)
        return
    notices.settle(asset.id, {Topic.REVIEW})
    if action in {Action.PUBLISH, Action.RETIRE, Action.UNPUBLISH}:
        notices.settle(asset.id, CHECKS)
    if action in ANSWERS:
        detail = {"reason": reason[:500]} if reason else {}
        notices.tell(
            authors(asset), ANSWERS[action], asset_id=asset.id, actor_id=actor.id, detail=detail
        )


def commented(actor: Actor, asset: Asset, body: str) -> None:
    """Tell the other side of a comment: authors, earlier commenters; reviewers while in review."""
    people = authors(asset) | set(queries.commenters(asset.id))
    if actor.id in authors(asset) and phase(asset) in IN_REVIEW:
        people |= set(reviewers_of(asset))
    notices.tell(
        people, Topic.COMMENT, asset_id=asset.id, actor_id=actor.id, detail={"said": body[:300]}
    )
