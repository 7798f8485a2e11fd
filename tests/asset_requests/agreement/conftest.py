"""Managers of both sides, and requests as the clocks see them."""

from datetime import datetime

import pytest

from portal import clock
from portal.accounts.rules import Role
from portal.library.publishing.acting import Actor
from tests import make

ZONE = "Asia/Ho_Chi_Minh"


def filed(asked_at, *, requester=None, assignee=None, **values):
    """A request, filed by somebody of Sales."""
    requester = requester or make.user(department="sales")
    values = {"kind": "faq"} | values
    return make.request(requester, asked_at=asked_at, assignee=assignee, **values)


@pytest.fixture
def signer(db):
    """A function that gives somebody who acts for a department."""

    def of(department, role=Role.MANAGER):
        person = make.user(role=role.value, department=department)
        return Actor(person.id, role, department)

    return of


@pytest.fixture
def at(monkeypatch):
    """A function that sets the time: `at("2026-11-25T08:00+07:00")`."""

    def set_to(text):
        moment = datetime.fromisoformat(text)
        monkeypatch.setattr(clock, "now", lambda: moment)
        return moment

    return set_to
