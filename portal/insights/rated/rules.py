"""Lines about rated assets: how they are sorted, narrowed and added up by owner; pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from portal.calls.ratings.rules import FEW, WEAK_BELOW


class Sort(StrEnum):
    """What rated assets can be sorted by."""

    RATING = "rating"
    VOICES = "voices"
    FLAGS = "flags"
    AGE = "age"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Line:
    """An asset somebody rated or says something of; `oldest` is the age in days of a remark.

    `value` is what is believed of it, `voices` how many people rated it.
    """

    id: int
    slug: str
    kind: str
    state: str
    title: str
    language: str
    owner_id: int | None
    owner: str
    value: float | None
    own: float | None
    voices: int
    flags: int
    oldest: int | None

    @property
    def said(self) -> float | None:
        """The stars shown; None with so few voices that words say more truly."""
        return self.value if self.voices >= FEW else None


@dataclass(frozen=True, slots=True)
class Owner:
    """What reps say of all assets of somebody."""

    id: int | None
    name: str
    assets: int
    rated: int
    weak: int
    flags: int
    oldest: int | None


def read_sort(raw: str | None) -> Sort:
    """Return the column asked for; open remarks when it is none of ours."""
    return next((it for it in Sort if it.value == raw), Sort.FLAGS)


def in_order(lines: Iterable[Line], sort: Sort, direction: str) -> list[Line]:
    """Return lines sorted by a column; those it says nothing of last, equal ones by title."""
    keys: dict[Sort, Callable[[Line], float | str | None]] = {
        Sort.RATING: lambda line: line.value,
        Sort.VOICES: lambda line: line.voices,
        Sort.FLAGS: lambda line: line.flags,
        Sort.AGE: lambda line: line.oldest,
        Sort.TITLE: lambda line: line.title.casefold(),
    }
    of = keys[sort]
    steady = sorted(lines, key=lambda line: (line.title.casefold(), line.id))
    told = [line for line in steady if of(line) is not None]
    untold = [line for line in steady if of(line) is None]
    return sorted(told, key=of, reverse=direction == "desc") + untold  # type: ignore[arg-type]


def owners(lines: Iterable[Line]) -> list[Owner]:
    """Add lines up by owner; those with the most open remarks first."""
    by: dict[tuple[int | None, str], list[Line]] = {}
    for line in lines:
        by.setdefault((line.owner_id, line.owner), []).append(line)
    found = [
        Owner(
            *who,
            assets=len(held),
            rated=sum(line.voices > 0 for line in held),
            weak=sum(it is not None and it < WEAK_BELOW for it in (line.said for line in held)),
            flags=sum(line.flags for line in held),
            oldest=max((it for line in held if (it := line.oldest) is not None), default=None),
        )
        for who, held in by.items()
    ]
    return sorted(found, key=lambda it: (-it.flags, -it.weak, it.name.casefold(), it.id or 0))
