"""What the page of claims shows: each claim with its asset, its source, who else quotes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import request, url_for
from flask_babel import gettext, ngettext

from portal.library.claims import labels, rules
from portal.library.claims.contradictions import Group
from portal.library.claims.forms import ALL, DECIDED
from portal.library.claims.models import ClaimRow, ClaimRuling
from portal.library.claims.rules import Problem
from portal.library.claims.surroundings import Elsewhere
from portal.library.links import asset_path
from portal.library.publishing.presenting import Tab
from portal.library.rules import Kind
from portal.web import paging, words

LISTS = (
    Problem.CONTRADICTION, Problem.TRANSLATION, Problem.UNSOURCED, Problem.UNDATED, Problem.OLD,
    Problem.STATEMENT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class QuoteView:
    """Another asset that says the same; `source` is where it has it from, if it says so."""

    title: str
    language: str
    url: str
    source: str


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim in a list."""

    id: int
    sentence: str
    language: str
    figures: Sequence[str]
    source: str
    source_day: date | None
    borrowed: bool
    title: str
    kind: str
    kind_label: str
    owner: str
    asset_url: str
    edit_url: str
    read_url: str
    quotes: Sequence[QuoteView]


Titles = Mapping[tuple[int, str], str]


def claim_view(
    claim: ClaimRow, titles: Titles, quotes: Sequence[Elsewhere], slugs: Mapping[str, str]
) -> ClaimView:
    """Show a claim; `slugs` gives the titles of the assets that quote it."""
    asset = claim.asset
    return ClaimView(
        id=claim.id,
        sentence=claim.sentence,
        language=claim.language,
        figures=claim.figures,
        source=claim.source,
        source_day=claim.source_day,
        borrowed=claim.borrowed,
        title=titles.get((asset.id, claim.language), asset.slug),
        kind=asset.kind,
        kind_label=words.label(words.KINDS, asset.kind),
        owner=asset.owner.name if asset.owner else "",
        asset_url=url_for("publishing.show", slug=asset.slug),
        edit_url=section_url(asset.slug, claim.language, claim.anchor),
        read_url=asset_path(asset.slug, claim.language, anchor=claim.anchor),
        quotes=[
            QuoteView(
                title=slugs.get(it.slug, it.slug),
                language=it.language,
                url=section_url(it.slug, it.language, it.anchor),
                source=it.source,
            )
            for it in quotes
        ],
    )


def section_url(slug: str, language: str, anchor: str) -> str:
    """Return where a section of a text is written."""
    return url_for("writing.edit", slug=slug, language=language, _anchor=anchor or None)


@dataclass(frozen=True, slots=True)
class GroupView:
    """Claims that differ, together."""

    mark: str
    problem: str
    claims: Sequence[ClaimView]


def group_view(group: Group, titles: Titles) -> GroupView:
    """Show claims that differ."""
    claims = [claim_view(claim, titles, (), {}) for claim in group.claims]
    return GroupView(group.mark, group.problem.value, claims)


@dataclass(frozen=True, slots=True)
class RulingView:
    """A decision that holds."""

    id: int
    label: str
    sentences: Sequence[str]
    language: str
    why: str
    who: str
    at: datetime
    asset_url: str


def ruling_view(ruling: ClaimRuling) -> RulingView:
    """Show a decision that holds."""
    return RulingView(
        id=ruling.id,
        label=words.label(labels.VERDICTS, ruling.verdict),
        sentences=[str(sentence) for sentence in ruling.sentences],
        language=ruling.language,
        why=ruling.why,
        who=ruling.by.name if ruling.by else gettext("The portal"),
        at=ruling.at,
        asset_url=url_for("publishing.show", slug=ruling.asset.slug),
    )


def tabs(counts: Mapping[str, int], current: str) -> list[Tab]:
    """Return the lists there are, with how much is on each."""
    path = url_for("claims.index")
    args = [(name, value) for name, value in request.args.items() if name != "page"]
    names = [*(problem.value for problem in LISTS), ALL, DECIDED]
    return [
        Tab(
            str(labels.PROBLEMS["" if name == ALL else name]),
            paging.with_args(path, args, {"list": name}),
            name == current,
            counts.get(name, 0),
        )
        for name in names
    ]


def help_of(current: str) -> str:
    """Return what a list is about."""
    return str(labels.HELP["" if current == ALL else current])


def ages() -> list[tuple[str, str]]:
    """Return how old claims of each kind may become, in words, the shortest first."""
    by_age: dict[int, list[str]] = {}
    for kind in Kind:
        months = rules.most_months(kind.value)
        by_age.setdefault(months, []).append(words.label(words.KINDS, kind))
    return [
        (str(ngettext("%(num)d month", "%(num)d months", months)), ", ".join(kinds))
        for months, kinds in sorted(by_age.items())
    ]
