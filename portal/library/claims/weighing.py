"""Which figures claim something, which claims need a source, and which can borrow one; pure."""

import re
from dataclasses import replace
from datetime import date

from portal.library.claims.figures import Figure
from portal.library.claims.measures import Sentence
from portal.library.claims.rules import Claim

OWN_SOURCES = frozenset({"pricing-policy"})
"""Kinds that are the source of what they say about us."""
_MONEY = frozenset({"EUR", "USD", "GBP", "VND", "RUB"})
_TIME = frozenset({"second", "minute", "hour", "day", "week", "month", "year"})
_MEASURED = re.compile(
    r"\b(?:median|average|mean|typical|usual|faster|quicker|slower|live|went|took|takes|within|fell|rose|"
    r"cut|saved?|down|up|less|trung vị|trung bình|bình quân|chạy|mất|giảm|tăng|nhanh|chậm|rút|"
    r"медиан\w*|средн\w+|обычно|запу\w+|быстрее|медленнее|сокра\w+|снизи\w+|выросл\w+|вместо)\b",
    re.IGNORECASE,
)

_TERMS = re.compile(
    r"\b(?:discount\w*|contracts?|price\w*|list|term|sign\w*|credit\w*|pilot|offer|limit|plan|"
    r"giảm giá|hợp đồng|ký|niêm yết|chiết khấu|bảng giá|giá|bớt|chạy thử|sales được|"
    r"договор\w*|скидк\w*|прайс\w*|цен[аеуы]|срок|пилот\w*|подпи\w+)\b",
    re.IGNORECASE,
)
_THRESHOLD = re.compile(
    r"\b(?:above|over|under|below|more than|less than|fewer than|up to|at|with|for|if|past|than|"
    r"trên|dưới|hơn|với|tới|đến|tối đa|cỡ|cùng|больше|меньше|более|менее|до|при|на|свыше|для|с)"
    r"[ \u00a0\u202f](?:about |khoảng |примерно )?$",
    re.IGNORECASE,
)
_NAME = re.compile(r"[\w,:] [A-ZА-ЯЁĐ][\w’'-]*[ \u00a0\u202f]$")
_IF = re.compile(
    r"^\W*(?:if|when|suppose|say|walk away if|nếu|giả sử|khi|nên rút lui|если|когда|допустим)\b",
    re.IGNORECASE,
)


def counts_something(figure: Figure, sentence: Sentence) -> bool:
    """Whether a figure says how much: a bare number needs a word behind it, unless in a cell."""
    telling = figure.unit not in _TIME | {"count"} or (
        sentence.is_cell and (figure.unit != "count" or sentence.is_named)
    )
    if telling or not figure.strong:
        return figure.strong
    if _IF.match(sentence.text) and not sentence.source:
        return False
    if figure.unit != "count":
        return True
    if _THRESHOLD.search(sentence.bare[max(0, figure.start - 24) : figure.start]):
        return False
    after = sentence.bare[figure.end :][:5]
    if _NAME.search(sentence.bare[max(0, figure.start - 24) : figure.start]) and not (
        sentence.language != "en" and after[1:2].islower()
    ):
        return False  # `Dynamics 365` is a name
    return bool(re.match(r"[ \u00a0\u202f+]{1,2}[^\W\d_]{2}", after))


def needs_source(kind: str, sentence: Sentence, rival: str, heading: str) -> bool:
    """Whether somebody will ask where a figure is from; our prices and terms are ours to set."""
    units = {figure.unit for figure in sentence.figures if figure.strong}
    if _IF.match(sentence.text) or (units <= {"count"} and not _is_telling(sentence)):
        return False
    if rival:
        return True
    if kind in OWN_SOURCES or sentence.source.day is not None or sentence.days:
        return False
    if units & _MONEY or any(
        _TERMS.search(told) for told in (heading, sentence.label, sentence.bare)
    ):
        return False
    return bool(units - _TIME) or bool(_MEASURED.search(sentence.bare))


def _is_telling(sentence: Sentence) -> bool:
    """Whether bare numbers are about somebody named: not what a customer or an example has."""
    about = {sentence.stage.resolve(mention.subject) for mention in sentence.mentions}
    about |= {sentence.stage.fallback} if sentence.is_named or sentence.is_listed else set()
    return any(not subject.startswith("asset:") for subject in about)


def lend(claims: list[Claim], listed: str) -> list[Claim]:
    """Give what has no source of its own the source of the same figures elsewhere in the text."""
    lenders: dict[tuple[str, str], tuple[str, date | None, bool]] = {}
    for claim in claims:
        if claim.source:
            for fact in claim.facts:
                lenders.setdefault(
                    (fact.unit, fact.value), (claim.source, claim.source_day, claim.linked)
                )
    lent = []
    for claim in claims:
        if claim.source or not claim.has_figure:
            lent.append(claim)
            continue
        telling = [f for f in claim.facts if f.unit != "count"] or list(claim.facts)
        found = [lenders.get((fact.unit, fact.value)) for fact in telling]
        first = next(filter(None, found), None)
        if first and (all(found) or claim.said):
            name, day, linked = first
            lent.append(replace(claim, source=name, source_day=day, borrowed=True, linked=linked))
        elif listed:
            lent.append(replace(claim, source=listed, borrowed=True, linked=True))
        else:
            lent.append(claim)
    return lent
