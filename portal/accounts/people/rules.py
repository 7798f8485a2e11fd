"""What one person may do to another, and which people a list shows; without a database."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.policy import Person
from portal.accounts.rules import Role


class Action(StrEnum):
    """What can be done to a person from the page for people."""

    SEE = "see"
    INVITE = "invite"  # somebody new, with a role
    CHANGE_ROLE = "change-role"
    CHANGE_PLACE = "change-place"  # team and department
    DEACTIVATE = "deactivate"
    ACTIVATE = "activate"
    END_SESSIONS = "end-sessions"
    SEND_LINK = "send-link"  # an invitation again, or one for another password


@dataclass(frozen=True, slots=True)
class Acting:
    """Who does it."""

    id: int
    role: Role


@dataclass(frozen=True, slots=True)
class Target:
    """To whom; `id` is 0 for somebody who is still to be invited."""

    id: int
    role: Role
    active: bool = True


def _is_other(actor: Acting, target: Target) -> bool:
    return actor.id != target.id


def _is_here(_actor: Acting, target: Target) -> bool:
    return target.active


_ALSO: Mapping[Action, tuple[Callable[[Acting, Target], bool], ...]] = {
    Action.CHANGE_ROLE: (_is_here,),
    Action.DEACTIVATE: (_is_other,),  # nobody shuts themselves out by a slip
    Action.SEND_LINK: (_is_here, _is_other),
}


def may(actor: Acting, action: Action, target: Target, *, to: Role | None = None) -> bool:
    """Whether somebody may do something to somebody; `to`: the role that is given.

    Managers look, admins change; nobody touches who stands above them, nor gives a role above
    their own.
    """
    if action is Action.SEE:
        return policy.granted(actor.role, Act.PEOPLE_SEE)
    who, whom = Person(actor.id, actor.role), Person(target.id, target.role)
    return (
        policy.granted(actor.role, Act.PEOPLE_KEEP)
        and policy.may_grant(who, whom, to or target.role)
        and all(holds(actor, target) for holds in _ALSO.get(action, ()))
    )


def grantable(actor: Acting) -> list[Role]:
    """Return the roles somebody may give."""
    return policy.up_to(actor.role)


class State(StrEnum):
    """How a person stands with the portal."""

    ACTIVE = "active"
    INVITED = "invited"  # has not chosen a password yet
    INACTIVE = "inactive"


@dataclass(frozen=True, slots=True)
class Line:
    """A person in the list."""

    id: int
    name: str
    email: str
    role: str
    department: str | None
    team_id: int | None
    team: str | None
    active: bool
    has_password: bool
    invited: bool
    seen_at: datetime | None

    @property
    def state(self) -> State:
        """Whether they can come in, are yet to come, or can not any more."""
        if not self.active:
            return State.INACTIVE
        return State.INVITED if self.invited and not self.has_password else State.ACTIVE


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; empty: everybody."""

    words: str = ""
    role: str = ""
    department: str = ""
    team: int | None = None
    state: str = ""


def shows(wanted: Wanted, line: Line) -> bool:
    """Whether a person belongs into the list: every word begins a word of name or e-mail."""
    return (
        wanted.role in {"", line.role}
        and wanted.department in {"", line.department}
        and wanted.team in {None, line.team_id}
        and wanted.state in {"", line.state.value}
        and _matches(wanted.words, f"{line.name} {line.email}")
    )


def _matches(words: str, text: str) -> bool:
    parts = [part for word in plain(text).split() for part in (word, *word.split("@"))]
    pieces = {piece for part in parts for piece in (part, *part.replace("-", ".").split("."))}
    return all(any(p.startswith(word) for p in pieces) for word in plain(words).split())


def plain(text: str) -> str:
    """Return a text as it is typed in a hurry: small letters without marks."""
    small = text.casefold().replace("đ", "d").replace("ё", "е")
    parts = unicodedata.normalize("NFD", small)
    bare = "".join(c for c in parts if unicodedata.category(c) != "Mn" or c == "\u0306")
    return unicodedata.normalize("NFC", bare)
