"""A company's portal as it is run: real processes on data of their own, people who use it by HTTP."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

from portal.app import create_app
from portal.config import load
from portal.db import db
from tests.browser import ROOT, free_port, stop
from tests.page import Client

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
SECRET = "only the drills use this secret: 0123456789 abc"
PATIENCE = 60
"""Seconds a server may take to answer after it was started, on a busy machine."""
COMMAND = [sys.executable, "-c", "from portal.cli import main; main()"]


class Lost(Exception):  # noqa: N818
    """No answer came: whether it was done nobody knows."""


class Answer:
    """What came over the wire."""

    def __init__(self, response, body):
        self.status, self.headers = response.status, response.headers
        self.location = response.headers.get("Location") or ""
        self.body = body

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")


class Browser:
    """One person's browser: keep-alive, cookie, the token of forms; not shared among threads."""

    def __init__(self, port, cookie="", language="en", timeout=60):
        self.port, self.language, self.timeout = port, language, timeout
        self.cookies = dict(it.split("=", 1) for it in cookie.split("; ") if it)
        self._connection = None
        self._token = ""

    def ask(self, method, path, body=None, headers=()):
        """One request; when the connection breaks, the next one opens another."""
        told = {"Accept-Language": self.language, "Accept": "text/html", **dict(headers)}
        if self.cookies:
            told["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=self.timeout
            )
        try:
            self._connection.request(method, path, body, told)
            response = self._connection.getresponse()
            answer = Answer(response, response.read())
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Lost(f"{method} {path}: {type(error).__name__}") from error
        for given in response.headers.get_all("Set-Cookie", []):
            name, value = given.split(";", 1)[0].split("=", 1)
            self.cookies[name] = value
        return answer

    def get(self, path, **headers):
        return self.ask("GET", path, headers=headers)

    def post(self, path, **fields):
        """Send a form as a browser does, with the token of this session."""
        body = urlencode({"csrf_token": self.token(), **fields})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, body, {**kind, "Referer": f"http://127.0.0.1:{self.port}/"})

    def upload(self, path, name, content, field="file"):
        """Send a file as a browser does."""
        edge = "arsenal-drill-boundary"
        token = self.token()
        parts = (
            f'--{edge}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
            f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = parts.encode() + content + f"\r\n--{edge}--\r\n".encode()
        return self.ask(
            "POST", path, body, {"Content-Type": f"multipart/form-data; boundary={edge}"}
        )

    def token(self):
        """The token of this session's forms: every form of it takes the same."""
        if not self._token:
            page = self.get("/account" if self.cookies else "/sign-in")
            found = TOKEN.search(page.text)
            if not found:
                raise Lost(f"no form: {page.status}")
            self._token = found[1]
        return self._token

    def surely(self, act, within=PATIENCE):
        """Do it until an answer comes that is neither lost nor "try again"; (answer, tries)."""
        deadline, tries, last = time.monotonic() + within, 0, ""
        while True:
            tries += 1
            try:
                answer = act()
            except Lost as error:
                last = str(error)
            else:
                if answer.status not in {502, 503, 507}:
                    return answer, tries
                last = str(answer.status)
            if time.monotonic() > deadline:
                raise Lost(f"no answer within {within} s: {last}")
            time.sleep(0.05)

    def close(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Company:
    """Its folder, its database, its settings; its server is started and killed by drills."""

    def __init__(self, folder: Path, url="", **settings):
        self.folder, self.port = Path(folder), free_port()
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
        self.settings = {
            "PORTAL_DATA_DIR": str(self.data),
            "PORTAL_SECRET_KEY": SECRET,
            "PORTAL_BASE_URL": f"http://127.0.0.1:{self.port}",
            "PORTAL_PORT": str(self.port),
            "PORTAL_WORKERS": "2",
            "PORTAL_LOG_LEVEL": "WARNING",
            **({"PORTAL_DATABASE_URL": url} if url else {}),
            **{f"PORTAL_{name.upper()}": str(value) for name, value in settings.items()},
        }
        self.environ = kept | self.settings
        self.process = None
        self._app = None

    def prepare(self):
        """Migrate the empty database."""
        self.run("db", "upgrade")
        return self

    @property
    def app(self):
        """The application in this process, on the same data: to prepare, and to look afterwards."""
        if self._app is None:
            self._app = create_app(load(self.settings))
        return self._app

    @contextmanager
    def inside(self, *, keep=False):
        """A unit of work on the same data."""
        with self.app.app_context():
            try:
                yield db.session
                if keep:
                    db.session.commit()
            finally:
                db.session.remove()

    def run(self, *arguments, fine=(0,)):
        """Run a command; returns what it printed."""
        done = subprocess.run(
            [*COMMAND, *map(str, arguments)], cwd=ROOT, env=self.environ, text=True,
            capture_output=True, check=False, timeout=180,
        )  # fmt: skip
        if done.returncode not in fine:
            raise RuntimeError(f"portal {arguments}: {done.returncode} {done.stdout} {done.stderr}")
        return done.stdout

    def json(self, *arguments):
        return json.loads(self.run(*arguments, "--json", fine=(0, 1)))

    def start(self, *arguments, limit=None):
        """Start the server, and wait for its first answer."""
        with self.log.open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [*COMMAND, "serve", *arguments], cwd=ROOT, env=self.environ, stdout=log,
                stderr=log, start_new_session=True, preexec_fn=limit,  # noqa: PLW1509
            )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while True:
            with suppress(Lost):
                if Browser(self.port, timeout=5).get("/sign-in").status < 500:
                    return self
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"nothing serves: {self.log.read_text('utf-8')[-3000:]}")
            time.sleep(0.05)

    def stop(self):
        if self.process is not None:
            stop(self.process)
            self.process = None

    def kill(self):
        """End the server and all it has started at once, as a power cut does."""
        mine = descendants(self.process.pid)
        if self.process.poll() is None:
            self.process.kill()
        for number in mine:
            with suppress(OSError):
                os.kill(number, signal.SIGKILL)
        self.process.wait()

    @contextmanager
    def served(self, *arguments, limit=None):
        """The server runs while the block does."""
        self.start(*arguments, limit=limit)
        try:
            yield self
        finally:
            self.close()

    def close(self):
        self.stop()
        if self._app is not None:
            with self._app.app_context():
                db.session.remove()
                db.engine.dispose()

    def cookie_of(self, user):
        """The cookie of a person who has signed in."""
        client = Client(self.app).sign_in(user)
        kept = client.raw.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return f"{kept.key}={kept.value}"

    def browser(self, cookie="", **options):
        return Browser(self.port, cookie, **options)

    def complaints(self):
        """The failures in the server's log."""
        if not self.log.exists():
            return []
        return [line for line in self.log.read_text("utf-8").splitlines() if "Traceback" in line]


def parents():
    """Process → its parent, as the system knows them."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            found[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    return found


def descendants(root):
    """All that a process has started, and they."""
    of, found, todo = parents(), [], [root]
    while todo:
        parent = todo.pop()
        children = [it for it, its in of.items() if its == parent]
        found += children
        todo += children
    return found


def command_of(number):
    with suppress(OSError):
        return (
            Path(f"/proc/{number}/cmdline")
            .read_bytes()
            .replace(b"\0", b" ")
            .decode("utf-8", "replace")
        )
    return ""


def together(works):
    """Run functions in threads that begin at once; what each came to, an exception included."""
    gate, results = threading.Barrier(len(works)), [None] * len(works)

    def run(number):
        gate.wait()
        try:
            results[number] = works[number]()
        except Exception as error:  # noqa: BLE001  # the drill looks at it
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
