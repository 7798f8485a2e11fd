"""What happened in the field of the demo: read from `content/field.yaml`, days counted from now."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from sqlalchemy import select

from portal import clock
from portal.accounts import queries as people
from portal.accounts.models import User
from portal.accounts.rules import DEMO_DOMAIN
from portal.calls.models import Call, CallPoint, CallUse
from portal.calls.ratings.models import Rating
from portal.calls.rules import key_of
from portal.db import db
from portal.deals import service as deals
from portal.deals.models import Deal, PipelineStage
from portal.deals.pipelines import queries as pipelines
from portal.deals.pipelines import service as ways
from portal.library.models import Asset
from portal.usage.models import UsageEvent
from portal.usage.rules import Action

DEPARTMENTS = {"objection": "marketing", "wish": "product", "complaint": "customer-care"}
HOURS = (9, 10, 11, 14, 15, 16)
"""When calls begin, in turn."""


class Field:
    """The demo's calls, written from a file; `made` are its open deals by key."""

    def __init__(self, made: dict[str, Deal], zone: str) -> None:
        """Look up people, assets and stages once."""
        self.deals, self.zone = made, ZoneInfo(zone)
        self.people = {user.email: user for user in people.list_users()}
        self.assets = {asset.slug: asset for asset in db.session.scalars(select(Asset))}
        self.stages = {stage.slug: stage for stage in ways.ready().stages}
        self.reasons = {reason.slug: reason for reason in pipelines.losses()}

    def person(self, local: str) -> User:
        """Return one of the demo's people."""
        return self.people[f"{local}@{DEMO_DOMAIN}"]

    def at(self, ago: int, hour: int) -> datetime:
        """Return an hour of the company's day so many days ago."""
        day = clock.now().astimezone(self.zone).date() - timedelta(days=ago)
        return datetime.combine(day, time(hour), self.zone)

    def about(self, deal: Deal, told: Mapping[str, Any]) -> None:
        """Say what a deal is about, and who the customer is."""
        competitor = told.get("competitor")
        deals.tag(deal, products=[told["product"]], competitors=[competitor] if competitor else [])
        if deal.customer is not None:
            deal.customer.industry = told.get("industry", "")
            deal.customer.country = told.get("country", "")
            deal.customer.employees = told.get("employees")

    def ended(self, told: Mapping[str, Any]) -> None:
        """Write a deal that has ended, with its way through the stages."""
        owner = self.person(told["owner"])
        deal = deals.add(
            owner.id,
            owner.team_id,
            name=told["name"],
            account=told["account"],
            amount=Decimal(told["amount"]),
            currency=told["currency"],
            stage=None,
            closes_on=None,
        )
        self.about(deal, told)
        begun, ended = self.at(told["created"], 9), self.at(told["ended"], 17)
        deal.created_at = begun
        way: list[PipelineStage] = [self.stages[s] for s in ("discovery", "demo", "proposal")]
        for number, stage in enumerate([*way, self.stages[told["outcome"]]]):
            at = begun + number * (ended - begun) / len(way)
            deals.enter(deal, stage, by=owner.id, at=at)
        deal.loss_words = told.get("words", "")
        if "reason" in told:
            deal.loss_reason_id = self.reasons[told["reason"]].id
        self.deals[told["key"]] = deal

    def call(self, number: int, told: Mapping[str, Any]) -> None:
        """Write a call: planned when it lies ahead, else with what was used, said and rated."""
        deal = self.deals[told["deal"]]
        at = self.at(told["ago"], HOURS[number % len(HOURS)])
        is_over = "result" in told
        call = Call(
            token=f"demo-{number}",
            deal_id=deal.id,
            user_id=deal.owner_id or 0,
            at=at,
            state="logged" if is_over else "planned",
            kind=told["kind"],
            with_role=told["role"],
            stage=deal.stage,
            result=told.get("result"),
            note=told.get("note", ""),
            created_at=min(at, clock.now()),
            logged_at=at + timedelta(minutes=40) if is_over else None,
        )
        db.session.add(call)
        db.session.flush()
        for one in told.get("used", ()):
            self._use(call, one)
        for one in told.get("heard", ()):
            self._hear(call, one)
        db.session.flush()

    def _use(self, call: Call, told: Mapping[str, Any]) -> None:
        asset = self.assets[told["asset"]]
        text = next(text for text in asset.texts if text.language == told["language"])
        it = {"asset_id": asset.id, "language": text.language, "revision": text.revision}
        call.uses.append(CallUse(**it))
        said = call.at + timedelta(minutes=41)
        db.session.add(
            Rating(
                user_id=call.user_id,
                call_id=call.id,
                deal_id=call.deal_id,
                stars=told["stars"],
                helped=told["helped"],
                why=told.get("why", ""),
                at=said,
                changed_at=said,
                **it,
            )
        )
        for action, minutes in ((Action.VIEWED, 25), (Action.COPIED, 20)):
            db.session.add(
                UsageEvent(
                    at=call.at - timedelta(minutes=minutes),
                    action=action.value,
                    user_id=call.user_id,
                    deal_id=call.deal_id,
                    stage=call.stage,
                    source="search",
                    **it,
                )
            )

    def _hear(self, call: Call, told: Mapping[str, Any]) -> None:
        competitor = told.get("competitor")
        call.points.append(
            CallPoint(
                kind=told["kind"],
                words=told["words"],
                words_key=key_of(told["words"]),
                facet="competitor" if competitor else None,
                slug=competitor,
                department=told.get("department", DEPARTMENTS[told["kind"]]),
                at=call.at,
            )
        )


def fill(file: Path, *, made: dict[str, Deal], zone: str) -> int:
    """Write the demo's calls and the deals that have ended; returns how many calls; flushed."""
    told = yaml.safe_load(file.read_text("utf-8"))
    field = Field(made, zone)
    for key, one in told["about"].items():
        field.about(made[key], one)
    for one in told["ended"]:
        field.ended(one)
    for number, one in enumerate(told["calls"]):
        field.call(number, one)
    return len(told["calls"])
