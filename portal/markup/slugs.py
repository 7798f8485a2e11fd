"""Names for addresses: any script to plain ASCII, and text folded for comparison."""

import hashlib
import re
import unicodedata

SLUG_LIMIT = 80

_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў"
_LATIN = "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya i yi ye g u"
_CYRILLIC = dict(zip(_RUSSIAN, _LATIN.split(), strict=True))
_LETTERS = str.maketrans(
    {letter: name.strip("-") for letter, name in _CYRILLIC.items()}
    | {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i"}
)
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_NOT_WORD = re.compile(r"[\W_]+")


def slugify(text: str, limit: int = SLUG_LIMIT) -> str:
    """Turn text into lower-case ASCII words joined by hyphens; never empty.

    Vietnamese loses its marks, Cyrillic is transliterated; text without a usable letter becomes
    "x" and eight hex digits. At most `limit` characters, cut between words where possible.
    """
    letters = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    ascii_only = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    slug = _NOT_SLUG.sub("-", ascii_only.casefold()).strip("-")
    if not slug:
        return "x" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
    if len(slug) > limit:
        cut = slug.rfind("-", limit // 2, limit + 1)
        slug = slug[: cut if cut > 0 else limit]
    return slug


def fold(text: str) -> str:
    """Fold for comparison: case, Vietnamese marks, ё and punctuation no longer count."""
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", bare).strip()
