"""`portal backup` and `portal restore` as people type them: what they say, and what they refuse."""

import pytest

from portal.app import create_app
from portal.config import load
from portal.db import db
from tests.browser import ROOT
from tests.cli.conftest import portal, ready, settings
from tests.conftest import make_config
from tests.library.attachments.buckets import a_bucket, moto_s3
from tests.operation.test_backup_drill import attach

__all__ = ["moto_s3", "portal", "ready", "settings"]

CARD = ROOT / "content" / "battlecard" / "kestrel"


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Let the commands that follow work in an empty place."""

    def go():
        config = make_config(tmp_path / "elsewhere", "sqlite")
        monkeypatch.setenv("PORTAL_DATA_DIR", str(config.data_dir))
        monkeypatch.setenv("PORTAL_DATABASE_URL", "")
        return config

    return go


def attached(ready):
    """A portal with one asset and one file; the file's digest."""
    assert ready("content", "load", CARD, "--publish").status == 0
    app = create_app(load())
    digest, content = attach(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return digest, content


def test_it_says_what_it_did(ready, tmp_path, elsewhere):
    person = ("admin@example.com", "--name", "Ада", "--role", "admin", "--password-stdin")
    assert ready("user", "add", *person, stdin="correct horse 42\n").status == 0
    path = tmp_path / "b.tar"
    said = ready("backup", path)
    assert said.status == 0, said.err
    assert "rows of" in said.out
    assert "b.tar" in said.out
    assert ready("restore", path, "--verify").out.startswith("In order: ")
    elsewhere()
    said = ready("restore", path)
    assert said.status == 0, said.err
    assert said.out.startswith("Restored: ")
    assert "sign in again" in said.out
    assert "admin@example.com" in ready("user", "list").out
    assert ready("search", "query", "kestrel").status == 0


def test_a_damaged_file_is_refused_in_words(ready, tmp_path, elsewhere):
    path = tmp_path / "b.tar"
    assert ready("backup", path).status == 0
    path.write_bytes(path.read_bytes()[:-20_480])
    for place in ("here", "elsewhere"):
        said = ready("restore", path, "--verify")
        assert (said.status, said.out, len(said.err.splitlines())) == (1, "", 1), place
        assert "can not be used" in said.err
        config = elsewhere()
    said = ready("restore", path)
    assert said.status == 1
    assert "cut off" in said.err
    assert not list(config.data_dir.glob("*.sqlite"))


def test_a_file_that_is_there_or_a_folder_that_is_not(ready, tmp_path):
    (tmp_path / "b.tar").write_text("mine")
    assert "is there already" in ready("backup", tmp_path / "b.tar").err
    assert (tmp_path / "b.tar").read_text() == "mine"
    assert "is no folder" in ready("backup", tmp_path / "none" / "b.tar").err


def test_a_lost_attachment_is_told_and_the_rest_kept(ready, tmp_path, settings, elsewhere):
    digest, _ = attached(ready)
    (settings.data_dir / "files" / digest[:2] / digest[2:4] / digest).write_bytes(b"other")
    path = tmp_path / "b.tar"
    said = ready("backup", path)
    assert said.status == 1
    assert digest[:12] in said.err
    elsewhere()
    said = ready("restore", path)
    assert said.status == 1
    assert "1 attachments are not in the file store" in said.err
    assert said.out.startswith("Restored: ")


@pytest.fixture
def bucket(moto_s3, request, monkeypatch):
    """Settings of a bucket, given to the commands that follow; call it to take them back."""
    names = {f"PORTAL_{k.upper()}": v for k, v in a_bucket(moto_s3, request).items()}
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    return lambda: [monkeypatch.delenv(name) for name in names]


def test_attachments_come_out_of_a_bucket(ready, tmp_path, elsewhere, bucket):
    digest, content = attached(ready)
    path = tmp_path / "b.tar"
    said = ready("backup", path, "--json")
    assert (said.status, said.json["files"]) == (0, 1)
    for secret in (b"testtest", b"s3_secret_key", b"s3_access_key"):
        assert secret not in path.read_bytes()
    bucket()
    config = elsewhere()
    assert ready("restore", path).status == 0
    kept = config.data_dir / "files" / digest[:2] / digest[2:4] / digest
    assert kept.read_bytes() == content
    assert kept.stat().st_mode & 0o777 == 0o600
