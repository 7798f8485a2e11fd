"""`portal insights gaps`: what is missing, for people and for programs."""

from datetime import timedelta

import pytest

from portal import clock
from portal.app import create_app
from portal.db import db
from portal.usage.models import UsageEvent
from tests import make


@pytest.fixture
def searched(ready, settings):
    """A portal in which somebody searched in vain."""
    app = create_app(settings)
    with app.app_context():
        owner = make.user()
        deal = make.deal(owner, amount=500, currency="VND")
        for number, (text, held) in enumerate(
            (("freezer blankets", None), ("dock seals", deal.id))
        ):
            db.session.add(
                UsageEvent(
                    at=clock.now() - timedelta(days=1 + number), action="searched", query=text,
                    results=0, user_id=owner.id, deal_id=held, ref=f"{number:016x}",
                )
            )  # fmt: skip
        db.session.commit()
        db.session.remove()
        yield ready
        db.session.remove()
        db.engine.dispose()


def test_gaps_are_told_with_what_columns_mean(searched):
    told = searched("insights", "gaps", "--json").json
    assert [row["gap"] for row in told["rows"]] == ["dock seals", "freezer blankets"]
    assert (told["currency"], told["rows"][0]["value"]) == ("VND", 500)
    assert {"gap", "searches", "people", "deals", "value"} <= {it["key"] for it in told["columns"]}
    assert told["as_of"]


def test_people_read_lines(searched):
    out = searched("insights", "gaps", "--sort", "last", "--limit", "1").out
    assert "freezer blankets" in out
    assert "dock seals" not in out


def test_nothing_is_said_when_nothing_is_missing(ready):
    assert "nothing is missing" in ready("insights", "gaps").out
    assert ready("insights", "gaps", "--sort", "odd").status == 2
