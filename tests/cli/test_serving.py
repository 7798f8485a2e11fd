"""Serving: a port of one's own, and a server that ends when it is told to, whatever it does."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from portal.cli.serving import require_free
from portal.errors import Conflict
from tests.browser import ROOT

SHARED = {"listener shares": True, "listener does not share": False}


@pytest.fixture(params=SHARED.values(), ids=SHARED)
def taken(request):
    """A port somebody listens on, as granian does or as others do."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if request.param:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "localhost"])
def test_a_port_somebody_listens_on_is_refused(taken, host):
    with pytest.raises(Conflict, match=f"port {taken} can not be listened on .*in use"):
        require_free(host, taken)


def test_a_server_may_start_again_at_once():
    """What the last server closed itself lingers in the system; it is no listener."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as visitor:
            listener.accept()[0].close()
            assert visitor.recv(1) == b""
    require_free("127.0.0.1", port)


def test_an_address_that_is_not_ours_is_refused():
    with pytest.raises(Conflict, match=r"203\.0\.113\.9 port 8000 can not be listened on"):
        require_free("203.0.113.9", 8000)


def test_serve_and_demo_refuse_a_port_that_is_taken(ready, taken, tmp_path):
    for words in (("serve",), ("demo", "--data-dir", tmp_path / "demo")):
        said = ready(*words, "--port", taken)
        assert (said.status, said.out, len(said.err.splitlines())) == (1, "", 1)
        assert said.err.startswith(f"127.0.0.1 port {taken} can not be listened on")
    assert not (tmp_path / "demo").exists()


START = """
import os, signal, sys, threading, time
from portal.cli import server
from portal.config import Config
def told():
    os.write(1, b"ready\\n")  # in one piece: the workers share the pipe
{body}
server.WORKERS_END, server.ALL_ENDS = {limits}
port = int(sys.argv[1])
server.run(Config(port=port, workers={workers}), quiet=True)
"""
STARTING = """
def build():
    told()
    while True:
        signal.pause()
server.from_environment = build
"""
DEAF = """
def build():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    told()
    return lambda environ, start: []
server.from_environment = build
"""
LOCKED = """
def build():
    told()
    return lambda environ, start: []
def handler(self, *args):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
server.from_environment = build
server.MPServer.signal_handler_interrupt = handler
"""
# a worker that was just being started is not among those the server knows
UNKNOWN = LOCKED + "server.multiprocessing.active_children = list\n"


@contextmanager
def started(body, limits, workers=2):
    """A server in a session of its own whose workers have said that they are there."""
    source = START.format(body=body, limits=limits, workers=workers)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", source, str(port)],
        cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True, text=True,
    )  # fmt: skip
    try:
        for _ in range(workers):
            assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        if group(process):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


def group(process):
    """Whether anybody of the server's session still lives: who is dead may wait to be buried."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            state, _, _, session = path.read_text().rpartition(")")[2].split()[:4]
            if int(session) == process.pid and state not in "ZX":
                return True
    return False


@pytest.mark.parametrize(
    ("body", "limits"),
    [(STARTING, (60, 60)), (DEAF, (0.2, 60)), (LOCKED, (60, 1)), (UNKNOWN, (60, 1))],
    ids=[
        "workers that still start",
        "workers that do not listen",
        "a server that is stuck",
        "a stuck server that does not know its workers",
    ],
)
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("everybody", [True, False], ids=["group", "server"])
def test_a_server_that_is_told_to_stop_ends(body, limits, sign, everybody):
    with started(body, limits) as process:
        (os.killpg if everybody else os.kill)(process.pid, sign)
        process.wait(timeout=15)
        deadline = time.monotonic() + 10
        while group(process) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not group(process), "a worker is left"


def test_the_limits_keep_the_promise():
    from portal.cli import server

    assert 0 < server.WORKERS_END < server.ALL_ENDS <= 10


GIVEN = """
from portal.cli import helpers
from portal.config import load
from portal.db import db
from portal.search import service
app = helpers.create_app(load())
with app.app_context():
    service.catch_up(app.extensions["arsenal.finder"].engine)
def seen(built):
    held = {os.path.realpath(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd")}
    held = [file for file in held if file.startswith(os.environ["PORTAL_DATA_DIR"])]
    os.write(1, f"{built is app} {held}\\n".encode())
    return taken(built)
taken, server.load = server.load, seen
server.run(load(), quiet=True, app=app)
"""


def test_workers_take_the_application_given_and_no_open_file_with_it(ready, settings):
    assert ready("search", "rebuild").status == 0
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = os.environ | {"PORTAL_PORT": str(port), "PORTAL_WORKERS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", "import os\nfrom portal.cli import server\n" + GIVEN],
        cwd=ROOT, env=environ, stdout=subprocess.PIPE, start_new_session=True, text=True,
    )  # fmt: skip
    try:
        assert process.stdout.readline() == "True []\n"
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()
