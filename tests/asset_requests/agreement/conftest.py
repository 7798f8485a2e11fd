"""Managers of both sides, and requests as the clocks see them."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from types import SimpleNamespace

import pytest

from portal import clock
from portal.accounts.rules import Role
from portal.library.publishing.acting import Actor
from tests import make

ZONE = "Asia/Ho_Chi_Minh"
_ids = count(1)


@dataclass
class Asked:
    """A request, as much of it as the clocks look at."""

    asked_at: datetime
    kind: str | None = "faq"
    urgent: bool = False
    department: str = "marketing"
    requester: object = field(
        default_factory=lambda: SimpleNamespace(id=None, team_id=None, department="sales")
    )
    assignee: object = None
    id: int = field(default_factory=lambda: next(_ids))


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
