"""The worker a server keeps beside its web workers: started, started again when it dies, ended."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

log = logging.getLogger(__name__)

FIRST_REST, LONGEST_REST = 1.0, 30.0
STEADY = 30.0
"""Seconds a worker lives before its death counts as the first of a row."""


def worker_command() -> list[str]:
    """Return the command of a worker that ends when this process is gone, however it ends."""
    code = "from portal.cli import main; main()"
    return [sys.executable, "-c", code, "worker", "--child-of", str(os.getpid())]


def rest_before(deaths: int) -> float:
    """Return the seconds to wait before starting a worker again that died so often in a row."""
    rest: float = FIRST_REST * 2 ** (min(deaths, 10) - 1)
    return min(rest, LONGEST_REST)


class Companion:
    """Keeps one worker process running from a thread of its own."""

    def __init__(self, command: Sequence[str], environ: dict[str, str] | None = None) -> None:
        """Keep how it is started; `begin` starts it."""
        self._command, self._environ = list(command), environ
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="companion", daemon=True)
        self.process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start the worker, and watch over it."""
        self._thread.start()

    def _keep(self) -> None:
        deaths = 0
        while not self._ending.is_set():
            began = time.monotonic()
            try:
                self.process = subprocess.Popen(  # noqa: S603  # our own command
                    self._command,
                    env=self._environ,
                    stdin=subprocess.DEVNULL,
                    process_group=0,  # Ctrl+C is for the server, which tells it
                )
            except OSError:
                log.exception("the worker can not be started")
                status = 1
            else:
                if self._ending.is_set():  # told between the two
                    self.process.terminate()
                status = self.process.wait()
            if self._ending.is_set():
                return
            deaths = 1 if time.monotonic() - began > STEADY else deaths + 1
            rest = rest_before(deaths)
            log.warning("the worker ended (%s); another one starts in %.0f s", status, rest)
            self._ending.wait(rest)

    def tell(self) -> None:
        """Tell the worker to end; called once, by a signal's handler too."""
        self._ending.set()
        self._send(signal.SIGTERM)

    def end(self, within: float) -> None:
        """Wait for the worker to end, and make it when it does not."""
        self.tell()
        if self._thread.is_alive():
            self._thread.join(within)
        self.kill()

    def kill(self) -> None:
        """End the worker without asking."""
        self._send(signal.SIGKILL)

    def _send(self, sign: signal.Signals) -> None:
        process = self.process
        if process is not None and process.poll() is None:
            process.send_signal(sign)
