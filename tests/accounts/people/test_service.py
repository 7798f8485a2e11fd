import pytest
from sqlalchemy import select

from portal.accounts.people import service
from portal.accounts.people.rules import Acting
from portal.accounts.rules import Role
from portal.audit.models import AuditEntry
from portal.errors import Forbidden, NotFound
from tests import make


@pytest.fixture
def boss(db):
    return Acting(make.user(role="admin").id, Role.ADMIN)


def test_the_rules_are_asked_whatever_the_view_did(boss, db):
    manager, rep = Acting(make.user(role="manager").id, Role.MANAGER), make.user().id
    refused = [
        lambda: service.invite(
            manager, "x@example.com", name="X", role=Role.REP, secret="s", post=lambda *_: None
        ),
        lambda: service.change(manager, rep, role=Role.REP, team=None, department=None),
        lambda: service.deactivate(manager, rep),
        lambda: service.activate(manager, rep),
        lambda: service.end_sessions(manager, rep),
        lambda: service.make_link(manager, rep, "s"),
        lambda: service.deactivate(boss, boss.id),
    ]
    for each in refused:
        with pytest.raises(Forbidden):
            each()
    with pytest.raises(NotFound):
        service.deactivate(boss, 2**31 - 1)


def actions(db):
    db.session.commit()
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.sequence))
    return [row.action for row in rows]


def test_what_is_done_to_people_is_told_to_the_audit_log(boss, db):
    posted = []
    user = service.invite(
        boss,
        "x@example.com",
        name="X",
        role=Role.REP,
        secret="s",
        post=lambda *it: posted.append(it),
    )
    assert posted == [(user.id, "invitation")]
    service.change(boss, user.id, role=Role.REP, team=None, department=None)
    service.change(boss, user.id, role=Role.MARKETER, team="North", department=None)
    service.end_sessions(boss, user.id)
    for change in (service.deactivate, service.activate):
        change(boss, user.id)
        change(boss, user.id)  # sent twice, done once
    assert actions(db) == [
        "user.added", "user.link_made", "user.role_changed", "user.moved", "session.all_ended",
        "session.all_ended", "user.deactivated", "user.activated",
    ]  # fmt: skip
