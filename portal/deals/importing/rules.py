"""How tables are understood: headers, furniture, outcomes, near spellings; why rows are not."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import islice
from typing import Any, Self, TypeVar

from portal.deals.importing.headers import (
    AGAIN,
    COMPANIONS,
    HEADERS,
    PIVOTS,
    PREFIXES,
    SYSTEMS,
    TOTALS,
)
from portal.deals.rules import Outcome, key_of
from portal.errors import Invalid

T = TypeVar("T")
Cell = str | int | float | bool | date | datetime | None
FIELDS = tuple(HEADERS)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "cp1252")
DELIMITERS = (",", ";", "\t", "|")
ORDERS = ("ymd", "dmy", "mdy")
COLUMNS_MOST, HEADER_WITHIN, SOURCE_MOST, ID_MOST = 500, 20, 60, 120
KINDS = ("product", "competitor", "person", "stage", "reason")
"""What words are matched to, and may be given an alias of."""
BENIGN = frozenset({"repeated", "header-again", "totals", "note", "deleted"})
"""Reasons that leave nothing out which a person has to see to."""


class RefusedError(Invalid):
    """A file nothing can be made of; `code` and `told` say why."""

    def __init__(self, code: str, **told: object) -> None:
        """Keep why."""
        super().__init__(code)
        self.code, self.told = code, told


class BadRowError(ValueError):
    """A row that is not taken; `code` and `told` say why."""

    def __init__(self, code: str, **told: object) -> None:
        """Keep why."""
        super().__init__(code)
        self.code, self.told = code, told


@dataclass(frozen=True, slots=True)
class Settings:
    """How a table is read; `mapping` is the columns (from 0) of each field."""

    source: str = ""
    encoding: str = ""
    delimiter: str = ""
    order: str = ""
    decimal: str = ""
    currency: str = ""
    header: int = 0
    mapping: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return asdict(self) | {"mapping": {k: list(v) for k, v in sorted(self.mapping.items())}}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Return what was kept."""
        known = {name: kept[name] for name in cls.__slots__ if name in kept}
        return cls(**known)

    def but(self, **changes: Any) -> "Settings":  # noqa: ANN401  # any of its fields
        """Return it with what was said otherwise; empty says nothing."""
        return replace(self, **{k: v for k, v in changes.items() if v})


def text_of(cell: Cell, most: int = 0) -> str:
    """Return a cell as one line of text that any database keeps; a whole float has no decimals."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = cell if isinstance(cell, str) else str(cell)
    if not text.isprintable():
        text = "".join(_shown(c) for c in text)
    text = " ".join(text.split())
    return text[:most].rstrip() if most else text


def _shown(c: str) -> str:
    """Return a character as it is kept: marks without width vanish, others unseen are blanks."""
    kind = unicodedata.category(c)
    return "" if kind == "Cf" else " " if kind[0] in "CZ" else c


def header_of(cell: Cell) -> str:
    """Return what makes two headers the same."""
    key = key_of(text_of(cell)).lstrip("\ufeff")
    for prefix in PREFIXES:
        key = key.removeprefix(prefix)
    return re.sub(r"\s*[,(]\s*([a-z]{3}|[$€₽₫])\s*\)?$", "", key) or key


def lots(given: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield what is given in lists of at most so many."""
    rest = iter(given)
    while lot := list(islice(rest, size)):
        yield lot


_FIELD = {
    name: (what, place) for what, names in HEADERS.items() for place, name in enumerate(names)
}


def guess(headers: Sequence[str], said: Mapping[str, str] | None = None) -> dict[str, list[int]]:
    """Return the columns of each field, by their headers: the best known name of each wins."""
    found: dict[str, list[tuple[int, int]]] = {}
    for column, header in enumerate(headers):
        if header in _FIELD:
            what, place = _FIELD[header]
            found.setdefault(what, []).append((place, column))
    mapping = {
        what: [column for _, column in sorted(places)][: AGAIN.get(what, 1)]
        for what, places in found.items()
    }
    for what, header in (said or {}).items():
        if header in headers:
            mapping[what] = [headers.index(header)]
    return mapping


def system_of(headers: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Return the system an export is of ("" for none known) and what it calls its fields."""
    there = set(headers)
    for it in SYSTEMS:
        if it.needs <= there and (not it.some or it.some & there):
            return it.source, dict(it.mapping)
    return "", {}


def companion_of(headers: Sequence[str]) -> str:
    """Return which table beside the deals this is; "" when it is none."""
    there = set(headers)
    if {"deal_id", "opportunity_id"} & there:
        return ""
    return next((k for k, needs in COMPANIONS.items() if any(n <= there for n in needs)), "")


def known(cells: Iterable[str]) -> int:
    """Return how many cells are headers we know."""
    return sum(1 for cell in cells if cell in _FIELD)


def signature_of(headers: Iterable[str]) -> str:
    """Return what stands for a table with these headers in this order."""
    return sha256("\x1f".join(headers).encode()).hexdigest()


def header_row(rows: Sequence[Sequence[Cell]]) -> int:
    """Return which of the first rows holds the headers.

    Raises:
        RefusedError: for a pivot report, or when none does.
    """
    folded = [[header_of(cell) for cell in row] for row in rows[:HEADER_WITHIN]]
    scores = [_names(row) * (known(row) + 5 * bool(companion_of(row))) for row in folded]
    best = max(scores, default=0)
    place = scores.index(best) if best else 0
    near = folded if best < 3 else folded[place : place + 1]  # noqa: PLR2004
    if any(cell.startswith(PIVOTS) for row in near for cell in row):
        raise RefusedError("pivot")
    if best >= 2:  # noqa: PLR2004
        return place
    for number, row in enumerate(folded):
        if len(there := [cell for cell in row if cell]) > 1:
            if _names(row) and len(set(there)) == len(there):
                return number
            break
    raise RefusedError("no-header")


def _names(texts: Sequence[str]) -> bool:
    """Whether these can be headers: none of them is a number, a date, a code or an address."""
    return not any(
        "@" in text or (re.search(r"\d", text) and not re.search(r"[^\W\d_]{2,}", text))
        for text in texts
    )


def furniture(cells: Sequence[Cell], headers: Sequence[str], id_: str) -> str:
    """Return what a row is that holds no deal: a header again, totals, a note; "" for a deal."""
    if id_:  # nearly every row: what has an id of its own is a deal
        key = header_of(id_)
        if key not in headers and key not in _FIELD and key.rstrip(":. ") not in TOTALS:
            return ""
    texts = [header_of(cell) for cell in cells if text_of(cell)]
    if not texts:
        return "blank"
    there = set(headers) - {""}
    if len(texts) > 1 and sum(map(_is_header, cells, headers)) > len(texts) / 2:
        return "header-again"
    first = texts[0].rstrip(":. ")
    if first in TOTALS and (not id_ or header_of(id_).rstrip(":. ") in TOTALS):
        return "totals"
    if not id_ and re.match(rf"({'|'.join(sorted(TOTALS))})\b", first) and len(texts) < len(there):
        return "totals"
    return "note" if len(texts) == 1 and len(there) > 3 and not id_ else ""  # noqa: PLR2004


def _is_header(cell: Cell, header: str) -> bool:
    """Whether a cell says what its column is, in these or other words."""
    said = header_of(cell) if isinstance(cell, str) else ""
    if not said:
        return False
    return said == header or (said in _FIELD and _FIELD[said][0] == _FIELD.get(header, ("",))[0])


# --- how deals end ------------------------------------------------------------------------------

_ENDS = (
    (Outcome.NO_DECISION, r"no decision|abandon|cancel|отложен|без решения|не решил|hoãn|huỷ|hủy"),
    (Outcome.LOST, r"lost|проигр|провал|не реализован|отказ|thua|thất bại|mất"),
    (Outcome.WON, r"\bwon\b|closedwon|\bwin\b|выигр|успеш|реализован|thắng|thành công"),
)
_YES = frozenset("1|true|yes|y|да|истина|có|đúng|closed|закрыта".split("|"))


def truth(text: str) -> bool | None:
    """Return whether a cell says yes; None when it says nothing."""
    return None if not text else key_of(text) in _YES


def ending(words: str) -> Outcome | None:
    """Return how a deal ended by what a stage or a status is called; None when it does not say."""
    key = key_of(words)
    return next((outcome for outcome, pattern in _ENDS if re.search(pattern, key)), None)


def outcome_of(
    *, stage: str, of_stage: str | None, status: str, won: bool | None, closed: bool | None
) -> Outcome:
    """Return how a deal stands: by its status, else by its flags, else by its stage."""
    if (said := ending(status)) is not None:
        return said
    if won:
        return Outcome.WON
    by_stage = Outcome(of_stage) if of_stage else ending(stage)
    if by_stage is None:
        return Outcome.LOST if closed and won is False else Outcome.OPEN
    return by_stage


# --- near spellings -----------------------------------------------------------------------------

NEAR = 0.84


def tight(word: str) -> str:
    """Return a word without blanks, marks and case: `GTX Pro` and `GTXPro` meet."""
    plain = unicodedata.normalize("NFD", key_of(word))
    return "".join(c for c in plain if c.isalnum())


def nearest(word: str, offered: Mapping[str, str]) -> str | None:
    """Return the target whose word is spelt nearly so; offered: word → target."""
    mine = tight(word)
    if len(mine) < 3:  # noqa: PLR2004
        return None
    best, found = 0.0, None
    for other, target in offered.items():
        theirs = tight(other)
        if theirs == mine:
            return target
        if re.findall(r"\d+", mine) != re.findall(r"\d+", theirs):
            continue  # digits are names: GTK 50 is not GTK 500
        matcher = SequenceMatcher(None, mine, theirs)
        if matcher.quick_ratio() >= NEAR and (score := matcher.ratio()) >= max(NEAR, best + 0.001):
            best, found = score, target
    return found
