"""A mail server within the test: keeps what it takes, and answers as it is told."""

import asyncio
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller


class Mailbox:
    """What a server has taken; `answers` are given first, one a mail, instead of taking it.

    `thinks` is how many seconds it looks through a mail before it says that it has it; `killed`
    names when it ends without an answer, once: "before" it has kept a mail, or "after".
    `kept` is called when it has kept one and not said so.
    """

    thinks, killed = 0, ""

    def __init__(self):
        self.mails, self.raw, self.answers, self.unknown = [], [], [], set()

    def kept(self):
        pass

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.unknown:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        killed, self.killed = self.killed, ""
        if killed == "before":
            server.transport.abort()
            return "421 4.3.0 never heard"
        self.raw.append(envelope.content)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.kept()
        if killed == "after":
            server.transport.abort()
        await asyncio.sleep(self.thinks)
        return "250 2.0.0 kept"


def serving(box, port=None):
    """A controller of a server for a mailbox, on a free port."""
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = port or found.getsockname()[1]
    return Controller(box, hostname="127.0.0.1", port=port, enable_SMTPUTF8=False)
