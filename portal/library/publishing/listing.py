"""The SELECTs behind the desk's list of work: assets by phase and by whose they are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.models import User
from portal.accounts.rules import Role
from portal.db import db
from portal.library.models import Asset, AssetText
from portal.library.publishing.models import Reviewer
from portal.library.publishing.rules import Phase, is_reviewer, kept_as, phase_of
from portal.library.rules import State, pick_language

LIKE_ESCAPE = "\\"


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One asset in the list of work."""

    slug: str
    kind: str
    phase: Phase
    title: str
    language: str
    languages: tuple[str, ...]
    owner: str
    department: str | None
    updated_at: datetime
    checked_on: date | None
    publish_at: datetime | None
    waits: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Reviewing:
    """Somebody who reviews; what nobody is named for waits for every marketer."""

    id: int
    role: Role


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which assets are wanted; None stands for any. `person_id`: their own ones only.

    `reviewer`: what waits for their review.
    """

    phase: Phase | None = None
    kind: str | None = None
    person_id: int | None = None
    text: str = ""
    reviewer: Reviewing | None = None


def _for_review(reviewer: Reviewing) -> list[ColumnElement[bool]]:
    """Conditions of what waits for somebody's review."""
    person = aliased(User)  # the list of work knows owners by the table's own name
    named = exists().where(
        Reviewer.user_id == person.id,
        person.active.is_(True),
        person.role.in_(policy.roles(Act.ASSET_EDIT)),
        or_(Reviewer.kind.is_(None), Reviewer.kind == Asset.kind),
        or_(Reviewer.department.is_(None), Reviewer.department == Asset.department),
    )
    mine = named.where(Reviewer.user_id == reviewer.id)
    waits = or_(Asset.state == State.REVIEW.value, Asset.change == "review")
    if policy.granted(reviewer.role, Act.ASSET_SEND_BACK):
        return [waits, or_(mine, ~named)]
    return [waits, mine]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.phase is not None:
        state, change = kept_as(wanted.phase)
        found.append(Asset.state == state.value)
        found.append(Asset.change == change if change else Asset.change.is_(None))
    if wanted.kind:
        found.append(Asset.kind == wanted.kind)
    if wanted.person_id is not None:
        mine = (Asset.owner_id, Asset.creator_id, Asset.backup_owner_id)
        found.append(or_(*(column == wanted.person_id for column in mine)))
    if wanted.reviewer is not None:
        found += _for_review(wanted.reviewer)
    if wanted.text:
        plain = wanted.text.replace(LIKE_ESCAPE, LIKE_ESCAPE * 2)
        plain = plain.replace("%", LIKE_ESCAPE + "%").replace("_", LIKE_ESCAPE + "_")
        titled = exists().where(
            AssetText.asset_id == Asset.id,
            AssetText.title.ilike(f"%{plain}%", escape=LIKE_ESCAPE),
        )
        found.append(or_(titled, Asset.slug.ilike(f"%{plain}%", escape=LIKE_ESCAPE)))
    return found


def counts(wanted: Wanted) -> dict[Phase, int]:
    """Return how many assets there are in each phase, whatever phase is wanted."""
    everything = replace(wanted, phase=None)
    query = (
        select(Asset.state, Asset.change, func.count())
        .where(*_conditions(everything))
        .group_by(Asset.state, Asset.change)
        .order_by(Asset.state, Asset.change)
    )
    found = dict.fromkeys(Phase, 0)
    for state, change, count in db.session.execute(query):
        found[phase_of(state, change)] += count
    return found


def work(wanted: Wanted, *, reader: str, limit: int, offset: int = 0) -> list[WorkLine]:
    """Return a page of the list of work, what was changed last first."""
    query = (
        select(Asset, User.name.label("owner_name"))
        .outerjoin(User, User.id == Asset.owner_id)
        .where(*_conditions(wanted))
        .order_by(Asset.updated_at.desc(), Asset.id.desc())
        .limit(limit)
        .offset(offset)
    )
    rows = db.session.execute(query).all()
    titles = _titles([row.Asset.id for row in rows])
    waits = _waits([row.Asset for row in rows])
    return [_line(row.Asset, row.owner_name or "", titles, waits, reader) for row in rows]


def ids(wanted: Wanted, *, limit: int) -> list[int]:
    """Return which assets are wanted, in the order of the list of work."""
    query = select(Asset.id).where(*_conditions(wanted)).limit(limit)
    return list(db.session.scalars(query.order_by(Asset.updated_at.desc(), Asset.id.desc())))


def _waits(assets: Sequence[Asset]) -> dict[int, tuple[str, ...]]:
    """Return the names that assets under review wait for; none: whoever of marketing comes."""
    waiting = [it for it in assets if it.state == State.REVIEW.value or it.change == "review"]
    if not waiting:
        return {}
    query = (
        select(Reviewer.kind, Reviewer.department, User.name)
        .join(User, User.id == Reviewer.user_id)
        .where(User.active.is_(True), User.role.in_(policy.roles(Act.ASSET_EDIT)))
        .order_by(User.name, User.id)
    )
    named = [(row.kind, row.department, row.name) for row in db.session.execute(query)]
    return {
        it.id: tuple(
            dict.fromkeys(
                name for k, d, name in named if is_reviewer([(k, d)], it.kind, it.department)
            )
        )
        for it in waiting
    }


def _titles(asset_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    query = (
        select(AssetText.asset_id, AssetText.language, AssetText.title)
        .where(AssetText.asset_id.in_(asset_ids))
        .order_by(AssetText.id)
    )
    titles: dict[int, dict[str, str]] = {}
    for row in db.session.execute(query):
        titles.setdefault(row.asset_id, {})[row.language] = row.title
    return titles


def _line(
    asset: Any,  # noqa: ANN401
    owner: str,
    titles: dict[int, dict[str, str]],
    waits: dict[int, tuple[str, ...]],
    reader: str,
) -> WorkLine:
    texts = titles.get(asset.id, {})
    language = pick_language(texts, reader).value if texts else reader
    return WorkLine(
        slug=asset.slug,
        kind=asset.kind,
        phase=phase_of(asset.state, asset.change),
        title=texts.get(language, asset.slug),
        language=language,
        languages=tuple(sorted(texts)),
        owner=owner,
        department=asset.department,
        updated_at=asset.updated_at,
        checked_on=asset.checked_on,
        publish_at=asset.publish_at,
        waits=waits.get(asset.id),
    )
