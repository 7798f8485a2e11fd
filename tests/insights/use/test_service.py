"""What is kept is what the ledger has, however the events came."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.insights.use import adding, forgetting, ledger, service
from portal.insights.use.models import UseAsset, UseDay, UsePerson, UseState, UseTotal, UseWord
from portal.insights.use.rules import Dim
from portal.usage import retention
from portal.usage.models import UsageEvent
from tests import make

ZONE = "Europe/London"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ACTIONS = ("viewed", "viewed", "viewed", "copied", "downloaded", "printed", "opened", "searched")


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def rolled(db):
    def roll(zone=ZONE):
        return service.roll_up(zone, commit=db.session.commit)

    return roll


@pytest.fixture
def used(db):
    def add(asset_id, at=NOW, action="viewed", user_id=1, **values):
        it = UsageEvent(at=at, action=action, asset_id=asset_id, user_id=user_id, **values)
        db.session.add(it)
        db.session.flush()
        return it

    return add


def some(db, chance, count, assets):
    """Random events of two years, some of nobody, some with clocks that were wrong."""
    for _ in range(count):
        action = chance.choice(ACTIONS)
        at = NOW - timedelta(days=chance.choice((0, 1, 6, 7, 29, 30, 364, 365, 729, 730, 800)))
        at -= timedelta(seconds=chance.randrange(86_400))
        if not chance.randrange(20):
            at = chance.choice((datetime(1971, 1, 1, tzinfo=UTC), NOW + timedelta(days=9)))
        searched = action == "searched"
        db.session.add(
            UsageEvent(
                at=at,
                action=action,
                asset_id=None if searched or not chance.randrange(9) else chance.choice(assets),
                user_id=chance.choice((None, 1, 2, 3, 4)),
                language=chance.choice((None, "en", "vi")),
                stage=chance.choice((None, "Won", "Đàm phán")),
                ref=f"{chance.getrandbits(64):016x}" if action == "opened" else None,
                shown=chance.sample(assets, 2) if searched and chance.randrange(2) else None,
            )
        )
        db.session.flush()


def kept(db, model):
    table = model.__table__
    return {tuple(row) for row in db.session.execute(select(table))}


@pytest.mark.parametrize("seed", range(3))
def test_any_events_in_any_order_and_split_are_counted_as_the_ledger_has_them(
    db, rolled, monkeypatch, seed
):
    chance = random.Random(seed)
    monkeypatch.setattr(service, "CHUNK", chance.randrange(1, 30))
    monkeypatch.setattr(service, "BULK", chance.randrange(1, 30))
    assets = [make.asset(kind=kind).id for kind in ("faq", "deck", "faq")] + [99]
    for _ in range(3):
        some(db, chance, chance.randrange(40), assets)
        rolled()
        assert service.verify(ZONE) == []
    before = [kept(db, model) for model in (UseDay, UsePerson, UseTotal)]
    words = {row.id: row.word for row in db.session.scalars(select(UseWord))}
    service.rebuild(ZONE, commit=db.session.commit)
    assert service.verify(ZONE) == []
    again = {row.id: row.word for row in db.session.scalars(select(UseWord))}
    after = [kept(db, model) for model in (UseDay, UsePerson, UseTotal)]
    assert [len(rows) for rows in before] == [len(rows) for rows in after]
    assert sorted(words.values()) == sorted(again.values())


def test_doing_it_again_changes_nothing(db, used, rolled):
    used(1)
    rolled()
    before = kept(db, UseDay)
    assert rolled() == 0
    assert kept(db, UseDay) == before


def test_a_difference_is_told(db, used, rolled):
    used(1)
    rolled()
    db.session.scalar(select(UseDay).where(UseDay.dim == "a")).views = 9
    db.session.flush()
    assert any("days a" in line for line in service.verify(ZONE))


def test_a_late_import_of_old_uses_is_counted(db, used, rolled):
    used(1)
    rolled()
    used(1, at=NOW - timedelta(days=100))
    rolled()
    days = {
        row.day: row.views for row in db.session.scalars(select(UseDay).where(UseDay.dim == "a"))
    }
    assert days == {ledger.today(ZONE): 1, ledger.today(ZONE) - 100: 1}


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 10, 24, 22, 59, 59, tzinfo=UTC), "2026-10-24"),
        (datetime(2026, 10, 24, 23, tzinfo=UTC), "2026-10-25"),  # summer time
        (datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC), "2026-10-25"),  # a day of 25 hours
        (datetime(2026, 10, 26, 0, tzinfo=UTC), "2026-10-26"),
    ],
)
def test_days_are_the_companys(db, used, rolled, at, day):
    used(1, at=at)
    used(1, at=at - timedelta(days=200))  # in winter
    rolled()
    days = db.session.scalars(select(UseDay.day).where(UseDay.dim == "a")).all()
    wanted = datetime.fromisoformat(day).date().toordinal() - ledger.EPOCH
    assert max(days) == wanted


def test_another_time_zone_counts_everything_again(db, used, rolled):
    used(1, at=datetime(2026, 11, 19, 20, tzinfo=UTC))
    rolled("UTC")
    rolled("Asia/Ho_Chi_Minh")
    assert db.session.scalar(select(UseState)).zone == "Asia/Ho_Chi_Minh"
    assert service.verify("Asia/Ho_Chi_Minh") == []
    assert db.session.scalar(select(UseDay.day).where(UseDay.dim == "a")) == ledger.today("UTC")


def test_spans_move_with_the_day(db, used, rolled, monkeypatch):
    used(1, at=NOW - timedelta(days=6))
    rolled()
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1))
    rolled()
    weeks = select(UseTotal).where(UseTotal.dim == "a", UseTotal.days == 7)
    assert db.session.scalars(weeks).all() == []
    assert service.verify(ZONE) == []


def test_people_follow_an_asset_to_its_new_kind(db, used, rolled):
    asset = make.asset(kind="faq")
    used(asset.id)
    rolled()
    asset.kind = "deck"
    db.session.flush()
    rolled()
    assert service.verify(ZONE) == []
    kinds = {
        row.id: row.word for row in db.session.scalars(select(UseWord).where(UseWord.dim == "k"))
    }
    people = db.session.scalars(select(UsePerson).where(UsePerson.dim == Dim.KIND.value)).all()
    assert [kinds[row.key] for row in people] == ["deck"]


def test_the_last_use_is_kept(db, used, rolled):
    used(1)
    used(1, at=NOW - timedelta(days=5))
    used(1, at=NOW + timedelta(hours=1), action="opened")
    rolled()
    assert db.session.scalar(select(UseAsset.last_at)) == NOW


@pytest.mark.parametrize("seed", range(2))
def test_forgotten_people_are_forgotten_here_and_counts_stay(db, rolled, seed):
    chance = random.Random(seed)
    assets = [make.asset(kind=kind).id for kind in ("faq", "deck")]
    some(db, chance, 60, assets)
    rolled()
    some(db, chance, 10, assets)  # not rolled up yet
    before = sum(row.views for row in db.session.scalars(select(UseDay).where(UseDay.dim == "p")))
    for _ in range(9):
        ids = retention.oldest(retention.USES, NOW - timedelta(days=20), 7)
        if ids:
            forgetting.forget(ids, ZONE, forgetting=lambda: retention.take_off(ids))  # noqa: B023
            assert service.verify(ZONE) == []
    after = sum(row.views for row in db.session.scalars(select(UseDay).where(UseDay.dim == "p")))
    assert before == after
    rolled()
    assert service.verify(ZONE) == []
    assert not db.session.scalars(
        select(UsePerson).where(UsePerson.last_day < ledger.today(ZONE) - 20)
    ).all()


def test_a_chunk_that_fails_leaves_nothing(db, used, rolled, monkeypatch):
    used(1)
    rolled()
    used(1)
    db.session.commit()
    monkeypatch.setattr(adding, "add_totals", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        rolled()
    db.session.rollback()
    assert service.verify(ZONE) == []
