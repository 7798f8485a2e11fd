"""Chromium and a portal to drive it on: a demo of its own on a free port, and what the browser saw."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("chromium", "chromium-browser", "google-chrome")
# a browser that looks nowhere but at the page: no updates, no sync, no first-run tour
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
)
START = 90  # seconds a demo may take on a busy machine

# counts what the page did to the person: shifts not caused by them, refusals of the policy
OBSERVE = """
window.__seen = {shift: 0, violations: [], ran: 0};
new PerformanceObserver(list => {
  for (const e of list.getEntries()) if (!e.hadRecentInput) window.__seen.shift += e.value;
}).observe({type: 'layout-shift', buffered: true});
document.addEventListener('securitypolicyviolation', e => {
  window.__seen.violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample} ${e.sourceFile}:${e.lineNumber}`);
});
"""


def chromium():
    """Where Chromium is; the test is skipped when there is none."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    return pytest.skip(f"no Chromium: none of {', '.join(NAMES)} is on the path")


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def portal(*arguments, environ=None, **options):
    """Start a `portal` command in a process group of its own."""
    command = [sys.executable, "-c", "from portal.cli import main; main()", *map(str, arguments)]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
    return subprocess.Popen(
        command, cwd=ROOT, env={**kept, **(environ or {})}, start_new_session=True, **options
    )


def wait_until_served(process, url, log, seconds=START):
    """Ask until there is an answer; a server that ended or never answers fails with what it said."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.status
        except (OSError, urllib.error.URLError):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"nothing serves {url}:\n{log.read_text('utf-8')[-4000:]}")
            time.sleep(0.05)


def stop(process):
    """End a server and its workers: asked first, then made to."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # the group began with this very process
        process.wait()


class Live:
    """A demo portal that runs: where it is, where its data lies, how to run commands on it."""

    def __init__(self, url, folder):
        self.url = url
        self.folder = folder

    def run(self, *arguments):
        """Run a command on the same data; returns what it printed."""
        environ = {"PORTAL_DATA_DIR": str(self.folder)}
        process = portal(
            *arguments, environ=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        said, complaints = process.communicate(timeout=120)
        return process.returncode, said, complaints


@contextmanager
def demo(folder):
    """A demo on a free port, in an empty folder; it ends with the block."""
    port, log = free_port(), folder / "log"
    data = folder / "demo"
    with log.open("w", encoding="utf-8") as output:
        process = portal("demo", "--port", port, "--data-dir", data, stdout=output, stderr=output)
        try:
            wait_until_served(process, f"http://127.0.0.1:{port}/sign-in", log)
            yield Live(f"http://127.0.0.1:{port}", data)
        finally:
            stop(process)


class Tab:
    """A page, and everything that went wrong on it while it was open."""

    def __init__(self, context, base):
        self.base = base
        self.page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.complaints = []
        self.dialogs = []
        self.requests = []
        self.page.add_init_script(OBSERVE)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("dialog", self._dialog)
        self.page.on("requestfinished", self._finished)
        self.page.on("requestfailed", self._failed)

    def _console(self, message):
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text} ({self.page.url})")

    def _failed(self, request):
        # The page itself ends a search that a newer one replaces; leaving ends what is under way.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url} ({request.failure})")

    def _finished(self, request):
        self.requests.append(request)

    def _dialog(self, dialog):
        self.dialogs.append(f"{dialog.type}: {dialog.message} ({self.page.url})")
        dialog.dismiss()

    def open(self, path):
        return self.page.goto(
            path if path.startswith("http") else self.base + path, wait_until="load"
        )

    def seen(self):
        """Layout shift so far and the policy's refusals, of the page as it is."""
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        return self.page.evaluate("window.__seen")

    def check(self):
        """Nothing complained, nothing jumped, nothing sticks out, nothing was refused."""
        seen = self.seen()
        assert not self.complaints, self.complaints
        assert self.dialogs == []
        assert seen["violations"] == []
        assert seen["shift"] <= 0.02, f"{self.page.url} shifts by {seen['shift']:.3f}"
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px wider than the window"
        return seen

    def axe(self):
        """What axe-core finds; its code is put in past the page's policy, which stays as it is.

        What is being fetched is drawn faintly: colours are looked at when all is there. And from the
        page's top: what is scrolled half under the bar that stays there is half a target, anywhere.
        """
        self.page.wait_for_selector("[aria-busy=true]", state="detached")
        self.page.evaluate(
            "Promise.allSettled(document.getAnimations()"
            ".filter(a => a.effect.getComputedTiming().iterations !== Infinity)"
            ".map(a => a.finished))"
        )
        self.page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")
        if not self.page.evaluate("'axe' in window"):
            source = resources.files("axe_playwright_python") / "axe.min.js"
            self.page.evaluate(source.read_text("utf-8"))
        found = self.page.evaluate(
            "axe.run(document, {resultTypes: ['violations'], "
            "runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
        )
        return [
            f"{self.page.url} {rule['id']} ({rule['impact']}): {node['html'][:160]}"
            f" | {' '.join(check['message'] for check in node['any'] + node['all'] + node['none'])}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    def weight(self):
        """(requests, bytes over the wire) since the list was last cleared; bodies as packed."""
        sizes = [request.sizes()["responseBodySize"] for request in self.requests]
        return len(sizes), sum(sizes)
