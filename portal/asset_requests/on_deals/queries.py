"""The SELECT behind the open requests of a deal."""

from typing import NamedTuple

from sqlalchemy import bindparam, select

from portal.asset_requests.models import AssetRequest, RequestSupporter
from portal.asset_requests.rules import OPEN, State
from portal.db import db

SHOWN = 10
WAITED_FOR = tuple(sorted(state.value for state in (*OPEN, State.DELIVERED)))
"""Delivered ones wait for whoever asked to say that it is what they need."""


class Waited(NamedTuple):
    """A request a deal waits for."""

    number: int
    title: str
    state: str


_OF_DEAL = (
    select(AssetRequest.id, AssetRequest.title, AssetRequest.state)
    .join(RequestSupporter, RequestSupporter.request_id == AssetRequest.id)
    .where(RequestSupporter.deal_id == bindparam("deal_id"), AssetRequest.state.in_(WAITED_FOR))
    .distinct()
    .order_by(AssetRequest.id.desc())
    .limit(SHOWN)
)


def of_deal(deal_id: int) -> list[Waited]:
    """Return number, title and state of what a deal waits for, the latest first."""
    return [Waited(*row) for row in db.session.execute(_OF_DEAL, {"deal_id": deal_id})]
