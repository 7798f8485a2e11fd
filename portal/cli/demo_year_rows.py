"""Writes the demo's simulated year: colleagues, customers, deals, uses, calls, ratings."""

import random
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal import clock
from portal.accounts import queries as people
from portal.accounts.models import Team, User
from portal.accounts.rules import DEMO_DOMAIN, Department, Role, email_key
from portal.calls.models import Call, CallPoint, CallUse
from portal.calls.ratings.models import Rating
from portal.calls.rules import key_of as words_key
from portal.cli import demo_year
from portal.cli.demo_year import SEED, WEEKS, Material, Talk, Told
from portal.db import db
from portal.deals.models import Customer, Deal, DealTerm, StageChange
from portal.deals.pipelines import queries as pipelines
from portal.deals.pipelines import service as ways
from portal.deals.rules import key_of
from portal.insights.history import bulk
from portal.library.models import Asset
from portal.usage.rules import Action

SOURCE = "demo-year"
"""What the simulated deals are known by."""
HAND_MADE = ("lan.nguyen", "sarah.whitfield", "dmitry.orlov")
"""Whose open deals are written by hand: of the year they have those that have ended."""
FIRST_HOUR, HOURS = 9, 8
WORKDAYS = 5
EVENT: dict[str, Any] = dict.fromkeys(
    (
        "user_id", "asset_id", "language", "revision", "source", "rank", "ref", "query", "results",
        "shown", "deal_id", "stage",
    )
)  # fmt: skip
HELPED = ("hurt", "did-not", None, "helped", "helped")


class Year:
    """The year being written; it ended today."""

    def __init__(self, plan: Mapping[str, Any], zone: str) -> None:
        """Look up what is there, and add the colleagues."""
        self.plan, self.zone = plan, ZoneInfo(zone)
        self.now = clock.now()
        self.begin = self.now.astimezone(self.zone).date() - timedelta(weeks=WEEKS)
        self.chance = random.Random(SEED)  # noqa: S311  # a play, no secret
        query = select(Asset).options(selectinload(Asset.texts), selectinload(Asset.facets))
        self.assets = {it.slug: it for it in db.session.scalars(query.order_by(Asset.id))}
        self.revisions = {
            (it.slug, text.language): text.revision
            for it in self.assets.values()
            for text in it.texts
        }
        self.stages = {stage.slug: stage for stage in ways.ready().stages}
        self.reasons = {reason.slug: reason.id for reason in pipelines.losses()}
        self._colleagues()
        self.people = {user.email: user for user in people.list_users()}
        self.events: list[dict[str, Any]] = []
        self.written: list[tuple[int, Told]] = []

    def at(self, week: float) -> datetime:
        """Return a moment of a working day by the weeks since the year began."""
        whole = int(week)
        first = self.begin + timedelta(weeks=whole)
        days = [day for n in range(7) if (day := first + timedelta(days=n)).weekday() < WORKDAYS]
        place, part = divmod((week - whole) * WORKDAYS, 1)
        begin = datetime.combine(days[int(place)], time(FIRST_HOUR), self.zone)
        return begin + timedelta(hours=HOURS * part)

    def person(self, local: str) -> User:
        """Return one of the demo's people."""
        return self.people[f"{local}@{DEMO_DOMAIN}"]

    def _colleagues(self) -> None:
        """Add those who sell beside the demo's three; they have no password and never sign in."""
        teams = {team.name: team.id for team in db.session.scalars(select(Team))}
        there = {user.email_key for user in people.list_users()}
        rows = [
            {
                "email": email, "email_key": email_key(email), "name": name,
                "role": Role.REP.value, "department": Department.SALES.value,
                "language": team["language"], "team_id": teams.get(team["team"]),
                "created_at": self.now,
            }
            for team in self.plan["teams"]
            for local, name in team["people"].items()
            if name and email_key(email := f"{local}@{DEMO_DOMAIN}") not in there
        ]  # fmt: skip
        bulk.put(User, rows)

    def materials(self) -> list[Material]:
        """Return the assets that are there, as the simulation takes them."""
        return [
            Material(
                slug,
                stages=_slugs(it, "stage"),
                competitors=_slugs(it, "competitor"),
                products=_slugs(it, "product"),
                industries=_slugs(it, "industry"),
                languages=frozenset(text.language for text in it.texts),
            )
            for slug, it in self.assets.items()
            if it.texts
        ]

    # --- deals --------------------------------------------------------------------------------

    def deals(self, told: Iterable[Told]) -> None:
        """Write deals with their customers, their ways, what was used and how calls went."""
        known = [it for it in told if it.outcome != "open" or it.owner not in HAND_MADE]
        customers = self._customers(known)
        rows = [self._deal(n, it, customers) for n, it in enumerate(known, 1)]
        ids = bulk.added(Deal, rows, "external_id")
        numbered = [(ids[row["external_id"]], it) for row, it in zip(rows, known, strict=True)]
        terms = [
            {"deal_id": number, "facet": facet, "slug": slug}
            for number, it in numbered
            for facet, slug in (("product", it.product), ("competitor", it.competitor))
            if slug
        ]
        bulk.put(DealTerm, terms)
        bulk.put(StageChange, [row for number, it in numbered for row in self._way(number, it)])
        for number, it in numbered:
            self._uses(number, it)
        self._calls(numbered)
        self.written = numbered

    def _customers(self, told: Iterable[Told]) -> dict[str, int]:
        rows: dict[str, dict[str, Any]] = {}
        for it in told:
            at = self.at(it.created)
            row = {
                "name": it.account, "name_key": key_of(it.account), "industry": it.industry,
                "country": self.plan["teams"][it.team]["country"], "employees": it.employees,
                "created_at": at, "updated_at": at,
            }  # fmt: skip
            rows.setdefault(row["name_key"], row)
        return bulk.added(Customer, list(rows.values()), "name_key")

    def _deal(self, number: int, it: Told, customers: Mapping[str, int]) -> dict[str, Any]:
        team, owner, closed = self.plan["teams"][it.team], self.person(it.owner), None
        stage = self.stages[it.outcome if it.outcome != "open" else it.entered[-1][0]]
        lost = it.outcome not in {"open", "won"}
        if it.outcome != "open":
            closed = self.at(it.closed)
        words = self.plan["lost"][team["language"]]
        ahead = timedelta(days=3 + number * 7 % 60)
        return {
            "source": SOURCE, "external_id": f"{SOURCE}-{number}",
            "name": f"{it.account}: {it.product.capitalize()}",
            "account": it.account, "customer_id": customers[key_of(it.account)],
            "owner_id": owner.id, "team_id": owner.team_id, "region": team["team"],
            "segment": it.segment, "amount": Decimal(it.amount), "currency": team["currency"],
            "pipeline_id": stage.pipeline_id, "stage_id": stage.id, "stage": stage.names["en"],
            "outcome": it.outcome, "loss_reason_id": self.reasons.get(it.reason) if lost else None,
            "loss_words": self.chance.choice(words) if lost and number % 4 == 0 else "",
            "closes_on": (closed or self.now + ahead).astimezone(self.zone).date(),
            "closed_at": closed, "created_at": self.at(it.created),
            "updated_at": closed or self.at(it.entered[-1][1]), "digest": "",
        }  # fmt: skip

    def _way(self, number: int, it: Told) -> list[dict[str, Any]]:
        steps = [(slug, week, "open") for slug, week in it.entered]
        if it.outcome != "open":
            steps.append((it.outcome, it.closed, it.outcome))
        owner = self.person(it.owner).id
        return [
            {
                "deal_id": number, "at": self.at(week), "stage_id": self.stages[slug].id,
                "stage": self.stages[slug].names["en"], "outcome": outcome, "user_id": owner,
            }
            for slug, week, outcome in steps
        ]  # fmt: skip

    def _uses(self, number: int, it: Told) -> None:
        owner = self.person(it.owner).id
        for use in it.uses:
            at = self.at(use.at)
            row = EVENT | {
                "at": at, "action": Action.VIEWED.value, "user_id": owner, "deal_id": number,
                "asset_id": self.assets[use.slug].id, "language": use.language, "source": "deal",
                "revision": self.revisions[use.slug, use.language],
                "stage": self.stages[use.stage].names["en"],
            }  # fmt: skip
            self.events.append(row)
            if use.copied:
                later = {"at": at + timedelta(minutes=4), "action": Action.COPIED.value}
                self.events.append(row | later)

    # --- calls ----------------------------------------------------------------------------------

    def _calls(self, numbered: Iterable[tuple[int, Told]]) -> None:
        talks = [
            (f"{SOURCE}-{number}-{n}", number, it, talk)
            for number, it in numbered
            for n, talk in enumerate(it.calls)
        ]
        ids = bulk.added(Call, [self._call(*one) for one in talks], "token")
        uses, ratings, points = [], [], []
        for token, number, it, talk in talks:
            call_id, at = ids[token], self.at(talk.at)
            for slug, language, stars in talk.rated:
                used = {
                    "call_id": call_id, "asset_id": self.assets[slug].id, "language": language,
                    "revision": self.revisions[slug, language],
                }  # fmt: skip
                uses.append(used)
                if stars:
                    ratings.append(used | self._rating(number, it, at, stars))
            if talk.heard:
                points.append(self._point(call_id, it, at))
        bulk.put(CallUse, uses)
        bulk.put(Rating, ratings)
        bulk.put(CallPoint, points)

    def _call(self, token: str, number: int, it: Told, talk: Talk) -> dict[str, Any]:
        at, language = self.at(talk.at), self.plan["teams"][it.team]["language"]
        return {
            "token": token, "deal_id": number, "user_id": self.person(it.owner).id, "at": at,
            "state": "logged", "kind": demo_year.KINDS[talk.stage],
            "with_role": self.chance.choice(self.plan["roles"][language]),
            "stage": self.stages[demo_year.STAGES[talk.stage]].names["en"],
            "result": "advanced" if talk.went_well else "stalled", "note": "", "created_at": at,
            "logged_at": at + timedelta(minutes=40),
        }  # fmt: skip

    def _rating(self, number: int, it: Told, at: datetime, stars: int) -> dict[str, Any]:
        said = at + timedelta(minutes=41)
        words = ""
        if stars in {1, 2, 5} and self.chance.random() < 0.15:  # noqa: PLR2004
            kind = "good" if stars == 5 else "bad"  # noqa: PLR2004
            words = self.chance.choice(
                self.plan["said"][kind][self.plan["teams"][it.team]["language"]]
            )
        return {
            "user_id": self.person(it.owner).id, "deal_id": number, "stars": stars,
            "helped": HELPED[stars - 1], "why": words, "at": said, "changed_at": said,
        }  # fmt: skip

    def _point(self, call_id: int, it: Told, at: datetime) -> dict[str, Any]:
        """Note what a customer said; it was looked at then, so nobody finds a year's inbox."""
        words = self.plan["heard"][it.competitor][self.plan["teams"][it.team]["language"]]
        return {
            "call_id": call_id, "kind": "objection", "words": words, "words_key": words_key(words),
            "facet": "competitor", "slug": it.competitor, "department": "marketing",
            "state": "aside", "at": at, "answered_at": at + timedelta(days=2),
        }  # fmt: skip


def _slugs(it: Asset, facet: str) -> frozenset[str]:
    return frozenset(term.slug for term in it.facets if term.facet == facet)


def fill(file: Path, *, zone: str) -> Year:
    """Write the simulated year of a file beside what is there; returns it; flushed."""
    plan = yaml.safe_load(file.read_text("utf-8"))
    year = Year(plan, zone)
    year.deals(demo_year.simulate(plan, year.materials()))
    return year
