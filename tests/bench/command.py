"""Commands under measurement: a portal of one's own, and what a run of one takes."""

import os
import subprocess
import sys
import time
from typing import NamedTuple

from tests.conftest import fresh_postgresql

COMMAND = [sys.executable, "-c", "from portal.cli import main; main()"]


class Taken(NamedTuple):
    """What a run took: seconds, seconds of a processor, megabytes at most."""

    seconds: float
    processor: float
    megabytes: float


def environment(folder, url=""):
    """The environment of a portal with its data in a folder; without a `url` on SQLite."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return kept | {
        "PORTAL_DATA_DIR": str(folder),
        "PORTAL_DATABASE_URL": url or f"sqlite:///{folder}/portal.sqlite",
        "PORTAL_SECRET_KEY": "b7c1f09a-5e0d-4c61-9c3f-2d1e8a7f4b60",
        "PORTAL_BASE_URL": "http://127.0.0.1:8000",
    }


def ready(folder, url=""):
    """Make an empty portal; returns its environment."""
    if url:
        fresh_postgresql(url)
    told = environment(folder, url)
    subprocess.run([*COMMAND, "db", "upgrade"], env=told, check=True, stdout=subprocess.DEVNULL)
    return told


def start(told, *arguments):
    """Begin a run of `portal …` that says nothing."""
    quiet = subprocess.DEVNULL
    return subprocess.Popen([*COMMAND, *map(str, arguments)], env=told, stdout=quiet, stderr=quiet)


def measured(told, *arguments):
    """Run `portal …`; returns its status and what it took."""
    began = time.perf_counter()
    process = start(told, *arguments)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    return process.returncode, Taken(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
