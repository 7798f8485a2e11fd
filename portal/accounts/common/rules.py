"""Says whether a password is one of those that are tried first; knows no list but the one given."""

import unicodedata
from collections.abc import Collection, Iterable
from itertools import pairwise

ROWS = (
    "`1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./",
    "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю.", "azertyuiop", "qwertzuiop",
    "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik,", "9ol.", "0p;/",
    "1йфя", "2цыч", "3увс", "4кам", "5епи", "6нрт", "7гоь", "8шлб", "9щдю",
    "abcdefghijklmnopqrstuvwxyz", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
)  # fmt: skip
"""What fingers walk along: rows and columns of keyboards, and alphabets."""
LOOKS = str.maketrans("@4301!5$7", "aaeolisst")
DIFFERENT_LEAST = 5
PART_MOST = 5
PARTS = 5
"""Of so many characters one may be no easy step, and it is still a walk."""
LEFT_LEAST = 4
WORD_LEAST = 3

_STEPS = frozenset(
    pair for row in ROWS for a, b in pairwise(row) for pair in ((a, b), (b, a))
) | frozenset((str(a), str(b)) for a in range(10) for b in range(10) if abs(a - b) in {1, 9})


def is_easy(text: str, *, common: Collection[str], about: Iterable[str] = ()) -> bool:
    """Whether a password is common, a walk, a repetition, or little more than what is known.

    `about` is what everybody knows of its person: name, e-mail, company.
    """
    small = unicodedata.normalize("NFC", text).casefold().strip()
    return (
        len(set(small)) < DIFFERENT_LEAST
        or _is_common(small, common)
        or _is_walk(small)
        or _is_repeated(small)
        or _is_known(small, about)
    )


def _is_common(small: str, common: Collection[str]) -> bool:
    """Whether it is in the list, as it is, or dressed up with digits and signs."""
    for form in (small, small.translate(LOOKS)):
        letters = [place for place, c in enumerate(form) if c.isalpha()]
        core = form[letters[0] : letters[-1] + 1] if letters else ""
        if form in common or core in common:
            return True
    return small.removeprefix(small[:1]) in common or small[:-1] in common


def _is_walk(small: str) -> bool:
    breaks = sum(a != b and (a, b) not in _STEPS for a, b in pairwise(small))
    return breaks * PARTS <= len(small)


def _is_repeated(small: str) -> bool:
    return any((small[:n] * len(small))[: len(small)] == small for n in range(1, PART_MOST + 1))


def _is_known(small: str, about: Iterable[str]) -> bool:
    """Whether hardly anything is left of it without the words everybody knows, and digits."""
    left = _bare(small)
    words = {w for text in about for w in _words(text) if len(w) >= WORD_LEAST}
    known = [word for word in sorted(words, key=lambda w: (-len(w), w)) if word in left]
    for word in known:
        left = left.replace(word, "")
    return bool(known) and sum(c.isalpha() for c in left) < LEFT_LEAST


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in _bare(text.casefold())).split()


def _bare(text: str) -> str:
    """Return a text without the marks on its letters, as it is typed in a hurry."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(c for c in parts if unicodedata.category(c) != "Mn")
