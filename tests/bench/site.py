"""A portal under measurement: its data, its server's processes, its signed-in client."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from tests.bench.client import Connection, encode
from tests.browser import ROOT, free_port, stop

EMAIL, PASSWORD = "rep@example.com", "a long enough password"
HURRIED = "from portal import work; work.TURN = 0; from portal.cli import main; main()"
"""The command without the pauses in which a long job lets others write: here nobody waits."""
GRANIAN = "--interface wsgi --factory --blocking-threads 1 --backlog 1024 --log-level warning"


class Site:
    """A company's portal on SQLite in a folder of its own."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.port = free_port()
        self.environ = {name: v for name, v in os.environ.items() if not name.startswith("PORTAL_")}
        self.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or each start compiles every module
        self.environ |= {
            "PORTAL_DATA_DIR": str(folder / "data"),
            "PORTAL_SECRET_KEY": "only the bench uses this secret: 0123456789",
            "PORTAL_BASE_URL": f"http://127.0.0.1:{self.port}",
            "PORTAL_PORT": str(self.port),
            "PORTAL_WORKERS": "2",
            "PORTAL_LOG_LEVEL": "WARNING",
        }
        (folder / "data").mkdir(mode=0o700)

    @property
    def host(self):
        return f"127.0.0.1:{self.port}"

    def run(self, *arguments, stdin="", fine=(0,)):
        """Run `portal …`; returns (what it printed, seconds)."""
        command = [sys.executable, "-c", HURRIED, *map(str, arguments)]
        started = time.perf_counter()
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self.environ,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in fine:
            raise RuntimeError(
                f"portal {' '.join(map(str, arguments))}: {done.stdout}{done.stderr}"
            )
        return done.stdout, time.perf_counter() - started

    def fill(self, content):
        """Migrate, add a rep, load a tree of Markdown, index it; returns (report, seconds)."""
        self.run("db", "upgrade")
        person = ("user", "add", EMAIL, "--name", "Minh Anh", "--role", "rep", "--password-stdin")
        self.run(*person, stdin=PASSWORD + "\n")
        said, loading = self.run("content", "load", content, "--publish", "--json")
        _, indexing = self.run("search", "rebuild")
        return json.loads(said), loading, indexing

    def settle(self):
        """Let what was queued so far be done, so that nothing works beside what is measured."""
        while True:
            said, _ = self.run("worker", "--once", "--json")
            tally = json.loads(said)
            if not tally["done"]:
                return

    @contextmanager
    def served(self, command=("-c", "from portal.cli import main; main()", "serve")):
        """The server running; gives its process and the seconds until its first answer."""
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=self.environ, start_new_session=True
        )
        try:
            yield process, self._first_answer(process, started)
        finally:
            stop(process)

    def floors(self):
        """The command of the same server with the pages that do next to nothing."""
        return (
            "-m",
            "granian",
            *GRANIAN.split(),
            "--port",
            str(self.port),
            "--workers",
            "2",
            "tests.bench.floors:build",
        )

    def _first_answer(self, process, started):
        request = encode("/sign-in", host=self.host)
        while time.perf_counter() < started + 60:
            try:
                connection = Connection(self.port)
                status = connection.ask(request).status
                connection.close()
            except OSError:
                status = 0
            if status == 200:
                return time.perf_counter() - started
            if process.poll() is not None:
                break
            time.sleep(0.005)
        process.send_signal(signal.SIGTERM)
        raise RuntimeError("the server does not answer")


def resident(process):
    """Resident memory in MB of each worker of a server, from the kernel's own account."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(
                line.split(":", 1) for line in status.read_text().splitlines() if ":" in line
            )
        except OSError:
            continue  # it ended meanwhile
        if int(lines["PPid"]) == process.pid and "VmRSS" in lines:
            found.append(int(lines["VmRSS"].split()[0]) / 1024)
    return [size for size in found if size > 30]  # not the tracker of shared things
