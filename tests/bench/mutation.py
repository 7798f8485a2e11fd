"""How many of hundreds of small changes to the policy and the sessions the tests notice.

Each mutant runs in a process of its own, forked from one that has the libraries loaded already; the
module is changed as it is imported, nothing is written. On SQLite: what is tried is not the database.
"""

import contextlib
import importlib
import importlib.abc
import importlib.util
import os
import signal
import sys
import time
from pathlib import Path

from tests.bench import mutants

LEAST = 0.85
SECONDS = 120
TARGETS = {
    "portal.accounts.policy": ("pytest", "--noconftest", "tests/accounts/test_policy.py"),
    "portal.accounts.sessions": (
        "portal.app",
        "tests/accounts/test_sessions.py",
        "tests/accounts/test_session_rows.py",
    ),
}
"""Module → what is loaded before it is tried, and the tests that must notice.

Those of the policy need no application. What is loaded already is changed in place.
"""
WARM = ("pytest", "flask", "sqlalchemy.orm", "flask_login", "flask_wtf", "flask_babel", "html5lib")


class Changed(importlib.abc.MetaPathFinder, importlib.abc.SourceLoader):
    """Imports one module as a mutant of it."""

    def __init__(self, name, path, tree):
        self.name, self.path, self.tree = name, path, tree

    def find_spec(self, fullname, _path=None, _target=None):
        if fullname != self.name:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin=str(self.path))

    def get_filename(self, _fullname):
        return str(self.path)

    def get_data(self, path):
        return Path(path).read_bytes()

    def get_code(self, _fullname):
        return compile(self.tree, str(self.path), "exec")


def survives(name, path, tree, tests):
    """Whether all tests are content with a mutant; one that hangs or can not be imported is found."""
    child = os.fork()
    if child == 0:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        signal.alarm(SECONDS)
        status = 1
        with contextlib.suppress(BaseException):
            import pytest

            if tree is not None and name in sys.modules:
                exec(compile(tree, str(path), "exec"), sys.modules[name].__dict__)
            elif tree is not None:
                sys.meta_path.insert(0, Changed(name, path, tree))
            status = int(pytest.main(["-x", "-q", "-p", "no:randomly", "-p", "no:xdist", *tests]))
        os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def run():
    """Try every mutant of every target; print what nobody noticed, and the score of each."""
    os.environ.pop("PORTAL_TEST_DATABASE_URL", None)
    for library in WARM:
        importlib.import_module(library)
    good, rows = True, []
    for name, (loads, *tests) in TARGETS.items():
        importlib.import_module(loads)
        path = Path(*name.split(".")).with_suffix(".py")
        began = time.monotonic()
        if not survives(name, path, None, tests):
            print(f"{name}: its tests fail without any change")
            return False
        every = mutants.of(path.read_text("utf-8"))
        alive = []
        for it in every:
            if survives(name, path, it.tree, tests):
                alive.append(it)
                print(f"nobody noticed {path}:{it.line}: {it.was}  →  {it.became}", flush=True)
        score = 1 - len(alive) / len(every)
        good &= score >= LEAST
        rows.append((name, score, len(every), time.monotonic() - began))
    print(f"{'module':<28} {'noticed':>8} {'asked':>6} {'mutants':>8} {'seconds':>8}")
    for name, score, count, seconds in rows:
        print(f"{name:<28} {score:>7.1%} {LEAST:>6.0%} {count:>8} {seconds:>8.0f}")
    return good
