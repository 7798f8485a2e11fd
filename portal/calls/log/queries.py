"""The SELECTs behind logging a call: what was opened for the deal, what fits it, objections."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from portal.calls.models import Call
from portal.calls.rules import State
from portal.db import db
from portal.deals.models import DealTerm
from portal.library.models import Asset, AssetText, FacetTerm, FormerSlug, asset_facets
from portal.library.queries import name_of, sections_of
from portal.library.revisions.sections import Piece
from portal.library.rules import Facet, Kind, Part, nest, pick_language
from portal.library.rules import State as AssetState
from portal.library.translation.rules import pair
from portal.markup import Section
from portal.usage.models import UsageEvent
from portal.usage.rules import USES

SEEN = (AssetState.PUBLISHED.value, AssetState.RETIRED.value)
LISTED, FITTING, CARDS, OBJECTIONS = 20, 40, 6, 24


@dataclass(frozen=True, slots=True)
class Text:
    """An asset in one language, published or retired."""

    asset_id: int
    slug: str
    kind: str
    state: str
    language: str
    title: str
    revision: int

    @property
    def is_out(self) -> bool:
        """Whether reps can open it now."""
        return self.state == AssetState.PUBLISHED.value


Texts = dict[tuple[int, str], Text]
_TEXT = (
    Asset.id, Asset.slug, Asset.kind, Asset.state,
    AssetText.language, AssetText.title, AssetText.revision,
)  # fmt: skip


def texts_of(asset_ids: Collection[int]) -> Texts:
    """Return all texts of these assets by (asset, language), also of retired ones."""
    if not asset_ids:
        return {}
    query = (
        select(*_TEXT)
        .join(AssetText, AssetText.asset_id == Asset.id)
        .where(Asset.id.in_(sorted(asset_ids)), Asset.state.in_(SEEN))
        .order_by(Asset.id, AssetText.language)
    )
    found = [Text(*row) for row in db.session.execute(query)]
    return {(text.asset_id, text.language): text for text in found}


def any_text(texts: Texts, asset_id: int) -> Text | None:
    """Return an asset in whatever language there is."""
    return next((text for (number, _), text in texts.items() if number == asset_id), None)


def named(typed: str, slug: str, reader: str) -> Text | None:
    """Return the asset of this title or slug, in the language of the title, else the reader's."""
    query = (
        select(*_TEXT)
        .join(AssetText, AssetText.asset_id == Asset.id)
        .where(Asset.state.in_(SEEN), or_(Asset.slug == slug, AssetText.title == typed))
        .order_by(Asset.state, Asset.id, AssetText.language)
        .limit(12)
    )
    found = [Text(*row) for row in db.session.execute(query)]
    if not found:
        return None
    by_language = {text.language: text for text in found if text.asset_id == found[0].asset_id}
    return by_language[pick_language(by_language, None, reader).value]


@dataclass(frozen=True, slots=True)
class Opened:
    """An asset somebody opened, copied, downloaded or printed for a deal."""

    asset_id: int
    language: str
    revision: int | None
    at: datetime


def opened_since_last(user_id: int, deal_id: int) -> list[Opened]:
    """Return what somebody used for a deal since they last logged a call on it, latest first."""
    last = (
        select(func.max(Call.logged_at))
        .where(Call.deal_id == deal_id, Call.user_id == user_id, Call.state == State.LOGGED.value)
        .scalar_subquery()
    )
    latest = func.max(UsageEvent.at)
    query = (
        select(UsageEvent.asset_id, UsageEvent.language, func.max(UsageEvent.revision), latest)
        .where(
            UsageEvent.deal_id == deal_id,
            UsageEvent.user_id == user_id,
            UsageEvent.action.in_([action.value for action in USES]),
            UsageEvent.asset_id.is_not(None),
            UsageEvent.language.is_not(None),
            or_(last.is_(None), UsageEvent.at > last),
        )
        .group_by(UsageEvent.asset_id, UsageEvent.language)
        .order_by(latest.desc(), UsageEvent.asset_id, UsageEvent.language)
        .limit(LISTED)
    )
    rows: Any = db.session.execute(query)
    return [Opened(*row) for row in rows]


# --- what fits a deal ---------------------------------------------------------------------------


def terms_of(deal_id: int) -> list[tuple[str, str]]:
    """Return (facet, slug) of a deal's products and competitors."""
    query = (
        select(DealTerm.facet, DealTerm.slug)
        .where(DealTerm.deal_id == deal_id)
        .order_by(DealTerm.facet, DealTerm.slug)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def _fitting_ids(deal_id: int) -> Any:  # noqa: ANN401  # a part of other queries
    """The assets that have one of a deal's terms, which may be told by a former slug."""
    term = (
        select(FacetTerm.id)
        .outerjoin(FormerSlug, FormerSlug.term_id == FacetTerm.id)
        .join(
            DealTerm,
            (DealTerm.facet == FacetTerm.facet)
            & or_(DealTerm.slug == FacetTerm.slug, DealTerm.slug == FormerSlug.slug),
        )
        .where(DealTerm.deal_id == deal_id)
    )
    return select(asset_facets.c.asset_id).where(asset_facets.c.term_id.in_(term))


def fitting(deal_id: int, reader: str) -> list[Text]:
    """Return published assets that fit a deal, each in the reader's best language, newest first.

    Of a deal about which nothing is said yet, or which nothing fits: the newest of all.
    """
    newest = (
        select(Asset.id)
        .where(Asset.state == AssetState.PUBLISHED.value)
        .order_by(Asset.published_at.desc(), Asset.id.desc())
        .limit(FITTING)
    )
    ids = list(db.session.scalars(newest.where(Asset.id.in_(_fitting_ids(deal_id)))))
    ids = ids or list(db.session.scalars(newest))
    texts = texts_of(ids)
    found = []
    for asset_id in ids:
        there = [language for number, language in texts if number == asset_id]
        if there:
            found.append(texts[asset_id, pick_language(there, None, reader).value])
    return found


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection a battlecard has an answer to; `same`: its words in the original."""

    asset_id: int
    anchor: str
    words: str
    same: str

    @property
    def value(self) -> str:
        """What a form sends for it."""
        return f"{self.asset_id}.{self.anchor}"


def objections(deal_id: int, reader: str) -> list[Objection]:
    """Return the objections of the published battlecards about a deal's terms."""
    cards = (
        select(Asset.id)
        .where(
            Asset.id.in_(_fitting_ids(deal_id)),
            Asset.kind == Kind.BATTLECARD.value,
            Asset.state == AssetState.PUBLISHED.value,
        )
        .order_by(Asset.published_at.desc(), Asset.id.desc())
        .limit(CARDS)
    )
    query = (
        select(AssetText.asset_id, AssetText.language, AssetText.sections)
        .where(AssetText.asset_id.in_(list(db.session.scalars(cards))))
        .order_by(AssetText.asset_id, AssetText.id)
    )
    texts: dict[int, dict[str, Any]] = {}
    for asset_id, language, sections in db.session.execute(query):
        texts.setdefault(asset_id, {})[language] = sections
    found: dict[str, Objection] = {}
    for asset_id, by_language in texts.items():
        chosen = sections_of(by_language[pick_language(by_language, None, reader).value])
        # the language begun first is the one the others are translated from
        same = _in_original(sections_of(next(iter(by_language.values()))), chosen)
        for section in nest(chosen):
            if section.part is Part.OBJECTIONS:
                for item in section.items:
                    one = Objection(asset_id, item.anchor, item.heading, same[item.anchor])
                    found.setdefault(item.heading, one)
    return list(found.values())[:OBJECTIONS]


def _in_original(source: Sequence[Section], chosen: Sequence[Section]) -> dict[str, str]:
    """Return what the sections of a translation are called in the original, by their anchors."""
    pieces = [
        [Piece(it.anchor, it.level, it.heading, "") for it in its] for its in (source, chosen)
    ]
    found = {it.anchor: it.heading for it in chosen}
    for place, translated in pair(*pieces).items():
        found[chosen[translated].anchor] = source[place].heading
    return found


# --- words --------------------------------------------------------------------------------------


def term_names(slugs: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
    """Return the names of competitors by slug."""
    wanted = sorted(set(slugs))
    if not wanted:
        return {}
    query = (
        select(FacetTerm.slug, FacetTerm.names)
        .where(FacetTerm.facet == Facet.COMPETITOR.value, FacetTerm.slug.in_(wanted))
        .order_by(FacetTerm.slug)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def name_in(names: Mapping[str, Mapping[str, str]], slug: str, language: str) -> str:
    """Return what a competitor is called in a language."""
    return name_of(names.get(slug, {}), slug, language)
