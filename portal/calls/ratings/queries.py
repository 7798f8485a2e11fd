"""The SELECTs behind ratings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, exists, extract, func, not_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import User
from portal.calls.models import Call, CallUse
from portal.calls.ratings.models import AssetFlag, Rating
from portal.calls.ratings.scoring import BAD, GOOD, UNKNOWN, Given
from portal.calls.rules import State
from portal.db import db
from portal.library.models import Asset, AssetText

LISTED = 60
"""Uses to rate, or ratings given, on one page at most."""
DAY = 86_400


def given(user_id: int, asset_id: int, language: str, call_id: int | None) -> Rating | None:
    """Return what somebody said of an asset on a call, or, with None, without one; locked."""
    on_call = Rating.call_id.is_(None) if call_id is None else Rating.call_id == call_id
    query = (
        select(Rating)
        .where(
            Rating.user_id == user_id,
            Rating.asset_id == asset_id,
            Rating.language == language,
            on_call,
        )
        .with_for_update()
    )
    return db.session.scalars(query).first()


def of_call(call_id: int) -> Sequence[Rating]:
    """Return the ratings given for a call, by asset and language."""
    query = (
        select(Rating)
        .where(Rating.call_id == call_id)
        .order_by(Rating.asset_id, Rating.language, Rating.id)
    )
    return db.session.scalars(query).all()


# --- what all ratings amount to -----------------------------------------------------------------


def mark() -> tuple[Any, ...]:
    """Return what changes when somebody rates, or thinks better of it."""
    query = select(func.count(), func.max(Rating.id), func.max(Rating.changed_at))
    return tuple(db.session.execute(query.select_from(Rating)).one())


def given_by_all(now: datetime) -> list[Given]:
    """Return every rating, as `scoring` takes it."""
    went = case(
        (Call.result == "advanced", GOOD), (Call.result.in_(("stalled", "lost")), BAD),
        else_=UNKNOWN,
    )  # fmt: skip
    query = (
        select(
            Rating.asset_id, Rating.user_id, Rating.id, extract("epoch", Rating.at),
            Rating.call_id.is_not(None), went, Rating.stars,
        )
        .outerjoin(Call, Call.id == Rating.call_id)
        .order_by(Rating.id)
    )  # fmt: skip
    today = now.timestamp()
    rows: Any = db.session.connection().execute(query)
    return [(a, u, i, (today - float(at)) / DAY, c, w, s) for a, u, i, at, c, w, s in rows]


# --- without a call -----------------------------------------------------------------------------


_assets, _ratings, _flags = Asset.__table__.c, Rating.__table__.c, AssetFlag.__table__.c
_REMARKS = (
    select(func.count())
    .where(_flags.asset_id == _assets.id, _flags.state == "open")
    .correlate(Asset.__table__)
    .scalar_subquery()
)
_MINE = and_(
    _ratings.asset_id == _assets.id,
    _ratings.user_id == bindparam("user_id"),
    _ratings.language == bindparam("language"),
    _ratings.call_id.is_(None),
)
# written once, so that it is compiled once: it runs for every page of an asset that is read
_SAID = (
    select(
        _assets.state, _assets.owner_id, _assets.backup_owner_id, _ratings.stars,
        _ratings.helped, _ratings.why, _ratings.at, _REMARKS.label("remarks"),
    )
    .select_from(Asset.__table__.outerjoin(Rating.__table__, _MINE))
    .where(_assets.id == bindparam("asset_id"))
)  # fmt: skip


def said(asset_id: int, language: str, user_id: int) -> Any:  # noqa: ANN401  # a row
    """Return who looks after an asset, what somebody said of it, and how many remarks are open."""
    told = {"asset_id": asset_id, "language": language, "user_id": user_id}
    return db.session.connection().execute(_SAID, told).first()


@dataclass(frozen=True, slots=True)
class Rated:
    """A text of an asset that somebody rates or says something about."""

    asset_id: int
    slug: str
    kind: str
    state: str
    owner_id: int | None
    backup_owner_id: int | None
    language: str
    title: str
    revision: int
    sections: Sequence[dict[str, Any]]


def rated(slug: str, language: str) -> Rated | None:
    """Return a text that readers get or did get: its asset is published or retired."""
    query = (
        select(
            Asset.id, Asset.slug, Asset.kind, Asset.state, Asset.owner_id, Asset.backup_owner_id,
            AssetText.language, AssetText.title, AssetText.revision, AssetText.sections,
        )
        .join(AssetText, AssetText.asset_id == Asset.id)
        .where(
            Asset.slug == slug,
            AssetText.language == language,
            Asset.state.in_(("published", "retired")),
        )
    )  # fmt: skip
    row = db.session.execute(query).first()
    return Rated(*row) if row else None


# --- what is still to rate ----------------------------------------------------------------------


def unrated(user_id: int, since: datetime) -> Sequence[CallUse]:
    """Return what somebody used in calls logged since a moment and has not rated, latest first."""
    query = _unrated(since).where(Call.user_id == user_id)
    query = query.options(joinedload(CallUse.asset))
    order = (Call.at.desc(), Call.id.desc(), CallUse.asset_id, CallUse.language)
    return db.session.scalars(query.order_by(*order).limit(LISTED)).all()


def _unrated(since: datetime) -> Any:  # noqa: ANN401  # a select of uses
    rated_already = exists().where(
        Rating.call_id == Call.id,
        Rating.asset_id == CallUse.asset_id,
        Rating.language == CallUse.language,
        Rating.user_id == Call.user_id,
    )
    return (
        select(CallUse)
        .join(Call, Call.id == CallUse.call_id)
        .where(Call.state == State.LOGGED.value, Call.logged_at >= since, not_(rated_already))
    )


def calls_to_rate(since: datetime, until: datetime) -> Sequence[Any]:
    """Return (call, person, uses not rated) of calls logged in a time, of people who are here."""
    query = (
        _unrated(since)
        .with_only_columns(Call.id, Call.user_id, Call.deal_id, func.count())
        .join(User, User.id == Call.user_id)
        .where(Call.logged_at < until, User.active.is_(True))
        .group_by(Call.id, Call.user_id, Call.deal_id)
        .order_by(Call.id)
    )
    return db.session.execute(query).all()


def calls(call_ids: Sequence[int]) -> dict[int, Call]:
    """Return calls with their deals, by number."""
    query = select(Call).where(Call.id.in_(call_ids)).options(joinedload(Call.deal))
    return {call.id: call for call in db.session.scalars(query.order_by(Call.id))}


def call(call_id: int | None) -> Call | None:
    """Return a call by its number, if one is given."""
    return db.session.get(Call, call_id) if call_id else None


def by(user_id: int) -> Sequence[Rating]:
    """Return the latest ratings somebody gave, with their calls."""
    query = (
        select(Rating)
        .where(Rating.user_id == user_id)
        .options(
            joinedload(Rating.asset), joinedload(Rating.call).joinedload(Call.deal),
        )
        .order_by(Rating.at.desc(), Rating.id.desc())
        .limit(LISTED)
    )  # fmt: skip
    return db.session.scalars(query).all()
