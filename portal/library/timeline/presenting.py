"""A timeline in words: events and weeks of use, merged, the latest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import islice
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext, ngettext

from portal.library.publishing import presenting as publishing
from portal.library.publishing.rules import REASON_MOST
from portal.library.timeline.rules import Track, Week
from portal.web import locale


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what happened when, by whom; `bulk_url` leads to the change of many it was in."""

    at: datetime | None
    day: str
    who: str
    what: str
    where: str
    note: str
    is_use: bool
    bulk_url: str


def line(event: Any) -> Line:  # noqa: ANN401  # AssetEvent with its user
    """Show an event."""
    view = publishing.event_view(event)
    bulk = event.detail.get("bulk") if isinstance(event.detail, Mapping) else None
    return Line(
        at=view.at,
        day="",
        who=view.who,
        what=view.what,
        where=view.where,
        note=view.note[:REASON_MOST],
        is_use=False,
        bulk_url=url_for("bulk.show", bulk_id=bulk) if isinstance(bulk, int) else "",
    )


def week_line(week: Week) -> Line:
    """Show a week of use."""
    views = ngettext("%(num)d view", "%(num)d views", week.views)
    copies = ngettext("%(num)d copy", "%(num)d copies", week.copies)
    return Line(
        at=None,
        day=gettext("Week of %(date)s", date=locale.day(week.monday)),
        who="",
        what=f"{views}, {copies}",
        where="",
        note="",
        is_use=True,
        bulk_url="",
    )


def merged(
    events: Sequence[Any], weeks: Sequence[Week], *, zone: ZoneInfo, offset: int, size: int
) -> list[Line]:
    """Merge events and weeks, the latest first, and cut a page out; a week stands at its end."""
    ends = [(datetime.combine(week.last, time.max, zone), 1, week) for week in weeks]
    keyed: list[tuple[datetime, int, Any]] = [(event.at, 0, event) for event in events]
    keyed = sorted([*keyed, *ends], key=itemgetter(0), reverse=True)
    return [
        week_line(it) if kind else line(it)
        for _at, kind, it in islice(keyed, offset, offset + size)
    ]


def track_labels() -> list[tuple[str, str]]:
    """Return the tracks to choose from."""
    return [
        ("", gettext("All")),
        (Track.TEXTS.value, gettext("Texts")),
        (Track.REVIEW.value, gettext("Review")),
        (Track.FACTS.value, gettext("Facts")),
        (Track.USE.value, gettext("Use")),
    ]
