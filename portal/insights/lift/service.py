"""Counts made anew from the facts, checked against them, judged; `following` keeps them in step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from sqlalchemy import Table, delete, insert

from portal import clock
from portal.db import db, reading
from portal.errors import Conflict
from portal.insights.lift import columns, queries, starting, tallying
from portal.insights.lift.effect import Cells, Pools, effects
from portal.insights.lift.judging import judge as judged
from portal.insights.lift.models import (
    AssetLift,
    CountedDeal,
    LiftCell,
    LiftModel,
    LiftPool,
    LiftRep,
)
from portal.insights.lift.rules import Numbers, ranked
from portal.insights.lift.tallying import Tally

LEASE = timedelta(minutes=10)
"""How long others wait for somebody who makes the counts anew and has not been heard of."""
LOT = 100_000
GENERATIONS = (CountedDeal, LiftCell, LiftPool, LiftRep)
DEAL_COLUMNS = ("generation", "deal_id", "owner_id", "won", "band", "facts")


@dataclass(frozen=True, slots=True)
class Report:
    """What was counted: closed deals, first uses on them, those that count, assets judged."""

    deals: int
    uses: int
    counted: int
    assets: int


def refresh(commit: Callable[[], None]) -> Report:
    """Fit the model anew, count everything by it, and judge; others work on meanwhile.

    `commit` ends the transaction; it is called after every lot, so that nobody waits for long.

    Raises:
        Conflict: when somebody else is at it.
    """
    generation = _claim()
    commit()
    started = clock.now()
    with reading():
        newest = queries.newest_use()
        facts = tallying.read()
        db.session.rollback()
    found = tallying.fit(facts)
    tally = tallying.tally(facts, found)
    _drop(commit, but=generation - 1)
    _write(generation, tally, commit)
    with reading():
        said = reckon(generation)
        db.session.rollback()
    kept = _locked()
    kept.generation, kept.chance, kept.deals = generation, found.as_data(), len(facts.deals.id)
    kept.uses_seen, kept.seen_at, kept.fitted_at = newest, started, clock.now()
    kept.busy_until = None
    assets = tell(said, kept)
    commit()
    _drop(commit, but=generation)
    return Report(len(facts.deals.id), len(facts.first.at), int(facts.counts.sum()), assets)


def _claim() -> int:
    """Say that the counts are being made anew; returns the number of their generation."""
    now = clock.now()
    kept = queries.model_to_change()
    if kept is None:
        kept = LiftModel(generation=0, chance={}, seen_at=now)
        db.session.add(kept)
    elif kept.busy_until is not None and kept.busy_until > now:
        raise Conflict("the lift of assets is being counted by somebody else")
    kept.busy_until = now + LEASE
    db.session.flush()
    return kept.generation + 1


def _locked() -> LiftModel:
    kept = queries.model_to_change()
    if kept is None:  # it was there when this began
        raise Conflict("the counts were dropped by somebody else")
    return kept


def _write(generation: int, tally: Tally, commit: Callable[[], None]) -> None:
    """Write a generation in lots, and stay the one who does."""
    cells, pools, strata = tally.sums()
    asset, owner, n, uses = tally.reps()
    tables: list[tuple[Any, dict[str, Numbers]]] = [
        (LiftPool, {"stratum": strata, "n": pools.n, "won": pools.won, "squares": pools.squares}),
        (
            LiftCell,
            {
                "asset_id": cells.asset,
                "stratum": strata[cells.stratum],
                "n": cells.n,
                "won": cells.won,
            },
        ),
        (LiftRep, {"asset_id": asset, "owner_id": owner, "n": n, "uses": uses}),
    ]
    for model, arrays in tables:
        size = len(next(iter(arrays.values())))
        for start in range(0, size, LOT):
            lot = {name: it[start : start + LOT] for name, it in arrays.items()}
            number = np.full(min(LOT, size - start), generation)
            columns.write(model.__table__, {"generation": number} | lot)
            _go_on(commit)
    rows: list[tuple[Any, ...]] = []
    for deal in tally.kept():
        rows.append((generation, *deal))
        if len(rows) == LOT:
            columns.write_rows(_table(CountedDeal), DEAL_COLUMNS, rows)
            _go_on(commit)
            rows.clear()
    columns.write_rows(_table(CountedDeal), DEAL_COLUMNS, rows)
    _go_on(commit)


def _go_on(commit: Callable[[], None]) -> None:
    _locked().busy_until = clock.now() + LEASE
    db.session.flush()
    commit()


def _table(model: Any) -> Table:  # noqa: ANN401  # one of ours
    found: Table = model.__table__
    return found


def _drop(commit: Callable[[], None], *, but: int) -> None:
    """Forget all generations but one, in lots."""
    for model in GENERATIONS:
        table = _table(model)
        keys = list(table.primary_key.columns)
        while True:
            some = db.session.execute(
                db.select(*keys).where(table.c.generation != but).limit(LOT)
            ).all()
            if not some:
                break
            first, last = min(it[1] for it in some), max(it[1] for it in some)
            db.session.execute(
                delete(table).where(table.c.generation != but, keys[1].between(first, last))
            )
            commit()


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be said of all assets: rows of `AssetLift`, and how far assets truly differ."""

    rows: list[dict[str, Any]]
    spread: float


def reckon(generation: int) -> Said:
    """Reckon from the counts of a generation what is to be said of every asset; only reads."""
    assets, people, uses = queries.reps(generation)
    asset, stratum, n, won = queries.cells(generation)
    strata, all_n, all_won, squares = queries.pools(generation)
    cells = Cells(np.searchsorted(assets, asset), np.searchsorted(strata, stratum), n, won)
    found = effects(cells, Pools(all_n, all_won, squares), len(assets))
    said = judged(found, people, uses)
    place = ranked(said.verdict, said.best)
    numbers = {
        "lift": found.lift, "error": said.error, "own": found.own, "others": found.others,
        "best": said.best, "low": said.low, "high": said.high, "p": said.p,
    }  # fmt: skip
    rows = [
        {
            "asset_id": int(assets[i]), "place": int(place[i]), "verdict": str(said.verdict[i]),
            "n": int(found.n[i]), "uses": int(uses[i]), "reps": int(people[i]),
            "need": int(said.need[i]),
        }
        | {name: float(it[i]) if np.isfinite(it[i]) else None for name, it in numbers.items()}
        for i in range(len(assets))
    ]  # fmt: skip
    return Said(rows, said.spread)


def tell(said: Said, kept: LiftModel) -> int:
    """Put what was reckoned in the place of what was said before; returns of how many assets."""
    db.session.execute(delete(AssetLift))
    if said.rows:
        db.session.execute(insert(AssetLift), said.rows)
    kept.judged_at, kept.spread = clock.now(), said.spread
    db.session.flush()
    return len(said.rows)


def judge(commit: Callable[[], None]) -> int:
    """Say of every asset what the kept counts tell; returns of how many.

    Nobody waits while it is reckoned. `commit` ends the transaction.
    """
    with reading():
        kept = queries.model()
        generation = kept.generation if kept else 0
        said = reckon(generation)
        db.session.rollback()
    kept = queries.model_to_change()
    if kept is None or kept.generation != generation:
        return 0  # all was counted anew meanwhile, and judged
    told = tell(said, kept)
    commit()
    return told


def verify() -> list[str]:
    """Count from the facts by the kept model; return where the kept counts differ, in words."""
    kept = queries.model()
    if kept is None or not kept.chance:
        return ["nothing was counted yet"]
    tally = tallying.tally(tallying.read(), starting.from_data(kept.chance))
    cells, pools, strata = tally.sums()
    now = {
        "cells": (cells.asset, strata[cells.stratum], cells.n, cells.won),
        "strata": (strata, pools.n, pools.won, pools.squares),
        "reps": tuple(tally.reps()),
    }  # fmt: skip
    then = {
        "cells": queries.cells(kept.generation),
        "strata": queries.pools(kept.generation),
        "reps": tuple(queries.all_reps(kept.generation)),
    }
    found = [
        f"{name}: {gone} kept that are not so, {new} missing"
        for name in now
        for gone, new in [_differences(then[name], now[name])]
        if gone or new
    ]
    counted = {it.deal_id: it.told for it in queries.counted(kept.generation)}
    wanted = {deal: tuple(rest) for deal, *rest in tally.kept()}
    wrong = sum(counted.get(it) != wanted.get(it) for it in counted.keys() | wanted.keys())
    return found + ([f"deals: {wrong} counted otherwise"] if wrong else [])


def _differences(then: Sequence[Numbers], now: Sequence[Numbers]) -> tuple[int, int]:
    before = set(zip(*(it.tolist() for it in then), strict=True))
    after = set(zip(*(it.tolist() for it in now), strict=True))
    return len(before - after), len(after - before)
