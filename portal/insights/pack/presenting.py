"""A pack as its page shows it: when, what it says, what is to be done, who may do what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import format_interval, format_skeleton
from flask_babel import get_timezone, gettext

from portal.insights.pack import links, queries, rules
from portal.insights.pack.labels import KINDS
from portal.insights.pack.models import Pack, PackAction
from portal.insights.pack.rules import Kind, Span
from portal.insights.pack_owed import presenting as owing
from portal.insights.pack_parts.presenting import Line, Section
from portal.insights.pack_said import presenting as saying
from portal.web import locale, words


@dataclass(frozen=True, slots=True)
class ActionView:
    """Something to do: until when, whether that has passed, and where it was decided."""

    id: int
    words: str
    owner: str
    due: date
    is_late: bool
    done: datetime | None
    came_from: str
    url: str
    may_settle: bool


@dataclass(frozen=True, slots=True)
class Around:
    """Another pack: its words and address; no address: there is none."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class PackView:
    """All the page of a pack shows."""

    kind: str
    first: date
    title: str
    when: str
    url: str
    is_over: bool
    as_of: datetime
    sent_at: datetime | None
    sent_by: str
    sections: list[Section]
    decisions: list[Line]
    actions: list[ActionView]
    minutes: str
    version: int
    minutes_at: datetime | None
    minutes_by: str
    earlier: Around
    later: Around | None


def when(span: Span) -> str:
    """Return a week or month in words."""
    code = str(locale.code())
    if span.kind is Kind.MONTH:
        return str(format_skeleton("yMMMM", span.first, locale=code))
    return str(format_interval(span.first, span.last, "yMMMd", locale=code))


def title(kind: str) -> str:
    """Return what a pack of a kind is called."""
    return words.label(KINDS, kind)


def around(span: Span) -> Around:
    """Return where another pack is."""
    return Around(when(span), links.pack_path(span.kind, span.first))


def view(
    span: Span,
    pack: Pack | None,
    facts: dict[str, Any],
    actions: Sequence[ActionView],
    today: date,
) -> PackView:
    """Show a pack."""
    later, as_of = rules.following(span), datetime.fromisoformat(facts["as_of"])
    return PackView(
        kind=span.kind.value,
        first=span.first,
        title=title(span.kind),
        when=when(span),
        url=links.pack_path(span.kind, span.first),
        is_over=span.is_over(today),
        as_of=as_of,
        sent_at=pack.sent_at if pack else None,
        sent_by=pack.sent_by.name if pack and pack.sent_by else "",
        sections=saying.sections(facts),
        decisions=owing.decisions(facts) + _late(actions, as_of),
        actions=list(actions),
        minutes=pack.minutes if pack else "",
        version=pack.version if pack else 0,
        minutes_at=pack.minutes_at if pack else None,
        minutes_by=pack.minutes_by.name if pack and pack.minutes_by else "",
        earlier=around(rules.before(span)),
        later=around(later) if later.first <= today else None,
    )


def _late(actions: Iterable[ActionView], as_of: datetime) -> list[Line]:
    """Return what was late when the facts were gathered: a pack that was sent goes on saying so."""
    day = as_of.astimezone(get_timezone()).date()
    return [
        Line(str(gettext("“%(words)s” is late: still wanted, and until when?", words=it.words)))
        for it in actions
        if it.due < day and (it.done is None or it.done > as_of)
    ]


def actions_of(
    span: Span, pack: Pack | None, *, today: date, viewer_id: int, writes: bool
) -> list[ActionView]:
    """Return what is to be done: as it stood when the pack was sent, and what was decided with it.

    Whether it is done by now is told of either.
    """
    if pack is None or pack.sent_at is None or pack.facts is None:
        found = list(queries.actions_of(pack.id if pack else None))
    else:
        ids = [int(it["id"]) for it in pack.facts["actions"]]
        kept = queries.actions_by_id(ids)
        found = [kept[number] for number in ids if number in kept]
        found += [it for it in queries.made_with(pack.id) if it.id not in kept]
    return [_action(it, span, today, writes=writes or it.owner_id == viewer_id) for it in found]


def _action(it: PackAction, span: Span, today: date, *, writes: bool) -> ActionView:
    own = rules.span_of(Kind(it.pack.kind), it.pack.first_on)
    return ActionView(
        id=it.id,
        words=it.words,
        owner=it.owner.name,
        due=it.due_on,
        is_late=it.done_at is None and it.due_on < today,
        done=it.done_at,
        came_from="" if own == span else f"{title(own.kind)}, {when(own)}",
        url="" if own == span else links.pack_path(own.kind, own.first),
        may_settle=writes,
    )


@dataclass(frozen=True, slots=True)
class ArchiveLine:
    """A pack of the archive."""

    title: str
    when: str
    url: str
    sent_at: datetime | None
    has_minutes: bool


def archive_line(it: Pack) -> ArchiveLine:
    """Show a pack of the archive."""
    span = rules.span_of(Kind(it.kind), it.first_on)
    url = links.pack_path(it.kind, it.first_on)
    return ArchiveLine(title(it.kind), when(span), url, it.sent_at, bool(it.minutes.strip()))


def decisions_title() -> str:
    """Return the head of what is to be decided."""
    return str(gettext("To decide"))


def actions_title() -> str:
    """Return the head of what is to be done."""
    return str(gettext("Actions"))
