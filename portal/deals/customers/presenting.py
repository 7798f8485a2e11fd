"""What a customer's page shows: facts, how deals with them ended, what was used on them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import ngettext
from flask_login import current_user

from portal.deals.customers import queries
from portal.deals.models import Customer, Deal
from portal.deals.preparing import presenting as preparing
from portal.deals.preparing import queries as using
from portal.deals.preparing.presenting import UsedView
from portal.deals.rules import Outcome, may_change
from portal.library.models import FacetTerm
from portal.library.queries import name_of
from portal.web import locale


@dataclass(frozen=True, slots=True)
class View:
    """A customer as somebody may see it."""

    deals: Sequence[Deal]
    industry: str
    industries: Sequence[str]
    ended: Sequence[str]
    used: Sequence[UsedView]
    total: str
    may_change: bool


def _name(term: FacetTerm) -> str:
    return name_of(term.names, term.slug, locale.code().value)


def slug_of(said: str) -> str:
    """Return an industry's slug when it is one of ours, else what was said."""
    found = preparing.industry(said)
    return found.slug if found else said


def _ended(counts: dict[str, int]) -> list[str]:
    won, lost = counts.get(Outcome.WON.value, 0), counts.get(Outcome.LOST.value, 0)
    undecided = counts.get(Outcome.NO_DECISION.value, 0)
    said = [
        ngettext("%(num)d open", "%(num)d open", counts.get(Outcome.OPEN.value, 0)),
        ngettext("%(num)d won", "%(num)d won", won),
        ngettext("%(num)d lost", "%(num)d lost", lost),
    ]
    if undecided:
        said.append(ngettext("%(num)d without decision", "%(num)d without decision", undecided))
    return said


def view(it: Customer) -> View | None:
    """Return a customer's page for who is signed in; None when they may see none of its deals."""
    me = (current_user.id, current_user.role, current_user.team_id)
    deals = queries.deals_of(*me, it.id)
    if not deals:
        return None
    numbers = [deal.id for deal in deals]
    uses = using.uses(numbers)
    industries = using.industries()
    known = next((term for term in industries if term.slug == it.industry), None)
    return View(
        deals=deals,
        industry=_name(known) if known else it.industry,
        industries=[_name(term) for term in industries if term.retired_on is None],
        ended=_ended(queries.outcomes(*me, it.id)),
        used=preparing.used_views(uses, using.titled({use.asset_id for use in uses})),
        total=preparing.total_words(numbers, uses),
        may_change=any(
            may_change(role=current_user.role, viewer_id=current_user.id, owner_id=deal.owner_id)
            for deal in deals
        ),
    )
