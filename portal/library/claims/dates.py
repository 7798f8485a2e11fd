"""Dates in running text, in three languages: day, month, quarter or year, and where they stand."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_MONTHS_EN = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTHS_RU = "янв фев мар апр ма[йяе] июн июл авг сен окт ноя дек".split()
_EN = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_RU = (
    r"(?P<{0}>янв(?:ар[ьяе])?|фев(?:рал[ьяе])?|март?[ае]?|апр(?:ел[ьяе])?|ма[йяе]|июн[ьяе]?|"
    r"июл[ьяе]?|авг(?:уст[ае]?)?|сент?(?:ябр[ьяе])?|окт(?:ябр[ьяе])?|нояб?(?:р[ьяе])?|"
    r"дек(?:абр[ьяе])?)\.?"
)
_YEAR = r"(?:19|20)\d\d"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_QUARTER = r"[1-4]|i{1,3}|iv"

# one alternation, tried from the most telling form to the barest; every part is bounded
_DATE = re.compile(
    rf"""(?<![\w.,/-])(?:
      (?P<iso>{_YEAR}-(?P<im>0\d|1[0-2])(?:-(?P<id>[0-2]\d|3[01]))?)
    | ngày\s(?P<vd>\d{{1,2}})\stháng\s(?P<vm>\d{{1,2}})(?:\s(?:năm\s)?|\s?[/.-]\s?)(?P<vy>{_YEAR})
    | tháng\s(?P<tm>\d{{1,2}})(?:\snăm\s|\s?[/.-]\s?|\s)(?P<ty>{_YEAR})
    | quý\s(?P<vq>{_QUARTER})(?:\snăm\s|\s?/\s?|\s)(?P<vqy>{_YEAR})
    | (?P<rq>{_QUARTER})[-\s]?(?:й\s)?кв(?:артал\w{{0,3}})?\.?\s(?P<rqy>{_YEAR})
    | q(?P<eq>[1-4])[\s/]?(?P<eqy>{_YEAR})
    | (?:(?P<ed>\d{{1,2}})(?:st|nd|rd|th)?\s)?{_EN.format("em")},?\s(?P<ey>{_YEAR})
    | {_EN.format("am")}\s(?P<ad>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<ay>{_YEAR})
    | (?:(?P<rd>\d{{1,2}})\s)?{_RU.format("rm")},?\s(?P<ry>{_YEAR})
    | (?P<nd>\d{{1,2}})[./](?P<nm>\d{{1,2}})[./](?P<ny>{_YEAR})
    | (?P<mm>\d{{1,2}})[./](?P<my>{_YEAR})
    | (?:năm\s)?(?P<y>{_YEAR})(?:\s?г(?:од\w{{0,2}}|\.)?(?!\w))?
    )(?![\w%]|[.,]\d|[-–]\d)""",
    re.IGNORECASE | re.VERBOSE,
)

_HAS_YEAR = re.compile(r"(?:19|20)\d\d")
_LIKELY = re.compile(r"199\d|20[0-4]\d")
_BEFORE_YEAR = re.compile(
    r"(?:\b(?:in|since|of|by|for|from|until|early|late|năm|đầu|cuối|в|с|со|до|за|на|от)\s)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a text: its last day, how exact it is (day, month, quarter, year), its place."""

    day: date
    exact: str
    start: int
    end: int


def dates_of(text: str) -> list[Dated]:
    """Return the dates in a text; what is no date of the calendar is left out."""
    found: list[Dated] = []
    if not _HAS_YEAR.search(text):
        return found
    for match in _DATE.finditer(text):
        if _is_count(match, text):
            continue
        told = _told(match)
        if told is not None:
            found.append(Dated(*told, match.start(), match.end()))
    return found


def _is_count(match: re.Match[str], text: str) -> bool:
    """Whether a bare year is rather a number of things: `1900 площадок`, `2000 clients`."""
    if match["y"] is None or not match[0].isdigit():
        return False
    if not _LIKELY.fullmatch(match[0]):
        return True
    after = text[match.end() : match.end() + 2]
    before = text[max(0, match.start() - 8) : match.start()]
    return after[:1] in " \u202f\xa0" and after[1:].islower() and not _BEFORE_YEAR.search(before)


def _told(match: re.Match[str]) -> tuple[date, str] | None:
    part = {name: value for name, value in match.groupdict().items() if value}
    if "iso" in part:
        return _day(part["iso"][:4], part["im"], part.get("id"))
    for quarter, year in (("vq", "vqy"), ("rq", "rqy"), ("eq", "eqy")):
        if year in part:
            number = _ROMAN.get(part[quarter].lower()) or int(part[quarter])
            last = _day(part[year], str(number * 3), None)
            return (last[0], "quarter") if last else None
    for day, month, year in (
        ("vd", "vm", "vy"), ("", "tm", "ty"), ("ed", "em", "ey"), ("ad", "am", "ay"),
        ("rd", "rm", "ry"), ("nd", "nm", "ny"), ("", "mm", "my"),
    ):  # fmt: skip
        if year in part:
            return _day(part[year], part[month], part.get(day))
    return date(int(part["y"]), 12, 31), "year"


def _day(year: str, month: str, day: str | None) -> tuple[date, str] | None:
    number = int(month) if month.isdigit() else _month(month.lower())
    if not 1 <= number <= 12:  # noqa: PLR2004  # a year has twelve months
        return None
    last = monthrange(int(year), number)[1]
    if day is None:
        return date(int(year), number, last), "month"
    if not 1 <= int(day) <= last:
        return None
    return date(int(year), number, int(day)), "day"


def _month(name: str) -> int:
    for names in (_MONTHS_EN, _MONTHS_RU):
        for number, start in enumerate(names, 1):
            if re.match(start, name):
                return number
    return 0
