"""Two people's texts made one, section by section, from the revision both began with: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from portal.library.revisions.rules import align, moved
from portal.library.revisions.sections import Piece, join, told_in

T = TypeVar("T")
Content = Mapping[str, Any]


class Side(StrEnum):
    """Whose version of a section stays."""

    MINE = "mine"
    THEIRS = "theirs"


class Verdict(StrEnum):
    """Who has changed a section since both began."""

    SAME = "same"  # nobody, or both in the same way
    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"  # differently: somebody has to choose


@dataclass(frozen=True, slots=True)
class Part:
    """A section, or a fact such as the title, in three versions; None where there is none."""

    key: str
    heading: str
    base: Any
    mine: Any
    theirs: Any

    @property
    def verdict(self) -> Verdict:
        """Who has changed it."""
        if self.mine == self.theirs:
            return Verdict.SAME
        if self.theirs == self.base:
            return Verdict.MINE
        return Verdict.THEIRS if self.mine == self.base else Verdict.BOTH

    def take(self, side: Side | None) -> Any:  # noqa: ANN401
        """Return the version that stays; `side` decides, else who changed it, else mine."""
        if side is None:
            side = Side.THEIRS if self.verdict is Verdict.THEIRS else Side.MINE
        return self.mine if side is Side.MINE else self.theirs


@dataclass(frozen=True, slots=True)
class Merge:
    """Both texts, part by part; `rest` is what is not asked about, settled already."""

    facts: tuple[Part, ...]
    sections: tuple[Part, ...]
    rest: Mapping[str, Any]

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everything that can be chosen."""
        return (*self.facts, *self.sections)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was changed by both: all of it can be kept."""
        return all(part.verdict is not Verdict.BOTH for part in self.parts)

    def result(self, choices: Mapping[str, Side] | None = None) -> dict[str, Any]:
        """Return the merged content; `choices`: whose version stays, by the part's key."""
        told = choices or {}
        content: dict[str, Any] = {"fields": {}, "extra": {}, **self.rest}
        for fact in self.facts:
            name, _, key = fact.key.partition(".")
            value = fact.take(told.get(fact.key))
            if not key:
                content[name] = value
            elif value is not None:
                content[name] = {**content[name], key: value}
        content["body"] = join(part.take(told.get(part.key)) or "" for part in self.sections)
        return content


def _facts(base: Content, mine: Content, theirs: Content) -> list[Part]:
    parts = [
        Part(name, "", base.get(name), mine.get(name), theirs.get(name))
        for name in ("title", "summary")
    ]
    for name in ("fields", "extra"):
        three = [content.get(name) or {} for content in (base, mine, theirs)]
        keys = dict.fromkeys(key for told in (three[2], three[1]) for key in told)
        parts += [Part(f"{name}.{key}", "", *(told.get(key) for told in three)) for key in keys]
    return parts


def _tags(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """Keep what either added, leave out what either removed."""
    gone = {tag for tag in base if tag not in mine or tag not in theirs}
    return [tag for tag in dict.fromkeys([*theirs, *mine]) if tag not in gone]


class _Sections:
    """The sections of three texts, those that belong together as one."""

    def __init__(self, base: list[Piece], mine: list[Piece], theirs: list[Piece]) -> None:
        self.base, self.mine, self.theirs = base, mine, theirs
        self.of_mine, self.of_theirs = align(base, mine), align(base, theirs)

    def parts(self) -> list[Part]:
        """Return every section once, in the order of who moved some, else of theirs."""
        back_mine = {j: i for i, j in self.of_mine.items()}
        back_theirs = {k: i for i, k in self.of_theirs.items()}
        added_mine = [j for j in range(len(self.mine)) if j not in back_mine]
        added_theirs = [k for k in range(len(self.theirs)) if k not in back_theirs]
        twins = self._twins(added_mine, added_theirs)
        # names: ("b", place in base), ("t", place in theirs), ("m", place in mine)
        mine = [
            ("b", back_mine[j]) if j in back_mine else ("t", twins[j]) if j in twins else ("m", j)
            for j in range(len(self.mine))
        ]
        theirs = [
            ("b", back_theirs[k]) if k in back_theirs else ("t", k) for k in range(len(self.theirs))
        ]
        every = [("b", i) for i in range(len(self.base))]
        i_moved = moved(self.of_mine) and not moved(self.of_theirs)
        lead, follow = (mine, theirs) if i_moved else (theirs, mine)
        return self._named(weave(weave(lead, follow), every), {k: j for j, k in twins.items()})

    def _twins(self, mine: list[int], theirs: list[int]) -> dict[int, int]:
        """Pair what both added under the same name: place in mine → place in theirs."""
        named = {self.theirs[k].anchor: k for k in theirs}
        pairs = {j: named.get(self.mine[j].anchor) for j in mine}
        return {j: k for j, k in pairs.items() if k is not None}

    def _named(self, names: list[tuple[str, int]], twins: dict[int, int]) -> list[Part]:
        parts = []
        for number, (kind, place) in enumerate(names):
            base = mine = theirs = None
            if kind == "b":
                base = self.base[place]
                mine = self._at(self.mine, self.of_mine.get(place))
                theirs = self._at(self.theirs, self.of_theirs.get(place))
            elif kind == "t":
                theirs, mine = self.theirs[place], self._at(self.mine, twins.get(place))
            else:
                mine = self.mine[place]
            shown = mine or theirs or base
            parts.append(
                Part(
                    f"s{number}",
                    shown.heading if shown else "",
                    *(piece.text if piece else None for piece in (base, mine, theirs)),
                )
            )
        return parts

    @staticmethod
    def _at(pieces: Sequence[Piece], place: int | None) -> Piece | None:
        return None if place is None else pieces[place]


def weave(lead: Sequence[T], follow: Sequence[T]) -> list[T]:
    """Put what only the second has behind what it follows there; the first keeps its order."""
    known = set(lead)
    behind: dict[T | None, list[T]] = {}
    before: T | None = None
    for it in follow:
        if it in known:
            before = it
        else:
            behind.setdefault(before, []).append(it)
    return [*behind.get(None, ()), *(x for it in lead for x in (it, *behind.get(it, ())))]


def merge(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merge:
    """Bring two contents together that were both made from a third one.

    What only one of them changed is settled; what both changed differently is theirs to choose
    between, and mine until then.
    """
    pieces = [told_in(content) for content in (base, mine, theirs)]
    tags = _tags(*(content.get("tags") or () for content in (base, mine, theirs)))
    parts = _Sections(*pieces).parts()
    seen = [part for part in parts if part.mine is not None or part.theirs is not None]
    return Merge(
        facts=tuple(_facts(base, mine, theirs)),
        sections=tuple(replace(part, key=f"s{n}") for n, part in enumerate(seen)),
        rest={"tags": tags},
    )
