"""Figures in running text, read by the habits of three languages: value, unit, how exact."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from portal.library.claims.dates import Dated, dates_of

_SPACE = r"[ \u00a0\u202f\u2009]"
_NUMBER = (
    r"\d{1,3}(?:[\u00a0\u202f\u2009’']\d{3})+(?:[.,]\d{1,4})?(?!\d)"
    r"|\d{1,3}(?: \d{3})+(?:,\d{1,4})?(?![\d])"
    r"|\d{1,12}(?:[.,]\d{3})*(?:[.,]\d{1,6})?"
)
_SCALES = {
    "thousand": 3, "k": 3, "nghìn": 3, "ngàn": 3, "тыс": 3, "тысяч": 3,
    "million": 6, "m": 6, "mn": 6, "triệu": 6, "млн": 6, "миллион": 6,
    "billion": 9, "bn": 9, "tỷ": 9, "tỉ": 9, "млрд": 9, "миллиард": 9,
}  # fmt: skip
_SCALE = (
    r"thousand|million|billion|nghìn|ngàn|triệu|tỷ|tỉ|тыс(?:яч\w{0,2})?\.?|млн\.?|млрд\.?|"
    r"миллион\w{0,3}|миллиард\w{0,3}|bn|mn|[km](?=\b)"
)
_UNITS = {
    "%": r"%|per\s?cent\b|phần\străm|процент\w{0,3}|п\.\s?п\.",
    "EUR": r"€|EUR\b|euros?\b|евро\b",
    "USD": r"\$|USD\b|dollars?\b|đô(?:\sla)?\b|доллар\w{0,3}",
    "GBP": r"£|GBP\b",
    "VND": r"₫|VNĐ|VND\b|đồng\b|đ(?=[\s/.,;)]|$)|донг\w{0,3}",
    "RUB": r"₽|RUB\b|руб(?:л\w{1,3})?\b\.?",
    "×": r"[x×](?!\w|\s?[\d€$£])|times\b|-?fold\b|lần\b|раз[а]?\b",
    "second": r"seconds?\b|giây\b|секунд\w{0,2}",
    "minute": r"min(?:ute)?s?\b|phút\b|мин(?:ут\w{0,2})?\b\.?",
    "hour": r"hours?\b|giờ\b|tiếng\b(?!\s(?:việt|anh|nga))|час(?:а|ов|ы)?\b",
    "day": r"(?:working |business )?days?\b|ngày\b|(?:рабоч\w{2,3} )?д(?:ень|ня|ней|ни)\b",
    "week": r"weeks?\b|tuần\b|недел\w{1,2}\b",
    "month": r"months?\b|tháng\b|месяц\w{0,3}\b",
    "year": r"years?\b|năm\b|лет\b|год(?:а|у|ов)?\b",
}
_UNIT = "|".join(f"(?P<u{number}>{words})" for number, words in enumerate(_UNITS.values()))
_NAMES = list(_UNITS)
_CURRENCY = {"€": "EUR", "$": "USD", "£": "GBP", "₫": "VND", "₽": "RUB"}
_COLUMN = re.compile(r"[€$£₫₽]|\b(?:EUR|USD|GBP|VND|RUB)\b")
_FIGURE = re.compile(
    rf"(?P<before>(?:[€$£₫₽]|\b(?:EUR|USD|GBP|VND|RUB))\s?)?(?P<sign>(?<![\w%€$£₫₽.,)])[-−–+±]\s?)?"
    rf"(?<![\w.,/#№:@])(?P<number>{_NUMBER})(?![\w]*[@/]\w*\.|:\d)"
    rf"(?:(?:{_SPACE}?|-)(?P<scale>{_SCALE})(?!\w))?"
    rf"(?:(?:{_SPACE}{{0,2}}|-)(?:{_UNIT}))?",
    re.IGNORECASE,
)
_JOIN = re.compile(
    rf"{_SPACE}?(?:[-–—]|→|->|to|xuống|còn|đến|tới|до)(?:{_SPACE}(?:còn|tới))?{_SPACE}?",
    re.IGNORECASE,
)
# a number after one of these names a thing and counts nothing
_LABEL = re.compile(
    r"\b(?:weeks?|steps?|chapters?|sections?|phases?|pages?|versions?|v|no|room|level|ports?|"
    r"figures?|tables?|stages?|releases?|updates?|iso|din|nr|part|appendix|slides?|issue|rfc|http|status|code|error|"
    r"tuần|bước|chương|mục|phần|trang|phiên bản|số|hình|quý|giai đoạn|thứ|lúc|"
    r"недел[яиью]\w?|шаг|глава|раздел|этап|стади\w|выпуск\w*|обновлени\w*|верси\w|стр|страниц\w|версия|рис|таблица|№|квартал\w?|пункт)"
    r"[ \u00a0\u202f.]{1,2}(?:\d{1,4}\s?[–-]\s?)?$",
    re.IGNORECASE,
)
_ROUGH = re.compile(
    r"(?:≈|~|\babout|\baround|\broughly|\bnearly|\balmost|\bmore than|\bup to|\bsome|"
    r"khoảng|gần|hơn|chừng|trên|около|примерно|почти|более|больше|порядка|свыше)"
    r"[ \u00a0\u202f]?$",
    re.IGNORECASE,
)
_MINUS = "-−–"
_NOISE = re.compile(
    r"https?://\S{1,500}|\bwww\.\S{1,500}|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}|"
    r"\b24/7\b|\b\d{1,2} giờ (?:\d{2}\b|sáng|chiều|tối|trưa|đêm|kém|đúng)|"
    r"\b1 ?[€$£] ?[≈=~] ?[\d.,]+|"
    r"\b\d{1,2}:\d\d(?::\d\d)?\b|\+?\d[\d()\u00a0 -]{8,18}\d(?=\D|$)(?<=[-)]\d\d)|"
    r"\b\d{1,5}(?:\.\d{1,5}){2,5}\b|[#№]\s?\d{1,12}|\b(?:FY|CY)\s?\d\d\b"
)
WEAK = 13
"""A bare count below this says little: `two ways`, `3 steps`."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: what is compared (`value`, plain digits; `a–b` a range or a change), its unit.

    `unit` is a currency's code, %, ×, a measure of time, or `count`; `scale` the zeros that a word
    like `million` stood for.
    """

    value: str
    unit: str
    shown: str
    start: int
    end: int
    rough: bool = False
    scale: int = 0

    @property
    def strong(self) -> bool:
        """Whether it is more than a small count of things."""
        if self.unit != "count" or not self.value.replace(".", "", 1).isdigit():
            return True
        return Decimal(self.value) >= WEAK


def number_of(text: str, language: str) -> Decimal:
    """Read a number as people of a language write it: `1.900` is 1900 in vi, 1.9 in en."""
    bare = re.sub(r"[\s\u00a0\u202f\u2009’']", "", text)
    thousands = {"en": ",", "vi": ".", "ru": "."}.get(language, ",")
    kinds = [mark for mark in ",." if mark in bare]
    if len(kinds) == 2:  # noqa: PLR2004  # both marks: the last one is the decimal one
        last = max(kinds, key=bare.rindex)
        bare = bare.replace("," if last == "." else ".", "").replace(last, ".", 1)
    elif kinds:
        head, _, tail = bare.rpartition(kinds[0])
        grouped = len(tail) == 3 and (kinds[0] == thousands or bare.count(kinds[0]) > 1)  # noqa: PLR2004
        bare = bare.replace(kinds[0], "") if grouped or kinds[0] in head else f"{head}.{tail}"
    try:
        return Decimal(bare)
    except ArithmeticError:  # digits of scripts that Decimal does not read
        return Decimal(0)


def currency_of(heading: str) -> str:
    """Return the currency that a column's heading names, or ""."""
    match = _COLUMN.search(heading)
    return _CURRENCY.get(match[0], match[0].upper()) if match else ""


def blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a text with these spans, in order, blanked; every place stays where it was."""
    parts, place = [], 0
    for start, end in spans:
        parts += [text[place:start], " " * (end - max(start, place))]
        place = max(place, end)
    return "".join([*parts, text[place:]])


def without_noise(text: str) -> tuple[str, list[Dated]]:
    """Blank what has digits and is no figure (addresses, times, dates); return the dates too."""
    if not any(map(str.isdigit, text)):
        return text, []
    text = _NOISE.sub(lambda match: " " * len(match[0]), text)
    dates = dates_of(text)
    return blank(text, [(d.start, d.end) for d in dates]), dates


def figures_of(text: str, language: str) -> list[Figure]:
    """Return the figures of a text in which dates and addresses are blanked already."""
    found: list[Figure] = []
    if not any(map(str.isdigit, text)):
        return found
    for match in _FIGURE.finditer(text):
        figure = _figure(match, text, language)
        if figure is None:
            continue
        joined = _joined(found[-1], figure, text) if found else None
        if joined is not None:
            found[-1] = joined
        else:
            found.append(figure)
    return found


def _figure(match: re.Match[str], text: str, language: str) -> Figure | None:
    start = match.start("number")
    unit = next((name for number, name in enumerate(_NAMES) if match[f"u{number}"] is not None), "")
    lead = text[max(0, start - 24) : start]
    if not unit and not match["before"] and (_LABEL.search(lead) or _is_item(match, text)):
        return None
    value = number_of(match["number"], language)
    scale = (match["scale"] or "").lower().rstrip(".")
    exponent = _SCALES.get(scale) or next((n for w, n in _SCALES.items() if scale[:5] == w[:5]), 0)
    value = value.scaleb(exponent)
    if before := (match["before"] or "").strip().upper():
        unit = _CURRENCY.get(before, before)
    elif scale in {"triệu", "tỷ", "tỉ"} and not unit and _is_money(text, match.end()):
        unit = "VND"
    sign = "-" if (match["sign"] or "").strip() in tuple(_MINUS) and unit == "%" else ""
    return Figure(
        value=sign + _digits(value),
        unit=unit or "count",
        shown=match[0].strip(),
        start=match.start(),
        end=match.end(),
        rough=bool(_ROUGH.search(text[max(0, match.start() - 16) : match.start()])),
        scale=exponent,
    )


def _digits(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _is_item(match: re.Match[str], text: str) -> bool:
    """Whether a number only counts items, is glued to letters, or is an ordinal."""
    if match.start("number") == 0 and text[match.end("number") :][:2] in {". ", ") "}:
        return True
    after = text[match.end("number") : match.end("number") + 4]
    glued = bool(re.match(r"[A-Za-zА-Яа-яĐđ]|-(?:й|я|е|го|му|ый|ая|ое|st|nd|rd|th)\b", after))
    return glued and match["scale"] is None


def _is_money(text: str, end: int) -> bool:
    after = text[end : end + 12].strip()
    return not after or after[0] in "/.,;:)–—+" or after.startswith(("một", "mỗi", "cho", "và"))


def _joined(first: Figure, second: Figure, text: str) -> Figure | None:
    """Return two figures that are one: `9–14 months`, `from 0.9 % to 0.2 %`."""
    between = text[first.end : second.start]
    if len(between) > 12 or not _JOIN.fullmatch(between) or "–" in first.value:  # noqa: PLR2004
        return None
    if first.unit not in {"count", second.unit} or second.value.startswith("-"):
        return None
    low = first.value
    if second.scale and not first.scale:
        low = _digits(Decimal(low).scaleb(second.scale))
    value = f"{low}–{second.value}"
    shown = text[first.start : second.end].strip()
    return replace(
        second, value=value, shown=shown, start=first.start, rough=first.rough or second.rough
    )
