"""The worker's side of the courier: one process a worker, started when there is a mail to send."""

import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import portal
from portal.library.mail import smtp
from portal.library.mail.courier import GO
from portal.library.mail.rules import State

READY = "ready"


class GoneError(Exception):
    """There is no courier, or it has ended before the mail's last line."""


class UnansweredError(smtp.TroubleError):
    """The last line went out, and no answer came: nobody knows whether the server has it."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A mail for the courier: `url` is that of the database in which `mail` has this `token`."""

    content: bytes
    sender: str
    to: str
    url: str
    mail: int
    token: int


class Courier:
    """One process that carries mails one after another; of the process that started it alone."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        home = str(Path(portal.__file__).parents[1])
        path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "portal.library.mail.courier"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": path},
            start_new_session=True,
        )

    def tell(self, line: bytes) -> None:
        """Give it a line; raises GoneError."""
        assert self.process.stdin is not None  # noqa: S101  # it was made with one
        try:
            self.process.stdin.write(line)
            self.process.stdin.flush()
        except OSError as error:
            raise GoneError from error

    def hear(self) -> tuple[str, str]:
        """Return what it says next, and the server's words; raises GoneError."""
        assert self.process.stdout is not None  # noqa: S101  # it was made with one
        line = self.process.stdout.readline()
        if not line.endswith(b"\n"):
            raise GoneError
        end, said = json.loads(line)
        return end, said

    def leave(self) -> None:
        """Give it nothing more: it ends when it has done what it does."""
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        _left.append(self.process)


_left: list["subprocess.Popen[bytes]"] = []
_courier: Courier | None = None


def _take() -> tuple[Courier, bool]:
    """Return this process's courier, and whether it was there already."""
    global _courier  # one a process
    _left[:] = [process for process in _left if process.poll() is None]
    kept, _courier = _courier, None
    if kept is not None and kept.owner == os.getpid():
        return kept, True
    return Courier(), False


def _put_back(courier: Courier) -> None:
    global _courier  # noqa: PLW0603  # one a process
    _courier = courier


def leave() -> None:
    """Part from the courier: it ends when it has done what it does."""
    global _courier  # one a process
    kept, _courier = _courier, None
    if kept is not None and kept.owner == os.getpid():
        kept.leave()


def hand_over(server: smtp.Server, parcel: Parcel, *, last_moment: Callable[[], None]) -> str:
    """Let the courier hand a mail over; returns the server's word that it has it.

    `last_moment` is called as by `smtp.hand_over`. What came of the mail's last line is in the
    database before it is known here.

    Raises:
        RefusedError, PostponedError, TroubleError: as `smtp.hand_over`.
        UnansweredError: when the last line went out and nobody knows whether the server has it.
    """
    courier, (end, said) = _begin(server, parcel)
    try:
        if end == READY:
            last_moment()
            courier.tell(GO)
            end, said = courier.hear()
    except GoneError as error:
        courier.leave()
        raise UnansweredError("the process that hands mails over was killed") from error
    except BaseException:
        courier.leave()  # it hears no word to go on, and sends nothing
        raise
    _put_back(courier)
    return _meaning(end, said)


def _begin(server: smtp.Server, parcel: Parcel) -> tuple[Courier, tuple[str, str]]:
    """Give a courier the mail; return it, and whether the last line may go out now."""
    while True:
        courier, used = _take()
        try:
            return courier, _ask(courier, server, parcel)
        except GoneError as error:
            courier.leave()
            if not used:
                raise smtp.TroubleError("the process that hands mails over has ended") from error
            # it had nothing to do for a while, and has just ended: another one
        except BaseException:
            courier.leave()
            raise


def _ask(courier: Courier, server: smtp.Server, parcel: Parcel) -> tuple[str, str]:
    task = asdict(parcel) | {
        "server": asdict(server),
        "content": b64encode(parcel.content).decode("ascii"),
    }
    courier.tell(json.dumps(task).encode() + b"\n")
    return courier.hear()


def _meaning(end: str, said: str) -> str:
    if end == State.SENT:
        return said
    if end == State.REFUSED:
        raise smtp.RefusedError(said)
    if end == State.UNANSWERED:
        raise UnansweredError(said)
    raise smtp.TroubleError(said)
