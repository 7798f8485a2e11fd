"""Telling people: the one place where a notice is made, so that mail can be sent from here too."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import update

from portal import clock
from portal.db import db, inserting
from portal.errors import NotFound
from portal.library.mail import posting
from portal.library.mail.rules import Way
from portal.library.notices import queries
from portal.library.notices.models import Notice
from portal.library.notices.rules import MARK_MOST, OF_TOPIC, Topic, own_path

_TABLE: Any = Notice.__table__


def tell(
    people: Iterable[int],
    topic: Topic,
    *,
    asset_id: int | None = None,
    actor_id: int | None = None,
    mark: str | None = None,
    path: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> int:
    """Tell each of these people something; returns how many were told and had not been.

    Nobody is told what they did themselves. `path` is what it opens when it is not about an asset;
    `detail` has what the words need, as `title`.

    Raises:
        ValueError: when the path leads elsewhere.
    """
    told = [
        line(
            user_id,
            topic,
            asset_id=asset_id,
            actor_id=actor_id,
            mark=mark,
            path=path,
            detail=detail,
        )
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
    path: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a notice as `tell_all` takes it; its arguments and what it raises: see `tell`."""
    return {
        "user_id": user_id,
        "at": clock.now(),
        "topic": topic.value,
        "asset_id": asset_id,
        "actor_id": actor_id,
        "mark": mark[:MARK_MOST] if mark else None,
        "path": own_path(path),
        "detail": dict(detail or {}),
        "read_at": None,
    }


def tell_all(lines: Sequence[Mapping[str, Any]]) -> int:
    """Write notices made by `line`; returns how many had not been told before.

    What a person has muted is kept as read; what they want by mail is posted with it.
    """
    connection = db.session.connection()
    # told before under the same mark: left out, whoever was first
    statement = inserting(_TABLE, connection).on_conflict_do_nothing().returning(_TABLE.c.id)
    told: list[posting.Told] = []
    ways = posting.ways({one["user_id"] for one in lines}) if lines else {}
    for one in lines:
        kind = OF_TOPIC[one["topic"]]
        way = posting.way(ways, one["user_id"], kind)
        read_at = one["at"] if way is Way.MUTED else one["read_at"]
        row = connection.execute(statement, {**one, "read_at": read_at}).first()
        if row is not None:
            told.append(posting.Told(row.id, one["user_id"], kind, way))
    posting.post(told)
    return len(told)


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
