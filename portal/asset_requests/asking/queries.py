"""The SELECTs behind the ask page: what an asset is about, with its sections."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.asset_requests.asking.presenting import About
from portal.asset_requests.rules import FACETS
from portal.db import db
from portal.library.models import Asset
from portal.library.queries import sections_of
from portal.library.rules import State, pick_language

SEEN = (State.PUBLISHED.value, State.RETIRED.value)


def about(slug: str, reader: str) -> About | None:
    """Return an asset a request can be about, in the reader's language where it has one."""
    query = (
        select(Asset)
        .where(Asset.slug == slug, Asset.state.in_(SEEN))
        .options(selectinload(Asset.texts), selectinload(Asset.facets))
    )
    found = db.session.scalars(query).first()
    if found is None:
        return None
    texts = {text.language: text for text in found.texts}
    if not texts:
        return About(found.id, found.slug, found.slug, reader, (), {"kind": found.kind})
    text = texts[pick_language(texts, None, reader).value]
    facts = {term.facet: term.slug for term in found.facets if term.retired_on is None}
    facts = {name: facts[name] for name in FACETS if name in facts}
    sections = tuple(
        (section.anchor, section.heading)
        for section in sections_of(text.sections)
        if section.heading
    )
    return About(
        found.id,
        found.slug,
        text.title,
        text.language,
        sections,
        {"kind": found.kind, "language": text.language, **facts},
    )
