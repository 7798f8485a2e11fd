"""The SELECTs behind the index: what it needs of a published text, and what must be noticed."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.accounts.models import User
from portal.db import db
from portal.library.attachments.queries import FoundText, searched
from portal.library.models import Asset, AssetText, FacetTerm, asset_facets
from portal.library.rules import State

CHUNK = 500
"""Ids asked for at once: SQLite takes a bounded number of parameters."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the vocabulary an asset is tagged with: names by language, and aliases."""

    facet: str
    slug: str
    names: Mapping[str, str]
    aliases: Sequence[str]


@dataclass(frozen=True, slots=True)
class TextFacts:
    """A published text as far as the index must notice a change; `day` is an ordinal."""

    id: int
    asset_id: int
    slug: str
    kind: str
    language: str
    owner: str
    digest: str
    day: int
    facets: tuple[Term, ...]
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class TextContent:
    """What of a text is searched; `sections` as the library keeps them, `files` its asset's."""

    title: str
    summary: str
    tags: Sequence[str]
    sections: Sequence[Mapping[str, Any]]
    files: Sequence[FoundText] = ()


def published() -> Any:  # noqa: ANN401  # a join
    """Return texts joined with their assets and those who own them, if anybody does."""
    return AssetText.__table__.join(Asset.__table__, Asset.id == AssetText.asset_id).outerjoin(
        User.__table__, User.id == Asset.owner_id
    )


def _facets(asset_ids: Iterable[int]) -> dict[int, list[Term]]:
    """Terms by asset, ordered by facet and slug."""
    found: dict[int, list[Term]] = defaultdict(list)
    query = (
        select(
            asset_facets.c.asset_id,
            FacetTerm.facet,
            FacetTerm.slug,
            FacetTerm.names,
            FacetTerm.aliases,
        )
        .join(FacetTerm, FacetTerm.id == asset_facets.c.term_id)
        .where(asset_facets.c.asset_id.in_(list(asset_ids)))
        .order_by(asset_facets.c.asset_id, FacetTerm.facet, FacetTerm.slug)
    )
    for row in db.session.execute(query):
        found[row.asset_id].append(Term(row.facet, row.slug, row.names, row.aliases))
    return found


_FACTS = (
    AssetText.id,
    AssetText.asset_id,
    Asset.slug,
    Asset.kind,
    AssetText.language,
    User.name.label("owner"),
    AssetText.digest,
    Asset.files_stamp,
    AssetText.updated_at,
    Asset.owner_id,
)


def version_of(digest: str, files_stamp: str | None) -> str:
    """Return what changes with a text and with what is searched of its asset's attachments."""
    if not files_stamp:
        return digest
    return hashlib.sha256(f"{digest} {files_stamp}".encode()).hexdigest()


def _facts(rows: Sequence[Any]) -> list[TextFacts]:
    terms = _facets({row.asset_id for row in rows})
    return [
        TextFacts(
            id=row.id,
            asset_id=row.asset_id,
            slug=row.slug,
            kind=row.kind,
            language=row.language,
            owner=row.owner or "",
            digest=version_of(row.digest, row.files_stamp),
            day=row.updated_at.toordinal(),
            facets=tuple(terms[row.asset_id]),
            owner_id=row.owner_id,
        )
        for row in rows
    ]


def published_facts(text_ids: Sequence[int]) -> list[TextFacts]:
    """Return the facts of those texts that are published, by id; at most `CHUNK` at once."""
    query = (
        select(*_FACTS)
        .select_from(published())
        .where(AssetText.id.in_(text_ids), Asset.state == State.PUBLISHED.value)
        .order_by(AssetText.id)
    )
    return _facts(db.session.execute(query).all())


def facts_of_asset(asset_id: int) -> list[TextFacts]:
    """Return the facts of the texts of an asset, if it is published, by id."""
    query = select(AssetText.id).where(AssetText.asset_id == asset_id).order_by(AssetText.id)
    return published_facts(db.session.scalars(query).all())


def all_published_facts(chunk: int = CHUNK) -> Iterator[list[TextFacts]]:
    """Yield the facts of every published text, so many at a time, by id."""
    last = 0
    while True:
        query = (
            select(*_FACTS)
            .select_from(published())
            .where(AssetText.id > last, Asset.state == State.PUBLISHED.value)
            .order_by(AssetText.id)
            .limit(chunk)
        )
        rows = db.session.execute(query).all()
        if not rows:
            return
        last = rows[-1].id
        yield _facts(rows)


def contents(text_ids: Sequence[int]) -> dict[int, TextContent]:
    """Return what is searched of these texts, by id."""
    query = select(
        AssetText.id,
        AssetText.asset_id,
        AssetText.title,
        AssetText.summary,
        AssetText.tags,
        AssetText.sections,
    ).where(AssetText.id.in_(text_ids))
    rows = db.session.execute(query.order_by(AssetText.id)).all()
    files = searched({row.asset_id for row in rows})
    return {
        row.id: TextContent(
            row.title, row.summary, row.tags, row.sections, files.get(row.asset_id, ())
        )
        for row in rows
    }
