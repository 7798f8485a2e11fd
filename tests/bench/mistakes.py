"""How people really type: a slip of the finger, the wrong layout, other inflections, no diacritics."""

import random
import re
import unicodedata
from functools import cache

from portal.search import analysis, taking

RUSSIAN_KEYS = 'йцукенгшщзхъфывапролджэячсмитьбюё.ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ,"№;:?'
ENGLISH_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`/QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~?@#$^&"
ALPHABETS = {
    "en": "abcdefghijklmnopqrstuvwxyz",
    "vi": "abcdeghiklmnopqrstuvxyđ",
    "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюя",
}
SHORTEST = {"en": 4, "vi": 3, "ru": 4}
"""Letters of a word that may get a slip; a shorter one would become another word."""

_TO_ENGLISH = str.maketrans(RUSSIAN_KEYS, ENGLISH_KEYS)
_TO_RUSSIAN = str.maketrans(ENGLISH_KEYS, RUSSIAN_KEYS)


def bare(text):
    """Vietnamese as typed in a hurry: without diacritics."""
    parts = unicodedata.normalize("NFD", text)
    letters = "".join(c for c in parts if not unicodedata.combining(c))
    return letters.replace("đ", "d").replace("Đ", "D")


def on_english_keys(text):
    """Russian typed while the keyboard was still English."""
    return text.translate(_TO_ENGLISH)


def on_russian_keys(text):
    """English typed while the keyboard was still Russian."""
    return text.translate(_TO_RUSSIAN)


def slip(word, language, chance):
    """The word with one letter swapped, left out, doubled or wrong; never the first one."""
    place = chance.randrange(1, len(word))
    letters = list(word)
    while "".join(letters) == word:
        what = chance.choice("swap drop double wrong".split())
        letters = list(word)
        if what == "swap":
            last = min(place, len(word) - 2)
            letters[last], letters[last + 1] = letters[last + 1], letters[last]
        elif what == "drop":
            del letters[place]
        elif what == "double":
            letters.insert(place, letters[place])
        else:
            letters[place] = chance.choice(ALPHABETS[language])
    return "".join(letters)


def mistyped(text, language, having, chance):
    """The text with a slip in its rarest word, of those that some document has.

    `having`: term → in how many documents it is.
    """
    words = [
        (having[analysis.terms_of(token.text)[0]], -len(token.text), token)
        for token in analysis.tokens(text)
        if token.text.isalpha()
        and len(token.text) >= SHORTEST[language]
        and not analysis.is_stop(token.text)
        and having.get(analysis.terms_of(token.text)[0])
    ]
    if not words:
        return text
    _, _, rarest = min(words)
    shown = taking.normalise(text)
    wrong = slip(shown[rarest.start : rarest.end].lower(), language, chance)
    return shown[: rarest.start] + wrong + shown[rarest.end :]


@cache
def _morphology():
    import pymorphy3

    return pymorphy3.MorphAnalyzer()


def can_inflect():
    """Whether there is what knows the forms of Russian words (the extra `bench`)."""
    try:
        _morphology()
    except ImportError:
        return False
    return True


def inflected(text, chance):
    """Russian with every word in another of its forms; the same part of speech."""

    def other(match):
        word = match.group().lower()
        [parsed, *_] = _morphology().parse(word)
        forms = {form.word for form in parsed.lexeme if form.tag.POS == parsed.tag.POS}
        forms -= {word}
        return chance.choice(sorted(forms)) if forms else word

    return re.sub("[а-яёА-ЯЁ]+", other, text)


def chance_of(*what):
    """The same luck in every run, of its own for each purpose."""
    return random.Random(" ".join(map(str, what)))
