"""The SELECTs behind freshness: each asset's interval, what is due, who owns what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Date, Integer, case, func, literal, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.models import User
from portal.accounts.rules import Role
from portal.db import db
from portal.library.freshness.models import ReviewInterval
from portal.library.freshness.rules import DEFAULTS, LEAST, MOST, checked_by
from portal.library.models import Asset, AssetText
from portal.library.rules import Kind, State, pick_language

_assets, _set = Asset.__table__.c, ReviewInterval.__table__.c

MONTHS: ColumnElement[int] = func.coalesce(
    _assets.review_months,
    select(_set.months)
    .where(_set.kind == _assets.kind)
    .correlate(Asset.__table__)
    .scalar_subquery(),
    case({kind.value: months for kind, months in DEFAULTS.items()}, value=_assets.kind, else_=12),
    type_=Integer,
)
"""After how many months an asset is checked again, as a column of any query over assets."""


def due_by(day: date) -> ColumnElement[bool]:
    """Return the condition that an asset's next check is due on that day or before, or never was.

    Databases know no calendar months: for each interval the last day is told by the rules.
    """
    last = {months: literal(checked_by(day, months), Date) for months in range(LEAST, MOST + 1)}
    return or_(_assets.checked_on.is_(None), _assets.checked_on <= case(last, value=MONTHS))


def intervals() -> dict[str, ReviewInterval]:
    """Return what managers have set, by kind."""
    query = select(ReviewInterval).options(joinedload(ReviewInterval.set_by))
    return {row.kind: row for row in db.session.scalars(query.order_by(ReviewInterval.kind))}


def months_of(asset_id: int) -> int:
    """Return after how many months an asset is checked again."""
    return db.session.scalar(select(MONTHS).where(_assets.id == asset_id)) or MOST


def months_by(asset_ids: Sequence[int]) -> dict[int, int]:
    """Return after how many months each of these assets is checked again."""
    query = select(_assets.id, MONTHS).where(_assets.id.in_(asset_ids)).order_by(_assets.id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def kind_months(kind: str) -> int:
    """Return after how many months assets of a kind are checked again."""
    kept = db.session.scalar(select(ReviewInterval.months).where(ReviewInterval.kind == kind))
    return kept or DEFAULTS.get(Kind(kind), MOST)


def counts() -> dict[str, int]:
    """Return how many published assets there are of each kind."""
    query = select(Asset.kind, func.count()).where(Asset.state == State.PUBLISHED.value)
    rows = db.session.execute(query.group_by(Asset.kind).order_by(Asset.kind))
    return {row.kind: row[1] for row in rows}


@dataclass(frozen=True, slots=True)
class Due:
    """A published asset whose check is due, or will be soon."""

    id: int
    slug: str
    kind: str
    department: str | None
    checked_on: date | None
    months: int
    owner_id: int | None
    owner: str
    owner_is_active: bool
    backup_id: int | None
    backup: str


def due(
    day: date, *, person_id: int | None = None, owner_id: int | None = None, kind: str | None = None
) -> list[Due]:
    """Return the published assets due until a day: a person's own, of an owner (0: of nobody)."""
    owner, backup = User.__table__.alias("owners").c, User.__table__.alias("backups").c
    query = (
        select(
            _assets.id, _assets.slug, _assets.kind, _assets.department, _assets.checked_on,
            MONTHS.label("months"), _assets.owner_id, owner.name.label("owner"),
            func.coalesce(owner.active, literal(value=False), type_=Boolean).label("active"),
            _assets.backup_owner_id, backup.name.label("backup"),
        )
        .select_from(Asset.__table__)
        .outerjoin(owner.id.table, owner.id == _assets.owner_id)
        .outerjoin(backup.id.table, backup.id == _assets.backup_owner_id)
        .where(_assets.state == State.PUBLISHED.value, due_by(day))
        .order_by(_assets.checked_on.is_not(None), _assets.checked_on, _assets.id)
    )  # fmt: skip
    if person_id is not None:
        own = (_assets.owner_id, _assets.backup_owner_id)
        query = query.where(or_(*(column == person_id for column in own)))
    if owner_id is not None:
        query = query.where(
            _assets.owner_id == owner_id if owner_id else _assets.owner_id.is_(None)
        )
    if kind:
        query = query.where(_assets.kind == kind)
    return [_due(row) for row in db.session.execute(query)]


def _due(row: Any) -> Due:  # noqa: ANN401  # a row of `due`
    return Due(
        id=row.id,
        slug=row.slug,
        kind=row.kind,
        department=row.department,
        checked_on=row.checked_on,
        months=row.months,
        owner_id=row.owner_id,
        owner=row.owner or "",
        owner_is_active=bool(row.active),
        backup_id=row.backup_owner_id,
        backup=row.backup or "",
    )


def titles(asset_ids: Sequence[int], reader: str) -> dict[int, tuple[str, str]]:
    """Return (language, title) of assets in the language a reader understands best."""
    query = (
        select(AssetText.asset_id, AssetText.language, AssetText.title)
        .where(AssetText.asset_id.in_(asset_ids))
        .order_by(AssetText.id)
    )
    found: dict[int, dict[str, str]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.asset_id, {})[row.language] = row.title
    chosen = {i: pick_language(texts, None, reader).value for i, texts in found.items()}
    return {i: (chosen[i], texts[chosen[i]]) for i, texts in found.items()}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be given assets, or who still has some."""

    id: int
    name: str
    role: str
    is_active: bool

    @property
    def can_act(self) -> bool:
        """Whether they can sign in and do something about an asset."""
        return self.is_active and self.role in WRITERS


WRITERS = policy.roles(Act.ASSET_EDIT)


def writers() -> list[Person]:
    """Return who can own assets: everybody active who may write, by name."""
    query = select(User.id, User.name, User.role, User.active).where(
        User.active.is_(True), User.role.in_(WRITERS)
    )
    return [Person(*row) for row in db.session.execute(query.order_by(User.name, User.id))]


def people(ids: Sequence[int | None]) -> Mapping[int, Person]:
    """Return people by id, active or not."""
    query = select(User.id, User.name, User.role, User.active).where(
        User.id.in_([i for i in ids if i])
    )
    return {row.id: Person(*row) for row in db.session.execute(query.order_by(User.id))}


def owners() -> list[tuple[int, str]]:
    """Return who owns published assets, active or not, by name."""
    query = (
        select(User.id, User.name)
        .where(User.id.in_(select(Asset.owner_id).where(Asset.state == State.PUBLISHED.value)))
        .order_by(User.name, User.id)
    )
    return [(row.id, row.name) for row in db.session.execute(query)]


def managers() -> list[int]:
    """Return the active managers, or the active admins when there are none."""
    query = select(User.id, User.role).where(
        User.active.is_(True), User.role.in_(policy.roles(Act.HAND_OVER))
    )
    rows: Any = db.session.execute(query.order_by(User.id)).all()
    return [r.id for r in rows if r.role == Role.MANAGER.value] or [r.id for r in rows]
