"""Pages of a list, and links that keep the rest of the address: page, sort, filter."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask_babel.speaklater import LazyString

LARGEST = 10_000
"""No list is longer than so many pages; a larger number in an address is cut to the last one."""

Args = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page in the row of numbers; `url` is empty for the current one, `number` 0 for a gap."""

    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a page of a list stands; `offset` and `size` are what a query needs."""

    number: int
    last: int
    size: int
    total: int
    offset: int
    previous: str
    next: str
    links: tuple[PageLink, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the ways to show something: its words, its address, whether it is the one shown."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class SortLink:
    """A column heading: following `url` sorts by it; `order` is for `aria-sort`, else empty."""

    key: str
    label: str | LazyString
    url: str
    order: str


def number_of(raw: str | None, *, last: int = LARGEST) -> int:
    """Read a page number from outside: what is odd is page 1, what is too large the last."""
    text = (raw or "").strip()
    if not (text.isascii() and text.isdigit()):
        return 1
    # Never int() a long string of digits: Python refuses beyond 4,300.
    value = int(text) if len(text) <= len(str(LARGEST)) else LARGEST
    return min(max(1, value), max(1, min(last, LARGEST)))


def with_args(path: str, args: Args, changes: Mapping[str, str | None]) -> str:
    """An address with some of its arguments set anew, or dropped (None, "")."""
    pairs = [(key, value) for key, value in args if key not in changes]
    pairs += [(key, value) for key, value in changes.items() if value]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def without(path: str, args: Args, name: str, value: str) -> str:
    """An address without one value of an argument that may be given several times."""
    pairs = [(key, kept) for key, kept in args if (key, kept) != (name, value) and key != "page"]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _shown(number: int, last: int) -> list[int]:
    """The numbers to show: first, last and the neighbours; 0 stands for a gap."""
    near = sorted({1, last, *range(max(1, number - 1), min(last, number + 1) + 1)})
    row: list[int] = []
    for page in near:
        if row and page - row[-1] > 1:
            row.append(page - 1 if page - row[-1] == 2 else 0)  # noqa: PLR2004  # one page is missing
        row.append(page)
    return row


def paging(*, total: int, number: int, size: int, url: Callable[[int], str]) -> Paging:
    """Cut a list of `total` rows into pages of `size`; a number past the end is the last page."""
    last = max(1, min(LARGEST, -(-max(0, total) // size)))
    number = min(max(1, number), last)
    return Paging(
        number=number,
        last=last,
        size=size,
        total=total,
        offset=(number - 1) * size,
        previous=url(number - 1) if number > 1 else "",
        next=url(number + 1) if number < last else "",
        links=tuple(
            PageLink(page, url(page) if page and page != number else "")
            for page in (_shown(number, last) if last > 1 else ())
        ),
    )


def page_urls(path: str, args: Args) -> Callable[[int], str]:
    """Make the addresses of the pages of a list; the first page needs no number."""
    kept = [(key, value) for key, value in args if key not in {"page", "fragment"}]
    return lambda number: with_args(path, kept, {"page": str(number) if number > 1 else None})


def sort_links(
    columns: Sequence[tuple[str, str | LazyString, str]],
    *,
    path: str,
    args: Args,
    current: str,
    direction: str,
) -> tuple[SortLink, ...]:
    """Headings that sort: (key, label, first direction) each; the current one turns round."""
    kept = [(key, value) for key, value in args if key not in {"page", "sort", "dir"}]
    links = []
    for key, label, first in columns:
        turned = "asc" if direction == "desc" else "desc"
        goes = turned if key == current else first
        order = {"asc": "ascending", "desc": "descending"}[direction] if key == current else ""
        links.append(SortLink(key, label, with_args(path, kept, {"sort": key, "dir": goes}), order))
    return tuple(links)
