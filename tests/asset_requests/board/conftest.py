"""People of both sides, and a request as it is asked."""

import pytest

from portal.accounts.rules import Role
from portal.asset_requests.acting import Person
from portal.asset_requests.asking import service as asking
from portal.asset_requests.asking.rules import Draft
from tests import make

ZONE = "Asia/Ho_Chi_Minh"


def acts(user):
    """Somebody as the services know them."""
    return Person(user.id, Role(user.role), user.department, user.team_id, ZONE)


@pytest.fixture
def ask(db):
    """A function that asks for something as the form would: with clocks and a first event."""
    tokens = iter(range(10_000))

    def of(requester=None, title="Kestrel in cold stores", **values):
        requester = requester or make.user(department="sales")
        draft = Draft(title, **values)
        return asking.ask(
            acts(requester), draft, token=f"ask-{next(tokens)}", words=lambda _text: {"kestrel": 1}
        )

    return of


@pytest.fixture
def entered(visitor, db):
    """A function that gives a browser of a person, and the person."""

    def of(role, **values):
        person = make.user(role=role, **values)
        return visitor().sign_in(person), person

    return of


@pytest.fixture
def marketer(entered):
    return entered("marketer", department="marketing", name="Mai")
