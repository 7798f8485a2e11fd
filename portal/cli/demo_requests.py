"""The demo's deals and requests: read from `content/requests.yaml`, their days counted from now."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from portal import clock
from portal.accounts import queries as people
from portal.accounts.models import User
from portal.accounts.rules import DEMO_DOMAIN
from portal.asset_requests import queries
from portal.asset_requests.acting import record
from portal.asset_requests.asking.service import Words
from portal.asset_requests.carrying import rules as files
from portal.asset_requests.carrying.service import Carrier
from portal.asset_requests.models import AssetRequest
from portal.asset_requests.rules import Action
from portal.asset_requests.talk import service as talk
from portal.db import db
from portal.deals import service as deals
from portal.deals.models import Deal
from portal.deals.pipelines import service as pipelines

MORNING = time(9, 30)
TIMES = {
    "asked_at": "asked",
    "acknowledged_at": "acknowledged",
    "taken_on_at": "taken_on",
    "delivered_at": "delivered",
    "settled_at": "settled",
}
TAKEN = (
    *("id", "title", "situation", "kind", "language", "product", "competitor", "industry"),
    *("stage", "department", "query", "state"),
)


def _email(local: str) -> str:
    return f"{local}@{DEMO_DOMAIN}"


def fill(file: Path, *, words: Words, zone: str) -> dict[str, Deal]:
    """Make the demo's deals and requests; returns the deals by key; flushed."""
    told = yaml.safe_load(file.read_text("utf-8"))
    here = {user.email: user for user in people.list_users()}
    made = {one["key"]: _deal(one, here) for one in told["deals"]}
    carrier = Carrier(words, zone)
    for one in told["requests"]:
        carrier.carry(files.read(_row(one, zone)))
        _wait(one, carrier, here, made)
    return made


def _deal(one: Mapping[str, Any], here: Mapping[str, User]) -> Deal:
    owner = here[_email(one["owner"])]
    return deals.add(
        owner.id,
        owner.team_id,
        name=one["name"],
        account=one["account"],
        amount=Decimal(one["amount"]),
        currency=one["currency"],
        stage=next(it for it in pipelines.ready().stages if it.slug == one["stage"]),
        closes_on=clock.now().date() + timedelta(days=one["closes_in"]),
    )


def _row(one: Mapping[str, Any], zone: str) -> dict[str, str]:
    """Return a request as a row of a file: e-mails whole, days as moments."""
    row = {name: str(one[name]) for name in TAKEN if name in one}
    row["requester"] = _email(one["requester"])
    row["assignee"] = _email(one["assignee"]) if "assignee" in one else ""
    row["supporters"] = ";".join(map(_email, one.get("also", {})))
    row["urgent"] = "yes" if one.get("urgent") else ""
    row["delivered"] = one.get("delivered_asset", "")
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    for column, name in TIMES.items():
        if name in one:
            day = today - timedelta(days=one[name])
            row[column] = datetime.combine(day, MORNING, ZoneInfo(zone)).isoformat()
    return row


def _wait(
    one: Mapping[str, Any], carrier: Carrier, here: Mapping[str, User], made: Mapping[str, Deal]
) -> None:
    """Name the deals that wait, and say the thanks."""
    it = queries.by_number(carrier.known[files.token_of(str(one["id"]))])
    if it is None:
        return
    waits = {one["requester"]: one.get("deal"), **one.get("also", {})}
    for local, key in waits.items():
        row = queries.supporter(it.id, here[_email(local)].id)
        if row is not None and key:
            row.deal_id = made[key].id
    if one.get("thanks"):
        _thank(it, str(one["thanks"]))
    db.session.flush()


def _thank(it: AssetRequest, said: str) -> None:
    event = record(it, Action.THANK, None, note=said, detail=talk.kept(said), at=it.changed_at)
    event.user_id = it.requester_id
