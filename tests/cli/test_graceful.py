"""Stopping and reloading under load: what a server has taken on is answered, within bounds."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest

from tests.browser import ROOT
from tests.cli.test_companion import children

SOURCE = """
import os, sys, time
from portal.cli import server
from portal.config import Config
def app(environ, start):
    time.sleep(float(environ["QUERY_STRING"]))
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"done %d" % os.getpid()]
def build():
    os.write(1, b"ready\\n")
    return app
server.from_environment = build
server._limit_waits = lambda app: None
server.RELOADED_AFTER = 1.0
server.run(Config(port=int(sys.argv[1]), workers=2), quiet=True)
"""


@pytest.fixture
def server():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", SOURCE, str(port)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    process.port = port
    try:
        for _ in range(2):
            assert process.stdout.readline() == "ready\n"
        until(lambda: listens(port))  # an application is made before anybody may come in
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


class Visitors:
    """Browsers that ask one thing after the other, some keeping their connection."""

    def __init__(self, port, keeping=(False, False, True)):
        self.port, self.over, self.seen, self.pids = port, threading.Event(), Counter(), set()
        self.lock, self.answered = threading.Lock(), threading.Condition()
        self.threads = [threading.Thread(target=self.ask, args=(k,)) for k in keeping]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        self.more(20)
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join(30)

    def more(self, count):
        """Wait until so many more were answered."""
        with self.answered:
            wanted = self.seen["done"] + count
            assert self.answered.wait_for(lambda: self.seen["done"] >= wanted, 60), self.seen

    def ask(self, keep):
        connection = None
        while not self.over.is_set():
            if connection is None:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                try:
                    connection.connect()
                except OSError:
                    self.note("away")  # nothing was taken on
                    return
            try:
                connection.request("GET", "/?0.01")
                said = connection.getresponse().read().decode().split()
                self.note(*said)
            except ConnectionRefusedError:  # an idle connection was ended before it was used
                self.note("away")
                return
            except (OSError, http.client.HTTPException) as error:
                self.note(f"lost: {type(error).__name__}")
                return
            if not keep:
                connection.close()
                connection = None

    def note(self, what, pid=None):
        with self.answered:
            self.seen[what] += 1
            self.pids |= {pid} if pid else set()
            self.answered.notify_all()


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(condition, seconds=60):
    """Wait for something another process does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.05)


@pytest.mark.slow
def test_a_reload_under_load_loses_nothing(server):
    first = set(children(server.pid))
    assert len(first) == 2
    with Visitors(server.port) as visitors:
        os.kill(server.pid, signal.SIGHUP)
        until(lambda: not first & set(children(server.pid)))
        visitors.more(20)
    assert set(visitors.seen) == {"done"}
    assert visitors.pids - {str(pid) for pid in first}, "new workers answer"
    assert len(children(server.pid)) == 2


@pytest.mark.slow
def test_a_stop_under_load_answers_what_was_taken_on(server):
    with Visitors(server.port) as visitors:
        begun = time.monotonic()
        server.terminate()
        server.wait(20)
        assert time.monotonic() - begun < 15
    assert {name for name in visitors.seen if name not in {"done", "away"}} == set()
    assert visitors.seen["away"] == 3


@pytest.mark.slow
def test_a_slow_answer_is_waited_for(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/?1.5")
    threading.Event().wait(0.3)
    server.terminate()
    assert connection.getresponse().read().startswith(b"done")
    assert server.wait(20) == 0


@pytest.mark.slow
def test_the_word_to_end_ends_a_reload(server):
    os.kill(server.pid, signal.SIGHUP)
    until(lambda: len(children(server.pid)) == 3)
    begun = time.monotonic()
    server.terminate()
    server.wait(20)
    assert time.monotonic() - begun < 12
