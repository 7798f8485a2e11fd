"""Decisions about mail without a database: ways to be told, states, what may become a header."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from portal.library.notices.rules import DESK_KINDS, Kind

DIGEST = "digest"
"""The kind of a mail that holds the notices of a day."""
ACCOUNT_KINDS = frozenset({"invitation", "reset", "password-changed"})
"""Kinds of mails about somebody's account: they hold no notices and can not be ended."""
SAID_MOST = 300
SUBJECT_MOST = 160
ADDRESS_MOST = 254
ANSWER_MOST = timedelta(minutes=7)
"""After that whoever has handed a mail over has heard the answer and kept it, or never will."""


class Way(StrEnum):
    """How a person is told of one kind of thing."""

    MAIL = "mail"  # in the portal, and by mail at once
    DIGEST = "digest"  # in the portal, and in one mail a day
    PORTAL = "portal"
    MUTED = "muted"  # kept as read, so that it can still be found


class State(StrEnum):
    """How far a mail is."""

    WAITING = "waiting"
    HANDING = "handing"  # the last line goes out, or the answer is waited for
    UNANSWERED = "unanswered"  # it went out, and no answer will be heard: the server may have it
    DOUBT = "doubt"  # the same, and a person is to look whether the server has it
    SENT = "sent"
    REFUSED = "refused"  # for good, by the server or by us
    DROPPED = "dropped"  # not wanted any more: read, muted, or the person has left


ENDED = frozenset({State.SENT, State.DROPPED})

USUAL: Mapping[Kind, Way] = {
    Kind.REQUESTS: Way.MAIL,
    Kind.TALK: Way.MAIL,
    Kind.THANKS: Way.MAIL,
    Kind.TIMES: Way.MAIL,
    Kind.REVIEWS: Way.MAIL,
    Kind.CHECKS: Way.DIGEST,
    Kind.CARE: Way.MAIL,
    Kind.FLAGS: Way.MAIL,
    Kind.FIELD: Way.DIGEST,
    Kind.PACK: Way.MAIL,
}
"""What holds until a person has chosen."""


def kinds_for(*, writes: bool) -> list[Kind]:
    """Return the kinds a person is ever told of."""
    return [kind for kind in Kind if writes or kind not in DESK_KINDS]


def heard_by(state: str, handed_at: datetime | None) -> datetime | None:
    """Return until when somebody may wait for the answer to a mail's last line; None: nobody."""
    return handed_at + ANSWER_MOST if state == State.HANDING and handed_at is not None else None


def header(text: str, most: int = SUBJECT_MOST) -> str:
    """Return a text as one line that can not begin another header, cut at a word's end."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(line) <= most:
        return line
    return line[: most - 1].rsplit(" ", 1)[0][: most - 1] + "…"


def wire_address(address: str) -> tuple[str, bool]:
    """Return an address as it is told to a mail server, and whether that needs SMTPUTF8.

    A domain in other letters goes as its ASCII form; a name before the @ can not.

    Raises:
        ValueError: when it is no address.
    """
    name, _, domain = address.rpartition("@")
    if not name or not domain or len(address) > ADDRESS_MOST:
        raise ValueError("it is not an e-mail address")
    if not address.isprintable() or re.search(r'[\s<>,;:"()\[\]\\]', address):
        raise ValueError("the address has characters that mail can not carry")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError("the domain of the address is not one") from error
    return f"{name}@{domain}", not name.isascii()


def quoted(content: bytes) -> bytes:
    """Return a message as it follows DATA, without the last line: CRLF, dots at a start doubled."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", lines)
