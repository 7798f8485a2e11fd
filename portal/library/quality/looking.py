"""Takes the snapshots the checks look at: texts, links' targets, twins, claims; a few SELECTs."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from portal.config import Language
from portal.library.freshness import queries as freshness
from portal.library.models import Asset, AssetText
from portal.library.quality import asset_checks, prints, queries, text_checks
from portal.library.quality.models import TextPrint
from portal.library.quality.queries import Near
from portal.library.quality.rules import Around, Found, SectionShot, Snapshot, TextShot
from portal.library.rules import State

FINDINGS_MOST = 200  # kept of one asset: beyond, nobody needs a longer list


def look_at(
    assets: Sequence[Asset], made: Mapping[int, TextPrint], today: date
) -> dict[int, list[Found]]:
    """Return what is wrong with these assets; `made` are the prints of their texts."""
    texts = [text for asset in assets for text in asset.texts]
    ids = [asset.id for asset in assets]
    claims, months = queries.claims(ids), freshness.months_by(ids)
    names = queries.namesakes({text.title for text in texts})
    near = _near(texts, made)
    slugs = {slug for text in texts for slug in _linked(text.sections)}
    around = Around(today, queries.targets(slugs), [language.value for language in Language])
    found = {}
    for asset in assets:
        shots = [
            TextShot(
                language=text.language,
                title=text.title,
                summary=text.summary,
                sections=[_section(kept) for kept in text.sections],
                claims=claims.get((asset.id, text.language), ()),
                twins=_twins(asset, text, made, near),
                namesakes=[
                    slug for other, slug in names[text.language, text.title] if other != asset.id
                ],
            )
            for text in asset.texts
        ]
        found[asset.id] = list(check(_snapshot(asset, months[asset.id], shots), around))[
            :FINDINGS_MOST
        ]
    return found


def check(shot: Snapshot, around: Around) -> Iterable[Found]:
    """Return what all checks find, each thing once; what is retired is left alone."""
    if shot.state == State.RETIRED.value:
        return ()
    found = [it for test in asset_checks.CHECKS for it in test(shot, around)]
    for text in shot.texts:
        found += [it for test in text_checks.CHECKS for it in test(shot, text, around)]
    return {it.mark: it for it in found}.values()


def _snapshot(asset: Asset, months: int, texts: Sequence[TextShot]) -> Snapshot:
    facets: dict[str, list[str]] = {}
    for term in asset.facets:
        facets.setdefault(term.facet, []).append(term.slug)
    owner = asset.owner
    return Snapshot(
        slug=asset.slug,
        kind=asset.kind,
        state=asset.state,
        has_owner=owner is not None,
        owner=owner.name if owner is not None and not owner.active else "",
        facets=facets,
        checked_on=asset.checked_on,
        months=months,
        texts=texts,
    )


def _section(kept: Mapping[str, Any]) -> SectionShot:
    said = tuple(it["text"] for it in kept["sayables"])
    return SectionShot(
        kept["anchor"], kept["level"], kept["heading"], kept["html"], kept["text"], said
    )


def _linked(sections: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for section in sections:
        if '"/assets/' in section["html"]:
            yield from text_checks.slugs_linked(section["html"])


def _near(texts: Sequence[AssetText], made: Mapping[int, TextPrint]) -> dict[int, dict[int, Near]]:
    """Return, by text id, the texts that share a band of its print."""
    bands = {
        text.id: prints.bands_of(made[text.id].print, text.language)
        for text in texts
        if text.id in made
    }
    shared = queries.sharing({band for found in bands.values() for band in found})
    return {
        text_id: {near.text_id: near for band in found for near in shared.get(band, ())}
        for text_id, found in bands.items()
    }


def _twins(
    asset: Asset,
    text: AssetText,
    made: Mapping[int, TextPrint],
    near: Mapping[int, Mapping[int, Near]],
) -> list[tuple[str, str, int]]:
    found: dict[str, tuple[str, str, int]] = {}
    for other in near.get(text.id, {}).values():
        if other.asset_id == asset.id:
            continue
        alike = prints.likeness(made[text.id].print, other.print)
        if alike >= prints.ALIKE:
            found[other.slug] = (other.slug, other.title, round(alike * 100))
    return sorted(found.values(), key=lambda it: (-it[2], it[0]))[:3]
