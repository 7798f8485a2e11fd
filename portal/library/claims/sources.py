"""Where a sentence has its figures from and of when, in the house style of three languages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.library.claims.blocks import Link
from portal.library.claims.dates import Dated, dates_of

SOURCE_MOST = 300
NEAR = 60  # characters between the word for a source and its date
_BRACKETS = re.compile(r"\(([^()]{2,200})\)|\[([^\[\]]{2,200})\](?!\()")
_KNOWN = re.compile(
    r"\b(?:report|study|survey|research|benchmark|notes?|records?|price list|terms|cases?|data|"
    r"source|documentation|audit|inventory|statement|interview|website|tariff|"
    r"báo cáo|nghiên cứu|khảo sát|ghi chép|hồ sơ|bảng giá|điều khoản|nguồn|kiểm kê|số liệu|"
    r"theo|biểu phí|tài liệu|các dự án|"
    r"отч[её]т\w*|исследовани\w+|опрос\w*|материал\w*|прайс\w*|услови\w+|кейс\w*|источник\w*|"
    r"данн\w+|документаци\w+|инвентаризаци\w+|тариф\w*)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:^|[.;—–]\s*)(?:sources?|nguồn|источники?|figures from)\s?[:—–]\s?(.{2,300})$",
    re.IGNORECASE,
)
_MARKS = frozenset(":—–")
_ACCORDING = re.compile(
    r"(?:\baccording to|\bas reported by|(?<!\w)theo|\bпо данным|\bсогласно|\bпо оценке)\s"
    r"([^,.;:()]{3,120})",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_HEADING = re.compile(
    r"^\W*(?:sources?|references|nguồn|nguồn số liệu|tài liệu tham khảo|источники?|ссылки)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Source:
    """A source: its name, its day (the last one it can mean), where it stands in the sentence."""

    name: str
    day: date | None = None
    spans: tuple[tuple[int, int], ...] = ()
    linked: bool = False

    def __bool__(self) -> bool:
        """Whether anything was told."""
        return bool(self.name or self.day)


NONE = Source("")


def is_list_of_sources(heading: str) -> bool:
    """Whether what stands under a heading is where the whole text has its figures from."""
    return bool(_HEADING.match(heading))


def source_of(sentence: str, links: Sequence[Link] = ()) -> Source:
    """Return the source a sentence names; `NONE` when it names none."""
    has_mark = not _MARKS.isdisjoint(sentence)  # most have none, and are spared the search
    if has_mark and (label := _LABEL.search(sentence)) is not None:
        return named(label[1], label.span(1))
    best = NONE
    spans = []
    for match in _BRACKETS.finditer(sentence) if "(" in sentence or "[" in sentence else ():
        inner = match[1] or match[2]
        days = dates_of(inner)
        names = bool(_WORD.search(_undated(inner, days)))
        if (days and _is_only_source(inner, days)) or (_KNOWN.search(inner) and not _counts(inner)):
            spans.append(match.span())
            name = _clip(inner) if names else ""
            found = Source(name, _newest(days))
            best = found if found.name or not best else best
    if best.name:
        return Source(best.name, best.day, tuple(spans))
    if (told := _ACCORDING.search(sentence)) is not None and (
        _KNOWN.search(told[1]) or told[1][:1].isupper()
    ):
        days = dates_of(sentence[told.start() :])
        return Source(_clip(told[1]), best.day or _newest(days), (*spans, told.span()))
    for link in links:
        if link.text and link.text in sentence and not link.href.startswith(("#", "mailto:")):
            return Source(_clip(link.text), best.day or _newest(dates_of(link.text)),
                          tuple(spans), linked=True)  # fmt: skip
    return _mentioned(sentence) or Source("", best.day, tuple(spans))


def _mentioned(sentence: str) -> Source:
    """Return a source that stands in the sentence itself: `their own published cases … (2025)`."""
    for day in dates_of(sentence):
        start = max(0, day.start - NEAR)
        told = list(_KNOWN.finditer(sentence, start, day.start))
        if told:
            known = told[-1]
            begin = max(sentence.rfind(mark, 0, known.start()) for mark in ":.;(—") + 1
            begin = begin if known.start() - begin <= NEAR else known.start()
            name = _clip(sentence[begin : day.end])
            return Source(name, day.day, ((known.start(), day.end),))
    return NONE


def named(text: str, span: tuple[int, int] = (0, 0)) -> Source:
    """Return a text that is nothing but a source as one."""
    return Source(_clip(text.rstrip(" .")), _newest(dates_of(text)), (span,))


def _is_only_source(inner: str, days: Sequence[Dated]) -> bool:
    """Whether brackets with a date hold no figures beside it: they tell where from and when."""
    return not _counts(_undated(inner, days))


def _counts(inner: str) -> bool:
    """Whether there are figures besides dates: `(list price less 11 %)` is no source."""
    return bool(re.search(r"\d", _undated(inner, dates_of(inner))))


def _undated(text: str, days: Sequence[Dated]) -> str:
    for day in reversed(days):
        text = text[: day.start] + text[day.end :]
    return text


def _newest(days: Sequence[Dated]) -> date | None:
    return max((day.day for day in days), default=None)


def _clip(text: str) -> str:
    return " ".join(text.split())[:SOURCE_MOST]
