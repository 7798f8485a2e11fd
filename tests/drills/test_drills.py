"""The drills in their short form, each on both databases; `python -m tests.drills` does them at length."""

import os

import pytest

from tests.conftest import DATABASES, POSTGRESQL
from tests.drills.all import DRILLS, perform

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")


@pytest.mark.slow
@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("name", DRILLS)
def test_a_drill(name, database, tmp_path):
    if not DRILLS[name].suits(database, short=True):
        return
    where = "sqlite" if database == "sqlite" else f"{POSTGRESQL}_{WORKER}"
    report = perform(name, where, short=True, folder=tmp_path)
    report.say()
    assert report.good, [str(it) for it in report.found if not it.good] + report.examples
