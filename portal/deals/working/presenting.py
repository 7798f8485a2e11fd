"""The bar of the deal somebody works on, and what their use is noted with."""

from dataclasses import dataclass

from flask import current_app, g, request, url_for
from flask_login import current_user

from portal import clock
from portal.accounts.rules import Role
from portal.deals.rules import Outcome, may_see
from portal.deals.working import queries, rules
from portal.deals.working.queries import Work
from portal.library.queries import name_of
from portal.usage.rules import Source
from portal.web import locale

DIGITS = 10
"""Digits of the largest number of a deal."""


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar at the top of every page; `guessed`: by the next call, nobody has said so."""

    deal_id: int
    name: str
    stage: str
    url: str
    guessed: bool


def is_said() -> bool:
    """Whether what the person works on, or that it is nothing, is what they said lately."""
    return rules.counts(current_user.working_since, clock.now())


def _usable(deal_id: int | None) -> Work | None:
    """Return an open deal that the person may see."""
    found = queries.work(deal_id) if deal_id is not None else None
    if found is None or found.outcome != Outcome.OPEN.value:
        return None
    seen = may_see(
        role=Role(current_user.role),
        viewer_id=current_user.id,
        viewer_team=current_user.team_id,
        owner_id=found.owner_id,
        team=found.team_id,
    )
    return found if seen else None


def _found() -> tuple[Work | None, bool]:
    """Look up what the person works on, and whether it is guessed: the deal of their next call."""
    if is_said():
        found = _usable(current_user.working_on)
        if found is not None or current_user.working_on is None:
            return found, False
    ask = current_app.extensions.get("arsenal.next_call")
    return _usable(ask(current_user.id, clock.now()) if ask else None), True


def current() -> Work | None:
    """Return the deal the person works on, looked up once a request."""
    return _once()[0]


def _once() -> tuple[Work | None, bool]:
    if not current_user.is_authenticated:
        return None, False
    if "working" not in g:
        g.working = _found()
    found: tuple[Work | None, bool] = g.working
    return found


def _led_by() -> int | None:
    """Return the deal whose page has led here: what is opened from it is used for it."""
    sent = request.args if request.method == "GET" else request.form
    if (sent.get("from") or sent.get("source")) != Source.DEAL.value:
        return None
    number = sent.get("deal", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < DIGITS else None


def told() -> tuple[int, str] | None:
    """Return what the ledger of use is told: the deal and its stage at this moment."""
    led_by = _led_by() if current_user.is_authenticated else None
    found = (_usable(led_by) if led_by else None) or current()
    return (found.deal_id, found.stage) if found else None


def bar() -> Bar | None:
    """Return the bar of a page, if the person works on a deal."""
    found, guessed = _once()
    if found is None:
        return None
    return Bar(
        deal_id=found.deal_id,
        name=found.name,
        stage=name_of(found.names, found.slug or "", locale.code().value)
        if found.names
        else found.stage,
        url=url_for("deals.show", deal_id=found.deal_id),
        guessed=guessed,
    )
