"""How fresh an asset is in words, for everybody who reads it, and the desk's list of checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext, ngettext

from portal.library.freshness import queries, rules
from portal.library.freshness.queries import Due
from portal.library.freshness.rules import Condition, Freshness, Unit
from portal.library.models import Asset
from portal.library.rules import State
from portal.web import locale, words


@dataclass(frozen=True, slots=True)
class FreshView:
    """How fresh an asset is: its `condition`, for the colour, and words for it."""

    condition: str
    is_due: bool
    words: str


def fresh_view(checked_on: date | None, months: int, today: date) -> FreshView:
    """Show how fresh an asset is, in the few words of a list."""
    fresh = rules.freshness(checked_on, months, today)
    return FreshView(fresh.condition.value, fresh.is_due, short(fresh, today))


def short(fresh: Freshness, today: date) -> str:
    """Return the words of a list for how fresh an asset is."""
    if fresh.checked_on is None:
        return str(gettext("Never checked"))
    if fresh.condition is Condition.OVERDUE:
        return _unchecked(fresh.checked_on, today)
    if fresh.condition is Condition.TODAY:
        return str(gettext("Check due today"))
    return str(gettext("Checked on %(date)s", date=locale.day(fresh.checked_on)))


def _unchecked(checked_on: date, today: date) -> str:
    number, unit = rules.since(checked_on, today)
    if unit is Unit.YEARS:
        return str(
            ngettext("Not checked for %(num)d year", "Not checked for %(num)d years", number)
        )
    if unit is Unit.MONTHS:
        return str(
            ngettext("Not checked for %(num)d month", "Not checked for %(num)d months", number)
        )
    return str(ngettext("Not checked for %(num)d day", "Not checked for %(num)d days", number))


def page_view(checked_on: date | None, months: int, today: date, *, ask: str) -> FreshView:
    """Show how fresh an asset is on its page: when the next check is due, or whom to `ask` first.

    `ask` is empty when there is nobody but marketing.
    """
    fresh = rules.freshness(checked_on, months, today)
    said = short(fresh, today)
    if fresh.condition in {Condition.OVERDUE, Condition.NEVER}:
        if ask:
            said = gettext("%(state)s: ask %(name)s before you quote it", state=said, name=ask)
        else:
            said = gettext("%(state)s: ask marketing before you quote it", state=said)
    elif fresh.condition is Condition.TODAY:
        said = gettext(
            "Checked on %(date)s; next check due today", date=locale.day(fresh.checked_on)
        )
    else:
        said = gettext(
            "Checked on %(date)s; next check due %(due)s",
            date=locale.day(fresh.checked_on),
            due=locale.day(fresh.due_on),
        )
    return FreshView(fresh.condition.value, fresh.is_due, str(said))


def months_label(months: int) -> str:
    """Return an interval in words."""
    return str(ngettext("%(num)d month", "%(num)d months", months))


@dataclass(frozen=True, slots=True)
class CareView:
    """Who looks after an asset on the desk, and how fresh it is (None: it is not published)."""

    fresh: FreshView | None
    owner: str
    owner_note: str
    backup: str
    owner_id: int | None
    backup_id: int | None
    own_months: int | None
    interval: str
    people: Sequence[queries.Person]


def care_view(asset: Asset, today: date, *, may_assign: bool) -> CareView:
    """Show who looks after an asset; `people` are those to choose from, for who may choose."""
    months = queries.months_of(asset.id)
    known = queries.people([asset.owner_id, asset.backup_owner_id])
    owner, backup = known.get(asset.owner_id or 0), known.get(asset.backup_owner_id or 0)
    ask = next((it.name for it in (owner, backup) if it is not None and it.is_active), "")
    published = asset.state == State.PUBLISHED.value
    people = queries.writers() if may_assign else []
    here = {it.id for it in people}
    people += [it for it in (owner, backup) if may_assign and it is not None and it.id not in here]
    return CareView(
        fresh=page_view(asset.checked_on, months, today, ask=ask) if published else None,
        owner=owner.name if owner else "",
        owner_note=gettext("has left") if owner and not owner.is_active else "",
        backup=backup.name if backup else "",
        owner_id=asset.owner_id,
        backup_id=asset.backup_owner_id,
        own_months=asset.review_months,
        interval=months_label(queries.kind_months(asset.kind)),
        people=list(dict.fromkeys(people)),
    )


# --- the desk's list of checks -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DueView:
    """An asset in the list of checks."""

    slug: str
    url: str
    title: str
    language: str
    kind: str
    kind_label: str
    owner: str
    note: str
    condition: str
    words: str
    views: int


@dataclass(frozen=True, slots=True)
class Week:
    """The checks that are due in one week, or were due before."""

    label: str
    rows: Sequence[DueView]


def in_order(found: Sequence[Due], used: Mapping[int, int], today: date) -> list[Due]:
    """Order checks by week, and within a week by how much the asset is used."""

    def place(it: Due) -> tuple[date, int, str]:
        return (_week(it, today), -used.get(it.id, 0), it.slug)

    return sorted(found, key=place)


NEVER, LATE = date.min, date.min + timedelta(days=1)


def _week(it: Due, today: date) -> date:
    """Return the Monday a check belongs to; two days of long ago stand for never and late."""
    due = rules.freshness(it.checked_on, it.months, today).due_on
    if due is None:
        return NEVER
    return LATE if due < today else rules.week_of(due)


def weeks(
    page: Sequence[Due],
    titles: Mapping[int, tuple[str, str]],
    used: Mapping[int, int],
    today: date,
) -> list[Week]:
    """Show a page of the ordered list of checks, week by week."""
    found: dict[date, list[DueView]] = {}
    for it in page:
        found.setdefault(_week(it, today), []).append(_row(it, titles, used, today))
    return [Week(_week_label(monday, today), rows) for monday, rows in found.items()]


def _row(
    it: Due, titles: Mapping[int, tuple[str, str]], used: Mapping[int, int], today: date
) -> DueView:
    language, title = titles.get(it.id, ("en", it.slug))
    fresh = rules.freshness(it.checked_on, it.months, today)
    due = gettext("Due %(date)s", date=locale.day(fresh.due_on))
    said = short(fresh, today) if fresh.is_due else due
    note = gettext("has left") if it.owner and not it.owner_is_active else ""
    return DueView(
        slug=it.slug,
        url=url_for("publishing.show", slug=it.slug),
        title=title,
        language=language,
        kind=it.kind,
        kind_label=words.label(words.KINDS, it.kind),
        owner=it.owner,
        note=note,
        condition=fresh.condition.value,
        words=said,
        views=used.get(it.id, 0),
    )


def _week_label(monday: date, today: date) -> str:
    if monday == NEVER:
        return str(gettext("Never checked"))
    if monday == LATE:
        return str(gettext("Overdue"))
    ahead = (monday - rules.week_of(today)).days // 7
    if ahead == 0:
        return str(gettext("This week"))
    if ahead == 1:
        return str(gettext("Next week"))
    return str(gettext("Week of %(date)s", date=locale.day(monday)))
