"""Suggestions on the deal's page and at home, noted as shown; the page of the trial."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.calls.models import CallUse
from portal.deals.models import DealTerm
from portal.insights.lift.models import AssetLift
from portal.insights.recommending import queries
from portal.insights.recommending.figures import Share
from portal.insights.recommending.models import ShownSuggestion
from portal.usage.models import UsageEvent
from tests import make


def lift(db, asset, verdict, *found):
    best, low, high = found
    row = AssetLift(
        asset_id=asset.id, place=1, verdict=verdict, n=90, uses=90, reps=5, best=best, low=low,
        high=high, need=0,
    )  # fmt: skip
    db.session.add(row)


@pytest.fixture
def world(db):
    """A rep with a deal against Kestrel, and four assets that fit it alike."""
    rep = make.user(team_id=make.team().id, language="en")
    kestrel = make.term("competitor", "kestrel", en="Kestrel")
    assets = {}
    for name in ("helps", "hurts", "new", "same"):
        assets[name] = make.asset(f"card-{name}", facets=[kestrel])
        make.text(assets[name], title=f"Card that {name}")
    lift(db, assets["helps"], "helps", 0.06, 0.02, 0.10)
    lift(db, assets["hurts"], "hurts", -0.08, -0.15, -0.01)
    lift(db, assets["same"], "same", 0.01, -0.03, 0.05)
    deal = make.deal(rep)
    deal.terms = [DealTerm(facet="competitor", slug="kestrel")]
    db.session.commit()
    return rep, deal, assets


def rows(db):
    db.session.expire_all()
    return db.session.scalars(select(ShownSuggestion).order_by(ShownSuggestion.place)).all()


def test_reasons_are_said_and_what_was_shown_is_kept_once_a_day(db, client, world):
    rep, deal, assets = world
    client.sign_in(rep)
    words = client.get(f"/deals/{deal.id}").words()
    assert "on like deals won about 6 points more often (2 to 10)" in words
    assert "on like deals won about 8 points less often (1 to 15)" in words
    assert words.count("points") == 2
    assert words.count("new: no deal has ended with it yet") == 1
    first = rows(db)
    assert [it.place for it in first] == [1, 2, 3, 4]
    assert {it.asset_id for it in first} == {it.id for it in assets.values()}
    assert {it.deal_id for it in first} == {deal.id}
    ids = [it.id for it in first]
    assert client.get(f"/deals/{deal.id}").words() == words
    assert [it.id for it in rows(db)] == ids


def test_what_was_used_or_ended_or_only_prefetched_is_not_noted(db, client, world):
    rep, deal, assets = world
    client.sign_in(rep)
    client.get(f"/deals/{deal.id}", headers={"Sec-Purpose": "prefetch"})
    assert not rows(db)
    now = clock.now()
    db.session.add(
        UsageEvent(at=now, action="viewed", asset_id=assets["helps"].id, deal_id=deal.id)
    )
    db.session.commit()
    client.get(f"/deals/{deal.id}")
    assert {it.asset_id for it in rows(db)} == {
        it.id for name, it in assets.items() if name != "helps"
    }
    db.session.execute(ShownSuggestion.__table__.delete())
    deal.outcome, deal.closed_at = "won", now
    db.session.commit()
    assert client.get(f"/deals/{deal.id}").status == 200
    assert not rows(db)


def test_home_suggests_for_the_deal_worked_on(db, client, world):
    rep, deal, _ = world
    client.sign_in(rep)
    assert "Card that helps" not in client.get("/").words() or f"For {deal.name}" not in (
        client.get("/").words()
    )
    client.post("/deals/working/", data={"deal": deal.id})
    page = client.get("/")
    assert f"For {deal.name}" in page.words()
    assert "against Kestrel" in page.words()
    assert f"deal={deal.id}" in page.text
    assert len(rows(db)) == 3


def put(db, deal, asset, *, at, chance=False, promising=None, place=1):
    db.session.add(
        ShownSuggestion(
            deal_id=deal.id,
            asset_id=asset.id,
            day=at.date(),
            at=at,
            place=place,
            chance=chance,
            among=2,
            promising=promising,
        )
    )
    db.session.flush()


def test_an_asset_counts_once_a_deal_and_only_what_came_later_is_use(db):
    deal, other = make.deal(make.user()), make.deal(make.user())
    one, two = make.asset("one"), make.asset("two")
    at = clock.now() - timedelta(days=9)
    put(db, deal, one, at=at)
    put(db, deal, one, at=at + timedelta(days=1), chance=True)
    put(db, deal, two, at=at, chance=True)
    put(db, other, one, at=at)
    put(db, other, two, at=at - timedelta(days=400), chance=True)
    for asset, days in ((one, 3), (two, -1)):
        db.session.add(
            UsageEvent(
                at=at + timedelta(days=days), action="copied", asset_id=asset.id, deal_id=deal.id
            )
        )
    db.session.flush()
    found = queries.used(clock.now() - timedelta(days=365))
    assert found.by_rank == Share(1, 2)
    assert found.by_chance == Share(0, 1)
    call = make.call(deal, deal.owner, at=at + timedelta(days=2))
    call.uses.append(CallUse(asset_id=two.id, language="en"))
    db.session.flush()
    assert queries.used(clock.now() - timedelta(days=365)).by_chance == Share(1, 1)


def test_of_a_deal_the_first_draw_counts_by_how_it_ended_afterwards(db):
    at = clock.now() - timedelta(days=9)
    asset, second = make.asset("one"), make.asset("two")
    for outcome, ended, first in (
        ("won", 2, True),
        ("lost", 2, True),
        ("won", 2, False),
        ("won", -2, False),  # over before it was shown
        ("open", None, True),
    ):
        deal = make.deal(make.user(), outcome=outcome)
        deal.closed_at = at + timedelta(days=ended) if ended else None
        put(db, deal, asset, at=at, chance=True, promising=first)
        put(db, deal, second, at=at + timedelta(hours=1), chance=True, promising=not first)
    found = queries.won(clock.now() - timedelta(days=365))
    assert (found.more, found.less, found.open) == (Share(1, 2), Share(1, 1), 1)


def test_the_page_says_that_it_is_too_early_and_later_how_it_stands(db, client):
    client.sign_in(make.user(language="en"))
    db.session.commit()
    page = client.get("/insights/experiment")
    assert '<a href="/insights/helps" aria-current="page">' in page.text  # in the navigation
    words = page.words()
    assert words.count("Too early to say.") == 2
    assert "never ends early because it looks good" in words
    at, asset, owner = clock.now() - timedelta(days=9), make.asset("one"), make.user()
    for number in range(80):
        outcome = "won" if number % 2 or number % 10 == 0 else "lost"
        deal = make.deal(owner, outcome=outcome)
        deal.closed_at = clock.now()
        put(db, deal, asset, at=at, chance=bool(number % 4), promising=bool(number % 2))
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(ShownSuggestion)) == 80
    words = client.get("/insights/experiment").words()
    assert "It seems so: deals shown an asset we believe in were won more often." in words
    assert "+80.0 points" in words


def test_the_trial_goes_out_as_files(db, client, world):
    rep, deal, assets = world
    put(db, deal, assets["new"], at=clock.now() - timedelta(days=9))
    db.session.commit()
    client.sign_in(rep)
    told = client.raw.get("/insights/experiment?format=json").json
    rows = {(row["question"], row["group"]): row for row in told["rows"]}
    assert rows["used", "by rank"]["n"] == 1
    assert rows["used", "by rank"]["share"] == 0
    assert 70 < rows["used", "by rank"]["high"] < 80
    assert rows["won", "an asset we believe in more"]["share"] is None
    assert "used,by rank,0,1,0.0," in client.raw.get("/insights/experiment?format=csv").text
    assert "format=csv" in client.get("/insights/experiment").text
