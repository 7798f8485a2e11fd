"""All that is kept of a person is given to her, no secrets with it, and none is left when erased."""

import io
import json
import zipfile

import pytest
from sqlalchemy import select

from portal import clock
from portal.accounts.models import SignInAttempt, User
from portal.audit import service as audit
from portal.audit.models import AuditEntry
from portal.deals.importing.models import DealImportWord
from portal.deals.working.models import WorkingDeal
from portal.library.notices.models import Notice
from portal.library.publishing.models import AssetEvent
from portal.privacy import queries, rules, service
from portal.privacy.rules import Fate
from portal.usage.models import UsageEvent
from tests import make

NAME = "Zebediah Quux"


@pytest.fixture
def person(db):
    """Somebody who has left traces, beside others who did the same."""
    now = clock.now()
    zeb = make.user("zeb@x.example", name=NAME, password_hash="argon-secret")
    other = make.user("other@x.example", name="Other One", role="admin")
    asset = make.asset("kestrel")
    for one in (zeb, other):
        deal = make.deal(one, name=f"Deal {one.id}", outcome="won")
        call = make.call(deal, one, note=f"note of {one.name}")
        make.rating(one, asset, 4, call=call, why=f"why of {one.name}")
        db.session.add_all(
            [
                UsageEvent(at=now, action="searched", user_id=one.id, query=f"words {one.id}"),
                SignInAttempt(at=now, account_key=one.email_key, address_key=f"at {one.email}"),
                Notice(user_id=one.id, at=now, topic="published", asset_id=asset.id),
                WorkingDeal(user_id=one.id, deal_id=deal.id, since=now),
                DealImportWord(source="crm", kind="owner", word_key=one.name.lower(), word="x"),
                AssetEvent(asset_id=asset.id, at=now, action="owner", note=f"{one.name} → Boss"),
            ]
        )
        told = {"name": one.name, "email": one.email}
        audit.record("user.added", kind="user", key=one.id, after=told)
    detail = {"name": NAME, "count": 1}
    db.session.add(Notice(user_id=other.id, at=now, topic="handed-over", detail=detail))
    db.session.commit()
    return zeb


def exported(person):
    file = io.BytesIO()
    counts = service.write(person, file)
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        told = {name: json.loads(archive.read(name)) for name in archive.namelist()}
    assert told.pop("about.json")["rows"] == counts
    assert {name.removesuffix(".json"): len(rows) for name, rows in told.items()} == counts
    return {name.removesuffix(".json"): rows for name, rows in told.items()}


def test_everything_of_hers_is_given_and_nothing_of_others(person):
    told = exported(person)
    filled = {name for name, rows in told.items() if rows}
    assert filled == {
        "users", "deals", "calls", "ratings", "usage_events", "sign_in_attempts", "notices",
        "working_deals", "deal_import_words", "asset_events", "audit_entries", "audit_details",
    }  # fmt: skip
    assert all(len(rows) == 1 for name, rows in told.items() if rows)
    text = json.dumps(told, ensure_ascii=False)
    assert told["users"][0]["name"] == NAME
    assert told["calls"][0]["note"] == f"note of {NAME}"
    assert told["audit_details"][0]["personal"]["after"]["name"] == NAME
    assert "Other One" not in text
    assert "other@x.example" not in text
    assert "argon-secret" not in text


def test_every_table_that_tells_of_people_is_in_it(person):
    tables = {name for name, _ in queries.tables(person)}
    assert tables >= {column.partition(".")[0] for column in rules.people()}


def test_nothing_is_left_of_who_was_erased(db, person):
    number = person.id
    done = service.erase(person, None, with_words=True)
    db.session.commit()
    assert (done.number, done.deals) == (number, 0)
    left = exported(db.session.get(User, number))
    text = json.dumps(left, ensure_ascii=False)
    assert NAME not in text
    assert "zeb@" not in text
    for column in rules.PEOPLE[Fate.DELETED]:
        table, _, name = column.partition(".")
        assert [row for row in left[table] if row.get(name) == number] == []
    assert {name for name, rows in left.items() if rows} == {
        "users", "deals", "calls", "ratings", "usage_events", "audit_entries",
    }  # fmt: skip
    names = db.session.scalars(select(Notice.detail).where(Notice.topic == "handed-over")).all()
    assert [detail["name"] for detail in names] == ["—"]
    notes = db.session.scalars(select(AssetEvent.note).order_by(AssetEvent.id)).all()
    assert notes == ["— → Boss", "Other One → Boss"]
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)).all()
    assert actions[-2:] == ["user.erased", "audit.forgotten"]
    report = audit.verify()
    assert (report.good, report.forgotten) == (True, 1)


def test_what_is_still_hers_needs_a_successor(db, person):
    make.deal(person, name="open")
    make.asset("owned", owner_id=person.id)
    db.session.commit()
    with pytest.raises(service.StandsForError) as refused:
        service.erase(person, None, with_words=False)
    assert (refused.value.assets, refused.value.open_deals) == (1, 1)
    db.session.rollback()
    heir = make.user("heir@x.example", role="marketer")
    assert service.erase(person, heir, with_words=False).deals == 1


def test_from_where_others_did_something_to_her_is_not_told(db, person):
    admin = db.session.scalar(select(User).where(User.email == "other@x.example"))
    for one in (admin, person):
        audit.record("user.language_changed", kind="user", key=person.id, actor=one.id)
    db.session.commit()
    query = select(AuditEntry).where(AuditEntry.action == "user.language_changed")
    by = {it.actor: it.sequence for it in db.session.scalars(query)}
    rows = [{"sequence": n, "personal": {"address": "192.0.2.7", "x": 1}} for n in by.values()]
    told = {
        it["sequence"]: it["personal"] for it in queries._without_addresses(iter(rows), person.id)
    }
    assert told == {by[admin.id]: {"x": 1}, by[person.id]: {"address": "192.0.2.7", "x": 1}}
