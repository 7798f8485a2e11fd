"""What tests of search pages share: a shelf of assets, indexed in a folder of its own."""

import pytest

from portal.search import service
from portal.search.finding import Finder
from portal.search.whoosh_engine import WhooshEngine
from tests import make


@pytest.fixture
def shelf(app, db, tmp_path, monkeypatch):
    """Publish an asset with texts in some languages, and let the index follow."""
    finder = Finder(WhooshEngine(tmp_path / "index"), app.extensions["arsenal.priors"])
    monkeypatch.setitem(app.extensions, "arsenal.finder", finder)

    def publish(slug, title="Kestrel", body="They charge a fee.", languages=("en",), **asset):
        made = make.asset(slug, **asset)
        for language in languages:
            make.text(made, language, title=title, body=body)
        db.session.commit()
        service.drain(finder.engine)
        return made

    publish.finder = finder
    return publish
