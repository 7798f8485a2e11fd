"""Requests in from files and out again: once each, with history, nothing lost."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from portal.asset_requests import queries
from portal.asset_requests.agreement import queries as agreements
from portal.asset_requests.carrying import queries as rows
from portal.asset_requests.carrying import rules, service
from portal.asset_requests.models import AssetRequest
from tests import make
from tests.asset_requests.conftest import words

HEAD = "id,title,requester,state,assignee,supporters,delivered,competitor,asked_at,taken_on_at,delivered_at\n"


def carry(text):
    return service.carry(text, words=words, zone="UTC")


def exported():
    return "".join(rules.write(rows.rows()))


@pytest.fixture
def world(db, lan, tom):
    make.term()
    make.asset("card")
    return make.user("mate@example.com")


LINE = (
    "CRM-7,Cold stores,LAN@example.com,delivered,tom@example.com,mate@example.com,card,kestrel,"
    "2026-11-02T08:00Z,2026-11-02T09:00Z,2026-11-03T09:00Z\n"
)


def test_a_row_brings_its_history_and_its_clocks(db, world, lan, tom):
    report = carry(HEAD + LINE)
    assert (report.rows, report.created, report.rejected) == (1, 1, [])
    it = db.session.scalars(select(AssetRequest)).one()
    assert (it.state, it.assignee_id, it.delivered.slug) == ("delivered", tom.id, "card")
    assert queries.waiting(it.id) == [lan.id, world.id]
    assert [(e.led_to, e.at.day) for e in queries.steps(it.id)] == [
        ("taken-on", 2),
        ("delivered", 3),
    ]
    clocks = {c.promise: c for c in agreements.clocks_of(it.id)}
    assert clocks["deliver"].ended_at == datetime(2026, 11, 3, 9, tzinfo=UTC)
    assert clocks["try"].ended_at is None


def test_the_same_file_again_changes_nothing_and_a_later_one_brings_up(db, world):
    carry(HEAD + LINE)
    before = exported()
    assert carry(HEAD + LINE).unchanged == 1
    assert exported() == before
    assert carry(before).unchanged == 1
    later = LINE.replace("delivered,tom", "accepted,tom").replace("Cold stores", "Cold rooms")
    report = carry(HEAD + later)
    assert (report.created, report.updated) == (0, 1)
    it = db.session.scalars(select(AssetRequest)).one()
    assert (it.title, it.state) == ("Cold rooms", "accepted")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("LAN@example.com", "nobody@example.com", "requester"),
        ("tom@", "nobody@", "assignee"),
        ("mate@", "nobody@", "supporters"),
        (",card,", ",nowhere,", "delivered"),
        ("kestrel", "nobody", "competitor"),
    ],
)
def test_who_and_what_is_not_there_is_told_and_the_rest_is_read(db, world, old, new, reason):
    report = carry(HEAD + LINE.replace(old, new) + LINE.replace("CRM-7", "CRM-8"))
    assert (report.rows, report.created) == (2, 1)
    assert report.rejected[0]["row"] == 2
    assert reason in report.rejected[0]["reason"]
    assert len(db.session.scalars(select(AssetRequest)).all()) == 1


def test_what_goes_out_comes_into_an_empty_portal_as_it_was(db, world, ask, lan, tom):
    ask("=1+1", situation="a\nb;c", query="kestrel", competitor="kestrel", urgent=True)
    carry(HEAD + LINE)
    before = exported()
    for it in db.session.scalars(select(AssetRequest)).all():
        db.session.delete(it)
    db.session.flush()
    assert carry(before).created == 2
    assert exported() == before


def test_the_commands(empty, tmp_path, monkeypatch):
    from portal.cli import main
    from portal.db import db

    config = empty.config["PORTAL"]
    for name in ("data_dir", "database_url", "secret_key", "base_url"):
        monkeypatch.setenv(f"PORTAL_{name.upper()}", str(getattr(config, name)))
    run = CliRunner().invoke
    assert run(main, ["db", "upgrade"]).exit_code == 0
    with empty.app_context():
        make.user("lan@example.com")
        db.session.commit()
    file = tmp_path / "requests.csv"
    file.write_text("title,requester\nCold,lan@example.com\nHot,nobody@example.com\n", "utf-8")
    dry = run(main, ["requests", "import", str(file), "--dry-run", "--json"])
    done = run(main, ["requests", "import", str(file), "--json"])
    assert dry.exit_code == done.exit_code == 1
    assert json.loads(dry.stdout) == json.loads(done.stdout)
    assert json.loads(done.stdout)["created"] == 1
    again = run(main, ["requests", "import", str(file), "--json"])
    assert json.loads(again.stdout)["unchanged"] == 1
    out = run(main, ["requests", "export", "-"])
    assert out.stdout.count("\n") == 2
    told = json.loads(run(main, ["requests", "figures", "--json"]).stdout)
    assert told["groups"][0]["asked"] == 1
    file.write_bytes("title,requester\nХолод,x".encode("cp1251"))
    bad = run(main, ["requests", "import", str(file)])
    assert bad.exit_code == 1
    assert "UTF-8" in bad.stderr
