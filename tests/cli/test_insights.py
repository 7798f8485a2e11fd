"""`portal insights …`: counted anew, checked, written out; on a database of one's own."""

import csv
import io

import pytest

from portal.app import create_app
from portal.db import db
from portal.insights.lift.models import LiftPool
from tests.insights.lift import facts


@pytest.fixture
def filled(ready, settings):
    """A portal with closed deals on which assets were used."""
    app = create_app(settings)
    with app.app_context():
        facts.world(deals=240, helpful=1)
        db.session.remove()
        yield ready
        db.session.remove()
        db.engine.dispose()


def test_what_helps_is_counted_checked_and_written_out(filled, tmp_path):
    assert filled("insights", "verify").status == 1
    said = filled("insights", "refresh", "--json").json
    assert (said["deals"], said["assets"]) == (240, 8)
    assert filled("insights", "verify").status == 0
    out = filled("insights", "export", "-").out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["rank"] for row in rows] == [str(i) for i in range(1, 9)]
    assert list(rows[0]) == [
        "asset_id", "lift", "lo", "hi", "verdict", "rank", "n", "usefulness",
    ]  # fmt: skip
    assert float(rows[0]["lo"]) < float(rows[0]["lift"]) < float(rows[0]["hi"])
    assert int(rows[0]["n"]) >= 20
    assert rows[0]["usefulness"] == ""
    assert filled("insights", "export", tmp_path / "lift.csv").status == 0
    assert (tmp_path / "lift.csv").read_text("utf-8") == out
    told = filled("insights", "lift", "--json").json
    assert [it["asset_id"] for it in told["rows"]] == [row["asset_id"] for row in rows]
    assert set(told["columns"]) == set(rows[0])
    assert rows[0]["asset_id"] in filled("insights", "lift", "--limit", "1").out


def test_differences_are_told_with_status_1(filled):
    filled("insights", "refresh")
    pool = db.session.scalars(db.select(LiftPool)).first()
    pool.won += 1
    db.session.commit()
    said = filled("insights", "verify")
    assert said.status == 1
    assert "strata: 1 kept that are not so, 1 missing" in said.err
    assert filled("insights", "verify", "--json").json["differences"]


def test_a_file_that_can_not_be_written_is_refused(filled, tmp_path):
    said = filled("insights", "export", tmp_path / "no" / "lift.csv")
    assert said.status == 1
    assert "No such file" in said.err


def test_without_deals_there_is_nothing_to_say(ready):
    assert ready("insights", "refresh", "--json").json["deals"] == 0
    assert "no asset was used" in ready("insights", "lift").out
    assert ready("insights", "export", "-").out.startswith("asset_id,lift")
