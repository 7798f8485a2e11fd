"""A company on a Monday: what happened in the week before, and people of both sides."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from portal import clock
from portal.asset_requests.agreement.models import RequestClock
from portal.asset_requests.agreement.service import current
from portal.asset_requests.models import RequestEvent
from portal.calls.ratings.models import AssetFlag
from portal.insights.lift.models import AssetLift
from portal.usage.models import UsageEvent
from tests import make

NOW = datetime(2026, 11, 30, 2, tzinfo=UTC)  # Monday, nine in the morning in Hanoi
WEDNESDAY = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture
def monday(db, monkeypatch):
    """It is Monday morning."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return NOW


@pytest.fixture
def quoc(monday):
    """A manager."""
    return make.user("quoc@example.com", name="Quốc", role="manager", department="sales")


@pytest.fixture
def tom(monday):
    """A marketer."""
    return make.user("tom@example.com", name="Tom", role="marketer", department="marketing")


@pytest.fixture
def lan(monday):
    """A rep."""
    return make.user("lan@example.com", name="Lan", department="sales")


def use(asset, user, *, at=WEDNESDAY, deal=None, action="viewed", **values):
    event = UsageEvent(
        at=at, action=action, asset_id=asset.id if asset else None, user_id=user.id,
        deal_id=deal.id if deal else None, **values,
    )  # fmt: skip
    return make._add(event)


def lift(asset, *, best=0.062, low=0.012, high=0.112, verdict="helps", place=1):
    row = AssetLift(
        asset_id=asset.id, place=place, verdict=verdict, n=140, uses=150, reps=5,
        best=best, low=low, high=high, need=0,
    )  # fmt: skip
    return make._add(row)


def owes(request, promise, *, department, due_at=WEDNESDAY, zone="Asia/Ho_Chi_Minh"):
    """A promise that is open and past its time."""
    agreement = current(zone)
    row = RequestClock(
        request_id=request.id, agreement_id=agreement.id, promise=promise, round=1,
        month="2026-11", department=department, urgent=False, started_at=due_at - timedelta(days=1),
        allowed=3600, due_at=due_at,
    )  # fmt: skip
    return make._add(row)


@pytest.fixture
def week(quoc, tom, lan):
    """Something of everything, in the week from 23 November 2026."""
    battle, sheet = make.asset("kestrel"), make.asset("sheet", published_at=WEDNESDAY)
    for it, title in ((battle, "Kestrel"), (sheet, "Tarvel Gate")):
        make.text(it, title=title)
    make.text(sheet, "vi", title="Cổng Tarvel")
    battle.published_at = WEDNESDAY - timedelta(days=90)
    for who in (lan, tom, quoc):
        use(battle, who)
    use(sheet, lan)
    use(sheet, lan)
    use(battle, lan, at=WEDNESDAY - timedelta(days=7))
    won = [
        make.deal(lan, outcome="won", amount=Decimal(amount), closed_at=WEDNESDAY)
        for amount in (1000, 2000, 3000)
    ]
    make.deal(lan, outcome="won", amount=Decimal(77_777), currency="VND", closed_at=WEDNESDAY)
    make.deal(lan, outcome="lost", closed_at=WEDNESDAY)
    use(battle, lan, deal=won[0], at=WEDNESDAY - timedelta(days=1))
    use(battle, lan, deal=won[1], at=WEDNESDAY - timedelta(days=1))
    lift(battle)
    for who, query in ((lan, "SAP connector"), (quoc, "sap  Connector"), (tom, "giá kho lạnh")):
        use(None, who, action="searched", query=query, results=0)
    late = make.request(lan, title="Kestrel in cold stores")
    owes(late, "deliver", department="marketing")
    owes(late, "context", department="sales")
    make.request(lan, title="Not this one", state="declined").changed_at = WEDNESDAY
    flag = AssetFlag(
        token="f", user_id=lan.id, asset_id=sheet.id, language="en", kind="outdated",
        words="Lan says so", at=WEDNESDAY,
    )  # fmt: skip
    make._add(flag)
    thanks = RequestEvent(
        request_id=late.id, at=WEDNESDAY, user_id=lan.id, action="thank", note="Thank you, Tom!"
    )
    make._add(thanks)
    return battle, sheet
