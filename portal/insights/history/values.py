"""Cells of a history's files made values, or the reason why they are none. Pure."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, ValidationInfo

from portal.accounts.rules import EMAIL_MOST, clean_email
from portal.config import Language
from portal.deals.importing.rules import ending, text_of
from portal.deals.importing.values import CURRENCIES
from portal.deals.past_uses.rules import YEARS
from portal.deals.rules import Outcome, amount_of, key_of
from portal.usage.rules import INTEGER_MOST

ID_MOST, WORD_MOST, TITLE_MOST, COMMENT_MOST = 120, 80, 300, 300
STARS = {str(n): n for n in range(1, 6)} | {f"{n}.0": n for n in range(1, 6)}
HELPED = {
    "": None, "yes": "helped", "no": "did-not", "true": "helped", "false": "did-not",
    "1": "helped", "0": "did-not", "helped": "helped", "did-not": "did-not", "hurt": "hurt",
}  # fmt: skip
RESULTS = {"": None, "good": "advanced", "bad": "stalled"}
_VERSION = re.compile(r"v?(\d{1,10})(?:\.\d+)*", re.IGNORECASE | re.ASCII)


def given(value: str, info: ValidationInfo, most: int = ID_MOST) -> str:
    """Return what has to be said.

    Raises:
        ValueError: when nothing is, or too much.
    """
    if said := id_of(value, info, most):
        return said
    raise ValueError(f"{info.field_name} is empty")


def id_of(value: str, info: ValidationInfo, most: int = ID_MOST) -> str:
    """Return what something is called, whole: cut short, two could become one.

    Raises:
        ValueError: when it is longer than any name.
    """
    said = text_of(value)
    if len(said) > most:
        raise ValueError(f"{info.field_name} is longer than {most} characters")
    return said


def word_of(value: str) -> str:
    """Return words as they are kept."""
    return text_of(value, WORD_MOST)


def _email(value: str, info: ValidationInfo) -> str:
    said = text_of(value)
    if said and clean_email(said) is None:
        raise ValueError(f"{info.field_name} “{said[:WORD_MOST]}” is no e-mail address")
    return said


def moment_of(value: str, name: str, now: datetime | None) -> datetime:
    """Read a time in ISO 8601 with its zone; not after `now`, if that is given.

    Raises:
        ValueError: when it is none.
    """
    said = value.strip()
    try:
        at = datetime.fromisoformat(said)
    except ValueError as error:
        raise ValueError(f"{name} “{text_of(said, 40)}” is no time (ISO 8601)") from error
    if at.tzinfo is None:
        raise ValueError(f"{name} “{said}” does not say its time zone")
    if at.year not in YEARS:
        raise ValueError(f"{name} “{said}” is no time between 1990 and 2100")
    if now is not None and at > now:
        raise ValueError(f"{name} “{said}” is in the future")
    return at


def _past(value: str, info: ValidationInfo) -> datetime:
    if not value.strip():
        raise ValueError(f"{info.field_name} is empty")
    return moment_of(value, str(info.field_name), (info.context or {}).get("now"))


def _past_or_none(value: str, info: ValidationInfo) -> datetime | None:
    return _past(value, info) if value.strip() else None


def _any_time_or_none(value: str, info: ValidationInfo) -> datetime | None:
    return moment_of(value, str(info.field_name), None) if value.strip() else None


def _amount(value: str) -> Decimal | None:
    try:
        return amount_of(value) if value.strip() else None
    except ValueError as error:
        raise ValueError(f"“{text_of(value, 40)}” is no amount") from error


def _currency(value: str) -> str:
    said = value.strip().upper()
    if said and said not in CURRENCIES:
        raise ValueError(f"“{text_of(value, 40)}” is no currency, as EUR")
    return said


def _status(value: str) -> Outcome:
    key = key_of(value[:WORD_MOST])
    if key == Outcome.OPEN.value:
        return Outcome.OPEN
    if (found := ending(key)) is None:
        raise ValueError(f"status “{text_of(value, 40)}” is none of open, won, lost")
    return found


def _version(value: str) -> int | None:
    """Return the number of a version; what is none, is not kept."""
    found = _VERSION.fullmatch(value.strip())
    return int(found[1]) if found and int(found[1]) <= INTEGER_MOST else None


def _stars(value: str) -> int:
    if (found := STARS.get(value.strip())) is None:
        raise ValueError(f"stars “{text_of(value, 40)}” are none of 1 to 5")
    return found


def _helped(value: str) -> str | None:
    key = value[:WORD_MOST].strip().casefold()
    if key not in HELPED:
        raise ValueError(f"helped “{text_of(value, 40)}” is neither yes nor no")
    return HELPED[key]


def _result(value: str) -> str | None:
    key = value[:WORD_MOST].strip().casefold()
    if key not in RESULTS:
        raise ValueError(f"call_outcome “{text_of(value, 40)}” is neither good nor bad")
    return RESULTS[key]


def _language(value: str) -> str | None:
    key = value.strip().casefold()
    return key if key in set(Language) else None


Key = Annotated[str, BeforeValidator(given)]
MaybeKey = Annotated[str, BeforeValidator(id_of)]
Word = Annotated[str, BeforeValidator(word_of)]
Stage = Annotated[Word, BeforeValidator(given)]
Title = Annotated[str, BeforeValidator(lambda said: text_of(said, TITLE_MOST))]
Comment = Annotated[str, BeforeValidator(lambda said: text_of(said, COMMENT_MOST))]
Email = Annotated[str, BeforeValidator(_email)]
Rep = Annotated[Email, BeforeValidator(lambda said, info: given(said, info, most=EMAIL_MOST))]
Past = Annotated[datetime, BeforeValidator(_past)]
MaybePast = Annotated[datetime | None, BeforeValidator(_past_or_none)]
MaybeTime = Annotated[datetime | None, BeforeValidator(_any_time_or_none)]
Amount = Annotated[Decimal | None, BeforeValidator(_amount)]
Currency = Annotated[str, BeforeValidator(_currency)]
Status = Annotated[Outcome, BeforeValidator(_status)]
Version = Annotated[int | None, BeforeValidator(_version)]
Stars = Annotated[int, BeforeValidator(_stars)]
Helped = Annotated[str | None, BeforeValidator(_helped)]
Result = Annotated[str | None, BeforeValidator(_result)]
Spoken = Annotated[str | None, BeforeValidator(_language)]
