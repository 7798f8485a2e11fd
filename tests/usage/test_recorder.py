import pytest
from flask import g
from sqlalchemy import event, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.cli import database
from portal.db import Base, reading
from portal.db import db as _db
from portal.usage import recorder
from portal.usage.models import UsageEvent
from portal.usage.rules import Action
from tests import make


def kept():
    _db.session.expire_all()
    return _db.session.scalars(select(UsageEvent).order_by(UsageEvent.id)).all()


@pytest.fixture
def request_(app, db):
    """A request in which things are noted."""

    def begin(method="GET", **headers):
        return app.test_request_context(
            "/", method=method, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )

    return begin


def test_what_was_noted_is_kept_once(request_):
    with request_():
        recorder.note(Action.VIEWED, asset_id=7, language="vi", revision=3, source="search")
        recorder.note(
            Action.SEARCHED,
            query="giá kestrel",
            results=0,
            ref="0123456789abcdef",
            filters={"kind": ["faq"]},
        )
        assert kept() == []
        recorder.keep()
        recorder.keep()
    viewed, searched = kept()
    assert (viewed.action, viewed.asset_id, viewed.language, viewed.revision) == (
        "viewed",
        7,
        "vi",
        3,
    )
    assert (viewed.user_id, viewed.source, viewed.filters) == (None, "search", None)
    assert (searched.query, searched.results, searched.filters) == (
        "giá kestrel",
        0,
        {"kind": ["faq"]},
    )
    assert searched.ref == "0123456789abcdef"


def test_it_is_known_who_it_was(client, app, db):
    user = make.user()
    client.sign_in(user)
    cookie = client.raw.get_cookie("arsenal").value
    with app.app_context(), app.test_request_context("/", headers={"Cookie": f"arsenal={cookie}"}):
        recorder.note(Action.VIEWED, asset_id=1)
        _db.session.rollback()  # as the end of every request does
        recorder.keep()
    assert [fact.user_id for fact in kept()] == [user.id]


@pytest.mark.parametrize(
    "headers", [{"Sec_Purpose": "prefetch"}, {"Purpose": "prefetch"}, {"X_Moz": "prefetch"}]
)
def test_guesses_of_a_browser_are_not_use(request_, headers):
    with request_(**headers):
        recorder.note(Action.VIEWED, asset_id=1)
        recorder.keep()
    assert kept() == []


def test_asking_for_the_head_is_not_use(request_):
    with request_("HEAD"):
        recorder.note(Action.VIEWED, asset_id=1)
        recorder.keep()
    assert kept() == []


def test_odd_values_are_left_out_and_never_break(request_):
    with request_():
        recorder.note(
            Action.COPIED, asset_id=2**70, language="xxx", revision=-1, source="x" * 99, rank=2**31, ref="zz",
            section="\0" * 300, sentence="x" * 9000, query="\ud800q\0", results=-5, filters={"\0": object()},
        )  # fmt: skip
        recorder.keep()
    (fact,) = kept()
    assert (fact.asset_id, fact.language, fact.revision, fact.source) == (None, None, None, None)
    assert (fact.rank, fact.ref, fact.section, fact.results, fact.filters) == (
        None,
        None,
        None,
        None,
        None,
    )
    assert (len(fact.sentence), fact.query) == (500, "q")


def test_a_lost_fact_is_logged_and_breaks_nothing(request_, monkeypatch, caplog):
    def locked(*_a, **_k):
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    monkeypatch.setattr(Session, "commit", locked)
    with request_():
        recorder.note(Action.VIEWED, asset_id=1)
        recorder.keep()
    assert kept() == []
    assert "1 usage events lost" in caplog.text


def test_a_hit_opened_again_is_left_out_of_a_migrated_ledger_too(empty):
    """The index that says so has to come with the migration, and lets everything else be."""
    with empty.app_context():
        database.upgrade()
        _db.session.remove()
    for _ in range(2):
        with empty.test_request_context("/"):
            for asset_id in (1, 2):
                recorder.note(Action.VIEWED, asset_id=asset_id, ref="0123456789abcdef")
                recorder.note(Action.OPENED, asset_id=asset_id, ref="0123456789abcdef")
            recorder.keep()
    with empty.app_context():
        seen = sorted((fact.action, fact.asset_id) for fact in kept())
    assert seen == [("opened", 1), ("opened", 2), *[("viewed", n) for n in (1, 1, 2, 2)]]


def test_nothing_noted_costs_nothing(request_, monkeypatch):
    monkeypatch.setattr(recorder, "apart", None)
    with request_():
        recorder.keep()
    recorder.keep()
    assert "usage_noted" not in g


def test_it_writes_beside_a_request_that_reads(empty):
    """On SQLite it must neither wait for the reader nor write in the reader's own transaction."""
    with empty.app_context():
        Base.metadata.create_all(_db.engine)
    begun = []
    with empty.test_request_context("/"):
        event.listen(
            _db.engine, "before_cursor_execute", lambda _c, _cu, sql, *_r: begun.append(sql)
        )
        with reading():
            _db.session.execute(select(UsageEvent)).all()
            recorder.note(Action.VIEWED, asset_id=1)
            recorder.keep()
            _db.session.rollback()
            assert len(kept()) == 1
        if _db.engine.dialect.name == "sqlite":
            assert [sql for sql in begun if sql.startswith("BEGIN")] == [
                "BEGIN",
                "BEGIN IMMEDIATE",
                "BEGIN",
            ]


def test_a_fact_outlives_the_rollback_of_the_request(empty):
    with empty.app_context():
        Base.metadata.create_all(_db.engine)
    with empty.test_request_context("/", method="POST"):
        _db.session.execute(
            insert(UsageEvent.__table__), [{"at": make.clock.now(), "action": "viewed"}]
        )
        recorder.note(Action.VIEWED, asset_id=2)
        _db.session.rollback()
        recorder.keep()
    with empty.app_context():
        assert [fact.asset_id for fact in kept()] == [2]
