"""A server keeps a worker: started again when it dies, ended with the server, however that ends."""

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from portal.cli import companion
from portal.cli.companion import LONGEST_REST, Companion, rest_before
from tests.browser import demo
from tests.cli.test_worker import SECONDS, until


def test_rests_grow():
    assert [rest_before(n) for n in (1, 2, 3, 9, 99)] == [1, 2, 4, LONGEST_REST, LONGEST_REST]


@pytest.fixture
def kept(monkeypatch):
    """A companion that runs a line of Python; ended with the test."""
    monkeypatch.setattr(companion, "FIRST_REST", 0.01)
    begun = []

    def begin(code):
        it = Companion([sys.executable, "-c", code])
        begun.append(it)
        it.begin()
        until(lambda: it.process)
        return it

    yield begin
    for it in begun:
        it.end(0)


SLEEPS = "import time; time.sleep(600)"


def test_a_worker_that_dies_is_started_again(kept):
    it = kept(SLEEPS)
    first = it.process
    first.kill()
    until(lambda: it.process is not first)


def test_a_worker_that_can_not_start_does_not_spin(kept, monkeypatch):
    monkeypatch.setattr(companion, "FIRST_REST", 600)
    it = kept("raise SystemExit(1)")
    first = it.process
    first.wait()
    it.end(SECONDS)
    assert it.process is first
    assert not it._thread.is_alive()


def test_a_worker_ends_with_its_server(kept):
    it = kept(SLEEPS)
    it.end(SECONDS)
    assert it.process.poll() == -signal.SIGTERM
    assert not it._thread.is_alive()


def test_a_deaf_worker_is_made_to_end(kept, tmp_path):
    mark = tmp_path / "deaf"
    it = kept(
        "import pathlib, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        f"pathlib.Path({str(mark)!r}).touch(); time.sleep(600)"
    )
    until(mark.exists)
    it.end(0.1)
    assert it.process.wait(SECONDS) == -signal.SIGKILL


def test_a_command_that_is_not_there_is_no_end(monkeypatch):
    tried = threading.Event()
    monkeypatch.setattr(companion.log, "exception", lambda *_: tried.set())
    it = Companion(["/nowhere/at/all"])
    it.begin()
    assert tried.wait(SECONDS)
    it.end(SECONDS)
    assert not it._thread.is_alive()


# --- a whole server -----------------------------------------------------------------------------


def workers_of(parent):
    """The processes of `portal worker` that a server has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"--child-of" in words and words[words.index(b"--child-of") + 1] == b"%d" % parent:
            found.append(int(path.parent.name))
    return found


def is_there(number):
    """Whether a process runs, not counting one that nobody has buried yet."""
    try:
        stat = Path(f"/proc/{number}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at /proc")
def test_a_demo_keeps_a_worker_that_ends_with_it(tmp_path, monkeypatch):
    from tests import browser

    servers = []
    begin = browser.portal

    def noted(*arguments, **options):
        servers.append(begin(*arguments, **options))
        return servers[-1]

    monkeypatch.setattr(browser, "portal", noted)
    with demo(tmp_path) as live:
        server = servers[0]
        (first,) = until(lambda: workers_of(server.pid))
        until(lambda: "1 worker(s) alive" in live.run("worker", "status")[1])
        os.kill(first, signal.SIGKILL)
        (second,) = until(lambda: [n for n in workers_of(server.pid) if n != first])
        assert second != first
        web = [n for n in children(server.pid) if n != second]
        server.kill()
        server.wait()
        for number in web:  # they end with their server's socket only when they are told
            os.kill(number, signal.SIGTERM)
        until(lambda: not is_there(second))
        monkeypatch.setattr(browser, "stop", lambda _process: None)


def children(parent):
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(path.parent.name))
    return found


def test_a_server_may_leave_the_worker_to_others(ready, monkeypatch, settings):
    from portal.cli import server, serving

    ran = []
    monkeypatch.setattr(serving, "require_free", lambda *_: None)
    monkeypatch.setattr(server, "run", lambda _settings, **options: ran.append(options))
    assert ready("serve").status == 0
    assert ready("serve", "--no-worker").status == 0
    assert isinstance(ran[0]["companion"], Companion)
    assert ran[1]["companion"] is None
