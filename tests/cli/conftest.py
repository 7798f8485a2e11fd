"""A data directory of one's own and commands run in it, in this process."""

import json
from dataclasses import dataclass

import pytest
from click.testing import CliRunner

from portal.cli import main
from tests.conftest import DATABASES, make_config


@dataclass
class Said:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture(params=DATABASES)
def settings(request, tmp_path, monkeypatch):
    """The environment of a company's portal whose database is still empty."""
    config = make_config(tmp_path, request.param, "_cli")
    values = {
        "DATA_DIR": tmp_path,
        "SECRET_KEY": "b7c1f09a-5e0d-4c61-9c3f-2d1e8a7f4b60",
        "BASE_URL": "http://127.0.0.1:8000",
        "DATABASE_URL": config.database_url,
    }
    for name, value in values.items():
        monkeypatch.setenv(f"PORTAL_{name}", str(value))
    return config


@pytest.fixture
def portal(settings):
    """Run `portal …`; an exception that is not a refusal fails the test."""

    def run(*arguments, stdin=""):
        result = CliRunner().invoke(main, [str(a) for a in arguments], input=stdin)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def ready(portal):
    """The same, on a migrated database."""
    assert portal("db", "upgrade").status == 0
    return portal
