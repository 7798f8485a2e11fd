"""The kept counts follow deals that end, open again or change: what a deal counted is exchanged."""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
from sqlalchemy import and_, delete

from portal import clock
from portal.db import db, inserting
from portal.errors import Conflict
from portal.insights.lift import counting, effect, queries, service, starting, tallying
from portal.insights.lift.models import CountedDeal, LiftCell, LiftModel, LiftPool, LiftRep
from portal.insights.lift.rules import NOWHERE, Numbers

JOB = "lift"
OVERLAP = timedelta(minutes=2)
"""Changes this long before the last look are looked at again: their transaction may have ended
later. A deal counted again changes nothing."""
OVERLAP_EVENTS = 2_000
LOT = 1_000


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
    then = {i: it.told for i, it in rows.items()}
    differ = sorted(i for i in now.keys() | then.keys() if now.get(i) != then.get(i))
    if not differ:
        return 0
    old, new = ([it[i] for i in differ if i in it] for it in (then, now))
    _exchange(kept.generation, old, new)
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


Sums = dict[tuple[int, ...], Numbers]
"""By the key of a row without its generation: by how much each of its counts differs."""


def _exchange(
    generation: int, then: Sequence[tuple[Any, ...]], now: Sequence[tuple[Any, ...]]
) -> None:
    """Take what deals counted from the sums, and add what they count now."""
    before, after = _sums(then), _sums(now)
    for model, old, new in zip((LiftCell, LiftPool, LiftRep), before, after, strict=True):
        differ = {key: new.get(key, 0) - old.get(key, 0) for key in old.keys() | new.keys()}
        _add(model.__table__, generation, {key: it for key, it in differ.items() if it.any()})


def _sums(deals: Sequence[tuple[Any, ...]]) -> tuple[Sums, Sums, Sums]:
    """Return what deals count: by asset and stratum, by stratum, by asset and rep."""
    parts = [(owner, won, *counting.unpacked(facts)) for owner, won, _band, facts in deals]
    if not parts:
        return {}, {}, {}
    deal = np.repeat(np.arange(len(parts)), [len(it[2]) for it in parts])
    owner = np.array([it[0] for it in parts])[deal]
    won = np.array([it[1] for it in parts])[deal]
    asset = np.concatenate([it[2] for it in parts])
    stratum = np.concatenate([it[3] for it in parts])
    counts = stratum != NOWHERE
    cells, pools, strata = effect.counted(asset[counts], stratum[counts], won[counts], deal[counts])
    reps: Sums = {}
    for key, one in zip(zip(asset.tolist(), owner.tolist(), strict=True), counts, strict=True):
        reps[key] = reps.get(key, 0) + np.array([int(one), 1])
    return (
        _rows((cells.asset, strata[cells.stratum]), (cells.n, cells.won)),
        _rows((strata,), (pools.n, pools.won, pools.squares)),
        reps,
    )


def _rows(keys: Sequence[Numbers], counts: Sequence[Numbers]) -> Sums:
    names = zip(*(it.tolist() for it in keys), strict=True)
    return dict(zip(names, np.stack(counts, axis=1), strict=True))


def _add(table: Any, generation: int, sums: Sums) -> None:  # noqa: ANN401  # one of ours
    """Add to the rows of a table, which are made if need be and go when nothing is left.

    In the order of their keys: two who do so at once do not wait for each other for ever.
    """
    if not sums:
        return
    keys = [it.name for it in table.primary_key.columns]
    names = [it.name for it in table.columns if it.name not in keys]
    rows = [
        dict(zip((*keys, *names), (generation, *key, *sums[key].tolist()), strict=True))
        for key in sorted(sums)
    ]
    statement: Any = inserting(table)
    added = {name: table.c[name] + statement.excluded[name] for name in names}
    connection = db.session.connection()
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=added), rows)
    is_one = table.c[keys[1]].in_(sorted({key[0] for key in sums}))
    nothing = and_(*(table.c[name] == 0 for name in names))
    connection.execute(delete(table).where(table.c.generation == generation, is_one, nothing))
