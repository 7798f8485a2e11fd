"""An application on a database of its own, for looking at its routes and templates."""

import pytest

from portal.app import create_app
from portal.config import Config


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    config = Config(
        data_dir=folder,
        secret_key="only the house tests use this one",
        base_url="http://127.0.0.1:8000",
    )
    return create_app(config)
