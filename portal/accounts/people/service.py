"""Changes one person makes to another from the page for people, each after the rules were asked."""

from dataclasses import replace

from portal.accounts import queries as accounts
from portal.accounts import service, sessions
from portal.accounts.models import User
from portal.accounts.people import queries
from portal.accounts.people.rules import Acting, Action, Target, may
from portal.accounts.rules import Department, Role
from portal.accounts.tickets import service as tickets
from portal.accounts.tickets.rules import Purpose
from portal.config import Language
from portal.errors import Forbidden, Invalid, NotFound


def _allowed(actor: Acting, action: Action, user_id: int, *, to: Role | None = None) -> User:
    """Return the person, locked, when this may be done to them.

    Raises:
        NotFound: when there is nobody of this number.
        Forbidden: when the rules say no.
        Invalid: when they say so only because the person is not active.
    """
    if action in {Action.CHANGE_ROLE, Action.DEACTIVATE}:
        accounts.lock_active_admins()  # before the person, as everybody does: no two wait crosswise
    user = queries.person(user_id, lock=True)
    if user is None:
        raise NotFound
    target = Target(user.id, Role(user.role), user.active)
    if not may(actor, action, target, to=to):
        raise Invalid if may(actor, action, replace(target, active=True), to=to) else Forbidden
    return user


def invite(
    actor: Acting,
    email: str,
    *,
    name: str,
    role: Role,
    secret: str,
    team: str | None = None,
    department: Department | None = None,
    language: Language | None = None,
    post: tickets.Post,
) -> User:
    """Add a person without a password, and send them the link to choose one.

    Raises:
        Forbidden: when the rules say no.
        Invalid, Conflict: as `service.add_user`.
    """
    if not may(actor, Action.INVITE, Target(0, role), to=role):
        raise Forbidden
    user = service.add_user(
        email, name=name, role=role, team=team, department=department, language=language
    )
    tickets.make(user, Purpose.INVITATION, secret)
    post(user.id, Purpose.INVITATION.value)
    return user


def purpose_of(user: User) -> Purpose:
    """Return which link a person needs: the first password's, or another one's."""
    return Purpose.INVITATION if user.password_hash is None else Purpose.RESET


def make_link(actor: Acting, user_id: int, secret: str) -> tuple[Purpose, str]:
    """Make a link to be handed over by hand; return what it is for, and its token.

    Raises:
        NotFound, Forbidden: as the others.
    """
    user = _allowed(actor, Action.SEND_LINK, user_id)
    purpose = purpose_of(user)
    return purpose, tickets.make(user, purpose, secret)


def send_link(actor: Acting, user_id: int, secret: str, post: tickets.Post) -> None:
    """Send the link of an invitation again, or one for another password.

    Raises:
        NotFound, Forbidden: as the others.
    """
    purpose, _ = make_link(actor, user_id, secret)
    post(user_id, purpose.value)


def change(
    actor: Acting,
    user_id: int,
    *,
    role: Role,
    team: str | None,
    department: Department | None,
) -> None:
    """Give a person another role, team or department.

    Raises:
        NotFound, Forbidden: as the others.
        Conflict: when nobody would be left to manage people.
        Invalid: when the team's name can not be one.
    """
    user = _allowed(actor, Action.CHANGE_ROLE, user_id, to=role)
    if role.value != user.role:
        service.set_role(user, role)
    service.set_place(user, team=team, department=department)


def deactivate(actor: Acting, user_id: int) -> None:
    """Let a person in no more: their sessions and links end at once.

    Raises:
        NotFound, Forbidden: as the others.
        Conflict: when nobody would be left to manage people.
    """
    user = _allowed(actor, Action.DEACTIVATE, user_id)
    if user.active:  # sent twice, it is done once
        service.deactivate(user)


def activate(actor: Acting, user_id: int) -> None:
    """Let a person in again.

    Raises:
        NotFound, Forbidden: as the others.
    """
    user = _allowed(actor, Action.ACTIVATE, user_id)
    if not user.active:
        service.activate(user)


def end_sessions(actor: Acting, user_id: int) -> None:
    """Sign a person out everywhere.

    Raises:
        NotFound, Forbidden: as the others.
    """
    sessions.end_all(_allowed(actor, Action.END_SESSIONS, user_id).id)
