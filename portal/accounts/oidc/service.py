"""Lets in who comes from the company's sign-in: known, linked or made, with the role of today."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.accounts import queries as people
from portal.accounts import service
from portal.accounts.models import User
from portal.accounts.oidc import queries, rules
from portal.accounts.oidc.models import UserIdentity
from portal.accounts.oidc.rules import Arrival, Refused, Why
from portal.accounts.rules import Role, clean_email, clean_name, is_same_address
from portal.audit import service as audit
from portal.db import db
from portal.errors import Conflict, Invalid

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the settings say of those who come."""

    roles: Mapping[str, str]  # by group; empty: roles are given here, not there
    makes_unknown: bool


def come_in(who: Arrival, terms: Terms) -> User:
    """Return the person who has come, with the role their groups give them now.

    Raises:
        Refused: when nobody here is meant, or they may not come in.
    """
    role = rules.role_of(who.groups, terms.roles)
    if terms.roles and role is None:
        raise Refused(Why.NO_ROLE, "no group of theirs has a role here")
    user = queries.person(who.issuer, who.subject) or _first_time(who, role, terms)
    if not user.active:
        raise Refused(Why.INACTIVE, f"user {user.id} is not active")
    if role is not None and user.role != role.value:
        _change_role(user, role)
    return user


def person(who: Arrival) -> int | None:
    """Return the number of the person who has come, if they have come before."""
    user = queries.person(who.issuer, who.subject)
    return user.id if user else None


def _first_time(who: Arrival, role: Role | None, terms: Terms) -> User:
    """Link or make somebody; an e-mail counts only when the issuer vouches for it."""
    email = clean_email(who.email)
    if email is None:
        raise Refused(Why.UNKNOWN, "an unknown subject without an e-mail")
    if not who.email_verified:
        raise Refused(Why.UNVERIFIED, "an unknown subject whose e-mail nobody vouches for")
    user = people.by_email(email)
    if user is None:
        if not terms.makes_unknown:
            raise Refused(Why.UNKNOWN, "nobody here has this e-mail")
        user = _made(who, email, role or Role.REP)
    elif not user.active:
        raise Refused(Why.INACTIVE, f"user {user.id} is not active")
    elif not is_same_address(user.email, email):
        raise Refused(Why.TAKEN, f"the address only looks like that of user {user.id}")
    elif queries.is_known(user.id, who.issuer):
        raise Refused(Why.TAKEN, f"user {user.id} has another subject")
    _link(user, who)
    return user


def _made(who: Arrival, email: str, role: Role) -> User:
    name = clean_name(who.name, most=service.NAME_MOST)
    fallback = clean_name(email.partition("@")[0], most=service.NAME_MOST)
    try:
        return service.add_user(email, name=name or fallback or "?", role=role)
    except (Conflict, Invalid) as error:
        raise Refused(Why.STALE, "could not be made at this very moment") from error


def _link(user: User, who: Arrival) -> None:
    identity = UserIdentity(
        user_id=user.id, issuer=who.issuer, subject=who.subject, created_at=clock.now()
    )
    try:
        with db.session.begin_nested():
            db.session.add(identity)
    except IntegrityError as error:  # by another tab, meanwhile
        raise Refused(Why.STALE, f"user {user.id} was linked at this very moment") from error
    audit.record(
        "user.identity_linked",
        kind="user",
        key=user.id,
        after={"issuer": who.issuer, "person": who.subject},
        actor=user.id,
    )


def _change_role(user: User, role: Role) -> None:
    """Give the role of the groups; the last admin stays one, or nobody could manage people."""
    try:
        service.set_role(user, role)
    except Conflict:
        log.warning("user %d is the last admin and stays one, whatever their groups", user.id)
