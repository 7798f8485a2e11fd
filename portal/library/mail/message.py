"""A mail as it goes over the wire: headers that programs go by, a text and an HTML part."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import quote, urlsplit

from portal.library.mail import rules


class Verbatim(UnstructuredHeader, BaseHeader):
    """A header programs read, in one line: folded, a long link would be encoded as words are."""

    def fold(self, *, policy: Any) -> str:  # noqa: ANN401  # a Policy
        """Return the header as it is."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
for _name in ("list-unsubscribe", "message-id"):
    _HEADERS.map_to_type(_name, Verbatim)
POLICY = SMTP.clone(max_line_length=76, header_factory=_HEADERS)


URL_SAFE = ":/?&=%#[]@."


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says, in its reader's language."""

    subject: str
    text: str
    html: str
    language: str
    mute_url: str  # where one POST ends mails of this kind; empty: nothing does


def host_of(base_url: str) -> str:
    """Return the name by which the portal is known, for identifiers."""
    host = urlsplit(base_url).hostname or "localhost"
    return host.encode("idna").decode("ascii") if not host.isascii() else host


def identifier(kept: str, base_url: str) -> str:
    """Return a mail's Message-ID by what is kept of it: the same, however often it is sent."""
    return f"<{kept}@{host_of(base_url)}>"


def sender_of(mail_from: str) -> tuple[str, str]:
    """Return the name and address of the sender in the settings."""
    return parseaddr(mail_from)


def build(
    letter: Letter, *, mail_from: str, to: str, name: str, message_id: str, date: datetime
) -> EmailMessage:
    """Return the message; made twice of the same, it has the same bytes.

    Raises:
        ValueError: when the address is none.
    """
    address, needs_utf8 = rules.wire_address(to)
    message = EmailMessage(POLICY.clone(utf8=True) if needs_utf8 else POLICY)
    sender, sent_from = sender_of(mail_from)
    message["From"] = _address(sender, sent_from)
    message["To"] = _address(name, address)
    message["Subject"] = rules.header(letter.subject)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    if letter.mute_url:
        message["List-Unsubscribe"] = f"<{quote(letter.mute_url, safe=URL_SAFE)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text, cte="base64")
    message.add_alternative(letter.html, subtype="html", cte="base64")
    message["Content-Language"] = letter.language
    message.set_boundary("=_" + hashlib.sha256(message_id.encode()).hexdigest()[:40])
    return message


def _address(name: str, address: str) -> Address:
    user, _, domain = address.rpartition("@")
    return Address(rules.header(name, 100), username=user, domain=domain)


def token(secret: str, user_id: int, kind: str) -> str:
    """Return what shows that whoever sends it was sent this person's mail of this kind."""
    said = f"mute:{user_id}:{kind}"
    signed = hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()[:40]
    return f"{user_id}.{kind}.{signed}"


def of_token(secret: str, given: str) -> tuple[int, str] | None:
    """Return the person and kind of a token, if it is one of ours."""
    parts = given.split(".")
    if len(parts) != 3 or not given.isascii() or not parts[0].isdecimal() or len(given) > 100:  # noqa: PLR2004
        return None
    number = int(parts[0])
    good = hmac.compare_digest(token(secret, number, parts[1]), given)
    return (number, parts[1]) if good else None
