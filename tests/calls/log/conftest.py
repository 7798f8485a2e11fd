"""A rep who logs a call on a deal against Kestrel, whose battlecard has two objections."""

from datetime import timedelta

import pytest

from portal import clock
from portal.deals import service
from tests import make

BODY = "## Objections\n\n### Too dear\n\nNo.\n\n### Not in cold stores\n\nYes, it is.\n\n## Proof\n\nx\n"


def now(minutes=0):
    """A moment as the form of a call has it."""
    return (clock.now() + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def rep(db):
    return make.user(name="Lan Nguyen", team_id=make.team().id, department="sales")


@pytest.fixture
def card(db):
    asset = make.asset("kestrel-card", facets=[make.term("competitor", "kestrel")])
    make.text(asset, title="Kestrel card", body=BODY)
    return asset


@pytest.fixture
def deal(db, rep, card):
    found = make.deal(rep, name="Delta Foods", stage="Proposal")
    service.tag(found, products=[], competitors=["kestrel"])
    db.session.flush()
    return found


@pytest.fixture
def signed(db, client, rep, deal):
    db.session.commit()
    return client.sign_in(rep)


def send(browser, deal, url="/calls/new", **values):
    """Send the form of a call."""
    return browser.post(url, data={"deal": deal.id, "once": "abc", "at": now(), **values})
