"""Checks confirmed, intervals set, owners named: who may, what is kept."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.errors import Conflict, Forbidden, Invalid
from portal.library.freshness import queries, service
from portal.library.notices.models import Notice
from portal.library.publishing.acting import Actor
from portal.library.publishing.models import AssetEvent
from portal.library.rules import Kind
from tests import make

TODAY = date(2026, 11, 25)


def actor(role, **values):
    person = make.user(role=role, **values)
    return Actor(person.id, Role(role), person.department)


def lines(asset):
    query = select(AssetEvent).where(AssetEvent.asset_id == asset.id).order_by(AssetEvent.id)
    return list(service.db.session.scalars(query))


def test_still_true_is_kept_once_a_day_with_what_was_before(db):
    asset, tom = make.asset(checked_on=date(2026, 9, 1)), actor("marketer")
    assert service.confirm(tom, asset, today=TODAY)
    assert not service.confirm(tom, asset, today=TODAY)
    assert asset.checked_on == TODAY
    (line,) = lines(asset)
    assert (line.action, line.user_id) == ("confirm", tom.id)
    assert line.detail == {"from": "2026-09-01", "to": "2026-11-25"}


def test_who_may_say_that_it_is_still_true(db):
    owner = actor("contributor")
    asset = make.asset(owner_id=owner.id)
    assert service.confirm(owner, asset, today=TODAY)
    for other in (actor("contributor"), actor("rep")):
        with pytest.raises(Forbidden):
            service.confirm(other, asset, today=TODAY)
    with pytest.raises(Conflict):
        service.confirm(actor("admin"), make.asset(state="draft"), today=TODAY)


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), date(1999, 12, 31)])
def test_a_day_that_can_not_be_meant_is_refused(db, day):
    asset = make.asset()
    before = asset.checked_on
    with pytest.raises(Invalid):
        service.confirm(actor("marketer"), asset, today=TODAY, on=day)
    assert asset.checked_on == before


def test_an_interval_of_a_kind_is_set_changed_and_says_by_whom(db):
    boss = actor("manager")
    service.set_interval(boss, Kind.FAQ, 6)
    assert queries.intervals() == {}  # as it was
    for months in (2, 2, 6):
        service.set_interval(boss, Kind.FAQ, months)
    kept = queries.intervals()["faq"]
    assert (kept.months, kept.set_by_id) == (6, boss.id)
    for months in (0, 61, -1):
        with pytest.raises(Invalid):
            service.set_interval(boss, Kind.FAQ, months)


def test_an_own_interval_is_the_desks_to_set(db):
    owner = actor("contributor")
    asset = make.asset(owner_id=owner.id)
    with pytest.raises(Forbidden):
        service.set_own_interval(owner, asset, 2)
    service.set_own_interval(actor("marketer"), asset, 2)
    assert asset.review_months == 2
    with pytest.raises(Invalid):
        service.set_own_interval(actor("marketer"), asset, 0)
    assert [it.action for it in lines(asset)] == ["interval"]


def test_a_new_owner_is_told_and_the_line_names_both(db):
    tom = make.user(role="marketer", name="Tom")
    linh = make.user(role="contributor", name="Linh")
    asset, boss = make.asset(owner_id=tom.id), actor("manager")
    assert service.assign(boss, asset, "owner", linh.id)
    assert not service.assign(boss, asset, "owner", linh.id)
    assert [it.note for it in lines(asset)] == ["Tom → Linh"]
    assert list(db.session.scalars(select(Notice.user_id))) == [linh.id]
    service.assign(boss, asset, "backup", None)
    service.assign(boss, asset, "owner", None)
    assert lines(asset)[-1].note == "Linh → —"


def test_nobody_who_has_left_or_only_reads_is_given_an_asset(db):
    asset = make.asset()
    for person in (make.user(role="marketer", active=False), make.user(role="rep")):
        with pytest.raises(Invalid):
            service.assign(actor("manager"), asset, "owner", person.id)
    with pytest.raises(Invalid):
        service.assign(actor("manager"), asset, "owner", 2**31 - 1)
