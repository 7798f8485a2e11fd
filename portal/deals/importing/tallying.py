"""Counts what becomes of the rows of a run, and keeps what is to be said of some."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from portal.deals.importing.resolving import Resolved
from portal.deals.importing.rules import BENIGN
from portal.deals.importing.writing import Done

UNMATCHED_MOST = 200
COUNTED = ("rows", "created", "updated", "unchanged", "won", "lost", "open", "no_decision")
_KINDS = {"owner": "person"}


class Noted(NamedTuple):
    """What is said of a row: that it was not taken, or what of it (`kind`), and why."""

    kind: str
    row: int
    reason: str
    told: Mapping[str, Any]


def tallied(
    before: Mapping[str, Any], taken: Sequence[Resolved], noted: Sequence[Noted], done: Done
) -> dict[str, Any]:
    """Return the counts of a run with those of some more rows."""
    counts = Counter({name: before.get(name, 0) for name in (*COUNTED, "refused")})
    unmatched = {kind: dict(words) for kind, words in before.get("unmatched", {}).items()}
    rejected = [it for it in noted if it.kind == "rejected"]
    counts["rows"] += len(taken) + len(rejected)
    counts["refused"] += sum(it.reason not in BENIGN for it in rejected)
    for name in ("created", "updated", "unchanged"):
        counts[name] += getattr(done, name)
    for it in taken:
        counts[it.outcome.replace("-", "_")] += 1
        _missed(unmatched, it)
    return {**before, **counts, "unmatched": unmatched}


def _missed(unmatched: dict[str, dict[str, int]], it: Resolved) -> None:
    for what, words in it.said.items():
        kept = unmatched.setdefault(_KINDS.get(what, what), {})
        if words in kept or len(kept) < UNMATCHED_MOST:
            kept[words] = kept.get(words, 0) + 1
