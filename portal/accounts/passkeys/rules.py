"""What is decided about passkeys: where they can be, and questions that wait for an answer."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

LIFE = timedelta(minutes=10)
ANSWER_MOST = 20_000
NAME_MOST = 80


class Purpose(StrEnum):
    """What a question was asked for; an answer to one is none to another."""

    ADD = "add"
    SIGN_IN = "sign-in"
    CONFIRM = "confirm"


class WrongKeyError(Exception):
    """An answer that does not hold; its text is for the log."""


class ClonedKeyError(WrongKeyError):
    """An answer whose counter went back: there may be two of the key, whose number is told."""

    def __init__(self, number: int) -> None:
        """Keep the number of the key."""
        super().__init__(f"the counter of passkey {number} went back")
        self.number = number


@dataclass(frozen=True, slots=True)
class Site:
    """The portal as browsers know it, by which keys are bound to it."""

    id: str
    origin: str


def site_of(base_url: str) -> Site | None:
    """Return where keys are bound to; None where browsers make none: plain http, a bare address."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        good = parts.scheme == "https" or host == "localhost"
        return Site(host, f"{parts.scheme}://{parts.netloc}") if host and good else None
    return None


@dataclass(frozen=True, slots=True)
class Question:
    """A challenge this browser was given."""

    purpose: str
    challenge: str  # base64url
    begun: int  # seconds since 1970


def asked(question: Question) -> dict[str, object]:
    """Return a question as the cookie holds it."""
    return asdict(question)


def waiting(found: object, purpose: Purpose, *, now: datetime) -> Question | None:
    """Return the question a browser was asked for a purpose, unless too long ago."""
    try:
        question = Question(**found) if isinstance(found, dict) else None
    except TypeError:
        return None
    if question is None or question.purpose != purpose:
        return None
    return question if abs(now.timestamp() - question.begun) < LIFE.total_seconds() else None


def is_credential(text: object) -> bool:
    """Whether a text can be a credential's id."""
    return isinstance(text, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,1400}", text) is not None
