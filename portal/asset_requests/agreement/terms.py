"""The terms both sides agree on: hours to answer in, days to try in, and the calendar; pure."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from portal.asset_requests.agreement.working_time import Span, joined
from portal.library.rules import Kind

OTHER = "other"
"""What is asked for without a kind, or of a kind that is newer than the terms."""
KINDS = (*(kind.value for kind in Kind), OTHER)
HOURS_MOST, DAYS_MOST, DATES_MOST = 2000, 365, 400
LEAST_WEEK = 60
"""Minutes of a week that are worked at least: otherwise nothing would ever be due."""

Hours = Annotated[int, Field(ge=1, le=HOURS_MOST)]
Days = Annotated[int, Field(ge=1, le=DAYS_MOST)]
Day = Annotated[list[Span], Field(max_length=12)]


class Pair(BaseModel):
    """Working hours for what can wait, and for what is urgent, which never has more."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    usual: Hours
    urgent: Hours

    def of(self, *, urgent: bool) -> int:
        """Return the hours of an urgent request, or of another."""
        return self.urgent if urgent else self.usual


class Terms(BaseModel):
    """One version of the agreement, as both sides have signed it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zone: str = Field(max_length=60)
    week: Annotated[list[Day], Field(min_length=7, max_length=7)]
    countries: Annotated[list[Annotated[str, Field(pattern="^[A-Z]{2}$")]], Field(max_length=12)]
    closed: Annotated[list[date], Field(max_length=DATES_MOST)] = []
    opened: Annotated[list[date], Field(max_length=DATES_MOST)] = []
    acknowledge: Pair
    deliver: dict[str, Pair]
    context: Hours
    try_days: Days
    outcome_days: Days
    rates: bool = False
    """Whether a rating is owed, and counted; versions signed before there were ratings say no."""

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:  # unknown, or no name of a zone at all
            raise ValueError(f"no time zone is called {name}") from error
        return name

    @field_validator("week")
    @classmethod
    def _worked(cls, week: list[list[Span]]) -> list[list[Span]]:
        if any(not 0 <= start < end <= 24 * 60 for day in week for start, end in day):
            raise ValueError("working hours end after they begin, within a day")
        if sum(end - start for day in week for start, end in joined(day)) < LEAST_WEEK:
            raise ValueError("a week has at least an hour of work")
        return week

    @field_validator("closed", "opened")
    @classmethod
    def _in_order(cls, days: list[date]) -> list[date]:
        return sorted(set(days))

    @field_validator("countries")
    @classmethod
    def _once(cls, countries: list[str]) -> list[str]:
        return sorted(set(countries))

    @field_validator("deliver")
    @classmethod
    def _every_kind(cls, deliver: dict[str, Pair]) -> dict[str, Pair]:
        if OTHER not in deliver:
            raise ValueError("terms name hours for what has no kind")
        return deliver

    def deliver_in(self, kind: str | None) -> Pair:
        """Return the hours in which something of a kind is delivered."""
        return self.deliver.get(kind or OTHER) or self.deliver[OTHER]


def _pair(usual: int, urgent: int) -> Pair:
    return Pair(usual=usual, urgent=urgent)


_HOME = {"Asia/Ho_Chi_Minh": ["VN"], "Asia/Saigon": ["VN"], "Europe/Moscow": ["RU"]}


def first(zone: str) -> Terms:
    """Return the terms a portal begins with, until both sides have signed their own.

    Their numbers are what requests filed under version 1 were promised: never change them.
    """
    office: list[Span] = [(8 * 60, 12 * 60), (13 * 60, 17 * 60)]
    small, middle, large = _pair(24, 8), _pair(40, 16), _pair(80, 40)
    sizes = {"faq": small, "email-template": small, "pricing-policy": small}
    sizes |= {"case-study": large, "playbook": large, "deck": large, "video": large}
    return Terms(
        zone=zone,
        week=[office] * 5 + [[]] * 2,
        countries=_HOME.get(zone, []),
        acknowledge=_pair(8, 2),
        deliver={kind: sizes.get(kind, middle) for kind in KINDS},
        context=8,
        try_days=14,
        outcome_days=7,
        rates=True,
    )


def read(kept: object) -> Terms:
    """Read terms as they are kept.

    Raises:
        ValueError: when they are none.
    """
    return Terms.model_validate(kept)


def faults(error: ValidationError) -> list[str]:
    """Return which terms can not be used, as dotted names."""
    return [".".join(str(step) for step in fault["loc"]) for fault in error.errors()]


def lines(terms: Terms) -> Iterator[tuple[str, object]]:
    """Give every term by its name, so that versions can be compared and shown."""
    yield "zone", terms.zone
    for number, day in enumerate(terms.week):
        yield f"week.{number}", tuple(joined(day))
    yield "countries", tuple(terms.countries)
    yield "closed", tuple(terms.closed)
    yield "opened", tuple(terms.opened)
    yield "acknowledge.usual", terms.acknowledge.usual
    yield "acknowledge.urgent", terms.acknowledge.urgent
    for kind in KINDS:
        yield f"deliver.{kind}.usual", terms.deliver_in(kind).usual
        yield f"deliver.{kind}.urgent", terms.deliver_in(kind).urgent
    yield "context", terms.context
    yield "try_days", terms.try_days
    yield "outcome_days", terms.outcome_days
    yield "rates", terms.rates


def differences(before: Terms, after: Terms) -> list[tuple[str, object, object]]:
    """Return the terms that differ between two versions: name, before, after."""
    was = dict(lines(before))
    return [(name, was[name], value) for name, value in lines(after) if was[name] != value]
