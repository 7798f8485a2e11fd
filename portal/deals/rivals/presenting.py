"""What a competitor's page tells of deals; given to the library, below us, by a hook."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext, ngettext

from portal.deals.rivals import queries
from portal.deals.rules import TOO_FEW, Outcome, wilson
from portal.web import locale


@dataclass(frozen=True, slots=True)
class Field:
    """What happened against a competitor: counts, how often we win, what customers object."""

    counts: Sequence[str]
    rate: str
    objections: Sequence[tuple[str, int]]


def _percent(share: float) -> str:
    return locale.number(round(share * 100))


def _rate(won: int, lost: int) -> str:
    """Say how often we win and how sure that is, or that too few deals were decided."""
    decided = won + lost
    if not decided:
        return ""
    if decided < TOO_FEW:
        return str(
            ngettext(
                "Only %(num)d deal was decided: too few to say how often we win.",
                "Only %(num)d deals were decided: too few to say how often we win.",
                decided,
            )
        )
    low, high = wilson(won, decided)
    return str(
        gettext(
            "We win %(share)s%% of %(decided)s decided deals; "
            "the true share lies between %(low)s%% and %(high)s%% (95%% sure).",
            share=_percent(won / decided),
            decided=locale.number(decided),
            low=_percent(low),
            high=_percent(high),
        )
    )


def of_competitor(term_id: int) -> Field | None:
    """Return what happened against a competitor; None when nothing did yet."""
    slugs = queries.slugs(term_id)
    found = queries.outcomes(slugs)
    ask = current_app.extensions.get("arsenal.objections")
    objections = ask(slugs) if ask else ()
    if not found and not objections:
        return None
    won, lost = found.get(Outcome.WON.value, 0), found.get(Outcome.LOST.value, 0)
    undecided = found.get(Outcome.NO_DECISION.value, 0)
    counts = [
        ngettext("%(num)d open", "%(num)d open", found.get(Outcome.OPEN.value, 0)),
        ngettext("%(num)d won", "%(num)d won", won),
        ngettext("%(num)d lost", "%(num)d lost", lost),
    ]
    if undecided:
        counts.append(ngettext("%(num)d without decision", "%(num)d without decision", undecided))
    return Field(counts, _rate(won, lost), objections)
