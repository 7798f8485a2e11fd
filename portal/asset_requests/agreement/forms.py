"""The form of a proposal: what was typed, and the terms or what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext
from pydantic import ValidationError
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from portal.asset_requests.agreement import holidays_of, terms
from portal.asset_requests.agreement.rules import NOTE_MOST
from portal.asset_requests.agreement.terms import DAYS_MOST, HOURS_MOST, KINDS, Terms
from portal.asset_requests.agreement.working_time import hours_of, hours_text
from portal.usage.rules import INTEGER_MOST
from portal.web.forms import Form

TEXT_MOST = 20_000


class ProposalForm(Form):
    """What is proposed besides the terms: why, and which version it changes."""

    note = StringField(validators=[Length(max=NOTE_MOST)])
    based_on = IntegerField(validators=[InputRequired(), NumberRange(1, INTEGER_MOST)])


class SettleForm(Form):
    """A button below a proposal."""

    proposal = IntegerField(validators=[InputRequired(), NumberRange(1, INTEGER_MOST)])


@dataclass(slots=True)
class Typed:
    """Terms as somebody typed them: the text of each field, and what is wrong with which."""

    text: dict[str, str]
    countries: list[str]
    errors: dict[str, str] = field(default_factory=dict)


NUMBERS = (
    "acknowledge.usual",
    "acknowledge.urgent",
    *(f"deliver.{kind}.{pace}" for kind in KINDS for pace in ("usual", "urgent")),
    "context",
    "try_days",
    "outcome_days",
)


def shown(kept: Terms) -> Typed:
    """Return terms as the form shows them."""
    told: Mapping[str, Any] = dict(terms.lines(kept))
    text = {name: str(told[name]) for name in (*NUMBERS, "zone")}
    text |= {f"week.{n}": hours_text(told[f"week.{n}"]) for n in range(7)}
    text |= {name: "\n".join(map(str, told[name])) for name in ("closed", "opened")}
    return Typed(text, list(kept.countries))


def read(sent: MultiDict[str, str]) -> tuple[Typed, Terms | None]:
    """Read what was sent; terms only when nothing is wrong with them."""
    names = (*NUMBERS, "zone", *(f"week.{n}" for n in range(7)), "closed", "opened")
    text = {name: sent.get(name, "")[:TEXT_MOST].strip() for name in names}
    known = set(holidays_of.countries())
    typed = Typed(text, [code for code in dict.fromkeys(sent.getlist("country")) if code in known])
    made: dict[str, Any] = {"zone": text["zone"], "countries": typed.countries, "deliver": {}}
    made["rates"] = True  # as the page says; only versions from before ratings do without
    for name in NUMBERS:
        most = DAYS_MOST if name.endswith("_days") else HOURS_MOST
        _put(made, name.split("."), _number(typed, name, most))
    made["week"] = [_hours(typed, f"week.{n}") for n in range(7)]
    made |= {name: _days(typed, name) for name in ("closed", "opened")}
    if typed.errors:
        return typed, None
    try:
        return typed, Terms.model_validate(made)
    except ValidationError as error:
        for name in terms.faults(error):
            _blame(typed, name.split(".")[0])
        return typed, None


def _put(made: dict[str, Any], steps: list[str], number: int) -> None:
    for step in steps[:-1]:
        made = made.setdefault(step, {})
    made[steps[-1]] = number


def _number(typed: Typed, name: str, most: int) -> int:
    said = typed.text[name]
    if said.isascii() and said.isdigit() and len(said) <= len(str(most)) and 1 <= int(said) <= most:
        return int(said)
    typed.errors[name] = str(
        gettext("A whole number from %(least)s to %(most)s.", least=1, most=most)
    )
    return 1


def _hours(typed: Typed, name: str) -> list[tuple[int, int]]:
    try:
        return hours_of(typed.text[name])
    except ValueError:
        typed.errors[name] = str(gettext("Write hours as in 8:00–12:00, 13:00–17:00."))
        return []


def _days(typed: Typed, name: str) -> list[date]:
    found = []
    for word in typed.text[name].replace(",", " ").split():
        try:
            found.append(date.fromisoformat(word))
        except ValueError:
            typed.errors[name] = str(
                gettext("%(word)s is no date; write it as in 2026-12-24.", word=word[:40])
            )
    return found


def _blame(typed: Typed, name: str) -> None:
    said = {
        "zone": gettext("There is no time zone of this name."),
        "week": gettext("At least one hour of the week is worked."),
        "countries": gettext("These are too many."),
        "closed": gettext("These are too many."),
        "opened": gettext("These are too many."),
    }
    typed.errors["week.0" if name == "week" else name] = str(
        said.get(name) or gettext("This can not be used.")
    )
