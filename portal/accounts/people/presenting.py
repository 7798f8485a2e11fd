"""What the page for people shows: the list narrowed down, and what may be done to one person."""

from collections.abc import Mapping
from typing import Any

from flask import current_app, request, url_for
from flask_login import current_user

from portal import clock
from portal.accounts import gate
from portal.accounts import queries as accounts
from portal.accounts.models import User
from portal.accounts.people import labels, queries, rules
from portal.accounts.people.rules import Acting, Action, State, Target, Wanted
from portal.accounts.rules import Department, Role, device_name
from portal.accounts.tickets import queries as tickets
from portal.accounts.tickets.rules import Purpose
from portal.config import Config
from portal.db import db
from portal.web import paging, words

SIZE = 50
TEXT_MOST = 200
NUMBER_MOST = 2**31 - 1


def acting() -> Acting:
    """Return who is asking."""
    return Acting(current_user.id, current_user.role)


def config() -> Config:
    """Return the settings."""
    found: Config = current_app.config["PORTAL"]
    return found


def wanted_of(said: Mapping[str, str]) -> Wanted:
    """Return what an address narrows the list to; what is odd narrows nothing."""
    team = said.get("team", "")
    number = int(team) if team.isascii() and team.isdigit() and len(team) < 11 else 0  # noqa: PLR2004
    return Wanted(
        words="".join(c for c in said.get("q", "") if c.isprintable())[:TEXT_MOST].strip(),
        role=said.get("role", "") if said.get("role") in set(Role) else "",
        department=said.get("department", "") if said.get("department") in set(Department) else "",
        team=number if 0 < number <= NUMBER_MOST else None,
        state=said.get("state", "") if said.get("state") in set(State) else "",
    )


def _person(line: rules.Line) -> dict[str, Any]:
    return {
        "url": url_for("people.show", number=line.id),
        "name": line.name,
        "email": line.email,
        "role_label": words.label(words.ROLES, line.role),
        "department_label": words.label(words.DEPARTMENTS, line.department),
        "team": line.team,
        "state": line.state.value,
        "state_label": words.label(labels.STANDS, line.state),
        "seen_at": line.seen_at,
    }


def listing() -> dict[str, Any]:
    """Return the list as an address asks for it."""
    wanted = wanted_of(request.args)
    every = queries.lines()
    found = [line for line in every if rules.shows(wanted, line)]
    args = list(request.args.items(multi=True))
    path = url_for("people.index")
    cut = paging.paging(
        total=len(found),
        number=paging.number_of(request.args.get("page")),
        size=SIZE,
        url=paging.page_urls(path, args),
    )
    return {
        "wanted": wanted,
        "people": [_person(it) for it in found[cut.offset : cut.offset + SIZE]],
        "total": len(found),
        "paging": cut,
        "tabs": _tabs(every, wanted, path, args),
        "roles": [(role.value, words.ROLES[role.value]) for role in Role],
        "departments": [(it.value, words.DEPARTMENTS[it.value]) for it in Department],
        "teams": [(team.id, team.name) for team in queries.teams()],
        "may_invite": rules.may(acting(), Action.INVITE, Target(0, Role.REP), to=Role.REP),
    }


def _tabs(
    every: list[rules.Line], wanted: Wanted, path: str, args: list[tuple[str, str]]
) -> list[dict[str, Any]]:
    states = [("", labels.EVERYBODY), *labels.STATES.items()]
    return [
        {
            "label": label,
            "url": paging.with_args(path, args, {"state": state or None, "page": None}),
            "current": wanted.state == state,
            "count": sum(not state or line.state == state for line in every),
        }
        for state, label in states
    ]


def may(user: User, action: Action) -> bool:
    """Whether the person signed in may do something to somebody."""
    return rules.may(acting(), action, Target(user.id, Role(user.role), user.active))


def one(user: User) -> dict[str, Any]:
    """Return what the page of one person shows."""
    now = clock.now()
    open_sessions = accounts.sessions_of(user.id, limits=gate.limits(), now=now)
    ticket = tickets.open_of(db.session(), user.id, Purpose.INVITATION, now=now)
    waits = user.password_hash is None and tickets.was_invited(user.id)
    state = State.ACTIVE if user.active else State.INACTIVE
    if user.active and waits:
        state = State.INVITED
    return {
        "number": user.id,
        "name": user.name,
        "email": user.email,
        "role_label": words.label(words.ROLES, user.role),
        "department_label": words.label(words.DEPARTMENTS, user.department),
        "team": user.team.name if user.team else None,
        "language": user.language,
        "since": user.created_at,
        "state": state.value,
        "state_label": words.label(labels.STANDS, state),
        "invited_until": ticket.expires_at if ticket and waits else None,
        "sessions": [
            {
                "device": device_name(row.device),
                "last_seen": row.last_seen_at,
            }
            for row in open_sessions
        ],
        "has_password": user.password_hash is not None,
        "may": {action.value: may(user, action) for action in Action},
    }
