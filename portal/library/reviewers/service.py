"""Reviewers named and released by managers; what they may do is told by `publishing.rules`."""

from sqlalchemy import select

from portal.accounts.models import User
from portal.accounts.rules import Department, Role
from portal.audit import service as audit
from portal.db import db
from portal.errors import Conflict, Invalid, NotFound
from portal.library.publishing import queries
from portal.library.publishing.models import Reviewer
from portal.library.rules import Kind


def name(user_id: int, *, kind: Kind | None, department: Department | None) -> Reviewer:
    """Name somebody as reviewer of a kind, of a department, or of both; None stands for any.

    Raises:
        Invalid: when the person has left or may write nothing.
        Conflict: when they are named for just this already.
    """
    # Held until the commit: no constraint sees that two rows with an "any" are the same.
    person = db.session.scalar(select(User).where(User.id == user_id).with_for_update())
    if person is None or not person.active or not Role(person.role).covers(Role.CONTRIBUTOR):
        raise Invalid("choose somebody who is here and may write")
    scope = (kind.value if kind else None, department.value if department else None)
    if scope in queries.reviewer_scopes(user_id):
        raise Conflict(f"{person.name} reviews that already")
    row = Reviewer(kind=scope[0], department=scope[1], user_id=user_id)
    db.session.add(row)
    db.session.flush()
    audit.record("reviewer.named", kind="user", key=user_id, after=_told(row))
    return row


def _told(row: Reviewer) -> dict[str, str | None]:
    """Return what somebody reviews, as the audit log keeps it."""
    return {"kind": row.kind, "department": row.department}


def release(reviewer_id: int) -> None:
    """Take a reviewer's name off; what waits for them waits for whoever else may review.

    Raises:
        NotFound: when there is no such row.
    """
    row = db.session.get(Reviewer, reviewer_id)
    if row is None:
        raise NotFound
    audit.record("reviewer.released", kind="user", key=row.user_id, before=_told(row))
    db.session.delete(row)
    db.session.flush()
