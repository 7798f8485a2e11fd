"""Runs the process that opens strangers' files, and believes it nothing: all is bounded."""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

SECONDS = 30.0
LOOK_SECONDS = 10.0
ANSWER_MOST = 8_000_000  # bytes
PREVIEW_MOST = 400_000
_ROOT = str(Path(__file__).resolve().parents[3])
_MODULE = "portal.library.attachments.extract"
_CPU = {signal.SIGXCPU, signal.SIGKILL} if hasattr(signal, "SIGXCPU") else set()


@dataclass(frozen=True, slots=True)
class Run:
    """How a process ended: its answer, or the word for what went wrong; what it took."""

    told: Mapping[str, Any]
    trouble: str | None
    seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds, or the word for why not; passages are (number, label, text)."""

    passages: Sequence[tuple[int, str, str]] = ()
    pages: int | None = None
    preview: bytes = b""
    trouble: str | None = None


def run(file: BinaryIO, command: Sequence[str], *, seconds: float = SECONDS) -> Run:
    """Run a command on the file as standard input, in a session and environment of its own."""
    file.seek(0)
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    path = os.pathsep.join(filter(None, (_ROOT, os.environ.get("PYTHONPATH", ""))))
    begun = time.monotonic()
    process = subprocess.Popen(  # noqa: S603  # our own module
        command,
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**kept, "PYTHONPATH": path, "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"},
        cwd="/" if os.name == "posix" else None,
        start_new_session=True,
    )
    try:
        body, trouble = _listen(process, begun + seconds)
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # its own group: nothing it began stays behind
        peak = _bury(process)
    told: Any = None
    if trouble is None:
        with suppress(ValueError):
            told = json.loads(body)
        if not isinstance(told, dict):
            told, trouble = {}, _why(process.returncode)
    return Run(told or {}, trouble, time.monotonic() - begun, peak)


def _listen(process: "subprocess.Popen[bytes]", deadline: float) -> tuple[bytes, str | None]:
    """Collect the answer until it ends, is too long, or the time is over."""
    stream = process.stdout
    assert stream is not None  # noqa: S101  # it was asked for
    body = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                return b"", "slow"
            chunk = os.read(stream.fileno(), 1 << 16)
            if not chunk:
                break
            body += chunk
            if len(body) > ANSWER_MOST:
                return b"", "crashed"
    with suppress(subprocess.TimeoutExpired):
        # the answer is there: it may take a moment to leave by itself, so that its end is its own
        _wait(process, max(0.0, min(2.0, deadline - time.monotonic())))
    return bytes(body), None


def _wait(process: "subprocess.Popen[bytes]", seconds: float) -> None:
    """Wait until it has ended, without taking its exit status yet."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return
        time.sleep(0.005)


def _bury(process: "subprocess.Popen[bytes]") -> float:
    """Take the exit status and what the process needed at most, in MB."""
    if process.stdout is not None:
        process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss / 1024


def _why(code: int) -> str:
    """Say why a process ended without an answer."""
    return "slow" if -code in _CPU else "crashed"


def look(file: BinaryIO) -> tuple[str | None, str | None]:
    """Return (what a container is, or None; the word for why it is not taken, or None)."""
    done = run(file, [sys.executable, "-m", _MODULE, "look", "-"], seconds=LOOK_SECONDS)
    trouble = done.trouble or done.told.get("trouble")
    found = done.told.get("type")
    return (None, str(trouble)) if trouble or not isinstance(found, str) else (found, None)


def read(file: BinaryIO, kind: str) -> Reading:
    """Return what a file of a kind holds; never fails, a reason why not is part of the answer."""
    return reading_of(run(file, [sys.executable, "-m", _MODULE, "read", kind]))


def reading_of(done: Run) -> Reading:
    """Return what a process told, in our own types; what does not fit is not believed."""
    if done.trouble or done.told.get("trouble"):
        return Reading(trouble=str(done.trouble or done.told["trouble"])[:20])
    told = done.told
    try:
        passages = [(int(n), str(label)[:200], str(text)) for n, label, text in told["passages"]]
        pages = int(told["pages"]) if told["pages"] is not None else None
        preview = b64decode(told["preview"])
    except (KeyError, TypeError, ValueError):
        return Reading(trouble="crashed")
    preview = preview if len(preview) <= PREVIEW_MOST and preview[8:12] == b"WEBP" else b""
    notice = "cut" if told.get("cut") else None
    return Reading(passages, pages, preview, notice)
