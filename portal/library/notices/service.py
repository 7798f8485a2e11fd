"""Telling people: the one place where a notice is made, so that mail can be sent from here too."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.db import db
from portal.errors import NotFound
from portal.library.notices import queries
from portal.library.notices.models import Notice
from portal.library.notices.rules import MARK_MOST, Topic

_TABLE: Any = Notice.__table__
# Told before under the same mark: left out, whoever was first.
_ONCE = {
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id),
    "postgresql": postgresql.insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id),
}


def tell(
    people: Iterable[int],
    topic: Topic,
    *,
    asset_id: int | None = None,
    actor_id: int | None = None,
    mark: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> int:
    """Tell each of these people something; returns how many were told and had not been.

    Nobody is told what they did themselves.
    """
    told = [
        line(user_id, topic, asset_id=asset_id, actor_id=actor_id, mark=mark, detail=detail)
        for user_id in sorted(set(people) - {actor_id})
    ]
    return tell_all(told)


def line(
    user_id: int,
    topic: Topic,
    *,
    asset_id: int | None = None,
    actor_id: int | None = None,
    mark: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a notice as `tell_all` takes it."""
    return {
        "user_id": user_id,
        "at": clock.now(),
        "topic": topic.value,
        "asset_id": asset_id,
        "actor_id": actor_id,
        "mark": mark[:MARK_MOST] if mark else None,
        "detail": dict(detail or {}),
        "read_at": None,
    }


def tell_all(lines: Sequence[Mapping[str, Any]]) -> int:
    """Write notices made by `line`; returns how many had not been told before."""
    connection = db.session.connection()
    statement = _ONCE[connection.dialect.name]
    new = 0
    for one in lines:
        new += connection.execute(statement, dict(one)).first() is not None
    return new


def settle(asset_id: int, topics: Iterable[Topic]) -> None:
    """Mark what was told about an asset as read, for everybody: it is done with."""
    db.session.execute(
        update(Notice)
        .where(
            Notice.asset_id == asset_id,
            Notice.topic.in_([topic.value for topic in topics]),
            Notice.read_at.is_(None),
        )
        .values(read_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def read(user_id: int, notice_id: int) -> Notice:
    """Mark one of a person's own notices as read.

    Raises:
        NotFound: when they have none of this number.
    """
    found = queries.notice(user_id, notice_id)
    if found is None:
        raise NotFound
    found.read_at = found.read_at or clock.now()
    db.session.flush()
    return found


def read_all(user_id: int) -> None:
    """Mark all of a person's notices as read."""
    db.session.execute(
        update(Notice)
        .where(Notice.user_id == user_id, Notice.read_at.is_(None))
        .values(read_at=clock.now())
        .execution_options(synchronize_session=False)
    )
