"""Owns waiting for a lock that other processes may hold: it goes when its holder dies."""

import fcntl
import time


def locked(descriptor: int, wait: float) -> bool:
    """Take the file's lock, trying for ``wait`` seconds."""
    end = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() >= end:
                return False
            time.sleep(0.005)
        else:
            return True
