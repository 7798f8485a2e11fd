"""A database or an index that can not be used: one line, what to do, status 1, nothing made."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.accounts import queries
from portal.app import create_app
from portal.cli import main, schema
from portal.db import db
from portal.search.engine import IndexBusyError, IndexDamagedError
from portal.search.whoosh_engine import WhooshEngine
from tests.cli.test_commands import every

SECRET = "hunter2"
HEAD = schema.head()
NEEDS_SCHEMA = [
    ("user", "list"),
    ("content", "load", "."),
    ("content", "export", "out"),
    ("content", "diff", "."),
    ("content", "check"),
    ("content", "remind"),
    ("content", "extract"),
    ("content", "sweep"),
    ("content", "source", "add", "docs", "."),
    ("content", "source", "list"),
    ("content", "source", "sync"),
    ("content", "source", "release", "x"),
    ("content", "source", "remove", "x"),
    ("requests", "import", __file__),
    ("deals", "import", __file__),
    ("usage", "import", __file__),
    ("history", "import", str(Path(__file__).parent)),
    ("insights", "refresh"),
    ("insights", "verify"),
    ("insights", "lift"),
    ("insights", "export", "-"),
    ("insights", "gaps"),
    ("insights", "use"),
    ("insights", "roll-up"),
    ("people", "erase", "you@example.com", "--yes"),
    ("requests", "export", "-"),
    ("requests", "figures"),
    ("mail", "test", "you@example.com"),
    ("search", "query", "x"),
    ("search", "drain"),
    ("search", "rebuild"),
    ("search", "verify"),
    ("search", "replay"),
    ("search", "priors"),
    ("search", "roll-up"),
    ("serve",),
    ("worker",),
    ("worker", "--once"),
    ("worker", "status"),
    ("worker", "retry", "7"),
    ("audit", "verify"),
    ("audit", "export"),
    ("people", "export", "lan@tarvel.example"),
    ("user", "invite", "lan@tarvel.example", "--name", "Lan", "--role", "rep"),
    ("user", "reset-link", "lan@tarvel.example"),
    ("user", "reset-factors", "lan@tarvel.example"),
    ("user", "activate", "lan@tarvel.example"),
]
NEEDS_DATABASE = [*NEEDS_SCHEMA, ("db", "current"), ("db", "upgrade"), ("doctor",)]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    """What a command writes by mistake it writes here; `serve` would find its port free."""
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    monkeypatch.setenv("PORTAL_PORT", "64999")


def lines(said):
    """What was said, one refusal a line; a traceback, SQL, links and secrets are never shown."""
    everything = said.out + said.err
    for never in ("Traceback", "[SQL", "sqlalche.me", SECRET):
        assert never not in everything
    assert said.status == 1, everything
    return everything.splitlines()


def only(said):
    (line,) = lines(said)
    return line


def test_every_command_is_here_or_known():
    known = {words[:n] for words in NEEDS_DATABASE for n in (2, 3)}
    others = {("demo",), ("search", "evaluate"), ("sbom",), ("backup",), ("restore",)}
    others |= {
        (group,)
        for group in (
            "db",
            "user",
            "people",
            "content",
            "deals",
            "requests",
            "usage",
            "history",
            "insights",
            "search",
            "mail",
            "audit",
        )
    }
    rest = {words for words in every(main) if words not in known | others}
    assert rest == {("user", n) for n in ("add", "set-role", "set-password", "deactivate")} | {
        ("db", "downgrade")
    }


@pytest.mark.parametrize("words", NEEDS_SCHEMA, ids=" ".join)
def test_a_database_that_is_not_migrated(portal, settings, words):
    assert only(portal(*words)) == f"The database is at base, not {HEAD}: run `portal db upgrade`."
    made = {path.name for path in settings.data_dir.iterdir()}
    assert made == {"cwd"}, "a refusal makes neither index nor database"


@pytest.mark.parametrize("words", [("db", "current"), ("doctor",)], ids=" ".join)
def test_looking_makes_nothing(portal, settings, words):
    assert portal(*words).status == 1
    assert {path.name for path in settings.data_dir.iterdir()} == {"cwd"}


def test_a_database_one_step_behind(portal):
    assert portal("db", "upgrade", "0001").status == 0
    assert only(portal("user", "list")).startswith(f"The database is at 0001, not {HEAD}: run")


def test_a_database_of_a_newer_portal(ready, settings):
    with create_app(settings).app_context():
        db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        db.session.commit()
        db.engine.dispose()
    for words in (("user", "list"), ("db", "upgrade"), ("db", "downgrade", "base", "--yes")):
        assert "it was made by a newer portal; install that one" in only(ready(*words))
    assert "newer portal" in "".join(lines(ready("doctor")))


@pytest.mark.parametrize("words", NEEDS_DATABASE, ids=" ".join)
@pytest.mark.parametrize("query", ["", f"?password={SECRET}"])
def test_postgresql_that_is_not_there(portal, monkeypatch, words, query):
    url = f"postgresql://u:{SECRET}@127.0.0.1:1/arsenal{query}"
    monkeypatch.setenv("PORTAL_DATABASE_URL", url)
    found = [line for line in lines(portal(*words)) if "can not be used" in line]
    assert len(found) == 1
    assert "The database arsenal at 127.0.0.1:1 can not be used: " in found[0]
    assert "see that the server runs" in found[0]


@pytest.mark.parametrize("words", NEEDS_DATABASE, ids=" ".join)
def test_an_address_nobody_can_read(portal, monkeypatch, words):
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"postgresql://u:{SECRET}@h:port/x")
    assert "PORTAL_DATABASE_URL must look like postgresql://" in only(portal(*words))


@pytest.mark.parametrize("words", NEEDS_DATABASE, ids=" ".join)
def test_a_file_that_is_no_database(portal, settings, monkeypatch, words):
    junk = settings.data_dir / "junk.sqlite"
    junk.write_bytes(b"not a database, but long enough to look at" * 100)
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{junk}")
    (found,) = [line for line in lines(portal(*words)) if str(junk) in line]
    assert "is not a database" in found
    assert "restore it" in found


@pytest.mark.parametrize("words", NEEDS_DATABASE, ids=" ".join)
def test_a_database_in_a_missing_folder(portal, settings, monkeypatch, words):
    place = settings.data_dir / "missing" / "portal.sqlite"
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{place}")
    (found,) = [line for line in lines(portal(*words)) if str(place) in line]
    assert "its folder must be there" in found
    assert not place.parent.exists()


@pytest.mark.parametrize("words", NEEDS_DATABASE, ids=" ".join)
def test_a_data_directory_that_is_a_file(portal, settings, monkeypatch, words):
    (settings.data_dir / "file").touch()
    monkeypatch.setenv("PORTAL_DATA_DIR", str(settings.data_dir / "file"))
    assert "is no folder and can not be made one" in only(portal(*words))


def test_a_fault_of_ours_is_not_hidden(ready, monkeypatch):
    def broken():
        raise IntegrityError("INSERT", {}, Exception("unique"))

    monkeypatch.setattr(queries, "list_users", broken)
    with pytest.raises(IntegrityError):
        ready("user", "list")


@pytest.fixture
def stocked(ready, settings, tmp_path):
    """A portal with one published text, indexed."""
    (tmp_path / "cards").mkdir()
    write(tmp_path / "cards" / "kestrel.md", "Kestrel WMS")
    assert ready("content", "load", tmp_path / "cards", "--publish").status == 0
    assert ready("search", "query", "kestrel", "--json").json["total"] == 1
    return ready


def write(path, title):
    path.write_text(f"---\ntitle: {title}\nkind: battlecard\nlanguage: en\n---\nWe win.\n", "utf-8")


def damage(settings):
    for path in settings.index_dir.glob("*.toc"):
        path.write_bytes(path.read_bytes()[:40])


DAMAGED = "The index can not be read: run `portal search rebuild`."


@pytest.mark.parametrize(
    "words", [("query", "kestrel"), ("query", "kestrel", "--json"), ("drain",)], ids=" ".join
)
def test_a_damaged_index_is_said(stocked, settings, words):
    damage(settings)
    said = stocked("search", *words)
    assert (said.status, said.out, said.err) == (1, "", f"{DAMAGED}\n")
    assert stocked("search", "rebuild").status == 0
    assert stocked("search", *words).status == 0


def test_an_index_that_breaks_while_it_is_asked_is_said(stocked, monkeypatch):
    def torn(*_):
        raise IndexDamagedError("a postings file")

    monkeypatch.setattr(WhooshEngine, "search", torn)
    assert only(stocked("search", "query", "kestrel")) == DAMAGED


@pytest.mark.parametrize("json", [True, False])
def test_a_load_is_reported_before_the_index_is_found_damaged(stocked, settings, tmp_path, json):
    write(tmp_path / "cards" / "osprey.md", "Osprey")
    damage(settings)
    said = stocked("content", "load", tmp_path / "cards", *["--json"] * json)
    assert (said.status, said.err.splitlines()[-1]) == (1, DAMAGED)
    assert "Traceback" not in said.err
    if json:
        assert (said.json["created"], said.json["unchanged"]) == (1, 1)
    else:
        assert said.out.startswith("2 files: 1 created, 0 updated, 1 unchanged")


def test_a_load_is_reported_before_the_index_is_found_busy(stocked, tmp_path, monkeypatch):
    def busy(*_):
        raise IndexBusyError("somebody")

    write(tmp_path / "cards" / "osprey.md", "Osprey")
    monkeypatch.setattr(WhooshEngine, "write", busy)
    said = stocked("content", "load", tmp_path / "cards", "--publish", "--json")
    assert (said.status, said.json["created"]) == (1, 1)
    assert said.err.startswith("Another process is writing the index: run `portal search drain`")


def test_a_missing_index_is_said_and_built(stocked, settings):
    shutil.rmtree(settings.index_dir)
    line = only(stocked("search", "query", "kestrel"))
    assert line == "There is no index yet: run `portal search rebuild`."
    assert stocked("search", "drain").out == "1 change(s) worked off.\n"
    assert stocked("search", "query", "kestrel", "--json").json["total"] == 1


def test_a_load_into_a_missing_index_builds_all_of_it(stocked, settings, tmp_path):
    shutil.rmtree(settings.index_dir)
    write(tmp_path / "cards" / "osprey.md", "Osprey")
    assert stocked("content", "load", tmp_path / "cards", "--publish").status == 0
    assert stocked("search", "verify", "--json").json["clean"]


def test_an_empty_portal_has_nothing_to_find(ready):
    assert ready("search", "query", "kestrel", "--json").json == {"total": 0, "results": []}


def test_evaluating_tells_a_damaged_index_too(stocked, settings, tmp_path):
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"query": "kestrel", "relevant": ["kestrel"]}\n', "utf-8-sig")
    found = stocked("search", "evaluate", questions, "--json")  # with a byte order mark
    assert (found.status, found.json["mrr"]) == (0, 1.0)
    damage(settings)
    assert only(stocked("search", "evaluate", questions)) == DAMAGED


def test_the_doctor_looks_into_the_index(stocked, settings):
    damage(settings)
    told = "fail index     it can not be read: searches find nothing  → portal search rebuild"
    assert told in lines(stocked("doctor"))
    shutil.rmtree(settings.index_dir)
    said = stocked("doctor")
    assert (said.status, "warn index     there is none yet" in said.out) == (0, True)
