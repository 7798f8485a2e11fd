"""The SELECTs behind hits and the home page: what is shown of the assets that were found."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from sys import intern
from typing import Any

from sqlalchemy import bindparam, func, select

from portal.accounts.models import User
from portal.db import db
from portal.library.freshness.queries import MONTHS
from portal.library.models import Asset, AssetText, FacetTerm, asset_facets
from portal.library.rules import State
from portal.search.indexable import published, version_of
from portal.search.models import SearchPending, SearchText
from portal.usage.models import UsageEvent
from portal.usage.rules import Action

_TEXTS, _ASSETS, _READY = AssetText.__table__, Asset.__table__, SearchText.__table__

# Put together once: for every search these are asked, and making them costs more than the answer.
_PACKED = select(_READY.c.text_id, _READY.c.digest, _READY.c.data).where(
    _READY.c.text_id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Card:
    """What a hit shows of a text besides what was found in it."""

    id: int
    asset_id: int
    slug: str
    kind: str
    language: str
    title: str
    summary: str
    digest: str
    revision: int
    words: int
    owner: str
    checked_on: date | None
    months: int


def packed(text_ids: Sequence[int]) -> dict[int, tuple[str, bytes]]:
    """Return (digest, bytes of `passages.Prepared`) of these texts, by id, as far as kept."""
    rows = db.session.connection().execute(_PACKED, {"ids": text_ids})
    return {text_id: (digest, data) for text_id, digest, data in rows}


_CARD = (
    select(
        AssetText.id,
        AssetText.asset_id,
        Asset.slug,
        Asset.kind,
        AssetText.language,
        AssetText.title,
        AssetText.summary,
        AssetText.digest,
        Asset.files_stamp,
        AssetText.revision,
        AssetText.words,
        User.name.label("owner"),
        Asset.checked_on,
        MONTHS.label("months"),
    )
    .select_from(published())
    .where(Asset.state == State.PUBLISHED.value)
)


# By asset: the columns of a text that would say the same lie behind its body, 15 kB further on.
# And without a condition on the state: SQLite would take its index, which finds nearly everything.
_VERSIONS = select(_ASSETS.c.id, _ASSETS.c.state, _ASSETS.c.version, MONTHS).where(
    _ASSETS.c.id.in_(bindparam("ids", expanding=True))
)


def versions(asset_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return (version, interval) of the published ones of assets, by id.

    The database has the last word on what is shown; the rest of a card can be kept: whoever
    changes, adds or takes away a text changes its asset, and so the asset's version, too.
    """
    rows = db.session.connection().execute(_VERSIONS, {"ids": asset_ids})
    return {
        asset_id: (version, months)
        for asset_id, state, version, months in rows
        if state == State.PUBLISHED.value
    }


_CARDS = _CARD.where(_TEXTS.c.id.in_(bindparam("ids", expanding=True)))


def cards(text_ids: Sequence[int]) -> dict[int, Card]:
    """Return the cards of those of the texts that are published, by id."""
    rows = db.session.connection().execute(_CARDS, {"ids": text_ids})
    return {row[0]: _card(row) for row in rows}


def _card(row: Any) -> Card:  # noqa: ANN401  # a row of so many columns has no short type
    """A row of `_CARD`; its digest changes with the asset's attachments too."""
    text_id, asset_id, slug, kind, language, title, summary, digest, files_stamp, *rest = row
    revision, words, owner, checked_on, months = rest
    return Card(
        id=text_id,
        asset_id=asset_id,
        slug=slug,
        kind=intern(kind),  # thousands of cards are kept, with few different ones
        language=intern(language),
        title=title,
        summary=summary,
        digest=version_of(digest, files_stamp),
        revision=revision,
        words=words,
        owner=intern(owner or ""),
        checked_on=checked_on,
        months=months,
    )


_LANGUAGES = (
    select(_TEXTS.c.asset_id, _TEXTS.c.language)
    .where(_TEXTS.c.asset_id.in_(bindparam("ids", expanding=True)))
    .order_by(_TEXTS.c.asset_id, _TEXTS.c.language)
)


def languages(asset_ids: Iterable[int]) -> dict[int, list[str]]:
    """Return the languages each asset is there in, in alphabetical order."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = db.session.connection().execute(_LANGUAGES, {"ids": list(asset_ids)})
    for asset_id, language in rows:
        found[asset_id].append(intern(language))
    return found


@lru_cache(maxsize=1024)
def _shared(names: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Return a term's names, the same object for all the cards that are kept with them."""
    return dict(names)


_COMPETITORS = (
    select(asset_facets.c.asset_id, FacetTerm.slug, FacetTerm.names)
    .join(FacetTerm, FacetTerm.id == asset_facets.c.term_id)
    .where(
        asset_facets.c.asset_id.in_(bindparam("ids", expanding=True)),
        FacetTerm.facet == "competitor",
    )
    .order_by(asset_facets.c.asset_id, FacetTerm.slug)
)


def competitors(asset_ids: Iterable[int]) -> dict[int, list[tuple[str, Mapping[str, str]]]]:
    """Return the competitors each asset is about: slug, and names by language."""
    found: dict[int, list[tuple[str, Mapping[str, str]]]] = defaultdict(list)
    rows = db.session.connection().execute(_COMPETITORS, {"ids": list(asset_ids)})
    for asset_id, slug, names in rows:
        found[asset_id].append((intern(slug), _shared(tuple(names.items()))))
    return found


def newest(language: str, limit: int) -> list[Card]:
    """Return the published texts changed last, one an asset, in the person's language first."""
    query = _CARD.order_by(Asset.updated_at.desc(), Asset.id.desc()).limit(limit * 3)
    return _one_each(db.session.execute(query).all(), language, limit)


def of_kind(kind: str, language: str, limit: int) -> list[Card]:
    """Return the published texts of a kind, the last checked first, one an asset."""
    query = (
        _CARD.where(Asset.kind == kind)
        .order_by(Asset.checked_on.desc(), Asset.slug, Asset.id)
        .limit(limit * 3)
    )
    return _one_each(db.session.execute(query).all(), language, limit)


def by_assets(asset_ids: Sequence[int], language: str) -> list[Card]:
    """Return one card for each of the published assets, in the order given."""
    rows = db.session.execute(_CARD.where(Asset.id.in_(list(asset_ids)))).all()
    found = {card.asset_id: card for card in _one_each(rows, language, len(asset_ids))}
    return [found[i] for i in asset_ids if i in found]


def _one_each(rows: Sequence[Any], language: str, limit: int) -> list[Card]:
    """One text an asset: the person's language, else English, else any; order kept."""
    best: dict[int, Card] = {}
    for row in rows:
        card = _card(row)
        known = best.get(card.asset_id)
        if known is None or _nearness(card.language, language) < _nearness(
            known.language, language
        ):
            best[card.asset_id] = card
    return list(best.values())[:limit]


def _nearness(language: str, wanted: str) -> tuple[int, str]:
    return (0 if language == wanted else 1 if language == "en" else 2, language)


def opened_lately(user_id: int, limit: int) -> list[int]:
    """Return the ids of the assets a person viewed last, the latest first."""
    latest = func.max(UsageEvent.at)
    query = (
        select(UsageEvent.asset_id)
        .where(
            UsageEvent.user_id == user_id,
            UsageEvent.action == Action.VIEWED.value,
            UsageEvent.asset_id.is_not(None),
        )
        .group_by(UsageEvent.asset_id)
        .order_by(latest.desc(), UsageEvent.asset_id)
        .limit(limit)
    )
    return [asset_id for asset_id in db.session.scalars(query) if asset_id is not None]


def said_by(slug: str) -> list[tuple[str, str]]:
    """Return (title, all other words) of each published text of an asset, by language."""
    query = (
        select(AssetText.title, AssetText.summary, AssetText.body, AssetText.tags)
        .join(Asset, Asset.id == AssetText.asset_id)
        .where(Asset.slug == slug, Asset.state == State.PUBLISHED.value)
        .order_by(AssetText.language)
    )
    return [
        (title, "\n".join([summary or "", body or "", " ".join(tags or ())]))
        for title, summary, body, tags in db.session.execute(query)
    ]


def waits_for_index(slug: str) -> bool:
    """Whether the index has not followed the last change of an asset."""
    query = (
        select(SearchPending.id)
        .join(AssetText, AssetText.id == SearchPending.text_id)
        .join(Asset, Asset.id == AssetText.asset_id)
        .where(Asset.slug == slug)
        .limit(1)
    )
    return db.session.scalar(query) is not None
