"""Keeps the claims of a text when it is served, so that every list of claims is a query."""

from sqlalchemy import delete, insert

from portal.db import db
from portal.library.claims import extraction, queries
from portal.library.claims.models import ClaimFact, ClaimRow
from portal.library.claims.rules import Claim
from portal.library.claims.subjects import Vocabulary
from portal.library.models import Asset, AssetText
from portal.library.rules import Facet


def keep(asset: Asset, text: AssetText, vocabulary: Vocabulary | None = None) -> None:
    """Keep the claims of a text as it is served now, in place of those kept before.

    The asset is flushed; its facets decide who is meant where nobody is named, so this is called
    again (`keep_all`) when they change.
    """
    claims = claims_of(asset, text, vocabulary or queries.vocabulary())
    for table in (ClaimRow, ClaimFact):
        db.session.execute(
            delete(table)
            .where(table.asset_id == asset.id, table.language == text.language)
            .execution_options(synchronize_session=False)
        )
    if not claims:
        return
    at = {"asset_id": asset.id, "language": text.language}
    db.session.execute(insert(ClaimRow), [at | _row(claim) for claim in claims])
    facts = [at | {"number": c.number} | fact for c in claims for fact in _facts(c)]
    if facts:
        db.session.execute(insert(ClaimFact), facts)


def keep_all(asset: Asset) -> None:
    """Keep the claims of all texts of an asset anew: its kind or its facets have changed."""
    vocabulary = queries.vocabulary()
    for text in asset.texts:
        keep(asset, text, vocabulary)


def claims_of(asset: Asset, text: AssetText, vocabulary: Vocabulary) -> list[Claim]:
    """Return the claims of a text; nothing is kept."""
    slugs: dict[str, list[str]] = {facet.value: [] for facet in Facet}
    for term in asset.facets:
        slugs[term.facet].append(term.slug)
    told = extraction.Told(
        slug=asset.slug,
        kind=asset.kind,
        language=text.language,
        parts=extraction.parts_of(text.sections),
        fields=text.fields,
        competitors=tuple(sorted(slugs[Facet.COMPETITOR.value])),
        products=tuple(sorted(slugs[Facet.PRODUCT.value])),
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
