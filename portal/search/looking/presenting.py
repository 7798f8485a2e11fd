"""What the page of one search shows: results, assets to choose from, the verdict, the ways on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext, ngettext

from portal.asset_requests.delivering.rules import FIRST, Why
from portal.asset_requests.links import request_form_path
from portal.asset_requests.rules import TITLE_MOST
from portal.config import Language
from portal.library.links import asset_path
from portal.library.models import FacetTerm
from portal.library.queries import name_of
from portal.search.finding import Finder, FoundHit
from portal.search.log import matching
from portal.search.log.matching import Looked
from portal.web import locale, words
from portal.web.paging import with_args


@dataclass(frozen=True, slots=True)
class Result:
    """An asset a search has found."""

    rank: int
    title: str
    language: str
    kind: str
    kind_label: str
    url: str
    lacks: Sequence[str]
    choose: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why an asset did not come, in words, and what each of its texts lacks."""

    title: str
    language: str
    url: str
    said: str
    good: bool
    texts: Sequence[tuple[str, str, str, Sequence[str], Sequence[str]]]
    ahead: Sequence[tuple[str, str]]
    synonyms: Sequence[tuple[str, str, str]]
    waits: bool


def _result(hit: FoundHit, choose: str = "") -> Result:
    card = hit.card
    return Result(
        hit.rank,
        card.title,
        card.language,
        card.kind,
        words.label(words.KINDS, card.kind),
        asset_path(card.slug, card.language),
        hit.snippet.missing,
        choose,
    )


def results(hits: Sequence[FoundHit]) -> list[Result]:
    """Return what the search finds now."""
    return [_result(hit) for hit in hits]


def candidates(finder: Finder, find: str, text: str, reader: str) -> list[Result]:
    """Return the assets found by hand; each may be chosen as the one that should have come."""
    if not find:
        return []
    hits, _ = matching.hits(finder, find, matching.OFFERED, reader)
    return [_result(hit, url_for("searchlog.look", q=text, asset=hit.card.slug)) for hit in hits]


def verdict(found: Looked | None, text: str, reader: str) -> Verdict | None:
    """Say why an asset did not come first."""
    if found is None:
        return None
    told = matching.said_as(text, found.missing, reader)
    synonyms = [(code.value, name, told.get(code.value, "")) for code, name in locale.NAMES.items()]
    return Verdict(
        title=found.title,
        language=found.language,
        url=asset_path(found.slug, found.language),
        said=_said(found),
        good=found.replayed.is_found,
        texts=[
            (it.language, locale.NAMES[Language(it.language)],
             it.title, it.lacks, it.weak)
            for it in found.texts
        ],
        ahead=[] if found.replayed.is_found
        else [(asset_path(slug), title) for slug, title in found.replayed.ahead],
        synonyms=synonyms,
        waits=matching.waits(found.slug),
    )  # fmt: skip


def _said(found: Looked) -> str:
    """Say where an asset comes, and why."""
    it = found.replayed
    if it.why is Why.BEHIND:
        return str(gettext("It was changed just now: the search learns of it in a moment."))
    if it.is_found:
        return str(gettext("It comes at place %(rank)s now.", rank=it.rank))
    if it.rank is None:
        missing = len(found.missing)
        said: str = (
            ngettext(
                "It does not come: none of its texts has this word of the search.",
                "It does not come: none of its texts has these words of the search.",
                missing,
            )
            if missing
            else gettext("It does not come: no single text of it has enough words of the search.")
        )
        return said
    low: str = gettext(
        "It comes at place %(rank)s of %(total)s, not among the first %(first)s: others have the"
        " words in better places.",
        rank=it.rank,
        total=locale.number(it.total),
        first=FIRST,
    )
    return low


def term_choices(terms: Sequence[FacetTerm]) -> list[tuple[str, str]]:
    """Return the competitors and products a name can be given to."""
    reader = locale.code().value
    return [("", gettext("Choose…"))] + [
        (
            f"{it.facet}/{it.slug}",
            f"{name_of(it.names, it.slug, reader)} ({words.label(words.FACETS, it.facet)})",
        )
        for it in terms
    ]


def usual_term(found: Looked | None, terms: Sequence[FacetTerm]) -> str:
    """Return the competitor or product the asset is about, when it is about only one."""
    if found is None:
        return ""
    about = [f"{it.facet}/{it.slug}" for it in terms if (it.facet, it.slug) in found.terms]
    rivals = [it for it in about if it.startswith("competitor/")] or about
    return rivals[0] if len(rivals) == 1 else ""


def usual_alias(text: str, found: Looked | None) -> str:
    """Return what the name may be: the words that no text has, else what was searched."""
    return " ".join(found.missing) if found and found.missing else text


def ask_url(text: str) -> str:
    """Return the address of the form that asks for what is searched, filled in."""
    told: Mapping[str, str] = {"title": text[:TITLE_MOST], "q": text, **matching.about(text)}
    return with_args(request_form_path(), (), told)
