"""What the form of a call shows: rows of assets with stars, objections to tick, competitors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask_babel import gettext

from portal.calls.log import queries
from portal.calls.log.queries import Texts
from portal.calls.log.rules import LINES_MOST, Point, Row
from portal.calls.models import Call
from portal.calls.ratings import queries as ratings
from portal.calls.rules import WORDS_MOST, Said
from portal.deals.models import Deal
from portal.deals.presenting import term_choices
from portal.deals.rules import COMPETITOR
from portal.library.links import slug_in
from portal.library.rules import SLUG_LIMIT
from portal.web import locale

Choices = list[tuple[str, str]]
FEW = 6
"""Competitors shown at once; the rest is folded."""


@dataclass(frozen=True, slots=True)
class RowView:
    """An asset to be rated; `wrong` says in words what is odd."""

    key: str
    title: str
    language: str
    row: Row
    wrong: str


def reader() -> str:
    """Return the language titles are chosen in."""
    return locale.code().value


def row_views(rows: Sequence[Row], texts: Texts) -> list[RowView]:
    """Show rows; those of assets that are not there are left out."""
    found = []
    for row in rows:
        text = texts.get((row.asset_id, row.language)) or queries.any_text(texts, row.asset_id)
        if text is not None:
            found.append(RowView(row.key, text.title, row.language, row, _wrong(row)))
    return found


def _wrong(row: Row) -> str:
    said = {
        "stars": gettext("One to five stars, please."),
        "no-stars": gettext("Give it stars, too."),
        "helped": gettext("Choose one of the answers."),
        "long": gettext("This is too long."),
        "old": gettext("A rating can be changed for seven days."),
    }
    return str(said.get(row.wrong, ""))


def opened(user_id: int, deal: Deal) -> list[Row]:
    """Return the rows a new form begins with: what was opened for the deal since the last call."""
    return [
        Row(it.asset_id, it.language, it.revision)
        for it in queries.opened_since_last(user_id, deal.id)
    ]


def kept_rows(call: Call, user_id: int) -> list[Row]:
    """Return the rows of a logged call, with one's own stars."""
    mine = {(r.asset_id, r.language): r for r in ratings.of_call(call.id) if r.user_id == user_id}
    found = []
    for use in call.uses:
        said = mine.get((use.asset_id, use.language))
        row = Row(use.asset_id, use.language, use.revision, used=True)
        if said is not None:
            row = replace(row, stars=said.stars, helped=said.helped or "", why=said.why)
        found.append(row)
    return found


def named(typed: str) -> queries.Text | None:
    """Return the asset of a title, a slug or an address."""
    slug = slug_in(typed)
    return queries.named(typed[:300], slug if len(slug) <= SLUG_LIMIT else "", reader())


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be ticked: (value, words); `few` competitors are those of the deal.

    `same` is what an objection is called in its original, by its value.
    """

    objections: Choices
    few: Choices
    rest: Choices
    same: Mapping[str, str] = field(default_factory=dict)

    @property
    def competitors(self) -> Choices:
        """All competitors, those of the deal first."""
        return self.few + self.rest


def offered(
    deal: Deal, call: Call | None = None, *, objections: bool = True, competitors: bool = True
) -> Offered:
    """Return what can be ticked for a deal, or of it what is asked; a call's own is among it."""
    heard, same = _objections(deal, call) if objections else ([], {})
    few, rest = _competitors(deal, call) if competitors else ([], [])
    return Offered(heard, few, rest, same)


def _objections(deal: Deal, call: Call | None) -> tuple[Choices, dict[str, str]]:
    known = queries.objections(deal.id, reader())
    found = [(it.value, it.words) for it in known]
    same = {it.value: it.same for it in known}
    there = {value for value, _ in found}
    for point in call.points if call else ():
        value = f"{point.asset_id}.{point.anchor}"
        if point.kind == Said.OBJECTION and point.asset_id and value not in there:
            found.append((value, point.words))
            same[value] = point.words_key
    return found, same


def _competitors(deal: Deal, call: Call | None) -> tuple[Choices, Choices]:
    own = {slug for facet, slug in queries.terms_of(deal.id) if facet == COMPETITOR}
    own |= {point.slug for point in (call.points if call else ()) if point.slug}
    choices = term_choices(COMPETITOR, sorted(own))
    few = [choice for choice in choices if choice[0] in own]
    rest = [choice for choice in choices if choice[0] not in own]
    room = max(0, FEW - len(few))
    return few + rest[:room], rest[room:]


def known(values: Sequence[str], offered: Offered) -> list[Point]:
    """Return the objections that were ticked."""
    words = dict(offered.objections)
    found = []
    for value in values:
        number, _, anchor = value.partition(".")
        if value in words:
            same = offered.same.get(value, "")
            found.append(Point(Said.OBJECTION, words[value], None, int(number), anchor, same))
    return found


def gone(values: Sequence[str], offered: Offered) -> dict[str, str]:
    """Return the objections that were ticked and are on no battlecard any more, in words."""
    there = {value for value, _ in offered.objections}
    found = {}
    for value in values[:LINES_MOST]:
        number, _, anchor = value.partition(".")
        words = " ".join(anchor.replace("-", " ").split())[:WORDS_MOST]
        if value not in there and number.isdecimal() and words.isprintable() and words:
            found[value] = words.capitalize()
    return found


def said_fields(call: Call) -> dict[str, object]:
    """Return what the fields of a form hold for what a call says."""
    points = call.points
    lines = {
        kind: "\n".join(p.words for p in points if p.kind == kind and not p.asset_id)
        for kind in (Said.OBJECTION, Said.WISH, Said.COMPLAINT)
    }
    return {
        "objections": [f"{p.asset_id}.{p.anchor}" for p in points if p.asset_id],
        "objection_words": lines[Said.OBJECTION],
        "wishes": lines[Said.WISH],
        "complaints": lines[Said.COMPLAINT],
        "competitors": [p.slug for p in points if p.slug],
    }
