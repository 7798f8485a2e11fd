"""Files of a history, and their import."""

from datetime import UTC, datetime

import pytest

from portal import clock
from portal.db import db as _db
from portal.insights.history.service import Run

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def carry(db, tmp_path, monkeypatch):
    """Write the files given by name (without `.csv`) and import them; returns the report's files."""
    monkeypatch.setattr(clock, "now", lambda: NOW)

    def do(source="crm", **files):
        folder = tmp_path / source
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for name, text in files.items():
            content = text if isinstance(text, bytes) else text.encode()
            (folder / f"{name}.csv").write_bytes(content)
        report = Run(folder, source).carry(_db.session.flush)
        _db.session.expire_all()
        return {it.file.removesuffix(".csv"): it for it in report.files}

    return do


def counts(it):
    """Rows, created, updated, unchanged, repeated, refused."""
    return it.rows, it.created, it.updated, it.unchanged, it.repeated, it.refused
