"""What is sent of a call that was held: assets with stars, things said; read without a database."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from portal.calls.ratings.rules import STARS, WHY_MOST, Helped
from portal.calls.rules import WORDS_MOST, Said, key_of, lines_of, number_of

ROWS_MOST, LINES_MOST = 40, 20
MORE = "more"
"""The row of an asset that is not listed: named by its title or address."""


@dataclass(frozen=True, slots=True)
class Row:
    """An asset as it was sent: used or not, rated or not; `wrong` is a code of what is odd."""

    asset_id: int
    language: str
    revision: int | None = None
    used: bool = False
    stars: int | None = None
    helped: str = ""
    why: str = ""
    wrong: str = ""

    @property
    def key(self) -> str:
        """What tells it from the other rows of a form."""
        return f"{self.asset_id}-{self.language}"

    @property
    def is_used(self) -> bool:
        """Stars are only given to what was used."""
        return self.used or self.stars is not None


@dataclass(frozen=True, slots=True)
class Point:
    """Something the customer said; `asset_id` and `anchor`: an objection a battlecard knows.

    `same` is what that is called in the language the battlecard was written in: with it the same
    objection heard in several languages is one.
    """

    kind: Said
    words: str
    slug: str | None = None
    asset_id: int | None = None
    anchor: str = ""
    same: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same thing in one call."""
        return self.kind.value, key_of(self.same or self.words or self.slug or "")


@dataclass(frozen=True, slots=True)
class Held:
    """A call as it was held; `rows` is None when who says so has no say about what was used."""

    at: datetime
    kind: str
    with_role: str
    result: str | None
    note: str
    rows: Sequence[Row] | None
    points: Sequence[Point]


Get = Callable[[str], str]


def _named(key: str) -> tuple[int, str] | None:
    number, _, language = key.partition("-")
    asset_id = number_of(number)
    good = len(language) == 2 and language.isascii() and language.isalpha()  # noqa: PLR2004
    return (asset_id, language) if asset_id and good else None


def judged(row: Row, get: Get, key: str) -> Row:
    """Return a row with what was said of it under a key."""
    stars, helped, why = get(f"stars-{key}"), get(f"helped-{key}"), get(f"why-{key}")
    given = int(stars) if stars in {str(n) for n in STARS} else None
    wrong = ""
    if stars and given is None:
        wrong = "stars"
    elif helped and helped not in set(Helped):
        wrong = "helped"
    elif len(why) > WHY_MOST:
        wrong = "long"
    elif given is None and (helped or why):
        wrong = "no-stars"
    return replace(
        row, used=bool(get(f"used-{key}")), stars=given, helped=helped, why=why, wrong=wrong
    )


def rows_of(keys: Iterable[str], get: Get) -> list[Row]:
    """Return the rows of a form, each asset and language once; keys that are none are left out."""
    found: dict[str, Row] = {}
    for key in list(keys)[:ROWS_MOST]:
        named = _named(key)
        if named is not None:
            row = Row(*named, revision=number_of(get(f"revision-{key}")))
            found.setdefault(key, judged(row, get, key))
    return list(found.values())


def more_of(get: Get) -> tuple[str, Row] | None:
    """Return the asset named beside the list (as typed) and what was said of it, if one was."""
    typed = " ".join(get(MORE).split())
    row = judged(Row(0, ""), get, MORE)
    if not typed and not row.is_used and not row.wrong:
        return None
    return typed, replace(row, used=True)


def points_of(
    known: Iterable[Point], words: dict[Said, str], competitors: Iterable[str]
) -> list[Point]:
    """Return all that was said, each thing once."""
    said = list(known)
    said += [Point(kind, line) for kind, text in words.items() for line in lines_of(text)]
    said += [Point(Said.COMPETITOR, "", slug) for slug in competitors]
    return list({point.key: point for point in reversed(said)}.values())[::-1]


def too_much(text: str | None) -> bool:
    """Whether more is said than one call brings: lines too many, or one of them too long."""
    lines = lines_of(text)
    return len(lines) > LINES_MOST or any(len(line) > WORDS_MOST for line in lines)
