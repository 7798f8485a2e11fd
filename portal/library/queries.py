"""The SELECTs behind an asset's page: plain columns, three statements, bounded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Integer, Select, bindparam, case, exists, func, select, union_all

from portal.accounts.models import User
from portal.db import db
from portal.library.attachments.models import Attachment
from portal.library.attachments.rules import VISIBLE
from portal.library.freshness.queries import MONTHS
from portal.library.models import Asset, AssetText, FacetTerm, asset_facets
from portal.library.publishing.models import TextRevision
from portal.library.rules import Facet, Nested, State, minutes, nest, pick_language
from portal.markup import Sayable, Section

RELATED = 5
CANDIDATES = 25  # newest assets looked at for each shared term
SLOTS = 8  # shared terms looked at, the most telling first
# how much a shared term says about two assets belonging together
WEIGHTS = {Facet.COMPETITOR: 4, Facet.PRODUCT: 2, Facet.INDUSTRY: 1}


@dataclass(frozen=True, slots=True)
class Related:
    """Another published asset about the same competitor, product or industry."""

    slug: str
    kind: str
    language: str
    title: str


@dataclass(frozen=True, slots=True)
class AssetPage:
    """An asset in one language as its page shows it."""

    asset_id: int
    text_id: int
    slug: str
    kind: str
    state: str
    department: str | None
    owner: str
    owner_is_here: bool
    checked_on: date | None
    months: int
    language: str
    languages: tuple[str, ...]
    title: str
    summary: str
    tags: tuple[str, ...]
    fields: Mapping[str, Any]
    sections: tuple[Nested, ...]
    minutes: int
    revision: int
    updated_at: datetime
    facets: tuple[tuple[Facet, tuple[str, ...]], ...]
    rivals: tuple[tuple[str, str], ...]  # (name, slug) of the competitors
    retired: frozenset[tuple[Facet, str]]  # (facet, name) of terms not offered any more
    has_files: bool
    related: tuple[Related, ...]
    newer: str | None = None  # the original's language, when it has changed since


def sections_of(stored: Iterable[Mapping[str, Any]]) -> tuple[Section, ...]:
    """Return stored sections as they were rendered."""
    return tuple(
        Section(**{**kept, "sayables": tuple(Sayable(**said) for said in kept["sayables"])})
        for kept in stored
    )


# Plain columns and statements written once: these run for every page that is read.
_assets, _texts = Asset.__table__.c, AssetText.__table__.c
_people, _terms, _links = User.__table__.c, FacetTerm.__table__.c, asset_facets.c
_all = AssetText.__table__.alias("all_texts").c
_LANGUAGES = (
    select(func.aggregate_strings(_all.language, ","))
    .where(_all.asset_id == _assets.id)
    .correlate(Asset.__table__)
    .scalar_subquery()
)
# the original's language, when readers get a newer one than the text shown was translated from
_seen, _origin = TextRevision.__table__.alias("seen").c, AssetText.__table__.alias("origin").c
_NEWER = (
    select(_origin.language)
    .where(
        _seen.asset_id == _assets.id,
        _seen.language == _texts.language,
        _seen.number == _texts.revision,
        _origin.asset_id == _assets.id,
        _origin.language == _seen.follows_language,
        _origin.revision > _seen.follows_number,
    )
    .correlate(Asset.__table__, AssetText.__table__)
    .limit(1)
    .scalar_subquery()
)
HAS_FILES = (
    exists()
    .where(Attachment.asset_id == _assets.id, Attachment.state.in_(VISIBLE))
    .correlate(Asset.__table__)
)
# one row: the asset, its owner, the text that suits the reader best, the other languages
_PAGE = (
    select(
        _assets.id,
        _assets.slug,
        _assets.kind,
        _assets.state,
        _assets.department,
        _assets.checked_on,
        MONTHS.label("months"),
        _people.name.label("owner"),
        _people.active.label("owner_is_here"),
        _texts.id.label("text_id"),
        _texts.language,
        _texts.title,
        _texts.summary,
        _texts.tags,
        _texts.fields,
        _texts.sections,
        _texts.words,
        _texts.revision,
        _texts.updated_at,
        _LANGUAGES.label("languages"),
        _NEWER.label("newer"),
        HAS_FILES.label("has_files"),
    )
    .select_from(
        Asset.__table__.join(AssetText.__table__, _texts.asset_id == _assets.id).outerjoin(
            User.__table__, _people.id == _assets.owner_id
        )
    )
    .where(_assets.slug == bindparam("slug"))
    .order_by(
        case(
            (_texts.language == bindparam("asked"), 0),
            (_texts.language == bindparam("reader"), 1),
            (_texts.language == "en", 2),
            else_=3,
        ),
        _texts.language,
    )
    .limit(1)
)
_TERMS = (
    select(_terms.id, _terms.facet, _terms.slug, _terms.names, _terms.retired_on)
    .join_from(asset_facets, FacetTerm.__table__, _links.term_id == _terms.id)
    .where(_links.asset_id == bindparam("asset_id"))
    .order_by(_terms.facet, _terms.slug)
)


def _with_term(slot: int) -> Select[Any]:
    """The newest assets with the term of a slot, and what that term weighs."""
    newest = (
        select(_links.asset_id, bindparam(f"weight{slot}", type_=Integer).label("weight"))
        .where(_links.term_id == bindparam(f"term{slot}"), _links.asset_id != bindparam("id"))
        .order_by(_links.asset_id.desc())
        .limit(CANDIDATES)
        .subquery()
    )
    return select(newest.c.asset_id, newest.c.weight)


def _related_to(slots: int) -> Select[Any]:
    """The texts of the assets that share the most with one, over a number of terms."""
    shared = union_all(*(_with_term(slot) for slot in range(slots))).subquery().c
    weight = func.sum(shared.weight)
    # not a plain column: SQLite would take its index, which finds nearly every asset there is
    state = func.coalesce(_assets.state, "")
    chosen = (
        select(_assets.id, _assets.slug, _assets.kind, weight.label("weight"))
        .join(shared.asset_id.table, shared.asset_id == _assets.id)
        .where(state == State.PUBLISHED.value)
        .group_by(_assets.id, _assets.slug, _assets.kind)
        .order_by(weight.desc(), _assets.id.desc())
        .limit(RELATED)
        .subquery()
        .c
    )
    return (
        select(chosen.id, chosen.slug, chosen.kind, _texts.language, _texts.title)
        .join(AssetText.__table__, _texts.asset_id == chosen.id)
        .order_by(chosen.weight.desc(), chosen.id.desc(), _texts.id)
    )


_RELATED = [_related_to(slots) for slots in range(1, SLOTS + 1)]


def asset_page(
    slug: str, *, asked: str | None = None, reader: str | None = None, unpublished: bool = False
) -> AssetPage | None:
    """Return an asset in the language asked for, else the reader's, else English, else any.

    `unpublished`: whether the reader may see what is not published. None when there is no such
    asset for this reader.
    """
    bound = {"slug": slug, "asked": asked or "", "reader": reader or ""}
    connection = db.session.connection()  # the session's own way costs a tenth more
    row = connection.execute(_PAGE, bound).first()
    if row is None or not (unpublished or row.state == State.PUBLISHED.value):
        return None
    terms = connection.execute(_TERMS, {"asset_id": row.id}).all()
    return AssetPage(
        asset_id=row.id,
        text_id=row.text_id,
        slug=row.slug,
        kind=row.kind,
        state=row.state,
        department=row.department,
        owner=row.owner or "",
        owner_is_here=bool(row.owner_is_here),
        checked_on=row.checked_on,
        months=row.months,
        language=row.language,
        languages=tuple(sorted(row.languages.split(","))),
        title=row.title,
        summary=row.summary,
        tags=tuple(row.tags),
        fields=row.fields,
        sections=nest(sections_of(row.sections)),
        minutes=minutes(row.words),
        revision=row.revision,
        updated_at=row.updated_at,
        facets=_named(terms, row.language),
        rivals=_rivals(terms, row.language),
        retired=_retired(terms, row.language),
        has_files=row.has_files,
        related=related(row.id, terms, reader or row.language),
        newer=row.newer,
    )


def _rivals(terms: Sequence[Any], language: str) -> tuple[tuple[str, str], ...]:
    """Competitors among terms: (name, slug)."""
    return tuple(
        (name_of(term.names, term.slug, language), term.slug)
        for term in terms
        if term.facet == Facet.COMPETITOR.value
    )


def _retired(terms: Sequence[Any], language: str) -> frozenset[tuple[Facet, str]]:
    """Terms that are out of use: (facet, name)."""
    return frozenset(
        (Facet(term.facet), name_of(term.names, term.slug, language))
        for term in terms
        if term.retired_on is not None
    )


def _named(terms: Sequence[Any], language: str) -> tuple[tuple[Facet, tuple[str, ...]], ...]:
    """Group terms by facet, in the order of `Facet`, named in a language as far as possible."""
    names: dict[Facet, list[str]] = {facet: [] for facet in Facet}
    for term in terms:
        names[Facet(term.facet)].append(name_of(term.names, term.slug, language))
    return tuple((facet, tuple(found)) for facet, found in names.items() if found)


def name_of(names: Mapping[str, str], slug: str, language: str) -> str:
    """Return a term's name in a language, else in English, else in any, else its slug."""
    return names.get(language) or names.get("en") or next(iter(names.values()), "") or slug


def related(asset_id: int, terms: Sequence[Any], language: str) -> tuple[Related, ...]:
    """Return up to five published assets that share the most telling terms with this one.

    Bounded: of the assets with a term only the newest are looked at, since a product may hang on
    every asset there is.
    """
    telling = sorted(
        (term for term in terms if term.facet in WEIGHTS),
        key=lambda term: (-WEIGHTS[Facet(term.facet)], term.slug),
    )[:SLOTS]
    if not telling:
        return ()
    bound: dict[str, int] = {"id": asset_id}
    for slot, term in enumerate(telling):
        bound |= {f"term{slot}": term.id, f"weight{slot}": WEIGHTS[Facet(term.facet)]}
    rows = db.session.connection().execute(_RELATED[len(telling) - 1], bound).all()
    found = []
    for (slug, kind), texts in groupby(rows, key=lambda row: (row.slug, row.kind)):
        titles = {row.language: row.title for row in texts}
        chosen = pick_language(titles, language)
        found.append(Related(slug, kind, chosen.value, titles[chosen.value]))
    return tuple(found)
