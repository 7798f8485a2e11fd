"""Public holidays by country, from the library that keeps them; the one place that asks it.

The library is loaded when somebody counts the days of a country, which most pages do not.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from babel import Locale

from portal.asset_requests.agreement.terms import Terms
from portal.asset_requests.agreement.working_time import Calendar


@lru_cache(maxsize=1)
def countries() -> tuple[str, ...]:
    """Return the codes of all countries whose holidays are known."""
    import holidays  # noqa: PLC0415  # as said at the top

    return tuple(sorted(c for c in holidays.list_supported_countries(include_aliases=False)))


def named(language: str) -> list[tuple[str, str]]:
    """Return all countries as (code, name in a language), by name."""
    names = Locale(language).territories
    return sorted(((c, str(names.get(c, c))) for c in countries()), key=lambda pair: pair[1])


@lru_cache(maxsize=64)
def _of(country: str, year: int) -> Any:  # noqa: ANN401  # a mapping of dates to names
    import holidays  # noqa: PLC0415  # as said at the top

    return holidays.country_holidays(country, years=year, expand=False, language="en_US")


def on(countries: Sequence[str], day: date) -> list[tuple[str, str]]:
    """Return the holidays of a day as (country, name)."""
    found = ((country, _of(country, day.year).get(day)) for country in countries)
    return [(country, str(name)) for country, name in found if name]


def is_off(countries: Sequence[str]) -> Callable[[date], bool]:
    """Return whether a day is a public holiday in one of these countries; years as asked for."""
    return lambda day: any(day in _of(country, day.year) for country in countries)


@lru_cache(maxsize=16)
def _calendar(kept: str) -> Calendar:
    terms = Terms.model_validate_json(kept)
    return Calendar(
        terms.week,
        terms.zone,
        is_off=is_off(terms.countries),
        closed=terms.closed,
        opened=terms.opened,
    )


def calendar(terms: Terms) -> Calendar:
    """Return the calendar of some terms; one for all who ask, which remembers its days."""
    return _calendar(terms.model_dump_json())
