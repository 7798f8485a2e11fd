"""The one table of who may do what, and to which things: nothing that is not in it is allowed.

A line of `TABLE` says by which grants an act is allowed. A grant is a role and what ties the person
to the thing: `(REP, OWN)` lets every rep do it to what is hers, `(MANAGER, ANY)` every manager to
all. Views are marked with their act (`gate.allows`); the gate lets nobody pass whose role has no
grant at all. Where the thing is known, its feature says what ties the person to it and asks `may`.
In which state a thing can be moved where is told by the feature's own table of moves: it says what
an act leads to, and this one who may do it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from portal.accounts.acts import Act
from portal.accounts.rules import Role


class Tie(StrEnum):
    """What a thing is to a person."""

    ANY = "any"  # whatever it is to her
    OPEN = "open"  # it is everybody's to see: published, or shared with all
    OWN = "own"  # she made it, owns it, stands in for its owner, or was asked
    JOINED = "joined"  # she waits for it as well
    TEAM = "team"  # her team's
    TEAMS = "teams"  # some team's, whichever
    DEPARTMENT = "department"  # her department's
    NAMED = "named"  # she is named for it: reviews it, has taken it on


@dataclass(frozen=True, slots=True)
class Grant:
    """An act allowed to a role and those above it, by a tie; to everybody when there is no role."""

    role: Role | None
    tie: Tie


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts; `id` is None for the portal itself and for the operator at the machine."""

    id: int | None
    role: Role
    department: str | None = None
    team_id: int | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Thing:
    """What an act is done to, as far as it matters who may; features build it from their rows.

    Args:
        owners: who made it, owns it, stands in or was asked; None among them is nobody.
        named: who is named for it.
        joined: who waits for it as well.
        team_id: the team it belongs to, and no other unless it is open.
        department: whose it is to write or to answer.
        is_open: whether it is everybody's to see.
    """

    owners: Collection[int | None] = ()
    named: Collection[int | None] = ()
    joined: Collection[int | None] = ()
    team_id: int | None = None
    department: str | None = None
    is_open: bool = False
    of_team: bool = False


LEAST = Role.REP
"""The role everybody has who has signed in."""

OPERATOR = Person(None, Role.ADMIN)
"""Who runs a command: whoever has the machine's shell and the portal's secrets acts as an admin.

Each command still names its act (`portal.cli.acts`), so that what commands do is in this table too.
"""


def _by(role: Role | None, *ties: Tie) -> frozenset[Grant]:
    return frozenset(Grant(role, tie) for tie in ties)


_R, _C, _M, _G, _A = Role.REP, Role.CONTRIBUTOR, Role.MARKETER, Role.MANAGER, Role.ADMIN
_ANYBODY = _by(None, Tie.ANY)
_REPS, _CONTRIBUTORS, _MARKETERS = _by(_R, Tie.ANY), _by(_C, Tie.ANY), _by(_M, Tie.ANY)
_MANAGERS, _ADMINS = _by(_G, Tie.ANY), _by(_A, Tie.ANY)
_OWN = _by(_R, Tie.OWN)

# who people are to an asset: a rep is nobody to one, whatever she is named
WRITER = _by(_C, Tie.OWN, Tie.DEPARTMENT)
REVIEWER = _by(_C, Tie.NAMED)
DESK, OVERSEER = _MARKETERS, _MANAGERS
_REVIEWERS = REVIEWER | DESK
_WRITERS = WRITER | _REVIEWERS

# who people are to a request
REQUESTER, SUPPORTER, MATE = _OWN, _by(_R, Tie.JOINED), _by(_R, Tie.TEAM)
ASSIGNEE = _by(_C, Tie.NAMED)
ANSWERER = _by(_C, Tie.DEPARTMENT) | _MARKETERS
_ASKERS = REQUESTER | SUPPORTER
_ANSWERERS = ANSWERER | ASSIGNEE

TABLE: Mapping[Act, frozenset[Grant]] = MappingProxyType(
    {
        Act.ENTER: _ANYBODY,
        Act.LOOKS: _ANYBODY,  # language and appearance, kept in cookies
        Act.MUTE: _ANYBODY,  # for whoever has the mail: its address is signed
        Act.PROBE: _ANYBODY,  # programs without an account: counts and ages only
        Act.STATIC: _ANYBODY,
        Act.ACCOUNT: _OWN,
        Act.PEOPLE_SEE: _MANAGERS,
        Act.PEOPLE_KEEP: _ADMINS,
        Act.ROLE_GRANT: _ADMINS,  # and never above one's own: `may_grant`
        Act.AUDIT_READ: _ADMINS,
        Act.JOBS_KEEP: _MANAGERS,
        Act.OPERATE: _ADMINS,
        Act.ASSET_EDIT: _WRITERS,
        Act.ASSET_SUBMIT: _WRITERS,
        Act.ASSET_SEND_BACK: _REVIEWERS,
        Act.ASSET_PUBLISH: _REVIEWERS,
        Act.ASSET_PUBLISH_UNSEEN: _MARKETERS,  # what nobody has looked at
        Act.ASSET_DISCARD: _WRITERS,
        Act.ASSET_UNPUBLISH: _MARKETERS,
        Act.ASSET_RETIRE: _MARKETERS,
        Act.ASSET_RESTORE: _MARKETERS,
        Act.ASSET_SCHEDULE: _REVIEWERS,
        Act.ASSET_COMMENT: _WRITERS,
        Act.ASSET_CONFIRM: _WRITERS,
        Act.ASSET_ASSIGN: _MARKETERS,
        Act.ASSET_READ: _by(_R, Tie.OPEN) | _WRITERS,  # its page and its files
        Act.ASSET_DESK: _WRITERS,
        Act.ASSET_BEGIN: _CONTRIBUTORS,
        Act.DESK_OF_ALL: _MARKETERS,
        Act.HAND_OVER: _MANAGERS,
        Act.INTERVALS_KEEP: _MANAGERS,
        Act.REVIEWERS_NAME: _MANAGERS,
        Act.ORIGINAL_CHOOSE: _MARKETERS,
        Act.TERMS_READ: _CONTRIBUTORS,
        Act.TERMS_KEEP: _MARKETERS,
        Act.CLAIMS_SETTLE: _CONTRIBUTORS,
        Act.QUALITY_SETTLE: _CONTRIBUTORS,
        Act.BULK_BEGIN: _CONTRIBUTORS,
        Act.BULK_DESK: _MARKETERS,
        Act.BULK_SEE: _by(_C, Tie.OWN) | _MANAGERS,
        Act.NOTICE_READ: _OWN,
        Act.COLLECTION_MAKE: _REPS,
        Act.COLLECTION_SEE: _by(_R, Tie.OWN, Tie.OPEN, Tie.TEAM) | _by(_G, Tie.TEAMS),
        Act.COLLECTION_EDIT: _OWN | _by(_M, Tie.OPEN) | _by(_G, Tie.TEAMS),
        Act.PIN_OWN: _REPS,
        Act.PIN_TEAM: _MARKETERS,
        Act.SEARCH: _REPS,
        Act.SYNONYMS_KEEP: _MARKETERS,
        Act.PROMOTIONS_KEEP: _MARKETERS,
        Act.SEARCH_LOG_READ: _MARKETERS,  # counts, nobody is named
        Act.DEAL_ADD: _REPS,
        Act.DEAL_SEE: _by(_R, Tie.OWN, Tie.TEAM) | _MANAGERS,
        Act.DEAL_CHANGE: _OWN | _MANAGERS,
        Act.DEAL_GIVE: _MANAGERS,
        Act.DEALS_OF_TEAMS: _MANAGERS,
        Act.DEALS_IMPORT: _MANAGERS,  # values of all deals go in there
        Act.CUSTOMER_SEE: _by(_R, Tie.OWN, Tie.TEAM) | _MANAGERS,  # as one of its deals
        Act.PIPELINES_KEEP: _MANAGERS,
        Act.CALL_PLAN: _by(_R, Tie.OWN, Tie.TEAM) | _MANAGERS,  # on a deal one sees
        Act.CALL_SEE: _by(_R, Tie.OWN, Tie.TEAM) | _MANAGERS,  # as its deal
        Act.CALL_CHANGE: _OWN | _MANAGERS,
        Act.CALLS_OF_TEAMS: _MANAGERS,
        Act.VOICE_HEAR: _REPS,
        Act.VOICE_ANSWER: ANSWERER,
        Act.RATE: _by(_R, Tie.OPEN),  # but for who owns the asset, told by `ratings.service`
        Act.FLAG: _by(_R, Tie.OPEN),
        Act.FLAG_ANSWER: _OWN | _MARKETERS,
        Act.FEEDBACK_SEE: _OWN | _MANAGERS,
        Act.FEEDBACK_ANSWER: _OWN,
        Act.FEEDBACK_OF_ALL: _MANAGERS,
        Act.REQUEST_CHANGE: _OWN | _ANSWERERS,
        Act.REQUEST_ACKNOWLEDGE: _ANSWERERS,
        Act.REQUEST_TAKE_ON: _ANSWERERS,
        Act.REQUEST_ASSIGN: _ANSWERERS,
        Act.REQUEST_RELEASE: ASSIGNEE | _MANAGERS,
        Act.REQUEST_WAIT: _ANSWERERS,
        Act.REQUEST_ANSWER: _ASKERS,
        Act.REQUEST_DELIVER: _ANSWERERS,
        Act.REQUEST_DECLINE: _ANSWERERS,
        Act.REQUEST_ACCEPT: _ASKERS,
        Act.REQUEST_REOPEN: _ASKERS,
        Act.REQUEST_WITHDRAW: _OWN,
        Act.REQUEST_MERGE: _ANSWERERS,
        Act.REQUEST_SUPPORT: _REPS,  # whoever waits for the same need not be anybody to it yet
        Act.REQUEST_LEAVE: SUPPORTER,
        Act.REQUEST_COMMENT: _REPS,
        Act.REQUEST_THANK: _ASKERS | MATE,
        Act.REQUEST_ASK: _REPS,
        Act.REQUEST_SEE: _REPS,  # whose deals wait is told to those who see the deals
        Act.REQUESTS_WORK: _CONTRIBUTORS,
        Act.REQUESTS_OF_ALL: _MARKETERS,
        Act.AGREEMENT_SEE: _REPS,
        Act.AGREEMENT_SIGN: _by(_G, Tie.DEPARTMENT),  # of Sales or Marketing
        Act.FIGURES_SEE: _REPS,
        Act.FIGURES_OF_DRAFTS: _MARKETERS,
        Act.FIGURES_MONEY: _MARKETERS,
        Act.FIGURES_SMALL_SUMS: _MANAGERS,  # a sum of few deals tells the value of one
        Act.FIGURES_DESK: _MARKETERS,
        Act.USE_OWN: _OWN,
        Act.USE_OF_TEAM: _by(_G, Tie.TEAM),
        Act.USE_OF_ALL: _ADMINS,
        Act.PACK_SEE: _REPS,
        Act.PACK_WRITE: _MARKETERS,
        Act.PACK_SETTLE: _OWN | _MARKETERS,
        Act.PACK_SEND: _MANAGERS,
        Act.GOAL_SET: _by(_G, Tie.DEPARTMENT),  # of Sales or Marketing
    }
)
"""Act → by which grants; an act that is not here is nobody's."""


def ties_of(person: Person, thing: Thing) -> frozenset[Tie]:
    """Return what a thing is to a person; nobody's is not the portal's, who has no number."""
    mine = person.id
    told = {
        Tie.OPEN: thing.is_open,
        Tie.OWN: mine is not None and mine in thing.owners,
        Tie.JOINED: mine is not None and mine in thing.joined,
        Tie.NAMED: mine is not None and mine in thing.named,
        Tie.TEAM: thing.team_id is not None and thing.team_id == person.team_id,
        Tie.TEAMS: thing.of_team,
        Tie.DEPARTMENT: thing.department is not None and thing.department == person.department,
    }
    return frozenset(tie for tie, is_so in told.items() if is_so)


def holds(grants: Collection[Grant], role: Role, ties: Collection[Tie] = ()) -> bool:
    """Whether one of these grants is a role's, for something of these ties."""
    return any(
        (grant.tie is Tie.ANY or grant.tie in ties)
        and (grant.role is None or role.covers(grant.role))
        for grant in grants
    )


def granted(role: Role, act: Act, ties: Collection[Tie] = ()) -> bool:
    """Whether a role may do this to something of these ties; without any: to whatever it is."""
    return holds(TABLE.get(act, ()), role, ties)


def includes(act: Act, grants: Collection[Grant]) -> bool:
    """Whether whoever has one of these grants may do this."""
    return all(
        any(
            (mine.tie is Tie.ANY or mine.tie is grant.tie)
            and (mine.role is None or (grant.role is not None and grant.role.covers(mine.role)))
            for mine in TABLE.get(act, ())
        )
        for grant in grants
    )


def may(person: Person, act: Act, thing: Thing | None = None) -> bool:
    """Whether somebody may do this to a thing; without one: to any thing whatsoever."""
    ties = ties_of(person, thing) if thing is not None else ()
    return person.active and granted(person.role, act, ties)


def reaches(role: Role | None, act: Act) -> bool:
    """Whether there is anything at all a role may do this to: what the gate asks before a view."""
    return any(
        grant.role is None or (role is not None and role.covers(grant.role))
        for grant in TABLE.get(act, ())
    )


def is_public(act: Act) -> bool:
    """Whether an act is open to those who have not signed in."""
    return reaches(None, act)


def roles(act: Act) -> tuple[str, ...]:
    """Return the roles an act reaches, as rows keep them: whom to ask, tell or offer."""
    return tuple(role.value for role in Role if reaches(role, act))


def up_to(role: Role) -> list[Role]:
    """Return the roles a role covers: what a form offers to somebody who gives them."""
    return [it for it in Role if role.covers(it)]


def may_grant(granter: Person, person: Person, role: Role) -> bool:
    """Whether somebody may give a person a role: none above her own, to nobody above her."""
    return (
        may(granter, Act.ROLE_GRANT)
        and granter.role.covers(role)
        and granter.role.covers(person.role)
    )
