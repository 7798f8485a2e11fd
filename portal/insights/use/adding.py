"""Adds counted arrays to what is kept: days, people, and the totals that follow from both."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, cast, select, text
from sqlalchemy.sql.expression import and_, func

from portal.db import db
from portal.insights.lift.columns import read, write
from portal.insights.lift.rules import Numbers
from portal.insights.use.chunks import LONG_BEFORE, Days, People
from portal.insights.use.models import UseDay, UsePerson, UseSpan, UseTotal
from portal.insights.use.rules import Dim
from portal.insights.use.statements import NAMES

_KEYS = ("dim", "key", "day")
_PERSON = ("dim", "key", "user_id", "last_day")
_TOTAL = ("days", "dim", "key", "people")


def _table(name: str, columns: Sequence[str]) -> Table:
    made = (Column(it, Integer) for it in columns)
    return Table(name, MetaData(), *made, prefixes=["TEMPORARY"])


# not of the schema: each is made and dropped in a transaction; a dimension is its letter's number
DAYS = _table("use_days_added", (*_KEYS, *NAMES))
PEOPLE = _table("use_people_added", _PERSON)
TOTALS = _table("use_totals_added", (*_TOTAL, *NAMES))


def _letter() -> str:
    is_postgresql = db.session.connection().dialect.name == "postgresql"
    return "chr(dim)" if is_postgresql else "char(dim)"


def _fill(table: Table, arrays: Mapping[str, Numbers]) -> None:
    table.create(db.session.connection(), checkfirst=False)
    write(table, dict(arrays))


def _upsert(table: Table, into: Any, keys: Sequence[str], then: str) -> None:  # noqa: ANN401
    """Put the rows of a table of this transaction into what is kept, and drop it."""
    names = table.c.keys()
    values = ", ".join(_letter() if it == "dim" else it for it in names)
    db.session.execute(
        text(  # names of ours; without a WHERE, SQLite takes ON CONFLICT for a join's ON
            f"INSERT INTO {into.__tablename__} ({', '.join(names)}) SELECT {values}"  # noqa: S608
            f" FROM {table.name} WHERE 1 = 1 ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {then}"
        )
    )
    table.drop(db.session.connection(), checkfirst=False)


def _added(into: Any, names: Sequence[str]) -> str:  # noqa: ANN401
    kept = into.__tablename__
    return ", ".join(f"{it} = {kept}.{it} + excluded.{it}" for it in names)


def _joined(found: Mapping[Dim, Any], names: Sequence[str]) -> dict[str, Numbers]:
    """Return arrays of several dimensions as one, beside the number of each one's letter."""
    dims = [np.full(len(it.key), ord(dim.value)) for dim, it in found.items()]
    return {
        "dim": np.concatenate(dims),
        **{it: np.concatenate([getattr(one, it) for one in found.values()]) for it in names},
    }


def add_days(found: Mapping[Dim, Days]) -> None:
    """Add counts to the days that are kept."""
    rows = _joined(found, ("key", "day", "counts"))
    counts = rows.pop("counts")
    _fill(DAYS, {**rows, **{name: counts[:, n] for n, name in enumerate(NAMES)}})
    _upsert(DAYS, UseDay, _KEYS, _added(UseDay, NAMES))


def add_people(found: Mapping[Dim, People], *, follow: bool) -> dict[str, Numbers]:
    """Keep when who last used what; returns who did, and when they had before, to `follow`."""
    rows = _joined(found, ("key", "user", "last"))
    _fill(PEOPLE, dict(zip(_PERSON, rows.values(), strict=True)))
    before = _before() if follow else {}
    then = "last_day = excluded.last_day WHERE use_people.last_day < excluded.last_day"
    _upsert(PEOPLE, UsePerson, _PERSON[:3], then)
    return before


def _before() -> dict[str, Numbers]:
    """Return the added people and the days on which they had used it last, if ever."""
    new, kept = PEOPLE.c, UsePerson
    letter: Any = func.chr if db.session.connection().dialect.name == "postgresql" else func.char
    same = and_(kept.dim == letter(new.dim), kept.key == new.key, kept.user_id == new.user_id)
    names = (new.dim, new.key, new.last_day, func.coalesce(kept.last_day, LONG_BEFORE))
    query = select(*(cast(it, BigInteger) for it in names)).select_from(
        PEOPLE.outerjoin(kept, same)
    )
    return dict(zip(("dim", "key", "last", "before"), read(query, 4), strict=True))


def add_totals(days: Mapping[Dim, Days], people: Mapping[str, Numbers]) -> None:
    """Let the totals of each span follow: counts add up, people who were not there yet are new."""
    rows = _joined(days, ("key", "day", "counts"))
    made = []
    spans = db.session.execute(select(UseSpan.days, UseSpan.first).order_by(UseSpan.days))
    for span, first in spans:
        of = rows["day"] >= first
        new = (people["last"] >= first) & (people["before"] < first)
        new &= np.isin(people["dim"], [ord(dim.value) for dim in days])
        pairs = (rows["dim"][of] << 32) + rows["key"][of]
        keys, place = np.unique(pairs, return_inverse=True)
        counts = np.zeros((len(keys), len(NAMES)), dtype=np.int64)
        np.add.at(counts, place, rows["counts"][of])
        more = np.searchsorted(keys, (people["dim"][new] << 32) + people["key"][new])
        made.append((np.full(len(keys), span), keys >> 32, keys & 0xFFFFFFFF,
                     np.bincount(more, minlength=len(keys)), *counts.T))  # fmt: skip
    columns = [np.concatenate(it) for it in zip(*made, strict=True)]
    _fill(TOTALS, dict(zip((*_TOTAL, *NAMES), columns, strict=True)))
    _upsert(TOTALS, UseTotal, _TOTAL[:3], _added(UseTotal, (*NAMES, "people")))
