"""What pages of calls show: lines, words of a call, deals to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from flask_login import current_user

from portal.accounts.rules import Role
from portal.calls import labels, queries, rules
from portal.calls.models import Call
from portal.deals import queries as deals
from portal.deals.models import Deal
from portal.deals.rules import may_see
from portal.errors import NotFound
from portal.web import words

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Named:
    """A deal as pages of one's own calls name it; `seen`: it is still there for the reader."""

    id: int
    name: str
    account: str
    seen: bool


def named(deal: Deal) -> Named:
    """Name a deal, if the person signed in may see it: it may be another team's by now."""
    viewer_id, role, team_id = me()
    seen = may_see(
        role=role,
        viewer_id=viewer_id,
        viewer_team=team_id,
        owner_id=deal.owner_id,
        team=deal.team_id,
    )
    if seen:
        return Named(deal.id, deal.name, deal.account, seen=True)
    return Named(deal.id, gettext("A deal of another team"), "", seen=False)


@dataclass(frozen=True, slots=True)
class Line:
    """A call in a list or at the head of its page; kind, role and result in words."""

    id: int
    deal: Named
    at: datetime
    who: str
    is_mine: bool
    state: str
    state_label: str
    kind: str
    role: str
    result: str
    note: str
    may_edit: bool


def line(call: Call) -> Line:
    """Show a call in a line."""
    return Line(
        id=call.id,
        deal=named(call.deal),
        at=call.at,
        who=call.user.name,
        is_mine=call.user_id == current_user.id,
        state=call.state,
        state_label=words.label(labels.STATES, call.state),
        kind=words.label(labels.KINDS, call.kind),
        role=words.label(labels.ROLES, call.with_role),
        result=words.label(labels.RESULTS, call.result),
        note=call.note,
        may_edit=edits(call),
    )


def edits(call: Call) -> bool:
    """Whether the person signed in may change a call."""
    me = current_user
    return rules.may_edit(role=me.role, viewer_id=me.id, user_id=call.user_id)


def me() -> tuple[int, Role, int | None]:
    """Return who is signed in, as queries want to know."""
    return current_user.id, current_user.role, current_user.team_id


def call_of(call_id: int, *, lock: bool = False) -> Call:
    """Return a call the person signed in may see.

    Raises:
        NotFound: when there is none, or it is on another team's deal.
    """
    found = queries.for_person(*me(), call_id, lock=lock)
    if found is None:
        raise NotFound(gettext("There is no such call, or it is another team’s."))
    return found


def deal_of(deal_id: int | None) -> Deal | None:
    """Return a deal the person signed in may see, or None."""
    return deals.for_person(*me(), deal_id) if deal_id else None


def deal_label(deal: Deal) -> str:
    """Return a deal in one line: its name and whose it is."""
    return f"{deal.name} · {deal.account}" if deal.account not in {"", deal.name} else deal.name


def deal_choices(kept: Deal | None = None) -> Choices:
    """Return the deals a call can be on: open ones, and one that is chosen already."""
    offered: Sequence[Deal] = deals.open_deals(*me())
    found = [(str(deal.id), deal_label(deal)) for deal in offered]
    if kept is not None and str(kept.id) not in {number for number, _ in found}:
        found.insert(0, (str(kept.id), deal_label(kept)))
    return [("", gettext("Choose the deal")), *found]


def role_parts(with_role: str) -> dict[str, str]:
    """Return what the two fields of a role hold for what a call keeps."""
    known = with_role in rules.ROLES
    return {"with_role": with_role if known else "", "role_words": "" if known else with_role}
