"""What the desk's pages show: labels, addresses, what a person may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import request, url_for
from flask_babel import gettext, ngettext

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.library.links import asset_path
from portal.library.models import Asset
from portal.library.publishing import labels, listing
from portal.library.publishing.acting import Actor
from portal.library.publishing.listing import Wanted, WorkLine
from portal.library.publishing.models import TextRevision
from portal.library.publishing.rules import MOVES, Action, Phase, phase_of
from portal.library.queries import name_of
from portal.library.rules import Facet, Kind
from portal.web import locale, paging, words

MAIN_MOVES = (Action.SUBMIT, Action.PUBLISH, Action.RESTORE)
"""What is offered as a button of its own; the rest asks for a reason or is rare."""


TEXT_MOST = 200


def wanted_of(said: Mapping[str, str], actor: Actor) -> Wanted:
    """Return which assets an address or a form asks for; below a marketer, one's own only."""
    phase, kind, whose = said.get("phase"), said.get("kind"), said.get("whose")
    text = "".join(c for c in said.get("q", "") if c.isprintable())[:TEXT_MOST].strip()
    reviews = whose == "review"
    own = not reviews and (whose == "mine" or not policy.granted(actor.role, Act.DESK_OF_ALL))
    return Wanted(
        phase=Phase(phase) if phase in set(Phase) else None,
        kind=kind if kind in set(Kind) else None,
        person_id=actor.id if own else None,
        text=text,
        reviewer=listing.Reviewing(actor.id or 0, actor.role) if reviews else None,
    )


def whose_of(wanted: Wanted) -> str:
    """Return whose work is shown: mine, what I review, or, empty, everybody's."""
    if wanted.reviewer is not None:
        return "review"
    return "" if wanted.person_id is None else "mine"


def whose_choices(actor: Actor) -> list[tuple[str, str]]:
    """Return whose work somebody can choose to see."""
    mine = [("mine", gettext("Mine")), ("review", gettext("For me to review"))]
    everybody = [("", gettext("Everybody’s"))]
    return [*(everybody if policy.granted(actor.role, Act.DESK_OF_ALL) else []), *mine]


@dataclass(frozen=True, slots=True)
class Tab:
    """A filter of the list of work."""

    label: str
    url: str
    current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class WorkView:
    """An asset in the list of work."""

    url: str
    title: str
    language: str
    languages: Sequence[str]
    kind: str
    kind_label: str
    phase: str
    phase_label: str
    owner: str
    updated_at: datetime
    checked_on: date | None
    slug: str
    waits: str


def work_view(line: WorkLine) -> WorkView:
    """Show an asset in the list of work."""
    return WorkView(
        url=url_for("publishing.show", slug=line.slug),
        title=line.title,
        language=line.language,
        languages=line.languages,
        kind=line.kind,
        kind_label=words.label(words.KINDS, line.kind),
        phase=line.phase.value,
        phase_label=words.label(labels.PHASES_SHORT, line.phase),
        owner=line.owner,
        updated_at=line.updated_at,
        checked_on=line.checked_on,
        slug=line.slug,
        waits=waits_label(line.waits),
    )


def waits_label(names: Sequence[str] | None) -> str:
    """Return whom an asset under review waits for, in words; empty when it is not."""
    if names is None:
        return ""
    return str(gettext("Waits for: %(names)s", names=", ".join(names) or gettext("marketing")))


def phase_tabs(counts: Mapping[Phase, int], current: Phase | None) -> list[Tab]:
    """Return the phases to narrow the list of work to."""
    path, args = url_for("publishing.index"), list(request.args.items())
    args = [(name, value) for name, value in args if name != "page"]

    def to(value: str | None) -> str:
        return paging.with_args(path, args, {"phase": value})

    tabs = [Tab(gettext("All"), to(None), current is None, sum(counts.values()))]
    tabs += [
        Tab(words.label(labels.PHASES_SHORT, p), to(p.value), p is current, counts[p])
        for p in Phase
        if counts[p] or p is current
    ]
    return tabs


def kind_choices() -> list[tuple[str, str]]:
    """Return every kind with its name."""
    return [(kind.value, words.label(words.KINDS, kind)) for kind in Kind]


@dataclass(frozen=True, slots=True)
class TextLine:
    """A language of an asset: what is served, and what is in the works."""

    language: str
    name: str
    title: str
    served: int | None
    newest: int
    is_ahead: bool
    edit_url: str
    read_url: str
    history_url: str
    changes_url: str  # what differs from what readers get; empty when nothing does


def text_lines(asset: Asset, newest: Mapping[str, TextRevision]) -> list[TextLine]:
    """Show the languages an asset has, in the order of the portal's languages."""
    served = {text.language: text.revision for text in asset.texts}
    lines = []
    for code, name in locale.NAMES.items():
        revision = newest.get(code)
        if revision is None:
            continue
        ahead = served.get(code) != revision.number and revision.discarded_at is None
        lines.append(
            TextLine(
                language=code,
                name=name,
                title=revision.title,
                served=served.get(code),
                newest=revision.number,
                is_ahead=ahead,
                edit_url=url_for("writing.edit", slug=asset.slug, language=code),
                read_url=asset_path(asset.slug, code) if code in served else "",
                history_url=url_for("revisions.history", slug=asset.slug, language=code),
                changes_url=url_for("revisions.compare", slug=asset.slug, language=code)
                if ahead and code in served
                else "",
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class MoveView:
    """A move a person may make; `ask` is the question for its reason, if it needs one."""

    label: str
    url: str
    ask: str
    is_main: bool
    is_grave: bool


def move_views(slug: str, actions: Sequence[Action]) -> list[MoveView]:
    """Show the moves a person may make."""
    return [
        MoveView(
            label=words.label(labels.ACTIONS, action),
            url=url_for("publishing.move", slug=slug, action=action.value),
            ask=words.label(labels.REASONS, action.value) if MOVES[action].reason else "",
            is_main=action in MAIN_MOVES,
            is_grave=action in {Action.RETIRE, Action.UNPUBLISH, Action.DISCARD},
        )
        for action in actions
        if action.value in labels.ACTIONS
    ]


@dataclass(frozen=True, slots=True)
class EventView:
    """One line of a timeline."""

    at: datetime
    who: str
    what: str
    where: str
    note: str


def event_view(event: Any) -> EventView:  # noqa: ANN401  # AssetEvent with its user
    """Show one line of a timeline."""
    where = locale.NAMES.get(event.language, "") if event.language else ""
    if event.number:
        where = f"{where} · {gettext('revision %(n)s', n=event.number)}".strip(" ·")
    return EventView(
        at=event.at,
        who=event.user.name if event.user else gettext("The portal"),
        what=words.label(labels.HAPPENED, event.action),
        where=where,
        note=event.note or _changed(event.detail),
    )


def _changed(detail: Mapping[str, Any]) -> str:
    """Return the facts that were changed, in words."""
    return ", ".join(words.label(labels.FACTS, name) for name in detail.get("changed", ()))


def phase_label(asset: Asset) -> str:
    """Return the words for how far an asset has come."""
    return words.label(labels.PHASES, phase_of(asset.state, asset.change))


def facts(asset: Asset) -> list[tuple[str, str]]:
    """Return what an asset is and what it is about, with its labels; who owns it is told apart."""
    reader = locale.code()
    told = [
        (words.label(words.FACETS, "kind"), words.label(words.KINDS, asset.kind)),
        (str(gettext("Department")), words.label(words.DEPARTMENTS, asset.department)),
        (str(gettext("Checked on")), str(locale.day(asset.checked_on)) if asset.checked_on else ""),
    ]
    for facet in Facet:
        names = [name_of(t.names, t.slug, reader) for t in asset.facets if t.facet == facet]
        told.append((words.label(words.FACETS, facet), ", ".join(sorted(names, key=str.casefold))))
    return told


def total_label(total: int) -> str:
    """Return how many assets there are, in words."""
    return str(ngettext("%(num)d asset", "%(num)d assets", total))
