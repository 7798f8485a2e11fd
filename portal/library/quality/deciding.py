"""What people decide about findings: left as they are, with a reason, or taken up again."""

from portal import clock
from portal.db import db
from portal.errors import Invalid, NotFound
from portal.library.publishing.acting import Actor, locked, record, require
from portal.library.publishing.rules import Action
from portal.library.quality import queries
from portal.library.quality.models import QualityFinding
from portal.library.quality.rules import WHY_MOST


def dismiss(actor: Actor, finding_id: int, why: str) -> QualityFinding:
    """Leave a finding as it is: it is listed no more until the text there changes.

    Raises:
        NotFound: when there is no such finding (any more).
        Forbidden, Conflict: when the asset's texts are not this person's to write.
        Invalid: when no reason is given.
    """
    if not why.strip():
        raise Invalid("say why")
    found = _locked(actor, finding_id)
    found.dismissed_at, found.dismissed_by_id = clock.now(), actor.id
    found.why = why.strip()[:WHY_MOST]
    _note(found, "dismiss-finding", actor)
    return found


def reopen(actor: Actor, finding_id: int) -> QualityFinding:
    """List a finding again.

    Raises:
        NotFound: when there is no such finding (any more).
        Forbidden, Conflict: when the asset's texts are not this person's to write.
    """
    found = _locked(actor, finding_id)
    if found.dismissed_at is not None:
        _note(found, "reopen-finding", actor)
        found.dismissed_at = found.dismissed_by_id = None
        found.why = ""
        db.session.flush()
    return found


def _locked(actor: Actor, finding_id: int) -> QualityFinding:
    found = queries.finding(finding_id)
    if found is None:
        raise NotFound
    asset = locked(found.asset.slug)
    require(actor, asset, Action.EDIT)
    db.session.refresh(found)
    return found


def _note(found: QualityFinding, action: str, actor: Actor) -> None:
    record(
        found.asset, action, actor, language=found.language or None, note=found.why,
        detail={"check": found.name, "anchor": found.anchor},
    )  # fmt: skip
    db.session.flush()
