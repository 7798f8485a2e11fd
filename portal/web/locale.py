"""Which language, theme and time zone a page is shown in; asks no database."""

from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal
from flask import g, has_app_context, request
from flask_babel import get_locale, get_timezone

from portal import clock
from portal.config import Language

NAMES = {Language.EN: "English", Language.VI: "Tiếng Việt", Language.RU: "Русский"}
"""Each language in its own words, as a person who reads it would look for it."""

THEMES = ("auto", "light", "dark")
LANGUAGE_COOKIE = "language"
THEME_COOKIE = "theme"


def _of_person() -> str | None:
    """The language of the person signed in, if already loaded; an expired row is not read again."""
    person = g.get("_login_user")
    return getattr(person, "__dict__", {}).get("language")


def pick() -> str | None:
    """Choose the interface language: the person's, the cookie's, the browser's; None: default."""
    for choice in (_of_person(), request.cookies.get(LANGUAGE_COOKIE)):
        if choice in NAMES:
            return choice
    return request.accept_languages.best_match(list(NAMES))


def of_request() -> Locale | None:
    """What Flask-Babel has chosen for this request, asked by every word of a page.

    Its own way to what it keeps in `g` leads through six proxies, a twentieth of a page.
    """
    if not has_app_context():
        return None
    kept: Locale | None = getattr(g.get("_flask_babel"), "babel_locale", None)
    return kept or get_locale()


_CODES = {str(language): language for language in Language}


def code() -> Language:
    """The language of this request."""
    locale = of_request()
    return _CODES[locale.language] if locale else Language.EN


def theme() -> str:
    """The theme of this request: light, dark or auto."""
    choice = request.cookies.get(THEME_COOKIE, "auto")
    return choice if choice in THEMES else "auto"


@lru_cache(maxsize=4096)
def _day(value: date, language: str) -> str:
    return format_date(value, format="medium", locale=language)


def day(value: date | None) -> str:
    """A date as people of the request's language write it; empty for None."""
    if isinstance(value, datetime):
        value = value.astimezone(get_timezone()).date()
    return _day(value, code()) if value else ""


@lru_cache(maxsize=4096)
def _short_day(value: date, language: str) -> str:
    return format_skeleton("MMMd", value, locale=language)


def short_day(value: date) -> str:
    """A date without its year, for the axis of a chart, where there is little room."""
    return _short_day(value, code())


def today() -> date:
    """Today in the company's time zone."""
    return clock.now().astimezone(get_timezone()).date()


@lru_cache(maxsize=4096)
def _number(value: int, language: str) -> str:
    return format_decimal(value, locale=language)


def number(value: int) -> str:
    """A whole number with the separators of the request's language."""
    return _number(value, code())


def moment(value: datetime | None) -> str:
    """A date and time of day in the company's time zone; empty for None."""
    if value is None:
        return ""
    return format_datetime(value, format="short", tzinfo=get_timezone(), locale=str(code()))
