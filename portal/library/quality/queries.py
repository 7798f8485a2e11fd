"""The SELECTs behind the checks: what they look at, and the lists of what they have found."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select
from sqlalchemy.orm import defer, joinedload, selectinload

from portal.db import db
from portal.library.claims.models import ClaimRow, ClaimRuling
from portal.library.claims.rules import Problem, Verdict
from portal.library.models import Asset, AssetText
from portal.library.quality.models import QualityFinding, TextBand, TextPrint
from portal.library.quality.rules import Target
from portal.library.rules import State
from portal.usage.models import UsageEvent
from portal.usage.rules import USES

LEADERS = 20  # texts of a band that others are compared with


def assets_after(last_id: int, limit: int) -> Sequence[Asset]:
    """Return the next assets by id, with all that is checked; nobody else changes them now."""
    query = _checked().where(Asset.id > last_id).limit(limit)
    return db.session.scalars(query).unique().all()


def assets_of(ids: Sequence[int]) -> Sequence[Asset]:
    """Return these assets by id, as `assets_after`; those that are gone are left out."""
    return db.session.scalars(_checked().where(Asset.id.in_(ids))).unique().all()


def _checked() -> Select[Asset]:
    return (
        select(Asset)
        .options(
            selectinload(Asset.texts).options(defer(AssetText.body), defer(AssetText.extra)),
            selectinload(Asset.facets),
            joinedload(Asset.owner),
        )
        .order_by(Asset.id)
        .with_for_update(of=Asset)
    )


def targets(slugs: Collection[str]) -> dict[str, Target]:
    """Return what there is at these slugs: state and anchors."""
    query = (
        select(Asset.slug, Asset.state, AssetText.language, AssetText.sections)
        .outerjoin(AssetText, AssetText.asset_id == Asset.id)
        .where(Asset.slug.in_(sorted(slugs)))
        .order_by(Asset.slug, AssetText.language)
    )
    anchors: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    states: dict[str, str] = {}
    for slug, state, language, sections in db.session.execute(query) if slugs else ():
        states[slug] = state
        if language:
            names = {s["anchor"] for s in sections}
            names |= {said["anchor"] for s in sections for said in s["sayables"]}
            anchors[slug][language] = frozenset(names)
    return {slug: Target(state, anchors[slug]) for slug, state in states.items()}


def claims(asset_ids: Collection[int]) -> dict[tuple[int, str], list[tuple[str, str, str]]]:
    """Return (problem, anchor, sentence) of figures without source or date, by text."""
    ruled = select(ClaimRuling.mark).where(
        ClaimRuling.verdict == Verdict.NO_CLAIM.value, ClaimRuling.ended_at.is_(None)
    )
    dateless = and_(ClaimRow.source_day.is_(None), not_(ClaimRow.linked))
    query = (
        select(
            ClaimRow.asset_id, ClaimRow.language, ClaimRow.source, ClaimRow.anchor,
            ClaimRow.sentence,
        )
        .where(
            ClaimRow.asset_id.in_(sorted(asset_ids)),
            ClaimRow.has_figure,
            ClaimRow.needs_source,
            or_(ClaimRow.source == "", dateless),
            ClaimRow.mark.not_in(ruled),
        )
        .order_by(ClaimRow.asset_id, ClaimRow.language, ClaimRow.number)
    )  # fmt: skip
    found: dict[tuple[int, str], list[tuple[str, str, str]]] = defaultdict(list)
    for asset_id, language, source, anchor, sentence in db.session.execute(query):
        problem = Problem.UNDATED if source else Problem.UNSOURCED
        found[asset_id, language].append((problem.value, anchor, sentence))
    return found


def namesakes(titles: Collection[str]) -> dict[tuple[str, str], list[tuple[int, str]]]:
    """Return (asset id, slug) of the assets in use that have one of these titles, by language."""
    query = (
        select(AssetText.language, AssetText.title, Asset.id, Asset.slug)
        .join(Asset, Asset.id == AssetText.asset_id)
        .where(AssetText.title.in_(sorted(titles)), Asset.state != State.RETIRED.value)
        .order_by(Asset.slug)
    )
    found: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for language, title, asset_id, slug in db.session.execute(query):
        found[language, title].append((asset_id, slug))
    return found


def prints(text_ids: Collection[int]) -> dict[int, TextPrint]:
    """Return the prints there are of these texts."""
    query = select(TextPrint).where(TextPrint.text_id.in_(sorted(text_ids))).order_by(TextPrint.id)
    return {row.text_id: row for row in db.session.scalars(query)}


@dataclass(frozen=True, slots=True)
class Near:
    """A text that shares a band."""

    text_id: int
    asset_id: int
    slug: str
    title: str
    print: bytes


def sharing(bands: Collection[int]) -> dict[int, list[Near]]:
    """Return, by band, the first texts in use that have it; a crowd is known by its leaders."""
    leaders = _leaders(bands) if bands else []
    query = (
        select(
            AssetText.id, Asset.id.label("asset_id"), Asset.slug, AssetText.title, TextPrint.print
        )
        .join(Asset, Asset.id == AssetText.asset_id)
        .join(TextPrint, TextPrint.text_id == AssetText.id)
        .where(
            AssetText.id.in_(sorted({text_id for _, text_id in leaders})),
            Asset.state != State.RETIRED.value,
        )
        .order_by(AssetText.id)
    )
    near = {row.id: Near(*row) for row in db.session.execute(query)} if leaders else {}
    found: dict[int, list[Near]] = defaultdict(list)
    for band, text_id in leaders:
        if text_id in near:
            found[band].append(near[text_id])
    return found


def _leaders(bands: Collection[int]) -> list[tuple[int, int]]:
    """Return (band, text id) of the first texts of each band."""
    place = func.row_number().over(partition_by=TextBand.band, order_by=TextBand.text_id)
    ranked = (
        select(TextBand.band, TextBand.text_id, place.label("place"))
        .where(TextBand.band.in_(sorted(bands)))
        .subquery()
    )
    query = (
        select(ranked.c.band, ranked.c.text_id)
        .where(ranked.c.place <= LEADERS)
        .order_by(ranked.c.band, ranked.c.text_id)
    )
    return [(band, text_id) for band, text_id in db.session.execute(query)]


def findings(asset_ids: Collection[int]) -> Sequence[QualityFinding]:
    """Return all that is kept as found about these assets."""
    query = (
        select(QualityFinding)
        .where(QualityFinding.asset_id.in_(sorted(asset_ids)))
        .options(joinedload(QualityFinding.dismissed_by))
        .order_by(
            QualityFinding.severity.desc(), QualityFinding.name, QualityFinding.language,
            QualityFinding.id,
        )
    )  # fmt: skip
    return db.session.scalars(query).all()


def finding(finding_id: int) -> QualityFinding | None:
    """Return one finding."""
    return db.session.get(QualityFinding, finding_id)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings are wanted; None or "" stands for any. `person_id`: of their assets only."""

    name: str = ""
    kind: str = ""
    severity: int | None = None
    owner_id: int | None = None
    person_id: int | None = None
    dismissed: bool = False


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    closed = QualityFinding.dismissed_at.is_not(None)
    found: list[ColumnElement[bool]] = [
        closed if wanted.dismissed else not_(closed),
        Asset.state != State.RETIRED.value,
    ]
    if wanted.name:
        found.append(QualityFinding.name == wanted.name)
    if wanted.kind:
        found.append(Asset.kind == wanted.kind)
    if wanted.severity is not None:
        found.append(QualityFinding.severity == wanted.severity)
    if wanted.owner_id is not None:
        found.append(Asset.owner_id == wanted.owner_id)
    if wanted.person_id is not None:
        mine = (Asset.owner_id, Asset.creator_id, Asset.backup_owner_id)
        found.append(or_(*(column == wanted.person_id for column in mine)))
    return found


def counts(wanted: Wanted) -> dict[str, int]:
    """Return how many findings each check has, whatever check is wanted."""
    anything = Wanted(
        "", wanted.kind, wanted.severity, wanted.owner_id, wanted.person_id, wanted.dismissed
    )
    query = (
        select(QualityFinding.name, func.count())
        .join(Asset, Asset.id == QualityFinding.asset_id)
        .where(*_conditions(anything))
        .group_by(QualityFinding.name)
        .order_by(QualityFinding.name)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def asset_count(wanted: Wanted) -> int:
    """Return how many assets have findings that are wanted."""
    query = (
        select(func.count(QualityFinding.asset_id.distinct()))
        .join(Asset, Asset.id == QualityFinding.asset_id)
        .where(*_conditions(wanted))
    )
    return db.session.scalar(query) or 0


def by_use(
    wanted: Wanted, since: datetime, *, limit: int, offset: int = 0
) -> list[tuple[int, int]]:
    """Return (asset id, uses) of a page of assets with findings, the most used first."""
    used = (
        select(UsageEvent.asset_id, func.count().label("uses"))
        .where(
            UsageEvent.at >= since,
            UsageEvent.action.in_([action.value for action in USES]),
            UsageEvent.asset_id.is_not(None),
        )
        .group_by(UsageEvent.asset_id)
        .subquery()
    )
    uses = func.coalesce(used.c.uses, 0)
    worst = func.max(QualityFinding.severity)
    query = (
        select(Asset.id, uses)
        .join(QualityFinding, QualityFinding.asset_id == Asset.id)
        .outerjoin(used, used.c.asset_id == Asset.id)
        .where(*_conditions(wanted))
        .group_by(Asset.id, Asset.slug, used.c.uses)
        .order_by(uses.desc(), worst.desc(), func.count().desc(), Asset.slug)
        .limit(limit)
        .offset(offset)
    )
    return [(row[0], int(row[1])) for row in db.session.execute(query)]


def listed(asset_ids: Sequence[int], wanted: Wanted) -> list[QualityFinding]:
    """Return the findings that are wanted about these assets, the worst first."""
    query = (
        select(QualityFinding)
        .join(QualityFinding.asset)
        .options(
            joinedload(QualityFinding.asset).joinedload(Asset.owner),
            joinedload(QualityFinding.dismissed_by),
        )
        .where(QualityFinding.asset_id.in_(asset_ids), *_conditions(wanted))
        .order_by(
            QualityFinding.severity.desc(), QualityFinding.name, QualityFinding.language,
            QualityFinding.id,
        )
    )  # fmt: skip
    return list(db.session.scalars(query))


def last_run() -> datetime | None:
    """Return when something was last found."""
    query = select(QualityFinding.found_at).order_by(QualityFinding.found_at.desc()).limit(1)
    return db.session.scalar(query)
