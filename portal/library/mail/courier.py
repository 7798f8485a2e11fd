"""The courier: a process that hands mails over, and keeps what the server says, whoever is killed.

A worker may be killed at any moment. Were the line to the mail server its own, the server's answer
would be lost with it, and nobody could tell whether the server has the mail. So the line belongs to
this process, of a session of its own: when the worker is gone it ends the conversation it is in,
writes down what came of it, and ends itself. `carrying` is the worker's side of the two pipes.

In, a line of JSON a mail, then `go` once the worker has kept that it is handed over; out, one line
`ready`, then one with the end. Whatever else comes in, or nothing more, means: do not send it.
"""

import json
import select
import signal
import sys
import time
from base64 import b64decode
from contextlib import suppress
from typing import Any

from sqlalchemy import DateTime, column, create_engine, table, update
from sqlalchemy.exc import DBAPIError

from portal import clock
from portal.library.mail import smtp
from portal.library.mail.rules import State
from portal.mail_settings import Tls

IDLE_MOST = 60
"""Seconds without a mail after which a courier ends; the next mail starts another."""
KEEP_MOST = 60
"""Seconds in which the database may come back to be told what the server said."""
GO = b"go\n"
MAILS = table(
    "mails",
    *map(column, ("id", "token", "state", "said")),
    column("ended_at", DateTime(timezone=True)),
)
"""What is written of a mail. The models would bring the whole portal into this small process."""


class _CalledOffError(Exception):
    """The worker does not want it sent, or is gone: the last line did not go out."""


def main() -> None:
    """Carry mails until nobody gives any."""
    # whoever ends the worker may tell its whole service to end: this ends with the worker, later
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while select.select([sys.stdin], [], [], IDLE_MOST)[0]:
        line = sys.stdin.buffer.readline()
        if not line:
            return
        carry(json.loads(line))


def carry(task: dict[str, Any]) -> None:
    """Hand one mail over; say and keep what came of it."""
    asked = False

    def last_moment() -> None:
        nonlocal asked
        _say("ready")
        asked = True
        if sys.stdin.buffer.readline() != GO:
            raise _CalledOffError

    server = smtp.Server(**(task["server"] | {"tls": Tls(task["server"]["tls"])}))
    try:
        said = smtp.hand_over(
            server,
            b64decode(task["content"]),
            sender=task["sender"],
            to=task["to"],
            last_moment=last_moment,
        )
        end = State.SENT.value
    except _CalledOffError:
        end, said = State.WAITING.value, ""
    except smtp.RefusedError as error:
        end, said = State.REFUSED.value, str(error)
    except smtp.PostponedError as error:
        end, said = State.WAITING.value, str(error)
    except smtp.TroubleError as error:
        end, said = (State.UNANSWERED if asked else State.WAITING).value, str(error)
    if asked:
        _keep(task, end, said)
    _say(end, said)


def _say(end: str, said: str = "") -> None:
    """Tell the worker; one that is gone is not told."""
    with suppress(OSError):
        sys.stdout.write(json.dumps([end, said]) + "\n")
        sys.stdout.flush()


def _keep(task: dict[str, Any], end: str, said: str) -> None:
    """Write down how the attempt of this token ended; the database may be away for a moment."""
    if not task["url"]:
        return
    until = time.monotonic() + KEEP_MOST
    while True:
        try:
            _write(task, end, said)
        except DBAPIError:
            if time.monotonic() > until:
                return
            time.sleep(0.5)
        else:
            return


def _write(task: dict[str, Any], end: str, said: str) -> None:
    patience = {"timeout": 10} if task["url"].startswith("sqlite") else {}
    engine = create_engine(task["url"], connect_args=patience)
    try:
        with engine.begin() as connection:
            values: dict[str, Any] = {"state": end}
            if end in {State.SENT, State.REFUSED}:
                # as the model has it: SQLite keeps no zone
                sqlite = engine.dialect.name == "sqlite"
                now = clock.now().replace(tzinfo=None) if sqlite else clock.now()
                values |= {"said": said, "ended_at": now}
            connection.execute(
                update(MAILS)
                .where(
                    MAILS.c.id == task["mail"],
                    MAILS.c.token == task["token"],
                    MAILS.c.state == State.HANDING.value,
                )
                .values(values)
            )
    finally:
        engine.dispose()


if __name__ == "__main__":
    main()
