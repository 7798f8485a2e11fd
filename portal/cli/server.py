"""The server process: granian's, made to stop at the first word, always, and soon."""

import gc
import multiprocessing
import os
import signal
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from flask import Flask
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import MPServer

from portal import logs
from portal.app import from_environment
from portal.cli import allocating, collecting
from portal.cli.companion import Companion
from portal.config import Config
from portal.db import db, limit_waits

WORKERS_END = 5
"""Seconds a worker may take to finish the requests it has; then it is killed."""
RELOADED_AFTER = 3.5
"""Seconds a new worker has for starting before the old one it replaces is told to end."""
ALL_ENDS = 8
"""Seconds after which a server that was told to stop is gone, whatever it waits for."""


class Server(MPServer):
    """Granian with a shutdown that can not be lost.

    A worker inherits the server's signal handler and keeps it until its application is built:
    what it is told meanwhile would be noted in a copy nobody reads. And the handler of the
    server itself takes a lock that the code it interrupts may hold.
    """

    companion: Companion | None = None
    """What does the work in the background, when this server keeps one."""

    def signal_handler_interrupt(
        self, signum: int = signal.SIGTERM, _frame: FrameType | None = None
    ) -> None:
        """Stop; in a worker that still starts, end at once when the server says so."""
        started_by: int | None = self.pid
        if os.getpid() != started_by:
            if signum == signal.SIGTERM:
                os._exit(0)
            return
        if not self.interrupt_signal:
            signal.signal(signal.SIGALRM, self._end)
            signal.alarm(ALL_ENDS)
            if self.companion is not None:
                self.companion.tell()
        super().signal_handler_interrupt()  # type: ignore[no-untyped-call]

    def signal_handler_reload(self, *_: object) -> None:
        """Replace the workers one by one (SIGHUP): none of their requests is lost.

        Waking the server takes a lock that what this interrupts may hold: another thread does it.
        """
        started_by: int | None = self.pid
        if os.getpid() == started_by:
            self.reload_signal = True
            threading.Thread(target=self.main_loop_interrupt.set, daemon=True).start()

    def _respawn_workers(
        self,
        workers: list[int],
        spawn_target: Any,  # noqa: ANN401
        target_loader: Any,  # noqa: ANN401
        delay: float = 0,
    ) -> None:
        """Replace workers, each as soon as its successor listens; stop at the word to end."""
        for number in workers:
            if self.interrupt_signal:
                return
            super()._respawn_workers([number], spawn_target, target_loader, delay)

    def startup(self, spawn_target: Any, target_loader: Any) -> None:  # noqa: ANN401
        """Start the web workers, then the one for background work: forks come before threads."""
        super().startup(spawn_target, target_loader)  # type: ignore[no-untyped-call]
        if self.companion is not None and not self.interrupt_signal:
            self.companion.begin()

    def shutdown(self, exit_code: int = 0) -> None:
        """Stop them all."""
        try:
            super().shutdown(exit_code)  # type: ignore[no-untyped-call]
        finally:
            if self.companion is not None:
                self.companion.end(WORKERS_END)

    def _end(self, _signum: int, _frame: FrameType | None) -> None:
        """End this server and its workers without asking anybody.

        One that was being started when the signal came is not among the active ones yet.
        """
        children = multiprocessing.active_children()
        for child in children:
            child.kill()
        if self.companion is not None:
            self.companion.kill()
        for number in _children():
            with suppress(OSError):
                os.kill(number, signal.SIGKILL)
        for child in children:
            child.join(1)
        os._exit(1)


def _children() -> list[int]:
    """Return the processes whose parent this one is, as the system knows them (Linux only)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            parent = path.read_text().rpartition(")")[2].split()[1]
            if int(parent) == os.getpid():
                found.append(int(path.parent.name))
    return found


def _ready_to_fork(app: Flask) -> None:
    """Close what no two processes may share; what is there now, all workers have for good."""
    app.extensions["arsenal.finder"].engine.let_go()
    with app.app_context():
        db.engine.dispose()
    gc.collect()
    collecting.resume()
    allocating.give_back()


def _limit_waits(app: Flask) -> None:
    """Let no request of this process wait for a lock for ever."""
    with app.app_context():
        limit_waits(db.engine)


def load(built: Flask | None = None) -> Flask:
    """Return a worker's application: the one the server has built, else one of its own.

    Ctrl+C tells every process of the terminal: the server listens and stops its workers, which
    are deaf to it, so that none ends before the server knows why and starts another one.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    allocating.share_one_arena()
    app = built or from_environment()
    _limit_waits(app)
    collecting.resume()
    return app


def run(
    settings: Config,
    *,
    quiet: bool,
    companion: Companion | None = None,
    app: Flask | None = None,
) -> None:
    """Serve until told to stop.

    An application given is every worker's: it costs the time and the memory of one. Without it
    workers read their settings from the environment again.
    """
    if app is not None:
        _ready_to_fork(app)
    server = Server(
        "portal",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=1,
        backlog=1024,
        respawn_failed_workers=True,
        respawn_interval=RELOADED_AFTER,
        workers_kill_timeout=WORKERS_END,
        log_dictconfig=logs.for_server(settings.log_format),
        log_level=LogLevels.warning if quiet else LogLevels(settings.log_level.lower()),
    )
    server.companion = companion
    server.serve(target_loader=partial(load, app), wrap_loader=False)
