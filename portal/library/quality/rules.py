"""What the checks look at and what they return: snapshots, findings, thresholds by language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum
from typing import Any

from portal.library.claims.rules import mark_of

WHY_MOST = 500


class Severity(IntEnum):
    """How much a finding matters to a rep before a call."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Check(StrEnum):
    """What can be wrong; the value is the name a finding keeps."""

    DEAD_LINK = "dead-link"
    OWNER = "owner"
    COMPETITOR = "competitor"
    FIGURE_SOURCE = "figure-source"
    FIGURE_DATE = "figure-date"
    STALE = "stale"
    EMPTY_SECTION = "empty-section"
    PART_MISSING = "part-missing"
    DUPLICATE = "duplicate"
    TABLE = "table"
    IMAGE = "image"
    TITLE_TWICE = "title-twice"
    UNTAGGED = "untagged"
    TRANSLATION = "translation"
    TITLE_LONG = "title-long"
    SUMMARY = "summary"
    SENTENCE_LONG = "sentence-long"
    HEADINGS = "headings"
    WALL = "wall"
    HARD = "hard"


SEVERITIES: dict[Check, Severity] = {
    **dict.fromkeys((Check.DEAD_LINK, Check.OWNER, Check.COMPETITOR), Severity.HIGH),
    **dict.fromkeys(
        (
            Check.FIGURE_SOURCE, Check.FIGURE_DATE, Check.STALE, Check.EMPTY_SECTION,
            Check.PART_MISSING, Check.DUPLICATE, Check.TABLE, Check.IMAGE, Check.TITLE_TWICE,
            Check.UNTAGGED,
        ),
        Severity.MEDIUM,
    ),
    **dict.fromkeys(
        (
            Check.TRANSLATION, Check.TITLE_LONG, Check.SUMMARY, Check.SENTENCE_LONG,
            Check.HEADINGS, Check.WALL, Check.HARD,
        ),
        Severity.LOW,
    ),
}  # fmt: skip

TITLE_MOST = 90
SUMMARY_MOST = 400
COLUMNS_MOST = 7
# words in one breath; Vietnamese counts syllables
SAY_MOST = {"en": 34, "vi": 48, "ru": 30}
# words of a paragraph that nobody reads on a phone
WALL_MOST = {"en": 130, "vi": 180, "ru": 110}
# words a sentence has on average in a text that is hard to read
HARD_MOST = {"en": 28, "vi": 40, "ru": 24}
HARD_LEAST = 10  # sentences from which an average means something


@dataclass(frozen=True, slots=True)
class SectionShot:
    """A section as the checks see it."""

    anchor: str
    level: int
    heading: str
    html: str
    text: str
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextShot:
    """A text as the checks see it; `claims` are (problem, anchor, sentence)."""

    language: str
    title: str
    summary: str
    sections: Sequence[SectionShot]
    claims: Sequence[tuple[str, str, str]] = ()
    twins: Sequence[tuple[str, str, int]] = ()  # slug, title, likeness in percent
    namesakes: Sequence[str] = ()  # slugs of other assets with the same title


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An asset as the checks see it."""

    slug: str
    kind: str
    state: str
    has_owner: bool
    owner: str  # the name of an owner who is inactive, else ""
    facets: Mapping[str, Sequence[str]]
    checked_on: date | None
    months: int  # after which it is to be checked again
    texts: Sequence[TextShot]


@dataclass(frozen=True, slots=True)
class Target:
    """What links of texts lead to: the state of an asset, its anchors by language."""

    state: str
    anchors: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Around:
    """What the checks have to know besides the asset itself."""

    today: date
    targets: Mapping[str, Target] = field(default_factory=dict)
    languages: Sequence[str] = ("en", "vi", "ru")


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is wrong: which check, where, in which words; `key` tells it from others."""

    check: Check
    language: str = ""
    anchor: str = ""
    key: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    there: str = ""  # the text it is about

    @property
    def mark(self) -> str:
        """What names this finding from run to run."""
        return mark_of(self.check.value, self.language, self.anchor, self.key)

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return SEVERITIES[self.check]
