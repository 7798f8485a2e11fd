"""Keeps the claims of a text when it is served, so that every list of claims is a query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, delete, insert

from portal.db import db
from portal.library.claims import extraction, queries
from portal.library.claims.models import ClaimFact, ClaimRow
from portal.library.claims.rules import Claim
from portal.library.claims.subjects import Vocabulary
from portal.library.models import Asset, AssetText
from portal.library.rules import Facet

# Their tables rather than the classes: nobody asks for the objects.
_ROWS, _FACTS = cast("Table", ClaimRow.__table__), cast("Table", ClaimFact.__table__)


@dataclass(frozen=True, slots=True)
class About:
    """What of an asset decides what the claims of its texts are about."""

    slug: str
    kind: str
    competitors: tuple[str, ...]
    products: tuple[str, ...]


def keep(
    asset: Asset,
    text: AssetText,
    vocabulary: Vocabulary | None = None,
    ready: Mapping[About, Sequence[Claim]] | None = None,
) -> None:
    """Keep the claims of a text as it is served now, in place of those kept before.

    The asset is flushed; its facets decide who is meant where nobody is named, so this is called
    again (`keep_all`) when they change. `ready`: the text's claims, if it has become an asset
    such as was foreseen; else they are found now.
    """
    found = ready.get(about_of(asset)) if ready else None
    claims = claims_of(asset, text, vocabulary or queries.vocabulary()) if found is None else found
    for table in (ClaimRow, ClaimFact):
        db.session.execute(
            delete(table)
            .where(table.asset_id == asset.id, table.language == text.language)
            .execution_options(synchronize_session=False)
        )
    if not claims:
        return
    at = {"asset_id": asset.id, "language": text.language}
    db.session.execute(insert(_ROWS), [at | _row(claim) for claim in claims])
    facts = [at | {"number": c.number} | fact for c in claims for fact in _facts(c)]
    if facts:
        db.session.execute(insert(_FACTS), facts)


def keep_all(asset: Asset) -> None:
    """Keep the claims of all texts of an asset anew: its kind or its facets have changed."""
    vocabulary = queries.vocabulary()
    for text in asset.texts:
        keep(asset, text, vocabulary)


def about(slug: str, kind: str, terms: Iterable[tuple[str, str]]) -> About:
    """Return what decides about claims, of an asset's (facet, slug of the term)."""
    slugs: dict[str, set[str]] = {facet.value: set() for facet in Facet}
    for facet, term in terms:
        slugs[facet].add(term)
    named = (slugs[Facet.COMPETITOR.value], slugs[Facet.PRODUCT.value])
    return About(slug, kind, *(tuple(sorted(found)) for found in named))


def about_of(asset: Asset) -> About:
    """Return what decides about the claims of an asset's texts."""
    return about(asset.slug, asset.kind, ((term.facet, term.slug) for term in asset.facets))


def claims_of(asset: Asset, text: AssetText, vocabulary: Vocabulary) -> list[Claim]:
    """Return the claims of a text; nothing is kept."""
    return found_in(about_of(asset), text.language, text.sections, text.fields, vocabulary)


def found_in(
    it: About,
    language: str,
    sections: list[dict[str, Any]],
    fields: Mapping[str, Any],
    vocabulary: Vocabulary,
) -> list[Claim]:
    """Return the claims of a text that has been drawn; the database is not asked."""
    told = extraction.Told(
        slug=it.slug,
        kind=it.kind,
        language=language,
        parts=extraction.parts_of(sections),
        fields=dict(fields),
        competitors=it.competitors,
        products=it.products,
    )
    return extraction.claims_of(told, vocabulary)


def _row(claim: Claim) -> dict[str, object]:
    return {
        "number": claim.number,
        "anchor": claim.anchor[:200],
        "sentence": claim.sentence,
        "mark": claim.mark,
        "subject": claim.subject[:220],
        "competitor": claim.competitor[:80],
        "has_figure": claim.has_figure,
        "needs_source": claim.needs_source,
        "said": claim.said,
        "source": claim.source[:300],
        "source_day": claim.source_day,
        "borrowed": claim.borrowed,
        "linked": claim.linked,
        "figures": [fact.shown for fact in claim.facts],
    }


def _facts(claim: Claim) -> list[dict[str, object]]:
    return [
        {
            "thing": fact.thing,
            "place": fact.place[:100],
            "unit": fact.unit,
            "value": fact.value[:60],
            "rough": fact.rough,
        }
        for fact in claim.facts
    ]
