"""The floors are pages that open: else nothing that is compared with them is measured."""

from portal.accounts import gate
from portal.app import create_app
from tests.bench import floors
from tests.conftest import make_config


def test_the_floors_are_open_to_all(tmp_path, monkeypatch):
    made = create_app(make_config(tmp_path, "sqlite"))
    monkeypatch.setattr(floors, "from_environment", lambda: made)
    app = floors.build()
    pages = {name: view for name, view in app.view_functions.items() if name.startswith("floor.")}
    assert len(pages) == 2
    assert all(map(gate.is_public, pages.values()))
