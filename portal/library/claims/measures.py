"""What exactly a figure measures: subject, words and the other figures of its sentence; pure."""

import re
from collections import Counter
from dataclasses import dataclass

from portal.library.claims import words
from portal.library.claims.figures import Figure, blank
from portal.library.claims.rules import Fact, mark_of, numbers, spoken_of
from portal.library.claims.sources import Source
from portal.library.claims.subjects import Mention, Stage

STEMS_LEAST = 2
_SUM = re.compile(r"[=×]|\b(?:plus|times|плюс|раз|cộng)\b|\d\s?\+")
_ROUGHLY = frozenset(
    "about around roughly nearly almost khoảng gần hơn около примерно почти".split()
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence (or a table's cell) read: `bare` is its text without source, dates, addresses."""

    text: str
    bare: str
    language: str
    source: Source
    stage: Stage
    where: str
    label: str
    mentions: tuple[Mention, ...]
    figures: tuple[Figure, ...]
    days: tuple[str, ...]
    is_cell: bool = False
    is_listed: bool = False  # among the quick facts about a competitor
    is_named: bool = False  # a cell whose row or column names whom it is about, or the money

    def subject_of(self, figure: Figure) -> str:
        """Return whom a figure of it is about."""
        return self.stage.subject_at(self.mentions, figure.start)


def facts_of(sentence: Sentence) -> tuple[Fact, ...]:
    """Return the figures of a sentence, each with the thing it measures and its place."""
    ranks = _ranks(sentence.figures)
    counts = Counter(figure.unit for figure in sentence.figures)
    return tuple(
        Fact(
            thing=_thing(sentence, figure),
            place=f"{sentence.where}.{figure.unit}.{counts[figure.unit]}.{ranks[number]}"
            if _travels(figure, sentence)
            else "",
            unit=figure.unit,
            value=figure.value,
            shown=figure.shown[:60],
            rough=figure.rough,
        )
        for number, figure in enumerate(sentence.figures)
    )


def _travels(figure: Figure, sentence: Sentence) -> bool:
    """Whether translations must say the same: sums are often made in each country's money."""
    if figure.unit != "count":
        return True
    return not figure.scale and not _SUM.search(sentence.text)


def _ranks(figures: tuple[Figure, ...]) -> list[int]:
    """Number the figures of each unit by size: languages put them in another order."""
    order = sorted(range(len(figures)), key=lambda n: (figures[n].unit, numbers(figures[n].value)))
    ranks, seen = [0] * len(figures), Counter[str]()
    for number in order:
        ranks[number] = seen[figures[number].unit]
        seen[figures[number].unit] += 1
    return ranks


def _thing(sentence: Sentence, figure: Figure) -> str:
    """Return what a figure measures as a hash, or "" when its words are too few to tell.

    All words of the sentence, all its other figures and dates, and who is meant: two figures are
    compared only where everything but the figure itself is the same.
    """
    if sentence.subject_of(figure).startswith("asset:"):
        return ""  # what a customer has reached is told once, and compared with nobody's
    rest = blank(sentence.bare, [(f.start, f.end) for f in sentence.figures])
    stems = words.stems_of(rest, sentence.language)
    stems += words.stems_of(sentence.label, sentence.language)
    told = sorted({stem for stem in stems if stem not in _ROUGHLY})
    if len(told) < STEMS_LEAST:
        return ""
    others = [f for f in sentence.figures if f is not figure]
    label = re.sub(r"\D+", " ", f"{sentence.label} {rest}")
    return mark_of(
        sentence.subject_of(figure), figure.unit, " ".join(told), spoken_of(others),
        " ".join(sorted(sentence.days)), label, sentence.language,
    )  # fmt: skip
