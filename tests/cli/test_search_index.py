"""`portal search verify --repair`, the doctor's words about lag, and an index in PostgreSQL."""

import shutil
from datetime import timedelta

import pytest
from sqlalchemy import text

from portal import clock
from portal.app import create_app
from portal.db import db


def write(path, title):
    path.write_text(f"---\ntitle: {title}\nkind: battlecard\nlanguage: en\n---\nWe win.\n", "utf-8")


@pytest.fixture
def stocked(ready, tmp_path):
    """A portal with one published text, indexed."""
    (tmp_path / "cards").mkdir()
    write(tmp_path / "cards" / "kestrel.md", "Kestrel WMS")
    assert ready("content", "load", tmp_path / "cards", "--publish").status == 0
    return ready


@pytest.fixture
def behind(settings):
    """Do something to the database behind the portal's back."""

    def run(*statements):
        app = create_app(settings)
        with app.app_context():
            for statement in statements:
                db.session.execute(text(statement))
            db.session.commit()
            db.engine.dispose()

    return run


def test_nothing_to_repair(stocked):
    said = stocked("search", "verify", "--repair")
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("1 texts checked: 0 missing, 0 too many, 0 out of date")
    assert "Repaired" not in said.out
    assert stocked("search", "verify", "--repair", "--json").json["repaired"] is None


def test_differences_are_told_and_repaired(stocked, behind):
    behind("UPDATE asset_texts SET digest = 'other'")
    said = stocked("search", "verify")
    assert (said.status, said.err) == (1, "Run `portal search verify --repair`.\n")
    assert "1 out of date" in said.out
    said = stocked("search", "verify", "--repair")
    assert said.status == 0
    assert said.out.splitlines()[1:] == [
        "Repaired: 0 added, 0 removed, 1 brought up to date.",
        "Index and library agree now.",
    ]
    assert stocked("search", "verify").status == 0


def test_repair_in_json(stocked, behind):
    behind("UPDATE assets SET state = 'retired'", "DELETE FROM search_pending")
    found = stocked("search", "verify", "--json")
    assert (found.status, found.json["extra"], found.json["clean"]) == (1, 1, False)
    said = stocked("search", "verify", "--repair", "--json")
    assert (said.status, said.json["extra"], said.json["clean"]) == (0, 1, True)
    assert said.json["repaired"] == {"added": 0, "removed": 1, "replaced": 0, "rebuilt": False}


def test_an_index_that_can_not_be_read_is_built_anew(stocked, settings):
    for path in settings.index_dir.glob("*.toc"):
        path.write_bytes(path.read_bytes()[:40])
    said = stocked("search", "verify")
    assert (said.status, said.out) == (1, "The index can not be read.\n")
    said = stocked("search", "verify", "--repair")
    assert said.status == 0
    assert "built anew beside the old one: 1 text(s)." in said.out
    assert stocked("search", "query", "kestrel", "--json").json["total"] == 1


def test_what_can_not_be_repaired_is_said(stocked, behind, monkeypatch):
    behind("UPDATE asset_texts SET digest = 'other'")
    monkeypatch.setattr("portal.search.repairing.repair", lambda _engine: None)
    said = stocked("search", "verify", "--repair")
    assert said.status == 1
    assert "1 out of date" in said.out


@pytest.mark.parametrize(
    ("age", "told"),
    [
        (20, ("ok", "1 change(s) will be found in a moment")),
        (95, ("warn", "1 change(s) can not be found yet, the oldest for 95 seconds")),
        (400, ("warn", "1 change(s) can not be found yet, the oldest for 6 minutes")),
        (9000, ("warn", "1 change(s) can not be found yet, the oldest for 2 hours")),
        (400_000, ("warn", "1 change(s) can not be found yet, the oldest for 4 days")),
    ],
)
def test_the_doctor_tells_how_far_searches_are_behind(stocked, behind, monkeypatch, age, told):
    now = clock.now()
    behind(f"INSERT INTO search_pending (text_id, at) VALUES (1, '{now:%Y-%m-%d %H:%M:%S.%f}')")
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=age))
    findings = [
        row for row in stocked("doctor", "--json").json["findings"] if row["name"] == "index"
    ]
    assert [(row["state"], row["what"]) for row in findings] == [told]
    assert ("portal search drain" in findings[0]["do"]) == (told[0] == "warn")


def test_the_doctor_says_that_all_is_known(stocked):
    assert "ok   index     embedded, knows every change" in stocked("doctor").out


def test_the_index_in_the_database(ready, settings, tmp_path, monkeypatch, behind):
    monkeypatch.setenv("PORTAL_SEARCH", "postgresql")
    (tmp_path / "cards").mkdir()
    write(tmp_path / "cards" / "kestrel.md", "Kestrel WMS")
    loaded = ready("content", "load", tmp_path / "cards", "--publish")
    if settings.database_url.startswith("sqlite"):
        assert loaded.status == 1
        assert "PORTAL_SEARCH=postgresql needs a PostgreSQL database" in loaded.err
        return
    assert loaded.status == 0
    assert ready("search", "query", "kestrel", "--json").json["total"] == 1
    assert "ok   index     postgresql, knows every change" in ready("doctor").out
    assert not settings.index_dir.exists(), "no file of this machine's own"
    behind("DELETE FROM search_blocks")
    assert "The index can not be read" in ready("search", "verify").out
    assert ready("search", "query", "kestrel").status == 1
    assert ready("search", "verify", "--repair").status == 0
    assert ready("search", "query", "kestrel", "--json").json["total"] == 1
    behind("DELETE FROM search_segments", "DELETE FROM search_index")
    assert "there is none yet" in ready("doctor").out
    assert ready("search", "rebuild").status == 0
    assert ready("search", "verify").status == 0
    shutil.rmtree(tmp_path / "cards")
