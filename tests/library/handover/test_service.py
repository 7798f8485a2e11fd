"""All that hangs on a person goes to another one, in one step, with a line each."""

import pytest
from sqlalchemy import select

from portal.errors import Invalid
from portal.library.handover import queries, service
from portal.library.handover.service import Part, Report
from portal.library.notices.models import Notice
from portal.library.publishing.acting import PORTAL
from portal.library.publishing.models import AssetEvent, Reviewer
from tests import make


@pytest.fixture
def people(db):
    return make.user(role="marketer", name="Tom"), make.user(role="contributor", name="Linh")


def review(db, person, kind=None, department=None):
    db.session.add(Reviewer(kind=kind, department=department, user_id=person.id))
    db.session.flush()


def test_owner_backup_and_reviewer_go_over_and_nobody_stands_in_for_themselves(db, people):
    tom, linh = people
    owned = make.asset(owner_id=tom.id, backup_owner_id=linh.id)
    backed = make.asset(owner_id=linh.id, backup_owner_id=tom.id)
    other = make.asset(state="retired", backup_owner_id=tom.id)
    review(db, tom, "faq")
    review(db, tom)
    review(db, linh)
    tom.active = False
    assert [(it.name, it.owns, it.backs, it.reviews) for it in queries.left()] == [("Tom", 1, 2, 2)]
    assert service.hand_over(PORTAL, tom, linh) == Report(1, 2, 2)
    assert (owned.owner_id, owned.backup_owner_id) == (linh.id, None)
    assert (backed.owner_id, backed.backup_owner_id) == (linh.id, None)
    assert other.backup_owner_id == linh.id
    rows = db.session.scalars(select(Reviewer).order_by(Reviewer.id))
    assert [(it.user_id, it.kind) for it in rows] == [(linh.id, "faq"), (linh.id, None)]
    assert queries.left() == []
    lines = list(db.session.scalars(select(AssetEvent)))
    assert {(it.action, it.note) for it in lines} == {("hand-over", "Tom → Linh")}
    assert len(lines) == 3
    assert [it.detail["count"] for it in db.session.scalars(select(Notice))] == [3]
    assert service.hand_over(PORTAL, tom, linh) == Report(0, 0, 0)


def test_only_what_is_chosen_goes_over(db, people):
    tom, linh = people
    asset = make.asset(owner_id=tom.id)
    review(db, tom, "faq")
    assert service.hand_over(PORTAL, tom, linh, parts=[Part.REVIEWER]) == Report(0, 0, 1)
    assert asset.owner_id == tom.id


def test_who_can_not_take_it_on_is_refused(db, people):
    tom, _linh = people
    for heir in (tom, make.user(role="rep"), make.user(role="manager", active=False)):
        with pytest.raises(Invalid):
            service.hand_over(PORTAL, tom, heir)
