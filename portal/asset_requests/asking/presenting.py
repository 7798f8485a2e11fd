"""What the ask page offers: words of the vocabulary, deals, and what it is filled with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from portal.asset_requests.labels import COMPLAINTS
from portal.asset_requests.models import AssetRequest
from portal.asset_requests.rules import FACETS
from portal.deals.models import Deal
from portal.library.terms import queries as terms
from portal.library.terms.presenting import name
from portal.web import locale, words
from portal.web.money import money

Choices = list[tuple[str, str]]


def named_now(it: AssetRequest) -> dict[str, str]:
    """Return the words a request names by the slugs they have now; a word that is gone is none."""
    found = {facet: terms.found(facet, slug) for facet in FACETS if (slug := getattr(it, facet))}
    return {facet: term.slug for facet, term in found.items() if term is not None}


def term_choices(facet: str, chosen: str = "") -> Choices:
    """Return the words of a facet to choose from, by name; `chosen` also when it is retired."""
    offered = list(terms.offered(facet))
    if chosen and chosen not in {term.slug for term in offered}:
        kept = terms.found(facet, chosen)
        offered += [kept] if kept is not None else []
    found = sorted(((t.slug, name(t)) for t in offered), key=lambda c: c[1].casefold())
    return [("", gettext("Does not matter")), *found]


def deal_label(deal: Deal) -> str:
    """Return a deal in one line: name, account, how much, when it closes."""
    parts = [deal.name]
    if deal.account and deal.account != deal.name:
        parts.append(deal.account)
    if deal.amount is not None:
        parts.append(money(deal.amount, deal.currency))
    if deal.closes_on is not None:
        parts.append(locale.day(deal.closes_on))
    return " · ".join(parts)


def deal_choices(deals: Sequence[Deal]) -> Choices:
    """Return deals to choose from."""
    return [("", gettext("No deal")), *((str(d.id), deal_label(d)) for d in deals)]


def filled_title(query: str, complaint: str | None, asset_title: str) -> str:
    """Return the title a form begins with: the words searched, or what is wrong with what."""
    if complaint and asset_title:
        return f"{words.label(COMPLAINTS, complaint)}: {asset_title}"
    return query


def prefilled(args: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """Return what an address says for these fields, cut to what a field may hold."""
    return {n: args[n][:100] for n in names if args.get(n)}


@dataclass(frozen=True, slots=True)
class About:
    """An asset a request is about: sections as (anchor, heading), what it says of itself."""

    id: int
    slug: str
    title: str
    language: str
    sections: tuple[tuple[str, str], ...]
    facts: Mapping[str, str]


SHOWN = ("title", "situation", "kind", "language", "department", *FACETS)
"""What the form for changing a request is filled with."""
