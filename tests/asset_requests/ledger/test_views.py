"""The ledger's page: both sides' rows, what is open measured up to now, another month."""

from datetime import datetime

import pytest

from portal.asset_requests.agreement import service
from portal.asset_requests.ledger import counting
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
