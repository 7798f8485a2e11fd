"""All that the page of one request shows, as its reader may see it."""

from typing import Any

from portal import clock
from portal.asset_requests import acting, labels, presenting, queries, rules
from portal.asset_requests.acting import Person
from portal.asset_requests.agreement import presenting as agreed
from portal.asset_requests.asking import presenting as asking
from portal.asset_requests.delivering.presenting import ReplayView, replay_of, replay_view
from portal.asset_requests.models import AssetRequest
from portal.asset_requests.rules import Action, Group, State
from portal.asset_requests.talk import presenting as talk
from portal.asset_requests.talk import queries as said
from portal.deals import queries as deals
from portal.web import words
from portal.web.money import value_words

_ANSWERERS = frozenset({Group.ANSWERER, Group.ASSIGNEE})


def _replay(it: AssetRequest) -> ReplayView | None:
    """Search again for what was delivered: those who answer can still do something about it."""
    if it.state != State.DELIVERED or it.delivered is None:
        return None
    return replay_view(replay_of(it, it.delivered))


def page(who: Person, it: AssetRequest) -> dict[str, Any]:
    """Return what `moving/show.html` asks for; see there."""
    groups, state = acting.groups(who, it), State(it.state)
    happened = queries.events([it.id, *queries.merged_into(it.id)])
    sees = None if groups & presenting.ANSWERING else deals.seen_by(who.id, who.role, who.team_id)
    weight = queries.weights([it.id], sees)[it.id]
    may = {action.value: rules.may(groups, action, state) for action in rules.MOVES}
    open_deals = deals.open_deals(who.id, who.role, who.team_id) if may[Action.SUPPORT] else ()
    return {
        "it": it,
        "state_label": words.label(labels.STATES, it.state),
        "complaint": words.label(labels.COMPLAINTS, it.complaint),
        "about": presenting.named(it.asset, desk=may["deliver"]),
        "draft": presenting.named(it.draft, desk=True) if may["deliver"] else None,
        "delivered": presenting.named(it.delivered, desk=False),
        "alternative": presenting.named(it.alternative, desk=False),
        "facts": presenting.facts(it),
        "weight": weight,
        "value": value_words(weight.value),
        "waiting": presenting.waiting(who, it, groups),
        "is_waiting": any(row.user_id == who.id for row in it.supporters),
        "is_mine": it.requester_id == who.id,
        "clocks": agreed.open_clocks(it.id, clock.now()),
        "moves": presenting.moves(groups, state),
        "may": may,
        "people": queries.assignable(it.department) if may["assign"] else (),
        "my_deals": asking.deal_choices(open_deals),
        "my_deal": next((str(r.deal_id or "") for r in it.supporters if r.user_id == who.id), ""),
        "is_answering": bool(groups & _ANSWERERS),
        "lines": presenting.lines(happened, it.id),
        "talkers": talk.talkers(it, happened, but=who.id),
        "has_thanked": not may["thank"]
        or it.assignee_id == who.id  # nobody thanks themselves
        or said.has_thanked(it.id, who.id),
        "replay": _replay(it) if groups & _ANSWERERS else None,
    }
