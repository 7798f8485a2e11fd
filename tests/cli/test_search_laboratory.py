"""`portal search evaluate`, `replay`, `roll-up`: for people and for programs; nothing is written."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.app import create_app
from portal.db import db
from portal.search.log.models import SearchDay
from portal.usage.models import UsageEvent
from tests import make


@pytest.fixture
def stocked(ready, settings):
    """A portal with two texts and some searches of last week."""
    app = create_app(settings)
    with app.app_context():
        card = make.asset("titled")
        make.text(card, title="Falcon", body=f"## A\n\n{'Other words here. ' * 9}\n")
        make.text(
            make.asset("within"),
            title="Questions",
            body=f"## B\n\nFalcon. {'More words here. ' * 9}\n",
        )
        for number in range(4):
            at = clock.now() - timedelta(days=7, seconds=number)
            ref = f"{number:016x}"
            values = {"at": at, "user_id": number + 1, "ref": ref, "source": "search"}
            db.session.add(UsageEvent(action="searched", query="falcon", results=2, **values))
            db.session.add(UsageEvent(action="opened", asset_id=card.id, rank=1, **values))
        db.session.commit()
        assert ready("search", "rebuild").status == 0
        yield ready
        db.session.remove()
        db.engine.dispose()


def test_the_worst_are_told_with_what_came_instead(stocked, tmp_path):
    file = tmp_path / "q.jsonl"
    lines = [
        {"query": "falcon", "relevant": ["nowhere"], "kind": "short", "reader": "en"},
        {"query": "falcon other", "relevant": ["titled"], "kind": "short"},
    ]
    file.write_text("".join(json.dumps(it) + "\n" for it in lines))
    told = stocked("search", "evaluate", file, "--json").json
    (worst,) = told["worst"]
    assert (worst["query"], worst["rank"], sorted(worst["came"])) == (
        "falcon",
        None,
        ["titled", "within"],
    )
    assert told["kinds"]["short"]["mrr"] == 0.5
    out = stocked("search", "evaluate", file).out
    assert "'falcon' [en]: not found; wanted nowhere; came " in out
    assert "by kind" in out


def test_a_replay_says_what_moves_and_writes_nothing(stocked):
    told = stocked("search", "replay", "--set", "title=0", "--json").json
    assert (told["searches"], told["different"], told["first_changed"]) == (4, 1, 1.0)
    assert (told["opened"], told["mrr_before"], told["mrr_after"]) == (4, 1.0, 0.0)
    (moved,) = told["moved"]
    assert (moved["before"][0], moved["after"][0], moved["opened"]) == (
        "titled",
        "within",
        "titled",
    )
    out = stocked("search", "replay", "--set", "title=0").out
    assert "title           3 → 0" in out
    assert "opened titled: place 1 → –" in out
    assert stocked("search", "verify").status == 0


def test_days_bound_a_replay(stocked):
    last = (clock.now() - timedelta(days=9)).date()
    assert stocked("search", "replay", "--until", last, "--json").json["searches"] == 0
    assert "0 (0 different)" in stocked("search", "replay", "--since", clock.now().date()).out


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("--set", "titel=3"), 1), (("--since", "2026-02-03", "--until", "2026-02-02"), 1),
        (("--since", "0001-01-01"), 1), (("--until", "9999-12-31"), 1), (("--limit", "0"), 2), (("--since", "x"), 2),
    ],
)  # fmt: skip
def test_odd_wishes_are_refused(ready, words, status):
    assert ready("search", "replay", *words).status == status


def test_the_log_is_rolled_up(stocked):
    assert stocked("search", "roll-up", "--json").json == {"days": 8}
    assert stocked("search", "roll-up").out in {"1 day(s) counted.\n", "2 day(s) counted.\n"}
    assert stocked("search", "roll-up", "--rebuild").status == 0
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(SearchDay)) == 8
