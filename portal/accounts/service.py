"""Changes to people: added, given roles and passwords, signed in and out, deactivated."""

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.accounts import passwords, queries, sessions
from portal.accounts.models import Team, User
from portal.accounts.rules import (
    Department,
    PasswordProblem,
    Role,
    clean_email,
    clean_name,
    email_key,
    fold,
)
from portal.accounts.tickets.voiding import void
from portal.audit import service as audit
from portal.config import Language
from portal.db import db
from portal.errors import Conflict, Invalid, NotFound

NAME_MOST = 120
TEAM_MOST = 80
TEAM_KEY_MOST = 160


def find_user(email: str) -> User:
    """Return the person with an e-mail address.

    Raises:
        NotFound: when there is none.
    """
    user = queries.by_email(email)
    if user is None:
        raise NotFound(f"nobody has the e-mail {email!a}")
    return user


def add_user(
    email: str,
    *,
    name: str,
    role: Role,
    team: str | None = None,
    department: Department | None = None,
    language: Language | None = None,
    password: str | None = None,
) -> User:
    """Add a person; without a password nobody can sign in as them.

    Raises:
        Invalid: when the e-mail, a name or the password can not be used.
        Conflict: when the e-mail is taken, in whatever case.
    """
    address = clean_email(email)
    if address is None:
        raise Invalid(f"{email[:300]!a} is not an e-mail address")
    if queries.by_email(address) is not None:  # perhaps under a key of another spelling
        raise Conflict(f"{address} is taken")
    full_name = clean_name(name, most=NAME_MOST)
    if full_name is None:
        raise Invalid(f"a name has 1 to {NAME_MOST} characters on one line")
    user = User(
        email=address,
        email_key=email_key(address),
        name=full_name,
        role=role.value,
        department=department.value if department else None,
        language=language.value if language else None,
        team_id=_team(team).id if team else None,
        password_hash=None if password is None else _new_hash(password, address, full_name),
        active=True,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError as error:  # by somebody else meanwhile
        raise Conflict(f"{address} is taken") from error
    facts = {"role": user.role, "team": user.team_id, "department": user.department}
    told = {**facts, "name": user.name, "email": user.email}
    audit.record("user.added", kind="user", key=user.id, after=told)
    return user


def _team(name: str) -> Team:
    """Return the team of this name, made when there is none yet."""
    clean = clean_name(name, most=TEAM_MOST)
    if clean is None or len(fold(clean)) > TEAM_KEY_MOST:
        raise Invalid(f"a team's name has 1 to {TEAM_MOST} characters on one line")
    found = queries.team_by_name(clean)
    if found is not None:
        return found
    team = Team(name=clean, name_key=fold(clean))
    try:
        with db.session.begin_nested():
            db.session.add(team)
    except IntegrityError as error:  # made by somebody else meanwhile
        found = queries.team_by_name(clean)
        if found is None:
            raise Conflict(f"the team {clean} could not be made, try again") from error
        return found
    return team


def _new_hash(password: str, *about: str) -> str:
    """Return the hash of a new password, or refuse it."""
    wrong = passwords.problem(password, about)
    if wrong is PasswordProblem.EASY:
        raise Invalid("this password is one of those that are tried first: choose another one")
    if wrong is not None:
        raise Invalid(f"a password has 8 to 128 characters (this one: {wrong.value})")
    return passwords.hash_password(password)


def set_role(user: User, role: Role) -> None:
    """Give a person another role.

    Raises:
        Conflict: when nobody would be left to manage people.
    """
    if role is not Role.ADMIN:
        _keep_an_admin(user)
    before, user.role = user.role, role.value
    db.session.flush()
    audit.record(
        "user.role_changed",
        kind="user",
        key=user.id,
        before={"role": before},
        after={"role": role.value},
    )


def set_place(user: User, *, team: str | None, department: Department | None) -> None:
    """Put a person into a team, made when there is none of this name, and a department.

    Raises:
        Invalid: when the team's name can not be one.
    """
    before = _place(user)
    user.team_id = _team(team).id if team else None
    user.department = department.value if department else None
    db.session.flush()
    if before != _place(user):
        audit.record("user.moved", kind="user", key=user.id, before=before, after=_place(user))


def _place(user: User) -> dict[str, object]:
    return {"team": user.team_id, "department": user.department}


def set_password(user: User, password: str) -> None:
    """Give a person another password and end all their sessions.

    Raises:
        Invalid: when it is too short, too long, unreadable or easily guessed.
    """
    user.password_hash = _new_hash(password, user.email, user.name)
    sessions.end_all(user.id)
    void(user.id)
    db.session.flush()
    audit.record("user.password_changed", kind="user", key=user.id)


def set_language(user_id: int, language: Language) -> None:
    """Remember the language a person reads the portal in."""
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound
    user.language = language.value
    db.session.flush()


def activate(user: User) -> None:
    """Let a person who was deactivated sign in again, with what they signed in by before."""
    user.active = True
    db.session.flush()
    audit.record("user.activated", kind="user", key=user.id)


def deactivate(user: User) -> None:
    """Let a person sign in no more, and end all their sessions and links; what they did stays.

    Raises:
        Conflict: when nobody would be left to manage people.
    """
    _keep_an_admin(user)
    was_active, user.active = user.active, False
    sessions.end_all(user.id)
    void(user.id)
    db.session.flush()
    audit.record(
        "user.deactivated",
        kind="user",
        key=user.id,
        before={"active": was_active},
        after={"active": False},
    )


def _keep_an_admin(user: User) -> None:
    """Refuse to lose the last active admin."""
    if list(queries.lock_active_admins()) == [user.id]:
        raise Conflict(f"{user.email} is the last active admin; make somebody else one first")
