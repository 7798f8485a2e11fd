"""Owns what was meant by keys pressed in another keyboard's mode: Russian, English, Telex, VNI."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import NamedTuple

_ENGLISH = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`/QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~?@#$^&"
_RUSSIAN = 'йцукенгшщзхъфывапролджэячсмитьбюё.ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ,"№;:?'
_TO_RUSSIAN = str.maketrans(_ENGLISH, _RUSSIAN)
_TO_ENGLISH = str.maketrans(_RUSSIAN, _ENGLISH)

_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_LATIN = re.compile("[a-z]", re.IGNORECASE)

_MARKS = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_MARKS |= {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_DOUBLES = {"aa": "â", "ee": "ê", "oo": "ô", "dd": "đ", "aw": "ă", "ow": "ơ", "uw": "ư"}
_DIGITS = {"a6": "â", "e6": "ê", "o6": "ô", "d9": "đ", "a8": "ă", "o7": "ơ", "u7": "ư"}
_VOWELS = "aăâeêioôơuưy"
_TELEX = re.compile(r"[a-z]+")
_VNI = re.compile(r"(?=.*[1-9])[a-z][a-z1-9]*")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnprstvx])?"
    rf"[{_VOWELS}]{{1,3}}(?:ng|nh|ch|[cmnpt])?"
)


class Reading(NamedTuple):
    """A way keys may have been meant: its name, and what it makes of a word, if anything."""

    name: str
    read: Callable[[str], str]
    whole: bool
    """Whether somebody in this mode types everything so, not the odd word."""


def to_russian(chunk: str) -> str:
    """What the same keys give in the Russian layout; nothing for what is no English typing."""
    if _CYRILLIC.search(chunk) or not _LATIN.search(chunk):
        return ""
    return chunk.translate(_TO_RUSSIAN)


def to_english(chunk: str) -> str:
    """What the same keys give in the English layout; nothing for what is no Russian typing."""
    if not _CYRILLIC.search(chunk) or _LATIN.search(chunk):
        return ""
    return chunk.translate(_TO_ENGLISH)


def _toned(syllable: str, mark: str) -> str:
    """The syllable with its tone mark where today's spelling has it; nothing when it is none."""
    if not _SYLLABLE.fullmatch(syllable):
        return ""
    lead = re.match(r"(?:qu|gi(?=[aăâeêioôơuưy]))?[^aăâeêioôơuưy]*", syllable)
    start = lead.end() if lead else 0
    vowels = [at for at in range(start, len(syllable)) if syllable[at] in _VOWELS]
    if not vowels:
        return ""
    special = [at for at in vowels if syllable[at] in "ăâêôơư"]
    closed = vowels[-1] + 1 < len(syllable)
    if special:
        place = special[-1]
    elif len(vowels) == 1:
        place = vowels[0]
    else:
        place = vowels[1] if closed or len(vowels) > 2 else vowels[0]  # noqa: PLR2004
    said = syllable[: place + 1] + mark + syllable[place + 1 :]
    return unicodedata.normalize("NFC", said)


def _spelt(keys: str, doubles: Mapping[str, str], marks: str) -> str:
    """A syllable from what was typed for it: letters made of two keys, and a key for the tone."""
    mark, changed = "", False
    rest = ""
    for at, key in enumerate(keys):
        if at and key in marks and any(c in _VOWELS for c in rest) and not mark:
            mark = _MARKS[key]
            continue
        rest += key
    for pair, letter in doubles.items():
        if pair in rest:
            rest, changed = rest.replace(pair, letter), True
        elif len(pair) == 2 and pair[1] not in _VOWELS:  # noqa: PLR2004
            rest, changed = _apart(rest, pair, letter, changed=changed)
    rest = rest.replace("uơ", "ươ")
    if not mark and not changed:
        return ""
    return _toned(rest, mark)


def _apart(text: str, pair: str, letter: str, *, changed: bool) -> tuple[str, bool]:
    """The same where the second key was typed at the end of the syllable: ``duongwf``."""
    first, second = pair[0], pair[1]
    at = text.find(first)
    if at < 0 or second not in text[at + 1 :] or not text.endswith(second):
        return text, changed
    return text[:at] + letter + text[at + 1 : -1], True


def telex(chunk: str) -> str:
    """The syllable that Telex keys were typed for (``bangr``, ``gias``); nothing for any other."""
    keys = chunk.lower()
    if not _TELEX.fullmatch(keys):
        return ""
    return _spelt(keys, _DOUBLES, "sfrxj")


def vni(chunk: str) -> str:
    """The syllable that VNI keys were typed for (``ba3ng``, ``gia1``); nothing for any other."""
    keys = chunk.lower()
    if not _VNI.fullmatch(keys):
        return ""
    return _spelt(keys, _DIGITS, "12345")


READINGS = (
    Reading("ru", to_russian, whole=True),
    Reading("en", to_english, whole=True),
    Reading("telex", telex, whole=False),
    Reading("vni", vni, whole=False),
)
"""Tried in this order when words are unknown as they were typed."""
