"""`portal people erase`: what somebody did still counts, and nobody can tell that it was them."""

import json

import pytest
from sqlalchemy import MetaData, func, select

from portal import clock
from portal.accounts.models import SignInAttempt, SignInSession, User
from portal.app import create_app
from portal.calls.ratings.models import Rating
from portal.db import db
from portal.deals.importing.models import DealImport, DealImportRow, DealImportWord
from portal.deals.models import Deal
from portal.library.mail.models import NoticeChoice
from portal.library.notices.models import Notice
from portal.library.publishing.models import AssetEvent
from portal.usage.models import UsageEvent
from tests import make

NAME, EMAIL = "Zebediah Quux", "zeb.quux@x.example"


@pytest.fixture
def inside(ready, settings):
    """The application's context, over the database the commands work on."""
    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def erase(ready):
    """Run the command; what the test reads must not keep SQLite's only writer waiting."""

    def run(*arguments, **options):
        db.session.rollback()
        return ready("people", "erase", *arguments, **options)

    return run


@pytest.fixture
def leaver(inside):
    """A rep who has left traces everywhere; returns their number."""
    now = clock.now()
    rep, boss = make.user(EMAIL, name=NAME), make.user("boss@x.example", role="admin")
    asset = make.asset("kestrel")
    call = make.call(make.deal(rep, outcome="won"), rep, note=f"{NAME} wrote this")
    make.rating(rep, asset, 4, call=call, why="clear")
    db.session.add_all(
        [
            UsageEvent(at=now, action="copied", user_id=rep.id, asset_id=asset.id),
            SignInAttempt(at=now, account_key=EMAIL, address_key="x"),
            SignInSession(token_hash="t", user_id=rep.id, created_at=now, last_seen_at=now),
            Notice(user_id=rep.id, at=now, topic="published", asset_id=asset.id),
            Notice(user_id=boss.id, at=now, topic="published", actor_id=rep.id),
            NoticeChoice(user_id=rep.id, kind="care", way="never"),
            AssetEvent(asset_id=asset.id, at=now, action="hand-over", note=f"{NAME} → Boss"),
            DealImportWord(
                source="crm", kind="person", word_key="z. q.", word="Z. Q.", target=EMAIL
            ),
            DealImportWord(
                source="crm", kind="owner", word_key="7", word="7", detail={"name": NAME}
            ),
            DealImportWord(source="crm", kind="product", word_key="gtx", word="GTX"),
        ]
    )
    run = DealImport(token="t", fingerprint="f", source="crm", state="done", at=now)
    db.session.add(run)
    db.session.flush()
    told = {"word": NAME.upper()}
    db.session.add(DealImportRow(import_id=run.id, kind="doubt", row=2, reason="x", told=told))
    make.deal(None, name="Gamma", outcome="won", said={"owner": NAME, "product": "GTX"})
    db.session.commit()
    return rep.id


def everything():
    """All that the database holds, as one text."""
    tables = MetaData()
    tables.reflect(db.session.connection())
    rows = [db.session.execute(select(table)).all() for table in tables.sorted_tables]
    return json.dumps(rows, default=str, ensure_ascii=False)


def test_counts_stay_and_the_name_is_nowhere(erase, leaver):
    assert NAME in everything()
    said = erase(EMAIL, "--yes", "--with-words", "--json")
    assert said.json == {"id": leaver, "deals_handed_over": 0, "words_emptied": True}
    text = everything()
    assert NAME.casefold() not in text.casefold()
    assert EMAIL not in text
    assert "clear" not in db.session.scalars(select(Rating.why)).all()
    for kept in (UsageEvent, Rating, DealImportWord, DealImportRow):
        assert db.session.scalar(select(func.count()).select_from(kept)) == 1
    assert db.session.scalars(select(Deal.said).where(Deal.name == "Gamma")).all() == [
        {"product": "GTX"}
    ]
    person = db.session.get(User, leaver)
    assert (person.active, person.password_hash, person.role) == (False, None, "rep")
    assert db.session.scalar(select(func.count()).select_from(Notice)) == 1  # the other one's


def test_words_stay_unless_asked_for(erase, leaver):
    assert erase(EMAIL, "--yes").status == 0
    assert db.session.scalars(select(Rating.why)).all() == ["clear"]
    again = erase(EMAIL, "--yes")
    assert (again.status, "nobody has" in again.err) == (1, True)


def test_it_is_asked_for(erase, leaver):
    said = erase(EMAIL, stdin="n\n")
    assert said.status == 1
    assert db.session.get(User, leaver).name == NAME


def test_open_deals_and_assets_need_a_successor(erase, leaver):
    rep = db.session.get(User, leaver)
    deal, heir = make.deal(rep), make.user("heir@x.example", role="marketer")
    asset = make.asset("owned", owner_id=rep.id)
    theirs = make.call(deal, rep, state="planned", event_uid="x")
    stray = make.call(make.deal(heir), rep, state="planned")
    gone = make.call(make.deal(make.user()), rep, state="planned")
    db.session.commit()
    said = erase(EMAIL, "--yes")
    assert (said.status, "1 assets or kinds and own 1 open deals" in said.err) == (1, True)
    db.session.expire_all()
    assert db.session.get(User, leaver).active
    said = erase(EMAIL, "--yes", "--hand-over-to", heir.email, "--json")
    assert said.json["deals_handed_over"] == 1
    db.session.expire_all()
    assert (deal.owner_id, asset.owner_id) == (heir.id, heir.id)
    assert (theirs.user_id, theirs.event_uid, stray.user_id) == (heir.id, None, heir.id)
    assert (gone.user_id, gone.state) == (leaver, "called-off")


def test_the_last_admin_stays(erase, leaver):
    said = erase("boss@x.example", "--yes")
    assert (said.status, bool(said.err)) == (1, True)
