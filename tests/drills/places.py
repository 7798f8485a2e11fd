"""What a drill puts around the portal: a line that can be cut, a disk that can be filled, a PostgreSQL."""

import os
import resource
import shutil
import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from tests.browser import free_port
from tests.drills.company import descendants


class Line:
    """A port that leads to another one until it is cut."""

    def __init__(self, host, port):
        self.to, self.port = (host, port), free_port()
        self._open, self._listener = set(), None
        self.mend()

    def mend(self):
        listener = socket.create_server(("127.0.0.1", self.port), reuse_port=False)
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def cut(self):
        """Refuse whoever comes, and break off what is under way."""
        listener, self._listener = self._listener, None
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for end in list(self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener):
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return  # cut
            try:
                far = socket.create_connection(self.to)
            except OSError:
                near.close()  # nobody at the other end
                continue
            self._open |= {near, far}
            for pair in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, source, target):
        with suppress(OSError):
            while chunk := source.recv(65536):
                target.sendall(chunk)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._open -= {source, target}


def through(url):
    """(a line to the server of a database's address, the address through it)."""
    parts = urlsplit(url)
    line = Line(parts.hostname, parts.port or 5432)
    user = f"{parts.username}@" if parts.username else ""
    return line, parts._replace(netloc=f"{user}127.0.0.1:{line.port}").geturl()


@contextmanager
def small_disk(folder, megabytes):
    """A disk of its own where that is allowed (Linux, root): yields whether it is one."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)]
    allowed = (
        os.geteuid() == 0
        and subprocess.run(command, check=False, capture_output=True).returncode == 0
    )
    try:
        yield allowed
    finally:
        if allowed:
            subprocess.run(["umount", "-l", str(folder)], check=True)


class Disk:
    """Fills what a portal writes to, and makes room again."""

    def __init__(self, folder, company, *, real):
        self.filler, self.company, self.real = Path(folder) / "filler", company, real

    def fill(self):
        """No byte more: by a file as large as the disk, or by a limit on the server's files."""
        if not self.real:
            self._limit(1)
            return
        piece = 1 << 20
        with self.filler.open("ab", buffering=0) as file:
            while piece:
                try:
                    file.write(b"\0" * piece)
                except OSError:
                    piece //= 2

    def make_room(self):
        if self.real:
            self.filler.unlink()
        else:
            self._limit(resource.RLIM_INFINITY)

    def _limit(self, most):
        server = self.company.process.pid
        for number in [server, *descendants(server)]:
            with suppress(OSError):
                resource.prlimit(number, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def binary(name):
    """Where a program of PostgreSQL is, or None."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4])
    )
    return str(found[-1]) if found else shutil.which(name)


class Cluster:
    """A PostgreSQL of the drill's own, to be stopped, started and starved."""

    def __init__(self, folder):
        self.folder, self.port, self.process = Path(folder), free_port(), None
        self.folder.mkdir(parents=True, exist_ok=True)
        self._as = []
        if os.geteuid() == 0:
            self._as = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
            shutil.chown(self.folder, "postgres", "postgres")
            for parent in self.folder.parents:  # a temporary folder is its maker's alone
                if str(parent).startswith("/tmp/"):
                    parent.chmod(0o755)
        told = "-U arsenal -A trust -E UTF8 --locale=C.UTF-8 --no-sync --wal-segsize=1".split()
        self._run(binary("initdb"), "-D", str(self.folder / "data"), *told)

    @property
    def url(self):
        return f"postgresql://arsenal@127.0.0.1:{self.port}/postgres"

    def _run(self, *command):
        subprocess.run([*self._as, *command], check=True, capture_output=True, cwd="/")

    def start(self):
        import psycopg

        told = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off "
            "-c shared_buffers=16MB -c max_wal_size=4MB -c min_wal_size=2MB -c logging_collector=off "
            "-c restart_after_crash=on"
        ).split()
        with (self.folder.parent / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self._as, binary("postgres"), "-D", str(self.folder / "data"), *told],
                stdout=log, stderr=log, cwd="/", start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return self

    def stop(self, how=signal.SIGQUIT):
        """At once, as when its machine goes down."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None
