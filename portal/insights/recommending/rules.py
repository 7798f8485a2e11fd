"""In which order assets are suggested for a deal, and which of them by chance. Pure.

Fit comes first; what is believed to help moves an asset by a factor of at most 1.3 in all. The
belief is drawn at random within its uncertainty (Thompson sampling), so that an asset nobody has
tried yet gets its chance. All draws follow from a seed: a page stays as it is for the day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from statistics import NormalDist

BY_CHANCE = 0.10
"""The share of suggestions that are chosen at random among assets that fit as well."""
PRIOR_MOST = 1.3
"""By how much the best believed asset is put before the least believed one, fit being equal."""
FULL = 0.15
"""The difference in the share of deals won (15 points) from which a belief counts in full."""
APART = 0.02
"""Below 2 points between them, assets are believed to help alike."""
_NORMAL = NormalDist()
_BITS = 53


@dataclass(frozen=True, slots=True)
class Guess:
    """What is believed of an asset: best guess of its lift, and its standard deviation; shares."""

    best: float
    deviation: float


UNTRIED = Guess(0.0, 0.08)
"""What is believed of an asset no closed deal tells of: 8 points are the usual spread."""
SILENT = Guess(0.0, 0.0)
"""What is believed of an asset that can not be judged: nothing, and nothing to find out."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An asset that fits: how well (above 0), whether it was used on the deal, what is believed."""

    asset_id: int
    fit: int
    used: bool
    guess: Guess


@dataclass(frozen=True, slots=True)
class Pick:
    """A suggestion: its place from 1, and how it was chosen (see the table's model)."""

    asset_id: int
    place: int
    chance: bool = False
    among: int = 1
    promising: bool | None = None


def drawn(*seed: object) -> float:
    """Return a number between 0 and 1, the same for the same seed."""
    digest = blake2b(repr(seed).encode(), digest_size=8).digest()
    return ((int.from_bytes(digest) >> (64 - _BITS)) + 0.5) / (1 << _BITS)


def prior(guess: Guess, chance: float) -> float:
    """Return the factor of what is believed, drawn within its uncertainty; 1 means nothing."""
    believed = guess.best
    if guess.deviation > 0:
        believed += guess.deviation * _NORMAL.inv_cdf(chance)
    share = max(-1.0, min(1.0, believed / FULL))
    return float(PRIOR_MOST ** (share / 2))


def pick(candidates: Sequence[Candidate], seed: Sequence[object], most: int) -> list[Pick]:
    """Return what to suggest, in order; what was used on the deal comes last, as it was given.

    At each place the best is taken, or, one time in ten, any of those that fit as well.
    """
    worth = {
        it.asset_id: it.fit * prior(it.guess, drawn(*seed, "guess", it.asset_id))
        for it in candidates
    }
    left = sorted((it for it in candidates if not it.used), key=lambda it: -worth[it.asset_id])
    found: list[Pick] = []
    while left and len(found) < most:
        found.append(_next(left, seed, len(found) + 1))
        left = [it for it in left if it.asset_id != found[-1].asset_id]
    for it in (it for it in candidates if it.used):
        if len(found) < most:
            found.append(Pick(it.asset_id, len(found) + 1))
    return found


def _next(left: Sequence[Candidate], seed: Sequence[object], place: int) -> Pick:
    best = left[0]
    alike = sorted((it for it in left if _equal(it, best)), key=lambda it: it.asset_id)
    if len(alike) < 2 or drawn(*seed, "chance", place) >= BY_CHANCE:  # noqa: PLR2004  # no choice
        return Pick(best.asset_id, place)
    chosen = alike[int(drawn(*seed, "which", place) * len(alike))]
    half = promising(alike, chosen)
    return Pick(chosen.asset_id, place, chance=True, among=len(alike), promising=half)


def _equal(one: Candidate, other: Candidate) -> bool:
    """Whether what is believed could put either before the other."""
    small, large = sorted((one.fit, other.fit))
    return large <= small * PRIOR_MOST


def promising(alike: Sequence[Candidate], chosen: Candidate) -> bool | None:
    """Whether one of several is of the half believed to help more; None: they are alike.

    Of an odd number the middle one is of neither half, so that both are as likely.
    """
    order = sorted(alike, key=lambda it: (it.guess.best, it.asset_id))
    if order[-1].guess.best - order[0].guess.best < APART:
        return None
    place, half = order.index(chosen), len(order) // 2
    if half <= place < len(order) - half:
        return None
    return place >= half
