"""One asset of many: whether a plan would change it, the change, and what was there before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from portal import clock
from portal.db import db
from portal.errors import Invalid
from portal.library import service as texts
from portal.library.bulk import queries
from portal.library.bulk.rules import Task
from portal.library.freshness import service as freshness
from portal.library.models import Asset, FacetTerm
from portal.library.publishing import moving
from portal.library.publishing import queries as publishing
from portal.library.publishing.acting import Actor, record
from portal.library.publishing.rules import Action
from portal.library.publishing.service import draw


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done to each asset: which word, whom (None: nobody), which day, for what reason."""

    task: Task
    term_id: int | None = None
    person_id: int | None = None
    day: date | None = None
    reason: str = ""

    def kept(self) -> dict[str, Any]:
        """Return the plan as the table keeps it."""
        return {
            "term": self.term_id,
            "person": self.person_id,
            "day": self.day.isoformat() if self.day else None,
            "reason": self.reason,
        }

    @classmethod
    def of(cls, task: Task, kept: Mapping[str, Any]) -> Self:
        """Return the plan that was kept."""
        day = kept.get("day")
        return cls(
            task,
            kept.get("term"),
            kept.get("person"),
            date.fromisoformat(day) if day else None,
            kept.get("reason") or "",
        )


def is_same(plan: Plan, asset: Asset, *, today: date) -> bool:
    """Whether an asset is already as the plan would make it."""
    if plan.task in {Task.TAG, Task.UNTAG}:
        return _has(plan, asset) == (plan.task is Task.TAG)
    if plan.task is Task.OWNER:
        return asset.owner_id == plan.person_id
    if plan.task is Task.BACKUP:
        return asset.backup_owner_id == plan.person_id
    if plan.task is Task.CHECKED:
        return asset.checked_on == (plan.day or today)
    return False


def _has(plan: Plan, asset: Asset) -> bool:
    return any(term.id == plan.term_id for term in asset.facets)


def _term(plan: Plan) -> FacetTerm:
    term = queries.term(plan.term_id or 0)
    if term is None:
        raise Invalid("this word is no longer in the vocabulary")
    return term


def apply(actor: Actor, plan: Plan, asset: Asset, *, today: date, bulk: int) -> None:
    """Change a locked asset as planned, with a line in its timeline that names the action."""
    if plan.task in {Task.TAG, Task.UNTAG}:
        term = _term(plan)
        if plan.task is Task.TAG:
            asset.facets.append(term)
        else:
            asset.facets.remove(term)
        asset.updated_at = clock.now()  # so that the index and kept cards notice
        record(asset, plan.task.value, actor, note=name_of(term), detail={"bulk": bulk})
    elif plan.task in {Task.OWNER, Task.BACKUP}:
        freshness.assign(actor, asset, plan.task.value, plan.person_id, bulk=bulk)
    elif plan.task is Task.CHECKED:
        freshness.confirm(actor, asset, today=today, on=plan.day, bulk=bulk)
    else:
        moving.move(actor, asset, Action.RETIRE, reason=plan.reason, detail={"bulk": bulk})


def name_of(term: FacetTerm) -> str:
    """Return a word of the vocabulary as the timeline keeps it: in English, if it can."""
    return term.names.get("en") or next(iter(term.names.values()), term.slug)


def state_of(plan: Plan, asset: Asset, *, applied: bool = False) -> dict[str, Any]:
    """Return what of an asset the plan changes, as it is now.

    `applied`: after the change, as it must still be when the change is undone.
    """
    if plan.task in {Task.TAG, Task.UNTAG}:
        return {"has": _has(plan, asset)}
    if plan.task is Task.OWNER:
        return {"id": asset.owner_id}
    if plan.task is Task.BACKUP:
        return {"id": asset.backup_owner_id}
    if plan.task is Task.CHECKED:
        return {"day": asset.checked_on.isoformat() if asset.checked_on else None}
    if applied:  # the same line of the timeline is the newest: nobody moved or wrote it since
        return {"state": asset.state, "event": queries.last_move(asset.id)}
    return {
        "state": asset.state,
        "change": asset.change,
        "publish_at": _said(asset.publish_at),
        "retire_at": _said(asset.retire_at),
        "served": {text.language: text.revision for text in asset.texts},
    }


def _said(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def restore(plan: Plan, asset: Asset, before: Mapping[str, Any]) -> None:
    """Set a locked asset back to what it was before the plan."""
    if plan.task in {Task.TAG, Task.UNTAG}:
        term = queries.term(plan.term_id or 0)
        if term is not None and before["has"] != _has(plan, asset):
            (asset.facets.append if before["has"] else asset.facets.remove)(term)
        asset.updated_at = clock.now()
    elif plan.task is Task.OWNER:
        asset.owner_id = before["id"]
    elif plan.task is Task.BACKUP:
        asset.backup_owner_id = before["id"]
    elif plan.task is Task.CHECKED:
        asset.checked_on = date.fromisoformat(before["day"]) if before["day"] else None
    else:
        _take_back(asset, before)
    db.session.flush()


def _take_back(asset: Asset, before: Mapping[str, Any]) -> None:
    """Bring a retired asset back as it was served: retiring had served its newest revisions."""
    served = before["served"]
    for text in list(asset.texts):
        number = served.get(text.language)
        if number is None:
            asset.texts.remove(text)
        elif number != text.revision:
            revision = publishing.revision(asset.id, text.language, number)
            if revision is not None:
                content = texts.kept_content(revision)
                document = draw(asset, text.language, content)
                texts.serve(asset, revision, document, existing=text)
    now = clock.now()
    asset.state, asset.change = before["state"], before["change"]
    # a moment that has passed meanwhile must not publish or retire it at once
    asset.publish_at, asset.retire_at = (
        moment if moment and moment > now else None
        for moment in (_moment(before["publish_at"]), _moment(before["retire_at"]))
    )
    asset.updated_at = now
