"""What a deal's page shows to prepare for a call: what fits and why, what was used."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flask import current_app
from flask_babel import gettext, ngettext

from portal.deals.models import Deal
from portal.deals.preparing import labels, queries, rules
from portal.deals.preparing.queries import Term, Titled
from portal.deals.preparing.rules import Fit, Offered, Together, Used
from portal.deals.presenting import stage_words
from portal.deals.rules import key_of
from portal.library.links import asset_path
from portal.library.models import FacetTerm
from portal.library.queries import name_of
from portal.library.rules import Facet, State
from portal.usage.rules import Source
from portal.web import locale, words


class Suggested(NamedTuple):
    """What fits a deal, with further reasons for it and against it in words."""

    fit: Fit
    why: Sequence[str] = ()
    but: Sequence[str] = ()


Suggesting = Callable[[Deal, Sequence[Fit], int], Sequence[Suggested]]
"""Puts what fits a deal in order, at most so much."""


def _as_they_fit(_deal: Deal, fits: Sequence[Fit], most: int) -> Sequence[Suggested]:
    return [Suggested(fit) for fit in fits[:most]]


def _trail(deal_id: int) -> str:
    """Return what an address says of where it was found: what is opened here is used here."""
    return f"from={Source.DEAL.value}&deal={deal_id}"


@dataclass(frozen=True, slots=True)
class FitView:
    """An asset that fits, with the reasons in words."""

    url: str
    title: str
    summary: str
    language: str
    kind: str
    kind_label: str
    why: Sequence[str]
    but: Sequence[str]
    used: str


@dataclass(frozen=True, slots=True)
class UsedView:
    """An asset that was used on the deal; `url` is empty when it can not be opened any more."""

    url: str
    title: str
    language: str
    how: str
    who: str
    at: datetime
    stage: str


@dataclass(frozen=True, slots=True)
class Preparing:
    """All there is to prepare with; `total` says how much was used, in words."""

    fits: Sequence[FitView]
    used: Sequence[UsedView]
    total: str
    about: Sequence[Term]


def term_name(term: Term) -> str:
    """Return what a term is called in the reader's language."""
    return name_of(term.names, term.slug, locale.code().value)


def _about(deal: Deal) -> list[Term]:
    """Return the terms of a deal: products, competitors, its customer's industry, its stage."""
    asked = [(term.facet, term.slug) for term in deal.terms]
    said = deal.customer.industry if deal.customer else ""
    if said:
        asked.append((Facet.INDUSTRY.value, said))
    if deal.stage_row and deal.stage_row.term:
        asked.append((Facet.STAGE.value, deal.stage_row.term))
    found = queries.terms(asked)
    if said and not any(term.facet == Facet.INDUSTRY.value for term in found):
        named = industry(said)  # in words, as another system has it
        if named is not None:
            found.append(Term(named.id, named.facet, named.slug, named.names, said))
    return found


def industry(said: str) -> FacetTerm | None:
    """Return the industry somebody means by a slug, a name or an alias."""
    key = key_of(said)
    for term in queries.industries():
        if key and key in {key_of(w) for w in (term.slug, *term.names.values(), *term.aliases)}:
            return term
    return None


def _why(fit: Fit, terms: Mapping[int, Term]) -> list[str]:
    """Say why an asset fits."""
    said = {
        "competitor": lambda name: gettext("against %(name)s", name=name),
        "product": lambda name: gettext("about %(name)s", name=name),
        "industry": lambda name: gettext("for %(name)s", name=name),
        "stage": lambda name: gettext("for the stage “%(name)s”", name=name),
    }
    shared = sorted((terms[it] for it in fit.terms), key=lambda t: -rules.WEIGHTS[t.facet])
    why = [said[term.facet](term_name(term)) for term in shared]
    if fit.speaks:
        why.append(gettext("in the customer’s language"))
    return [*why, fit.won] if fit.won else why


def _fit_view(it: Suggested, text: Titled, terms: Mapping[int, Term], deal_id: int) -> FitView:
    fit = it.fit
    return FitView(
        url=asset_path(text.slug, text.language, trail=_trail(deal_id)),
        title=text.title,
        summary=text.summary,
        language=text.language,
        kind=text.kind,
        kind_label=words.label(words.KINDS, text.kind),
        why=[*_why(fit, terms), *it.why],
        but=it.but,
        used=gettext("used on %(day)s", day=locale.day(fit.used_at)) if fit.used_at else "",
    )


def _counted(actions: Mapping[str, int]) -> str:
    """Say how often what was done: opened 3×, copied 2×."""
    return ", ".join(
        f"{words.label(labels.ACTIONS, action)} {locale.number(actions[action])}×"
        for action in labels.ACTIONS
        if actions.get(action)
    )


def used_views(
    uses: Sequence[Used], texts: Mapping[int, Mapping[str, Titled]], deal_id: int | None = None
) -> list[UsedView]:
    """Show what was used, each asset once, the latest first."""
    trail = _trail(deal_id) if deal_id is not None else ""
    return [_used_view(it, texts.get(it.asset_id, {}), trail) for it in rules.by_asset(uses)]


def _used_view(it: Together, texts: Mapping[str, Titled], trail: str) -> UsedView:
    text = texts.get(it.language or "") or next(iter(texts.values()), None)
    is_open = text is not None and text.state == State.PUBLISHED.value
    return UsedView(
        url=asset_path(text.slug, text.language, trail=trail) if text and is_open else "",
        title=text.title if text else gettext("An asset that is gone"),
        language=text.language if text else str(locale.code()),
        how=_counted(it.actions),
        who=", ".join(name for name in it.people if name),
        at=it.at,
        stage=stage_words(it.stage or ""),
    )


def total_words(deals: Collection[int], uses: Sequence[Used]) -> str:
    """Say how much was used in all on these deals; empty when nothing was."""
    if not uses:
        return ""
    counts: Mapping[str, int] = Counter(use.action for use in uses)
    if len(uses) >= rules.USES_SHOWN:  # there may be more than were read
        counts = queries.used(deals)
    number = sum(counts.values())
    times = ngettext("%(num)d use", "%(num)d uses", number)
    return f"{times}: {_counted(counts)}"


def preparing(deal: Deal, most: int = rules.SHOWN) -> Preparing:
    """Return what there is to prepare a call on a deal with, at most so much that fits."""
    about = _about(deal)
    uses = queries.uses([deal.id])
    used: dict[int, datetime] = {}
    for use in uses:
        used.setdefault(use.asset_id, use.at)
    ask = current_app.extensions.get("arsenal.won_with")
    suggest: Suggesting = current_app.extensions.get("arsenal.suggest", _as_they_fit)
    shared = queries.offered(about)
    texts = queries.titled({it.asset_id for it in shared} | used.keys())
    fits = rules.fits(
        [Offered(it.asset_id, it.terms, sorted(texts.get(it.asset_id, ()))) for it in shared],
        facets={term.id: term.facet for term in about},
        customer=rules.language_of(deal.customer.country) if deal.customer else None,
        reader=str(locale.code()),
        used=used,
        won=ask(deal.id) if ask else {},
        most=rules.LOOKED_AT,
    )
    terms = {term.id: term for term in about}
    return Preparing(
        fits=[
            _fit_view(it, texts[it.fit.asset_id][it.fit.language], terms, deal.id)
            for it in suggest(deal, fits, most)
        ],
        used=used_views(uses, texts, deal.id),
        total=total_words([deal.id], uses),
        about=about,
    )
