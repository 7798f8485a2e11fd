"""Days to look back over, ways from page to page, addresses of files."""

from datetime import date

from flask import request, url_for
from flask_babel import gettext, ngettext

from portal.insights.use import labels
from portal.insights.use.queries import Basis
from portal.insights.use.rules import WINDOWS, By, Listing
from portal.web import locale, words
from portal.web.paging import Args, Choice, with_args


def ways(current: str, days: int, *, people: bool) -> list[Choice]:
    """Return the pages for those who publish; `people`: whether the one by person as well."""
    window = str(days)
    found = [Choice(gettext("Overview"), url_for("use.overview", window=window), current == "")]
    for by in By:
        if by is By.PERSON and not people:
            continue
        url = (
            url_for("insights.usage_page", window=window)
            if by is By.ASSET
            else url_for("use.table", by=by.value, window=window)
        )
        found.append(Choice(words.label(labels.BY, by.value), url, current == by.value))
    return found + [
        Choice(
            words.label(labels.LISTS, it.value),
            url_for("use.listing", name=it.value, window=window),
            current == it.value,
        )
        for it in Listing
    ]


def arguments() -> list[tuple[str, str]]:
    """Return what the address asks for, whichever page of it."""
    return [(k, v) for k, v in request.args.items(multi=True) if k not in {"page", "format"}]


def windows(on: Basis, args: Args) -> list[Choice]:
    """Return the numbers of days one can look back over, on the same page."""
    args = list(args)
    return [
        Choice(
            ngettext("%(num)d day", "%(num)d days", days),
            with_args(request.path, args, {"window": str(days)}),
            days == on.days,
        )
        for days in WINDOWS
    ]


def file_url(kind: str) -> str:
    """Return the address of this page's table as a file, all rows of it."""
    return with_args(request.path, arguments(), {"format": kind})


def since_words(day: date) -> str:
    """Return since when it is counted."""
    return str(gettext("Since %(day)s", day=locale.day(day)))
