"""Owns the SQL of an index kept in PostgreSQL: what is read of it, how it is written and locked."""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

import numpy as np
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import DBAPIError, ProgrammingError

from portal.search.arrays import Mask
from portal.search.blocks import Making
from portal.search.engine import IndexDamagedError
from portal.search.models import SearchBlock, SearchIndex, SearchSegment

LOCK = int.from_bytes(b"arsenal1", "big")
"""The writer's lock among the advisory locks of a database."""
HELD_BY_ANOTHER = "55P03"
_INDEX, _SEGMENTS, _BLOCKS = (
    cast("sa.Table", model.__table__) for model in (SearchIndex, SearchSegment, SearchBlock)
)

MARK = sa.select(_INDEX.c.mark)
"""What differs with every generation."""
_new = _SEGMENTS.c.id.not_in(sa.bindparam("known", expanding=True))
_first = sa.select(_BLOCKS.c.data).where(
    _BLOCKS.c.segment_id == _SEGMENTS.c.id, _BLOCKS.c.number == 0
)
_small = _new & (_SEGMENTS.c.size < sa.bindparam("small"))
ALL = (
    sa.select(
        _INDEX.c.mark, _INDEX.c.generation, _SEGMENTS.c.id, _SEGMENTS.c.size, _SEGMENTS.c.alive,
        sa.case((_new, _SEGMENTS.c.head)).label("head"),
        sa.case((_small, _first.scalar_subquery())).label("data"),
    )
    .select_from(_INDEX)
    .outerjoin(_SEGMENTS, sa.true())
    .order_by(_SEGMENTS.c.id)
)  # fmt: skip
"""The generation with all its segments; those not `known` with their head, if `small` whole."""
SOME = sa.select(_BLOCKS).where(
    sa.tuple_(_BLOCKS.c.segment_id, _BLOCKS.c.number).in_(sa.bindparam("places", expanding=True))
)
"""Blocks by (segment, number)."""
_ids: sa.BindParameter[str] = sa.bindparam("ids", expanding=True)
HEADS = sa.select(_SEGMENTS.c.id, _SEGMENTS.c.head).where(_SEGMENTS.c.id.in_(_ids))
BLOCKS = (
    sa.select(_BLOCKS)
    .where(_BLOCKS.c.segment_id.in_(_ids))
    .order_by(_BLOCKS.c.segment_id, _BLOCKS.c.number)
)
"""All of some segments."""


def connecting(url: str) -> sa.Engine:
    """Connections of the index alone, each statement for itself; see `transaction`."""
    engine = sa.create_engine(
        url, isolation_level="AUTOCOMMIT", pool_size=2, max_overflow=8, pool_recycle=1800,
        connect_args={"application_name": "arsenal search"},
    )  # fmt: skip

    @sa.event.listens_for(engine, "connect")
    def _connect(raw: Any, _record: Any) -> None:  # noqa: ANN401
        # A machine that vanishes holds the writer's lock for a minute, not for two hours.
        raw.execute("SET jit = off")  # it takes longer to compile a statement than it then takes
        raw.execute("SET tcp_keepalives_idle = 30")
        raw.execute("SET tcp_keepalives_interval = 10")
        raw.execute("SET tcp_keepalives_count = 3")

    return engine


def living(row: sa.Row[Any]) -> Mask:
    """Which documents of a segment still count."""
    packed = np.frombuffer(row.alive, np.uint8)
    if len(packed) != (row.size + 7) // 8:
        raise ValueError(row.id)
    return np.unpackbits(packed, count=row.size).astype(np.bool_)


def bury(connection: sa.Connection, alive: Mapping[str, Mask]) -> None:
    """Keep which documents of some segments still count."""
    if alive:
        change = sa.update(_SEGMENTS).where(_SEGMENTS.c.id == sa.bindparam("segment"))
        rows = [{"segment": i, "alive": np.packbits(mask).tobytes()} for i, mask in alive.items()]
        connection.execute(change, rows)


def drop(connection: sa.Connection, segments: Collection[str]) -> None:
    """Delete segments."""
    for table, key in ((_BLOCKS, _BLOCKS.c.segment_id), (_SEGMENTS, _SEGMENTS.c.id)):
        if segments:
            connection.execute(sa.delete(table).where(key.in_(segments)))


def clear(connection: sa.Connection) -> None:
    """Delete all segments."""
    connection.execute(sa.delete(_BLOCKS))
    connection.execute(sa.delete(_SEGMENTS))


def put(connection: sa.Connection, making: Making) -> None:
    """Write a segment; one without documents is none."""
    size = len(making.records)
    if not size:
        return
    key = uuid.uuid4().hex
    made = list(making.blocks())
    alive = np.packbits(np.ones(size, np.bool_)).tobytes()
    head = making.head([first for first, _ in made])
    connection.execute(sa.insert(_SEGMENTS).values(id=key, size=size, alive=alive, head=head))
    rows = [{"segment_id": key, "number": n, "data": data} for n, (_, data) in enumerate(made)]
    if rows:
        connection.execute(sa.insert(_BLOCKS), rows)


def advance(connection: sa.Connection) -> None:
    """Begin a new generation: who looks again sees what this transaction has written."""
    mark = uuid.uuid4().hex
    first = upsert(_INDEX).values(id=1, generation=0, mark=mark)
    changed = {"generation": _INDEX.c.generation + 1, "mark": mark}
    connection.execute(first.on_conflict_do_update(index_elements=["id"], set_=changed))


@contextmanager
def locked(engine: sa.Engine, wait: float) -> Iterator[sa.Connection | None]:
    """Hold the writer's lock on a connection of its own, to write by; None: not to be had."""
    with engine.connect() as connection:
        if not (_try(connection) or (wait > 0 and _waited(connection, wait))):
            yield None
            return
        try:
            yield connection
        finally:
            _let_go(connection)


@contextmanager
def transaction(connection: sa.Connection) -> Iterator[None]:
    """Begin, and commit or roll back: readers see all that is written inside or nothing."""
    connection.commit()  # of nothing: each statement was its own until now
    connection.execution_options(isolation_level="READ COMMITTED")
    try:
        with connection.begin():
            yield
    finally:
        if not connection.invalidated:
            connection.execution_options(isolation_level="AUTOCOMMIT")


def _try(connection: sa.Connection) -> bool:
    return bool(connection.scalar(sa.select(sa.func.pg_try_advisory_lock(LOCK))))


def _waited(connection: sa.Connection, wait: float) -> bool:
    try:
        with transaction(connection):  # of the patience only: the lock is the session's
            connection.execute(sa.text(f"SET LOCAL lock_timeout = {max(int(wait * 1000), 1)}"))
            connection.execute(sa.select(sa.func.pg_advisory_lock(LOCK)))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != HELD_BY_ANOTHER:
            raise
        return False
    return True


def _let_go(connection: sa.Connection) -> None:
    """Give the lock back; a connection that can not be asked to is closed, which does so too."""
    if connection.invalidated:
        return
    try:
        connection.execute(sa.select(sa.func.pg_advisory_unlock(LOCK)))
    except DBAPIError:
        connection.invalidate()


def read(engine: sa.Engine, statement: sa.Select[Any], given: Any = None) -> Sequence[sa.Row[Any]]:  # noqa: ANN401
    """Read in a transaction of its own; raises IndexDamagedError when there are no such tables."""
    try:
        return _once(engine, statement, given)
    except ProgrammingError as error:
        raise IndexDamagedError("its tables are not there") from error
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
    return _once(engine, statement, given)  # the server was started anew, and now the pool is


def _once(engine: sa.Engine, statement: sa.Select[Any], given: Any) -> Sequence[sa.Row[Any]]:  # noqa: ANN401
    with engine.connect() as connection:
        return connection.execute(statement, given).all()
