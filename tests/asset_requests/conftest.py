"""People of both sides, as they act on requests."""

from collections import Counter

import pytest

from portal.accounts.rules import Role
from portal.asset_requests.acting import Person
from portal.asset_requests.asking import service
from portal.asset_requests.asking.rules import Draft
from tests import make


def as_person(user):
    return Person(user.id, Role(user.role), user.department, user.team_id)


def words(text):
    return Counter(text.lower().split())


@pytest.fixture
def north(db):
    return make.team("North")


@pytest.fixture
def lan(north):
    """A rep of the team North."""
    return make.user("lan@example.com", name="Nguyễn Thị Lan", team_id=north.id, department="sales")


@pytest.fixture
def tom(db):
    """A marketer."""
    return make.user("tom@example.com", name="Tom Reed", role="marketer", department="marketing")


@pytest.fixture
def ask(lan):
    """A function that asks for something as the service does."""

    def asked(title="Kestrel in cold stores", *, by=lan, token=None, **values):
        draft = Draft(title=title, **values)
        return service.ask(as_person(by), draft, token=token or f"t-{title}-{by.id}", words=words)

    return asked
