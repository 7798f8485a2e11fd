"""Starting: from nothing to a demo that answers, in a fresh virtual environment."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.table import Figure, show
from tests.browser import ROOT, free_port, stop, wait_until_served


def timed(*command):
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def run():
    """Print the table; returns whether everything asked for was reached."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "source"
        # a copy, so that the installation leaves this tree as it is
        timed("git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(source))
        making = timed(sys.executable, "-m", "venv", str(folder / "venv"))
        binaries = folder / "venv" / "bin"
        installing = timed(str(binaries / "pip"), "install", "--quiet", "-e", str(source))
        demo, warm = start(binaries, source, folder), start(binaries, source, folder)
    figures = [
        Figure("virtual environment", making, "s"),
        Figure("installation, warm package cache", installing, "s"),
        Figure("demo: until it answers, first time", demo, "s", most=20),
        Figure("demo: until it answers, again", warm, "s"),
        Figure("installation and demo", making + installing + demo, "s", most=60),
    ]
    return show("start: from a clone to a demo", figures)


def start(binaries, source, folder):
    """Seconds until the demo's first answer."""
    port, log = free_port(), folder / "log"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    started = time.perf_counter()
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [binaries / "portal", "demo", "--port", str(port), "--data-dir", folder / "demo"],
            cwd=source, env=environ, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
        try:
            wait_until_served(process, f"http://127.0.0.1:{port}/sign-in", log)
            return time.perf_counter() - started
        finally:
            stop(process)
