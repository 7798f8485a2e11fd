"""The drill: a portal with content is backed up while others write, and restored elsewhere.

50 searches, the counts and hashes of what it holds, its attachments and its audit log are the
same before and after, on either database, also from one to the other.
"""

import hashlib
import io
import json
import threading

import pytest
import sqlalchemy as sa

from portal.app import create_app
from portal.audit import checking
from portal.audit import queries as audited
from portal.audit import service as audit
from portal.cli import search as searching
from portal.config import Language, load
from portal.db import db
from portal.library.attachments.models import Attachment
from portal.library.attachments.store import receive
from portal.library.models import Asset
from portal.operation.backup import copying
from portal.search import rules
from tests.browser import ROOT
from tests.cli.conftest import portal, ready, settings
from tests.conftest import DATABASES, make_config

__all__ = ["portal", "ready", "settings"]

CHANGING = {"teams", "sign_in_attempts", "sessions", "audit_entries", "audit_details", "audit_head"}
"""Tables that somebody writes meanwhile, or that tell of the restore itself."""
WORDS = """giá kestrel|price|lạnh|холод|nordhaul|stokkio|warehouse|kho|склад|why we win|onboarding
support|hỗ trợ|поддержка|cold chain|contract|hợp đồng|договор|security|bảo mật|api|integration
tích hợp|интеграция|pricing|discount|giảm giá|скидка|competitor|đối thủ|конкурент|customer
khách hàng|клиент|delivery|giao hàng|доставка|migration|chuyển đổi|переход|offline|mobile|điện thoại
"cold chain"|kestrel -price|reports|báo cáo|отчёты|training|đào tạo|обучение|gia kestrle|zzz"""
QUERIES = [word for line in WORDS.splitlines() for word in line.split("|")][:50]


def answers(app):
    """What 50 searches find."""
    with app.app_context():
        finder = searching.finder_of(app)
        found = {}
        for text in QUERIES:
            answer = finder.find(rules.ask(text, size=10, prefer=Language.EN))
            rows = [(h.card.slug, h.card.language, round(h.score, 6)) for h in answer.hits]
            found[text] = (answer.total, rows)
        db.session.rollback()
        return found


def sums(app):
    """Table → how many rows, and the hash of them all."""
    with app.app_context(), copying.snapshot(db.engine) as connection:
        found = {}
        for name, columns in copying.tables(connection).items():
            order = sorted(range(len(columns)), key=lambda i: columns[i])
            digest, count = hashlib.sha256(), 0
            for lines in copying.parts(connection, name, columns):
                for line in lines:
                    row = json.loads(line)
                    digest.update(json.dumps([row[i] for i in order]).encode())
                    count += 1
            found[name] = (count, digest.hexdigest())
        return found


def attach(app):
    """Give an asset a file; return its digest."""
    content = "Tệp · файл".encode() * 50_000
    store = app.extensions["arsenal.files"]
    with app.app_context():
        asset = db.session.scalars(sa.select(Asset).order_by(Asset.id)).first()
        with receive(store, io.BytesIO(content), 10_000_000) as received:
            store.put(received)
            row = {"digest": received.digest, "size": received.size, "status": "read"}
        db.session.add(
            Attachment(
                asset_id=asset.id, public_id="p" * 22, name="x.pdf", kind="pdf", state="current",
                added_at=asset.created_at, **row,
            )
        )  # fmt: skip
        audit.record("drill.attached", kind="asset", key=asset.id)
        db.session.commit()
    return row["digest"], content


class Writer(threading.Thread):
    """Writes pairs of rows until told to stop; a snapshot has both of a pair or none."""

    def __init__(self, app):
        super().__init__(daemon=True)
        self.app, self.over, self.wrote, self.pairs = app, threading.Event(), threading.Event(), 0

    def run(self):
        while not self.over.is_set():
            with self.app.app_context(), db.engine.begin() as connection:
                name = {"n": f"pair {self.pairs}"}
                connection.execute(
                    sa.text("INSERT INTO teams (name, name_key) VALUES (:n, :n)"), name
                )
                connection.execute(
                    sa.text(
                        "INSERT INTO sign_in_attempts (at, account_key, address_key, succeeded) "
                        "VALUES (CURRENT_TIMESTAMP, :n, 'x', false)"
                    ),
                    name,
                )
            self.pairs += 1
            self.wrote.set()


def column(app, query):
    with app.app_context(), db.engine.connect() as connection:
        return list(connection.scalars(sa.text(query)))


@pytest.mark.slow
@pytest.mark.parametrize("into", DATABASES)
def test_a_portal_in_use_is_backed_up_and_restored_elsewhere(ready, into, tmp_path, monkeypatch):
    folder = [ROOT / "content" / name for name in ("battlecard", "faq")]
    loaded = ready("content", "load", *folder, "--publish")
    assert loaded.status == 0, loaded.err
    source = create_app(load())
    digest, content = attach(source)
    before, counted = answers(source), sums(source)
    assert sum(total for total, _ in before.values()) > 50
    assert len(before) == 50

    writer, parts = Writer(source), copying.parts

    def slowly(*arguments):
        writer.wrote.clear()
        assert writer.wrote.wait(60), "a backup keeps others from writing"
        return parts(*arguments)

    monkeypatch.setattr(copying, "parts", slowly)
    writer.start()
    try:
        said = ready("backup", tmp_path / "all.tar", "--json")
    finally:
        writer.over.set()
        writer.join(60)
    monkeypatch.setattr(copying, "parts", parts)
    assert said.status == 0, said.err
    assert (said.json["files"], said.json["missing"]) == (1, [])
    assert writer.pairs > 50
    assert ready("restore", tmp_path / "all.tar", "--verify").status == 0

    elsewhere = make_config(tmp_path / "elsewhere", into, "_there")
    monkeypatch.setenv("PORTAL_DATA_DIR", str(elsewhere.data_dir))
    monkeypatch.setenv("PORTAL_DATABASE_URL", elsewhere.database_url)
    said = ready("restore", tmp_path / "all.tar")
    assert said.status == 0, said.err
    target = create_app(load())
    assert answers(target) == before
    after = sums(target)
    assert {n for n in counted if after[n] != counted[n]} <= CHANGING
    pairs = column(target, "SELECT name FROM teams WHERE name LIKE 'pair %' ORDER BY id")
    keys = "SELECT account_key FROM sign_in_attempts WHERE account_key LIKE 'pair %' ORDER BY id"
    assert pairs == column(target, keys)
    assert 0 <= len(pairs) < writer.pairs
    with target.app_context():
        with target.extensions["arsenal.files"].open(digest) as file:
            assert file.read() == content
        chain, reader = audited.Chain(), checking.Reader([])
        for entry, details in chain:
            reader.read(entry, details)
        report = reader.end(chain.head)
        assert report.good
        assert report.entries >= 2  # what was attached, and the restore
    again = ready("restore", tmp_path / "all.tar")
    assert again.status == 1
    assert "in use" in again.err
    for app in (source, target):
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
