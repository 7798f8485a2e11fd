"""What the page of gaps shows: each gap in words, where it leads, the same as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

from flask import url_for
from flask_babel import get_timezone, gettext, ngettext

from portal.asset_requests.links import request_form_path, request_path
from portal.asset_requests.rules import TITLE_MOST, value_of
from portal.asset_requests.similar.rules import speaks
from portal.insights.gaps import labels
from portal.insights.gaps.weighing import Gap, Sort, all_stakes
from portal.web import locale, words
from portal.web.money import money, value_text, value_words
from portal.web.paging import Args, Choice, with_args
from portal.web.tables import Column, Table, Value


@dataclass(frozen=True, slots=True)
class Shown:
    """A gap on its page; `asked` are (number, address) of open requests, `ask` a filled-in form."""

    text: str
    speaks: str | None
    spellings: Sequence[tuple[str, str | None]]
    searches: str
    empty: bool
    people: str
    deals: str
    value: str
    last: date
    asked: Sequence[tuple[int, str]]
    declined: Sequence[tuple[int, str]]
    ask: str
    search: str


def day_of(seconds: int) -> date:
    """Return the company's day of a moment in seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(get_timezone()).date()


def ask_url(gap: Gap) -> str:
    """Return the address of the form that asks for it, filled in."""
    title = gap.text[:TITLE_MOST]
    told = {"title": title, **gap.about, "q": title if gap.searched else ""}
    return with_args(request_form_path(), (), told)


def shown(gap: Gap, currency: str, *, values: bool) -> Shown:
    """Show a gap; `values`: whether the reader may see what deals come to."""
    return Shown(
        text=gap.text,
        speaks=speaks(gap.text),
        spellings=[(it, speaks(it)) for it in gap.spellings],
        searches=ngettext("%(num)d search", "%(num)d searches", gap.times) if gap.times else "",
        empty=bool(gap.times) and gap.empty == gap.times,
        people=ngettext("%(num)d person", "%(num)d people", gap.people),
        deals=ngettext("%(num)d deal waits", "%(num)d deals wait", gap.deals) if gap.deals else "",
        value=value_words(_first(gap.value, currency)) if values else "",
        last=day_of(gap.last),
        asked=[(number, request_path(number)) for number in gap.requests],
        declined=[(number, request_path(number)) for number in gap.declined],
        ask="" if gap.requests else ask_url(gap),
        search=with_args(url_for("search.page"), (), {"q": gap.text}) if gap.times else "",
    )


def _first(value: Mapping[str, Decimal], currency: str) -> dict[str, Decimal]:
    """Return sums with the one in this currency first."""
    return {code: value[code] for code in sorted(value, key=lambda code: (code != currency, code))}


def table(gaps: Sequence[Gap], currency: str, *, values: bool) -> Table:
    """Return gaps as a table, as files have it."""
    worth = [
        _column("value", gettext("Waiting value"), currency),
        _column("others", gettext("In other currencies"), kind="text"),
    ]
    columns = [
        _column("gap", gettext("Gap"), kind="head"),
        _column("searches", gettext("Searches in vain")),
        _column("empty", gettext("Without result")),
        _column("people", gettext("People")),
        _column("deals", gettext("Waiting deals")),
        *(worth if values else ()),
        _column("last", gettext("Last time"), kind="text"),
        _column("requests", gettext("Open requests"), kind="text"),
        _column("declined", gettext("Declined requests"), kind="text"),
    ]
    return Table("gaps", gettext("Gaps"), columns, [_row(gap, currency) for gap in gaps])


def _column(
    key: str, label: str, unit: str = "", *, kind: Literal["text", "number", "head"] = "number"
) -> Column:
    return Column(key, label, unit, str(labels.MEANS[key]), kind)


def _row(gap: Gap, currency: str) -> dict[str, Value]:
    others = {code: amount for code, amount in gap.value.items() if code != currency}
    return {
        "gap": gap.text,
        "searches": gap.times,
        "empty": gap.empty,
        "people": gap.people,
        "deals": gap.deals,
        "value": gap.value.get(currency, Decimal(0)),
        "others": value_text(others),
        "last": day_of(gap.last),
        "requests": " ".join(map(str, gap.requests)),
        "declined": " ".join(map(str, gap.declined)),
    }


def sort_chips(path: str, args: Args, current: Sort, *, values: bool) -> list[Choice]:
    """Return what gaps can be ordered by."""
    args = list(args)
    offered = [it for it in Sort if values or it is not Sort.VALUE]
    return [
        Choice(
            words.label(labels.SORTS, it),
            with_args(path, args, {"sort": it.value, "page": None}),
            it is current,
        )
        for it in offered
    ]


def currency_chips(path: str, args: Args, codes: Sequence[str], current: str) -> list[Choice]:
    """Return the currencies gaps can be weighed in, when there are several."""
    args = list(args)
    if len(codes) < 2:  # noqa: PLR2004
        return []
    return [
        Choice(code, with_args(path, args, {"currency": code, "page": None}), code == current)
        for code in codes
    ]


def total(gaps: Sequence[Gap], currency: str, *, values: bool) -> list[tuple[str, str]]:
    """Return the figures above the list: (figure, what it counts)."""
    times = sum(gap.times for gap in gaps)
    stakes = all_stakes(gaps)
    worth = value_of(stakes.values()).get(currency) if values else None
    told = [
        (locale.number(len(gaps)), ngettext("gap", "gaps", len(gaps))),
        (locale.number(times), ngettext("search in vain", "searches in vain", times)),
        (locale.number(len(stakes)), ngettext("open deal waits", "open deals wait", len(stakes))),
    ]
    if worth:
        said = gettext("waits in %(currency)s, each deal once", currency=currency)
        told.append((money(worth, currency, short=True), said))
    return told
