"""What is decided about the company's sign-in: begun flows, who arrives, which role groups give."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.accounts.rules import Role
from portal.errors import PortalError

LIFE = timedelta(minutes=10)
"""How long somebody may take to sign in at the company's."""
FLOWS_MOST = 3
"""Tabs in which sign-in was begun at the same time; the oldest is forgotten."""
LEEWAY = 60
"""Seconds by which the clocks of the provider and the portal may differ."""
CODE_MOST = 4000
SUBJECT_MOST = 255
EVERYBODY = "*"


class Why(StrEnum):
    """Why somebody did not come in by the company's sign-in."""

    STALE = "stale"  # begun in another browser, too long ago, or used already
    CANCELLED = "cancelled"
    REFUSED = "refused"  # what came back does not hold
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"
    TAKEN = "taken"  # their e-mail here belongs to another subject there
    UNVERIFIED = "unverified"
    NO_ROLE = "no_role"
    INACTIVE = "inactive"
    ANOTHER = "another"  # who confirms is not who is signed in


STATUS = {Why.STALE: 400, Why.CANCELLED: 400, Why.REFUSED: 400, Why.UNREACHABLE: 503}
"""The answer's status; of people who are known and may not come in, 403."""


class Refused(PortalError):  # noqa: N818  # as the others of portal.errors
    """Somebody does not come in; `reason` is for the log: it repeats no text from outside."""

    def __init__(self, why: Why, reason: str = "") -> None:
        """Keep what the page tells and what the log does."""
        super().__init__(reason)
        self.why = why
        self.status = STATUS.get(why, 403)


@dataclass(frozen=True, slots=True)
class Flow:
    """A sign-in that was begun in this browser."""

    state: str
    nonce: str
    verifier: str
    next: str
    begun: int  # seconds since 1970
    confirms: bool = False  # somebody who is in shows once more who they are


def kept(flows: object, *, now: datetime) -> list[Flow]:
    """Return the flows of a browser that may still end, read from what its cookie holds."""
    found = []
    for it in flows if isinstance(flows, list) else []:
        try:
            flow = Flow(**it)
        except TypeError:
            continue
        age = now.timestamp() - flow.begun
        if -LIFE.total_seconds() < age < LIFE.total_seconds():
            found.append(flow)
    return found


def with_new(flows: list[Flow], new: Flow) -> list[dict[str, object]]:
    """Return what the cookie holds once another flow is begun."""
    return [asdict(flow) for flow in [*flows, new][-FLOWS_MOST:]]


def ended(flows: list[Flow], state: str) -> tuple[Flow, list[dict[str, object]]]:
    """Return the flow of a state, and what the cookie holds without it.

    Raises:
        Refused: when it was not begun in this browser, or too long ago.
    """
    for flow in flows:
        if state and flow.state == state:
            return flow, [asdict(other) for other in flows if other is not flow]
    raise Refused(Why.STALE, "no flow of this state was begun in this browser")


def code_of(answer: Mapping[str, str], *, issuer: str, tells_issuer: bool) -> str:
    """Return the code of a callback, once it is of the right provider.

    Raises:
        Refused: when it is of another one (mix-up), an error, or has no code.
    """
    said = answer.get("iss")
    if said != issuer and (said is not None or tells_issuer):
        raise Refused(Why.REFUSED, "the callback is of another issuer")
    if answer.get("error"):
        why = Why.CANCELLED if answer["error"] == "access_denied" else Why.REFUSED
        raise Refused(why, "the provider answered with an error")
    code = answer.get("code", "")
    if not code or len(code) > CODE_MOST:
        raise Refused(Why.REFUSED, "the callback has no code")
    return code


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who the provider says has come."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    name: str
    groups: frozenset[str]


def arrival(claims: Mapping[str, object], *, issuer: str, groups_claim: str) -> Arrival:
    """Read who has come from claims whose signature, issuer and audience were checked.

    Raises:
        Refused: when there is no usable subject.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject or len(subject) > SUBJECT_MOST:
        raise Refused(Why.REFUSED, "the subject can not be used")
    if "\0" in subject or not subject.isprintable():
        raise Refused(Why.REFUSED, "the subject can not be used")
    email, name = claims.get("email"), claims.get("name")
    return Arrival(
        issuer=issuer,
        subject=subject,
        email=email if isinstance(email, str) else "",
        email_verified=claims.get("email_verified") is True,  # "true" is not true
        name=name if isinstance(name, str) else "",
        groups=_groups(claims, groups_claim),
    )


def is_since(claims: Mapping[str, object], begun: int) -> bool:
    """Whether somebody signed in at the provider after then, as `auth_time` of its token tells."""
    at = claims.get("auth_time")
    return isinstance(at, int | float) and not isinstance(at, bool) and at >= begun - LEEWAY


def _groups(claims: Mapping[str, object], where: str) -> frozenset[str]:
    """Return the groups of a claim, by its name as a whole or step by step."""
    found: object = claims.get(where)
    if found is None:
        found = claims
        for step in where.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        found = [found]
    return (
        frozenset(it for it in found if isinstance(it, str))
        if isinstance(found, list)
        else (frozenset())
    )


def role_of(groups: Iterable[str], roles: Mapping[str, str]) -> Role | None:
    """Return the highest role the groups give; None when they give none."""
    given = [Role(roles[group]) for group in (*groups, EVERYBODY) if group in roles]
    return max(given, key=lambda role: role.rank, default=None)
