"""What is too old forgets its people; counts, stars and queries stay."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal import clock, forgetting
from portal.accounts.models import SignInAttempt, SignInSession
from portal.calls.models import Call
from portal.calls.ratings.models import Rating
from portal.deals.importing.models import DealImport, DealImportFile
from portal.library.notices.models import Notice
from portal.retention_settings import RetentionSettings
from portal.search.log import rows, service
from portal.search.log.models import SearchDay
from portal.usage.models import UsageEvent
from tests import make

ALL = RetentionSettings()
ZONE = "Asia/Ho_Chi_Minh"


def used(rep, action, at):
    return UsageEvent(at=at, action=action, user_id=rep.id, asset_id=1, query="kestrel")


@pytest.fixture
def facts(db):
    """Of each kind one fact from long ago and one of last week."""
    rep, asset = make.user(), make.asset()
    deal = make.deal(rep)
    for at in (clock.now() - timedelta(days=3 * 366), clock.now() - timedelta(days=7)):
        db.session.add_all([used(rep, "searched", at), used(rep, "copied", at)])
        call = make.call(deal, rep, at=at, note="they hesitate")
        make.rating(rep, asset, 5, call=call, why="clear", at=at)
        db.session.add(SignInAttempt(at=at, account_key="a", address_key="b"))
        session = {"user_id": rep.id, "created_at": at, "last_seen_at": at}
        db.session.add(SignInSession(token_hash=str(at), **session))
        db.session.add(Notice(user_id=rep.id, at=at, topic="published", read_at=at))
    db.session.flush()


def counts(db):
    asked = {
        "events": select(func.count()).select_from(UsageEvent),
        "known": select(func.count(UsageEvent.user_id)),
        "noted": select(func.count()).where(Call.note != ""),
        "why": select(func.count()).where(Rating.why != ""),
        "stars": select(func.sum(Rating.stars)),
        "attempts": select(func.count()).select_from(SignInAttempt),
        "sessions": select(func.count()).select_from(SignInSession),
        "notices": select(func.count()).select_from(Notice),
    }
    return {name: db.session.scalar(query) for name, query in asked.items()}


def test_each_kind_after_its_months(db, facts, monkeypatch):
    monkeypatch.setattr(forgetting, "LOT", 1)
    lots = []
    done = forgetting.forget(ALL, commit=lambda: lots.append(1), zone=ZONE)
    assert counts(db) == {
        "events": 4, "known": 2, "noted": 1, "why": 1, "stars": 10,
        "attempts": 1, "sessions": 1, "notices": 1,
    }  # fmt: skip
    assert done == {
        "keep_searches_months": 1,
        "keep_uses_months": 1,
        "keep_call_words_months": 2,
        "keep_sign_ins_months": 2,
        "keep_notices_months": 1,
        "previews": 0,
    }
    assert len(lots) == 5
    assert set(forgetting.forget(ALL, commit=lambda: None, zone=ZONE).values()) == {0}


def test_nought_keeps_for_ever(db, facts):
    before = counts(db)
    never = RetentionSettings(**dict.fromkeys(RetentionSettings.model_fields, 0))
    assert forgetting.forget(never, commit=lambda: None, zone=ZONE) == {"previews": 0}
    assert counts(db) == before


def test_a_setting_counts_for_its_kind_only(db, facts):
    settings = dict.fromkeys(RetentionSettings.model_fields, 0) | {"keep_uses_months": 36}
    before = counts(db)
    forgetting.forget(RetentionSettings(**settings), commit=lambda: None, zone=ZONE)
    assert counts(db) == before | {"known": 3}
    lost = select(UsageEvent.action).where(UsageEvent.user_id.is_(None))
    assert db.session.scalars(lost).all() == ["copied"]


def test_a_file_of_deals_that_nobody_took_in_goes_after_a_week(db):
    for token, days in (("old", 8), ("new", 6)):
        run = DealImport(
            token=token, fingerprint=token, source="crm", state="preview",
            at=clock.now() - timedelta(days=days),
        )  # fmt: skip
        run.files = [DealImportFile(position=0, name=f"{token}.csv", content=b"id")]
        db.session.add(run)
    db.session.flush()
    assert forgetting.forget(ALL, commit=lambda: None, zone=ZONE)["previews"] == 1
    assert db.session.scalars(select(DealImportFile.name)).all() == ["new.csv"]


def test_what_is_kept_of_old_searches_forgets_as_well(db, facts):
    service.roll_up(ZONE, commit=db.session.commit)
    months = RetentionSettings(keep_searches_months=1)

    def people():
        days = [rows.Day.unpacked(it.searches, it.visits) for it in db.session.query(SearchDay)]
        return sum(int((it.searches[:, 1] > 0).sum()) for it in days)

    kept = people()
    old = clock.now() - timedelta(days=100)
    db.session.add(used(make.user(), "searched", old))
    db.session.flush()
    service.roll_up(ZONE, commit=db.session.commit, anew=True)
    assert people() == kept + 1
    forgetting.forget(months, commit=db.session.commit, zone=ZONE)
    assert people() == kept
