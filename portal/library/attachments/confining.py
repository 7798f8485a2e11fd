"""Locks this process in before it opens a stranger's file: memory, time, no files, no network."""

import ctypes
import os
import sys
from contextlib import suppress

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 20
OPEN_FILES = 64
_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000
_REFUSED = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
    "shutil.",
)


def confine(*, memory: int = MEMORY, cpu: int = CPU_SECONDS) -> None:
    """Limit this process for good; call it before anything of a stranger's is read.

    Where the system knows no such limits (Windows) the parent's clock is what is left.
    """
    try:
        import resource  # noqa: PLC0415  # not on every system
    except ImportError:
        pass
    else:
        for what, most in (
            (resource.RLIMIT_AS, memory),
            (resource.RLIMIT_CPU, cpu),
            (resource.RLIMIT_FSIZE, 0),  # a pipe is no file: only the answer gets out
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_NOFILE, OPEN_FILES),
        ):
            hard = resource.getrlimit(what)[1]
            least = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(what, (least, least))
    _leave_network()
    sys.addaudithook(_refuse)


def _leave_network() -> None:
    """Move to a network of our own with nothing in it, where the kernel lets us."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER | _NEW_NETWORK)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse what reading a document never needs, whatever a library is talked into."""
    if event.startswith(_REFUSED):
        raise PermissionError(event)
    if event == "open":
        mode, flags = arguments[1], arguments[2]
        writes = isinstance(mode, str) and set(mode) & set("wax+")
        if writes or (isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)):
            raise PermissionError(event)
