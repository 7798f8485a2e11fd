"""A conversation with the mail server: one message to one person, and what the answer means."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.library.mail import rules
from portal.mail_settings import Tls

if TYPE_CHECKING:  # it would bring much into the small process of `courier`
    from portal.config import Config

TIMEOUT = 20
"""Seconds a server may take for one answer."""
LAST_TIMEOUT = 300
"""Seconds it may take to say that it has a mail: it may look through it first, and whoever does not
wait for that hands the same mail over again, and again."""
PERMANENT = 500
GREETING, GO_ON, TAKEN = 220, 354, 250


class RefusedError(Exception):
    """The mail will never be taken: the address is unknown, or what it says is not wanted."""


class TroubleError(Exception):
    """The server can not take it now, or takes none from us: another time it may."""


class PostponedError(TroubleError):
    """The server has answered the whole mail with "not now": it has not taken it, for certain."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over."""

    host: str
    port: int
    user: str
    password: str
    tls: Tls
    name: str  # what we call ourselves
    timeout: float = TIMEOUT

    @classmethod
    def of(cls, config: "Config", name: str) -> "Server":
        """Return the server of the settings."""
        return cls(
            host=config.smtp_host,
            port=config.smtp_port,
            user=config.smtp_user,
            password=config.smtp_password,
            tls=config.smtp_tls,
            name=name,
        )


def _said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return rules.header(f"{code} {words}", rules.SAID_MOST)


@contextmanager
def connected(server: Server) -> Iterator[smtplib.SMTP]:
    """Connect, encrypt and sign in as told; the connection is closed at the end.

    Raises:
        TroubleError: when there is nobody, or it does not let us in.
    """
    made: smtplib.SMTP | None = None
    try:
        context = ssl.create_default_context()
        if server.tls is Tls.TLS:
            made = smtplib.SMTP_SSL(
                server.host, server.port, server.name, timeout=server.timeout, context=context
            )
        else:
            made = smtplib.SMTP(server.host, server.port, server.name, timeout=server.timeout)
        if server.tls is Tls.STARTTLS:
            made.starttls(context=context)
        made.ehlo_or_helo_if_needed()
        if server.user:
            made.login(server.user, server.password)
        yield made
    except smtplib.SMTPResponseException as error:
        raise TroubleError(_said(error.smtp_code, error.smtp_error)) from error
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise TroubleError(f"{server.host}:{server.port}: {error}") from error
    finally:
        if made is not None:
            with suppress(smtplib.SMTPException, OSError):
                made.close()


def hand_over(
    server: Server,
    message: bytes,
    *,
    sender: str,
    to: str,
    last_moment: Callable[[], None],
) -> str:
    """Hand one message over; returns the server's word that it has it.

    `last_moment` is called when all but the line that makes the server take it has been sent: what
    it raises leaves the message untaken for certain.

    Raises:
        RefusedError: when it will never be taken.
        PostponedError: when all of it was sent and the server has said that it has not taken it.
        TroubleError: when it was not taken; or, after `last_moment`, nobody knows.
    """
    try:
        address, needs_utf8 = rules.wire_address(to)
    except ValueError as error:
        raise RefusedError(str(error)) from error
    content = rules.quoted(message)
    with connected(server) as smtp:
        if needs_utf8 and not smtp.has_extn("smtputf8"):
            raise RefusedError("the mail server takes no address with letters such as in this one")
        options = ["SMTPUTF8", "BODY=8BITMIME"] if needs_utf8 else []
        smtp.command_encoding = "utf-8" if needs_utf8 else "ascii"
        _expect(smtp.mail(sender, options), ours=True)
        _expect(smtp.rcpt(address))
        _expect(smtp.docmd("DATA"), GO_ON)
        smtp.send(content)
        last_moment()
        if smtp.sock is not None:
            smtp.sock.settimeout(LAST_TIMEOUT)
        smtp.send(b".\r\n")
        answer = smtp.getreply()
        try:
            _expect(answer)
        except TroubleError as error:
            raise PostponedError(str(error)) from error
        with suppress(smtplib.SMTPException, OSError):
            smtp.putcmd("QUIT")
        return _said(*answer)


def _expect(answer: tuple[int, bytes], wanted: int = TAKEN, *, ours: bool = False) -> None:
    """Go on when the server agrees; what it says of us (`ours`) is never about this mail alone."""
    code = answer[0]
    if code == wanted or (wanted == TAKEN and TAKEN <= code < TAKEN + 10):
        return
    if code >= PERMANENT and not ours:
        raise RefusedError(_said(*answer))
    raise TroubleError(_said(*answer))
