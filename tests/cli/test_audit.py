"""`portal audit`: verifies the log, prints its head, and gives all of it as lines of JSON."""

import json

import pytest
from sqlalchemy import text

from portal.app import create_app
from portal.audit import service
from portal.db import db


@pytest.fixture
def told(ready, settings):
    """A log of three entries; returns what runs SQL over it."""
    for name in ("a", "b"):
        added = ready("user", "add", f"{name}@x.example", "--name", "Lan", "--role", "admin")
        assert added.status == 0
    assert ready("user", "set-role", "b@x.example", "rep").status == 0
    app = create_app(settings)

    def run(*statements):
        with app.app_context():
            for statement in statements:
                db.session.execute(text(statement))
            db.session.commit()
            db.session.remove()
            db.engine.dispose()

    return run


def forge(sqlite, *statements):
    """Statements as somebody would run them who may switch the guards off."""
    if sqlite:
        drop = [f"DROP TRIGGER audit_entries_no_{verb}" for verb in ("update", "delete")]
    else:
        drop = ["ALTER TABLE audit_entries DISABLE TRIGGER USER"]
    return [*drop, *statements]


def test_a_good_log_is_good(ready, told):
    said = ready("audit", "verify")
    assert said.status == 0
    assert said.out.startswith("3 entries as they were written. Head: 3:")
    facts = ready("audit", "verify", "--json").json
    assert (facts["good"], facts["entries"], facts["findings"]) == (True, 3, [])
    assert ready("audit", "verify", "--anchor", facts["head"]).status == 0
    assert ready("audit", "verify", "--anchor", "x").status == 2


def test_a_forged_log_is_told_and_ends_with_1(ready, told, settings):
    head = ready("audit", "verify", "--json").json["head"]
    sqlite = "sqlite" in settings.database_url
    told(*forge(
        sqlite,
        "DELETE FROM audit_details WHERE sequence = 2",
        "DELETE FROM audit_entries WHERE sequence = 2",
        "UPDATE audit_entries SET actor = 7 WHERE sequence = 3",
    ))  # fmt: skip
    said = ready("audit", "verify", "--anchor", f"3:{'0' * 64}")
    assert said.status == 1
    assert "2-2  is gone" in said.out
    assert "3  was changed" in said.out
    assert "3  is not what the anchor says" in said.out
    assert "2 entries read; the log is NOT as it was written" in said.out
    facts = ready("audit", "verify", "--json", "--anchor", head)
    assert facts.status == 1
    assert facts.json["findings"] == [
        {"trouble": "removed", "number": 2, "last": 2},
        {"trouble": "changed", "number": 3, "last": 3},
    ]


def test_a_row_out_of_place_and_very_many(ready, told, settings, monkeypatch):
    from portal.audit import checking

    told(*forge(
        "sqlite" in settings.database_url,
        "UPDATE audit_entries SET sequence = 9 WHERE sequence = 3",
        "UPDATE audit_head SET sequence = 9",
    ))  # fmt: skip
    assert "9  stands where it was not written (it belongs at 3)" in ready("audit", "verify").out
    monkeypatch.setattr(checking, "MOST", 1)
    assert "and 1 more." in ready("audit", "verify").out


def test_all_of_it_is_printed_and_that_is_told(ready, told):
    lines = [json.loads(line) for line in ready("audit", "export").out.splitlines()]
    assert [line["action"] for line in lines] == ["user.added", "user.added", "user.role_changed"]
    assert lines[0]["details"]["personal"] == {"after": {"name": "Lan", "email": "a@x.example"}}
    assert lines[2]["details"] is None
    assert len(ready("audit", "export", "--since", "2026-01-01").out.splitlines()) == 4
    assert ready("audit", "export", "--since", "2999-01-01").out == ""


def test_only_the_newest_are_read_when_asked(ready, told, settings):
    app = create_app(settings)
    with app.app_context():
        assert service.verify(newest=2).entries == 2
        assert service.verify(newest=9).entries == 3
        db.session.remove()
        db.engine.dispose()
    told(*forge("sqlite" in settings.database_url, "DELETE FROM audit_details",
                "DELETE FROM audit_entries WHERE sequence = 1"))  # fmt: skip
    with app.app_context():
        assert service.verify(newest=2).findings[-1].trouble.value == "removed"
        db.session.remove()
        db.engine.dispose()
