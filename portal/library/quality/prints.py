"""MinHash prints of texts: how alike two are without reading them again, candidates by bands."""

import hashlib
import re
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

ROWS, BANDS = 6, 10
SIZE = ROWS * BANDS
ALIKE = 0.8
"""Share of a print from which two texts are told to be alike."""

WORDS_LEAST = 40
_SHINGLE = {"vi": 6}  # words of Vietnamese are written by syllable: take more of them together
SHINGLE = 4
_WORD = re.compile(r"\w+")
_GROWTH = 0x9E3779B97F4A7C15
Print = NDArray[np.uint32]


@lru_cache(maxsize=1)
def _functions() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    chance = np.random.default_rng(20261125)
    high = np.iinfo(np.uint64).max
    odd = chance.integers(1, high, SIZE, dtype=np.uint64) | np.uint64(1)
    return odd, chance.integers(0, high, SIZE, dtype=np.uint64)


def print_of(text: str, language: str) -> bytes:
    """Return a text's print; empty when the text is too short to say whom it copies."""
    words = _WORD.findall(text.casefold())
    if len(words) < WORDS_LEAST:
        return b""
    told = np.array([crc32(word.encode("utf-8", "replace")) for word in words], dtype=np.uint64)
    size = _SHINGLE.get(language, SHINGLE)
    count = len(told) - size + 1
    with np.errstate(over="ignore"):
        mixed = np.zeros(count, dtype=np.uint64)
        for step in range(size):
            mixed = mixed * np.uint64(_GROWTH) + told[step : step + count]
        mixed = np.unique(mixed ^ (mixed >> np.uint64(29)))
        factors, shifts = _functions()
        least = np.full(SIZE, np.iinfo(np.uint32).max, dtype=np.uint32)
        for start in range(0, len(mixed), 4096):  # a book at once would need its size sixty times
            part = mixed[start : start + 4096, None] * factors + shifts
            least = np.minimum(least, (part >> np.uint64(32)).min(axis=0).astype(np.uint32))
    return least.astype("<u4").tobytes()


def bands_of(made: bytes, language: str) -> list[int]:
    """Return the bands of a print as whole numbers of 63 bits; none for an empty one."""
    width = len(made) // BANDS
    bands = []
    for number in range(BANDS if made else 0):
        part = made[number * width : (number + 1) * width]
        told = hashlib.blake2b(part, digest_size=8, salt=f"{language}{number}".encode()).digest()
        bands.append(int.from_bytes(told, "big") >> 1)
    return bands


def likeness(first: bytes, second: bytes) -> float:
    """Return how alike two texts are by their prints, 0 to 1; 0 when one has none."""
    if not first or len(first) != len(second):
        return 0.0
    ones, others = np.frombuffer(first, "<u4"), np.frombuffer(second, "<u4")
    return float((ones == others).mean())
