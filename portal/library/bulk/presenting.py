"""How bulk actions are shown: what is done, to how many, what is left alone and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext

from portal.library.bulk import labels, queries
from portal.library.bulk.changing import Plan
from portal.library.bulk.models import BulkAction
from portal.library.bulk.rules import Refusal, Task
from portal.library.freshness import queries as people
from portal.library.models import Asset, FacetTerm
from portal.library.queries import name_of
from portal.library.rules import pick_language
from portal.web import locale, words

SHOWN = 50
"""Assets left alone that are named; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Named:
    """An asset by its title."""

    url: str
    title: str
    language: str
    why: str = ""


def named(asset: Asset, why: str = "") -> Named:
    """Show an asset by its title in the reader's best language."""
    texts = {text.language: text.title for text in asset.texts}
    language = pick_language(texts, None, locale.code()).value if texts else "en"
    url = url_for("publishing.show", slug=asset.slug)
    return Named(url, texts.get(language, asset.slug), language, why)


def why_label(value: str | None) -> str:
    """Return why an asset is left as it is."""
    return words.label(labels.REFUSALS, value)


def refused(found: Mapping[Refusal, Sequence[Asset]]) -> list[tuple[str, int, list[Named]]]:
    """Show what would be left alone: (why, how many, some of them)."""
    return [
        (why_label(why.value), len(assets), [named(it) for it in assets[:SHOWN]])
        for why, assets in found.items()
    ]


def term_name(term: FacetTerm) -> str:
    """Return a word of the vocabulary in the reader's language, with its list."""
    name = name_of(term.names, term.slug, str(locale.code()))
    return f"{words.label(words.FACETS, term.facet)}: {name}"


def what(plan: Plan) -> str:
    """Return what is done, in words."""
    label = words.label(labels.TASKS, plan.task)
    value = ""
    if plan.task in {Task.TAG, Task.UNTAG}:
        term = queries.term(plan.term_id or 0)
        value = term_name(term) if term else gettext("a word that is gone")
    elif plan.task in {Task.OWNER, Task.BACKUP}:
        person = people.people([plan.person_id]).get(plan.person_id or 0)
        value = person.name if person else gettext("nobody")
    elif plan.task is Task.CHECKED:
        value = gettext("Checked on %(date)s", date=locale.day(plan.day))
    else:
        value = plan.reason
    return f"{label} · {value}"


def fields(plan: Plan) -> dict[str, Any]:
    """Return a plan as the hidden fields of the form that carries it out."""
    person = "-" if plan.person_id is None else plan.person_id
    return {
        "task": plan.task.value,
        "term": plan.term_id or "",
        "person": person if plan.task in {Task.OWNER, Task.BACKUP} else "",
        "day": plan.day.isoformat() if plan.day else "",
        "reason": plan.reason,
    }


@dataclass(frozen=True, slots=True)
class BulkView:
    """A bulk action, and what has become of it."""

    id: int
    url: str
    what: str
    who: str
    at: datetime
    total: int
    changed: int
    left_alone: int
    is_finished: bool
    undone_at: datetime | None
    restored: int
    kept: int
    to_undo: int


def bulk_view(bulk: BulkAction) -> BulkView:
    """Show a bulk action."""
    tally = queries.tally(bulk.id)
    changed = sum(n for (refusal, _), n in tally.items() if refusal is None)
    restored = tally.get((None, "restored"), 0)
    waiting = tally.get((None, None), 0)
    return BulkView(
        id=bulk.id,
        url=url_for("bulk.show", bulk_id=bulk.id),
        what=what(Plan.of(Task(bulk.action), bulk.detail)),
        who=bulk.user.name,
        at=bulk.at,
        total=bulk.total,
        changed=changed,
        left_alone=sum(tally.values()) - changed,
        is_finished=bulk.finished_at is not None,
        undone_at=bulk.undone_at,
        restored=restored,
        kept=changed - restored - waiting,
        to_undo=waiting,
    )
