"""The ledger's page: both sides' rows, what is open measured up to now, another month."""

from datetime import datetime

import pytest

from portal.asset_requests.agreement import service
from portal.asset_requests.ledger import counting
from portal.calls.feedback.models import DealFeedback
from tests import make
from tests.asset_requests.agreement.conftest import ZONE, filed


def moment(text):
    return datetime.fromisoformat(f"2026-{text}+07:00")


@pytest.fixture
def three(db):
    """One delivered on time and one late in November; one in October that is open still."""
    north = make.team()
    sales = make.user(department="sales", team_id=north.id)
    for asked, steps in (
        ("11-23T08:00", [("11-23T09:00", "taken-on"), ("11-24T08:00", "delivered")]),
        ("11-23T08:00", [("11-24T09:00", "taken-on"), ("11-30T08:00", "delivered")]),
        ("10-20T08:00", [("10-20T10:00", "waiting")]),
    ):
        told = [(moment(at), state) for at, state in steps]
        service.set_due(filed(moment(asked), requester=sales), told, zone=ZONE)
    db.session.commit()
    return north


def test_a_month_is_counted(three):
    found = counting.month("2026-11", moment("12-01T08:00"))
    deliver = found["deliver",]
    assert (deliver.on_time, deliver.late, deliver.running) == (1, 1, 0)
    assert (deliver.median, deliver.ninety) == (8 * 3600, 32 * 3600)  # 24 November is a holiday
    assert found["deliver", "marketing"] == deliver
    assert found["try", "sales", str(three.id)].running == 2
    october = counting.month("2026-10", moment("12-01T08:00"))
    assert (october["deliver",].running, october["deliver",].median) == (1, None)
    assert (october["context",].late, october["context",].overdue) == (1, 1)


@pytest.mark.parametrize("language", ["en", "vi", "ru"])
def test_the_page_shows_it(three, client, language):
    client.sign_in(make.user(role="rep", language=language))
    for path in ("", "?month=2026-10", "?month=2026-11", "?month=x", "?month=2026-99"):
        assert client.get(f"/requests/ledger{path}").status == 200
    page = client.get("/requests/ledger?month=2026-11").words()
    assert "North" in page
    assert "50" in page


def test_an_empty_ledger_says_so(as_):
    assert "Nothing was promised" in as_("rep").get("/requests/ledger").words()


def test_who_said_what_helped_when_a_deal_had_ended(db, as_):
    """Within seven days by the agreement in force then; waving the question away is no answer."""
    service.current(ZONE).settled_at = moment("10-01T08:00")
    rep = make.user(department="sales", team_id=make.team("South").id)
    for day, answered, skipped in (
        ("02", "11-05T09:00", False),
        ("03", "11-20T09:00", False),
        ("04", "11-04T10:00", True),
        ("25", None, False),
    ):
        deal = make.deal(rep, outcome="lost")
        answered_at = moment(answered) if answered else None
        db.session.add(
            DealFeedback(
                deal_id=deal.id, user_id=rep.id, asked_at=moment(f"11-{day}T09:00"),
                answered_at=answered_at, skipped=skipped,
            )
        )  # fmt: skip
    db.session.flush()
    now = moment("11-30T08:00")
    found = counting.month("2026-11", now)["outcome", "sales", str(rep.team_id)]
    assert (found.on_time, found.late, found.overdue, found.running) == (1, 2, 1, 1)
    assert found.median == 17 * 86400  # 3 and 17 days, at least 26 and 5
    assert counting.months(now)["2026-11"]["outcome"] == (1, 2)
    page = as_("rep").get("/requests/ledger?month=2026-11").words()
    assert "South" in page


def test_nothing_was_promised_before_there_was_an_agreement(db):
    service.current(ZONE).settled_at = moment("11-10T08:00")
    rep = make.user()
    asked = {"user_id": rep.id, "asked_at": moment("11-02T09:00"), "skipped": False}
    db.session.add(DealFeedback(deal_id=make.deal(rep).id, **asked))
    db.session.flush()
    assert counting.months(moment("11-30T08:00")) == {}
