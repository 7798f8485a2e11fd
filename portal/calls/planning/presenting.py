"""What the pages of calls show: whose calls, what was used and said, what was changed meanwhile."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext
from flask_login import current_user

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.calls import labels, queries, rules
from portal.calls.log import queries as used
from portal.calls.models import Call, CallPoint
from portal.calls.ratings import queries as ratings
from portal.calls.ratings.labels import HELPED
from portal.calls.ratings.models import Rating
from portal.calls.rules import Result
from portal.deals.models import Deal
from portal.deals.rules import Outcome
from portal.library.links import asset_path
from portal.web import locale, words

ALL = "all"
MOVES_DEAL = frozenset({Result.ADVANCED.value, Result.LOST.value})
"""Results after which a deal stands elsewhere, most often."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose calls are listed; `choices` is empty for those who see only their own."""

    value: str
    user_id: int | None
    team_id: int | None
    choices: tuple[tuple[str, str], ...]


def whose(asked: str | None) -> Whose:
    """Read whose calls are asked for: one's own; for managers a team's or all."""
    if not policy.granted(current_user.role, Act.CALLS_OF_TEAMS):
        return Whose("", current_user.id, None, ())
    teams = [(str(team.id), team.name) for team in queries.teams()]
    choices = (("", gettext("Mine")), *teams, (ALL, gettext("Everybody")))
    value = asked if asked in {key for key, _ in choices} else ""
    team = rules.number_of(value)
    return Whose(value, current_user.id if value == "" else None, team, choices)


@dataclass(frozen=True, slots=True)
class RatingView:
    """What somebody says of an asset after a call."""

    who: str
    stars: int
    helped: str
    why: str


@dataclass(frozen=True, slots=True)
class UseView:
    """An asset used in a call, with what was said of it."""

    url: str
    title: str
    language: str
    ratings: tuple[RatingView, ...]


def _rating(it: Rating) -> RatingView:
    return RatingView(it.user.name, it.stars, words.label(HELPED, it.helped), it.why)


def uses(call: Call) -> list[UseView]:
    """Show what was used in a call."""
    said = ratings.of_call(call.id)
    keys = [(use.asset_id, use.language) for use in call.uses]
    texts = used.texts_of({asset_id for asset_id, _ in keys})
    found = []
    for asset_id, language in keys:
        text = texts.get((asset_id, language)) or used.any_text(texts, asset_id)
        found.append(
            UseView(
                url=asset_path(text.slug, language) if text and text.is_out else "",
                title=text.title if text else gettext("An asset that is gone"),
                language=language,
                ratings=tuple(
                    _rating(r) for r in said if (r.asset_id, r.language) == (asset_id, language)
                ),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class PointView:
    """Something the customer said, where it stands, and the way to its answer."""

    kind: str
    kind_label: str
    words: str
    state: str
    state_label: str
    url: str


def points(call: Call) -> list[PointView]:
    """Show what the customer said, kind by kind."""
    order = list(labels.SAID)
    found = sorted(call.points, key=lambda p: (order.index(p.kind), p.id))
    names = used.term_names(p.slug for p in found if p.slug and not p.words)
    return [_point(point, names) for point in found]


def _point(it: CallPoint, names: Mapping[str, Mapping[str, str]]) -> PointView:
    return PointView(
        kind=it.kind,
        kind_label=words.label(labels.SAID, it.kind),
        words=it.words or used.name_in(names, it.slug or "", locale.code().value),
        state=it.state,
        state_label=words.label(labels.ANSWERS, it.state),
        url=url_for("voice.show", point_id=it.id),
    )


def is_open(deal: Deal) -> bool:
    """Whether a deal has not ended."""
    return deal.outcome == Outcome.OPEN.value


_FIELDS: Mapping[str, tuple[Callable[[], str], Callable[[Any], str]]] = {
    "at": (lambda: gettext("When"), locale.moment),
    "kind": (lambda: gettext("What kind of call?"), lambda v: words.label(labels.KINDS, v)),
    "with_role": (lambda: gettext("With whom"), lambda v: words.label(labels.ROLES, v)),
    "result": (lambda: gettext("How did it go?"), lambda v: words.label(labels.RESULTS, v)),
    "note": (lambda: gettext("One short note"), str),
}


def changed(call: Call, said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what a call says now and this does not: (field, what is kept)."""
    found = []
    for name, (label, show) in _FIELDS.items():
        kept = getattr(call, name)
        if name in said and (kept or None) != (said[name] or None):
            found.append((label(), str(show(kept or "")) or gettext("nothing")))
    return found


def taken(args: Mapping[str, str]) -> str:
    """Return what a calendar file has brought, when one was taken just now."""
    counts = {name: rules.number_of(args.get(name)) or 0 for name in ("taken", "moved", "off")}
    if not any(name in args for name in counts):
        return ""
    parts = []
    if counts["taken"]:
        parts.append(ngettext("%(num)d call planned", "%(num)d calls planned", counts["taken"]))
    if counts["moved"]:
        parts.append(ngettext("%(num)d call moved", "%(num)d calls moved", counts["moved"]))
    if counts["off"]:
        parts.append(ngettext("%(num)d call called off", "%(num)d calls called off", counts["off"]))
    return ", ".join(map(str, parts)) or str(gettext("Nothing new in the calendar."))
