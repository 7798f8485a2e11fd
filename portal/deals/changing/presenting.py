"""What the page of changing a deal shows where two people have changed it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from portal.deals.changing.forms import FactsForm
from portal.deals.changing.rules import TAGS, Facts


@dataclass(frozen=True, slots=True)
class Both:
    """A field both have changed: what is there now, and what was typed."""

    label: str
    now: str
    mine: str


def both(form: FactsForm, names: Sequence[str], now: Facts, mine: Facts) -> list[Both]:
    """Show the fields both have changed."""
    return [
        Both(
            str(form[name].label.text),
            *(_shown(form, name, it.words()[name]) for it in (now, mine)),
        )
        for name in names
    ]


def _shown(form: FactsForm, name: str, value: str) -> str:
    """Return a value as it is chosen or typed."""
    if name in {*TAGS, "owner"}:
        labels = {str(choice[0]): str(choice[1]) for choice in form[name].choices}
        value = ", ".join(labels.get(it, it) for it in value.split())
    return value or gettext("nothing")
