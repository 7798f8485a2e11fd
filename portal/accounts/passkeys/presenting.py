"""What pages ask a browser's authenticator; the question stays in the cookie."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app, session

from portal import clock
from portal.accounts.passkeys import queries, rules, service
from portal.accounts.passkeys.rules import Purpose, Question, Site
from portal.accounts.sessions import CurrentUser
from portal.config import Config

if TYPE_CHECKING:
    from types import ModuleType

KEPT = "passkey"
HANDLE = "passkey_handle"


def site() -> Site | None:
    """Return the portal as keys know it."""
    config: Config = current_app.config["PORTAL"]
    return rules.site_of(config.base_url)


def can_be() -> bool:
    """Whether browsers make keys for this portal's address."""
    return site() is not None


@dataclass(frozen=True, slots=True)
class Asking:
    """What the page gives to its script: whether to make a key or show one, and the options."""

    mode: str
    options: str


def _ceremonies() -> "ModuleType":
    from portal.accounts.passkeys import ceremonies  # noqa: PLC0415  # loads 15 MB

    return ceremonies


def _ask(purpose: Purpose) -> str:
    challenge = service.challenge()
    begun = int(clock.now().timestamp())
    session[KEPT] = rules.asked(Question(purpose.value, challenge, begun))
    return challenge


def to_sign_in(user_id: int | None = None, purpose: Purpose = Purpose.SIGN_IN) -> Asking | None:
    """Return what asks for a key: of somebody, or of whomever the device knows."""
    here = site()
    if here is None:
        return None
    known = [key.credential_id for key in queries.of_user(user_id)] if user_id else []
    options = _ceremonies().to_sign_in(here, known=known, challenge=_ask(purpose))
    return Asking("get", options)


def to_add(user: CurrentUser) -> Asking | None:
    """Return what asks to make a key."""
    here = site()
    if here is None:
        return None
    handle = session[HANDLE] = service.handle_of(user.id)
    options = _ceremonies().to_add(
        here,
        handle=handle,
        email=user.email,
        name=user.name,
        known=[key.credential_id for key in queries.of_user(user.id)],
        challenge=_ask(Purpose.ADD),
    )
    return Asking("create", options)


def answered(purpose: Purpose) -> Question | None:
    """Take the question that waits for its answer; there is one answer to each."""
    return rules.waiting(session.pop(KEPT, None), purpose, now=clock.now())
