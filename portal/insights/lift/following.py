"""The kept counts follow deals that end, open again or change: what a deal counted is exchanged."""

from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from typing import Any

import numpy as np
from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.db import db
from portal.errors import Conflict
from portal.insights.lift import counting, effect, queries, service, starting, tallying
from portal.insights.lift.models import CountedDeal, LiftCell, LiftModel, LiftPool, LiftRep
from portal.insights.lift.rules import NOWHERE

Numbers = Any
"""An array of numbers: NumPy's own types say no more here."""

JOB = "lift"
OVERLAP = timedelta(minutes=2)
"""Changes this long before the last look are looked at again: their transaction may have ended
later. A deal counted again changes nothing."""
OVERLAP_EVENTS = 2_000
LOT = 1_000
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def follow(commit: Callable[[], None]) -> int:
    """Count again the deals that have changed, and judge if any counts otherwise; how many did.

    The first time there are closed deals, all is counted. Does nothing while the counts are made
    anew: what has changed is still known afterwards.
    `commit` ends the transaction and is called after each lot.
    """
    kept = queries.model()
    if kept is None or not kept.chance:
        return _begin(commit)
    now, newest, last, changed = clock.now(), queries.newest_use(), 0, 0
    since, after = kept.seen_at - OVERLAP, max(kept.uses_seen - OVERLAP_EVENTS, 0)
    while True:
        kept = queries.model_to_change()
        if kept is None or (kept.busy_until is not None and kept.busy_until > now):
            return changed
        ids = queries.changed_deals(kept, since, after, above=last, most=LOT)
        if not ids:
            break
        changed += recount(kept, ids)
        last = ids[-1]
        commit()
    kept.seen_at, kept.uses_seen = now, newest
    commit()
    if changed:
        service.judge(commit)
    return changed


def _begin(commit: Callable[[], None]) -> int:
    """Count everything for the first time, once a deal has ended."""
    try:
        return service.refresh(commit).deals if queries.has_closed() else 0
    except Conflict:  # somebody is at it
        return 0


def recount(kept: LiftModel, ids: Collection[int]) -> int:
    """Exchange what these deals counted for what they count now; returns how many differ.

    The caller holds the model's row.
    """
    facts = tallying.read(ids)
    tally = tallying.tally(facts, starting.from_data(kept.chance))
    now: dict[int, Any] = {deal: tuple(rest) for deal, *rest in tally.kept()}
    rows = {it.deal_id: it for it in queries.counted(kept.generation, ids)}
    then = {i: (it.owner_id, it.won, it.band, it.facts) for i, it in rows.items()}
    differ = sorted(i for i in now.keys() | then.keys() if now.get(i) != then.get(i))
    if not differ:
        return 0
    _exchange(kept.generation, [now[i] for i in differ if i in now], +1)
    _exchange(kept.generation, [then[i] for i in differ if i in then], -1)
    _sweep(kept.generation, _assets_of([*now.values(), *then.values()]))
    for i in differ:
        if i not in now:
            db.session.delete(rows[i])
            continue
        owner, won, band, packed = now[i]
        row = CountedDeal(
            generation=kept.generation, deal_id=i, owner_id=owner, won=won, band=band, facts=packed
        )
        db.session.merge(row)
    kept.deals += len(now.keys() & set(differ)) - len(then.keys() & set(differ))
    db.session.flush()
    return len(differ)


def _exchange(generation: int, deals: Iterable[tuple[Any, ...]], sign: int) -> None:
    """Add what deals count to the sums, or take it away."""
    parts = [(i, owner, won, *counting.unpacked(facts))
             for i, (owner, won, _band, facts) in enumerate(deals)]  # fmt: skip
    if not parts:
        return
    deal = np.concatenate([np.full(len(asset), i) for i, _, _, asset, _ in parts])
    owner = np.array([it[1] or 0 for it in parts])[deal]
    won = np.array([it[2] for it in parts])[deal]
    asset = np.concatenate([it[3] for it in parts])
    stratum = np.concatenate([it[4] for it in parts])
    counts = stratum != NOWHERE
    cells, pools, strata = effect.counted(asset[counts], stratum[counts], won[counts], deal[counts])
    _add(LiftCell, generation, sign, {
        "asset_id": cells.asset,
        "stratum": strata[cells.stratum] if len(strata) else cells.stratum,
    }, {"n": cells.n, "won": cells.won})  # fmt: skip
    _add(LiftPool, generation, sign, {"stratum": strata},
         {"n": pools.n, "won": pools.won, "squares": pools.squares})  # fmt: skip
    pairs, place = np.unique(np.stack([asset, owner]), axis=1, return_inverse=True)
    place = place.reshape(-1)
    size = pairs.shape[1]
    _add(LiftRep, generation, sign, {"asset_id": pairs[0], "owner_id": pairs[1]}, {
        "n": np.bincount(place, counts, size), "uses": np.bincount(place, minlength=size),
    })  # fmt: skip


def _add(
    model: Any,  # noqa: ANN401  # one of ours
    generation: int,
    sign: int,
    keys: dict[str, Numbers],
    values: dict[str, Numbers],
) -> None:
    columns = keys | {name: sign * it.astype(np.int64) for name, it in values.items()}
    rows = [
        {"generation": generation} | dict(zip(columns, row, strict=True))
        for row in zip(*(it.tolist() for it in columns.values()), strict=True)
    ]
    if not rows:
        return
    statement: Any = _INSERT[db.session.connection().dialect.name](model)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["generation", *keys],
            set_={name: getattr(model, name) + statement.excluded[name] for name in values},
        ),
        rows,
    )


def _assets_of(deals: Iterable[tuple[Any, ...]]) -> list[int]:
    assets: set[int] = set()
    for *_, facts in deals:
        assets.update(counting.unpacked(facts)[0].tolist())
    return sorted(assets)


def _sweep(generation: int, assets: Collection[int]) -> None:
    """Forget sums that nothing is left of, so that the kept ones equal those made anew."""
    db.session.execute(delete(LiftPool).where(LiftPool.generation == generation, LiftPool.n == 0))
    for model, count in ((LiftCell, LiftCell.n), (LiftRep, LiftRep.uses)):
        of_asset = model.asset_id.in_(assets)
        db.session.execute(
            delete(model).where(model.generation == generation, of_asset, count == 0)
        )
