"""What a deal's page shows of its requests; given to deals, below us, by a hook."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.asset_requests.labels import STATES
from portal.asset_requests.links import request_path
from portal.asset_requests.on_deals import queries
from portal.web import words


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request in a line."""

    url: str
    title: str
    state: str


def of_deal(deal_id: int) -> Sequence[RequestView]:
    """Return what a deal waits for."""
    return [
        RequestView(request_path(number), title, words.label(STATES, state))
        for number, title, state in queries.of_deal(deal_id)
    ]
