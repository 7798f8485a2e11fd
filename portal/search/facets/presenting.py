"""What is shown of facets: values by their names with counts, of a long one the rest behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from markupsafe import Markup

from portal.config import Language
from portal.search import drawing
from portal.search.drawing import Option
from portal.search.facets import labels, queries
from portal.search.finding import Answer
from portal.search.priors.rules import FRESHNESS
from portal.web import locale, words

SHOWN_FACETS = (
    "kind", "language", "competitor", "product", "industry", "persona", "stage", "owner",
    "freshness",
)  # fmt: skip
AT_ONCE = 7
"""Values of a facet that are shown at once; what is ticked always is."""
MOST_OPTIONS = 30
"""Values shown of a facet with those behind."""
ID_MOST = 9
"""Digits of a person's number, at most."""

Names = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class FacetView:
    """One facet: the most frequent values, and the others, by name, with their number."""

    name: str
    label: str
    options: Markup
    more: Markup
    hidden: int


@dataclass(frozen=True, slots=True)
class Named:
    """The words for the values of facets in the request's language."""

    names: Names
    owners: Mapping[int, str]

    @classmethod
    def of(cls, answer: Answer, names: Names) -> Self:
        """Know the words for what an answer's facets have, and for what is ticked."""
        counts = answer.facets.get("owner", {})
        shown = sorted(counts, key=lambda v: (-counts[v], v))[:MOST_OPTIONS]
        ids = {*shown, *answer.asked.query.filters.get("owner", ())}
        return cls(names, queries.names_of({int(i) for i in ids if _is_number(i)}))

    def __call__(self, facet: str, value: str) -> str:
        """Return the words for a value."""
        if facet == "kind":
            return words.label(words.KINDS, value)
        if facet == "language":
            return locale.NAMES.get(Language(value), value) if value in set(Language) else value
        if facet == "freshness":
            return words.label(labels.FRESHNESS, value)
        if facet == "owner":
            return self.owners.get(int(value), value) if _is_number(value) else value
        return self.names.get((facet, value), value)


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= ID_MOST


def label_of(facet: str) -> str:
    """Return the name of a facet in the request's language."""
    return words.label(labels.FACETS if facet in labels.FACETS else words.FACETS, facet)


def facet_views(answer: Answer, named: Named) -> tuple[FacetView, ...]:
    """Show the facets with counts; what is ticked stays visible even when nothing has it."""
    views = []
    for facet in SHOWN_FACETS:
        counts = answer.facets.get(facet, {})
        ticked = answer.asked.query.filters.get(facet, frozenset())
        found = _in_order(facet, counts)
        first = [v for v in found[:AT_ONCE] if v not in ticked] + sorted(ticked)
        first.sort(key=lambda v: found.index(v) if v in counts else len(found))
        rest = sorted(
            (v for v in found if v not in first), key=lambda v: named(facet, v).casefold()
        )
        if len(found) > 1 or ticked:
            shown, more = (
                drawing.options(
                    facet,
                    [Option(v, named(facet, v), counts.get(v, 0), v in ticked) for v in values],
                )
                for values in (first, rest)
            )
            views.append(FacetView(facet, label_of(facet), shown, more, len(rest)))
    return tuple(views)


def _in_order(facet: str, counts: Mapping[str, int]) -> list[str]:
    """The values there are, the most frequent first; freshness as it goes."""
    if facet == "freshness":
        return [value for value in FRESHNESS if value in counts]
    return sorted(counts, key=lambda v: (-counts[v], v))[:MOST_OPTIONS]
