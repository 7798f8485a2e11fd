"""What tests of search share: the index of every engine in turn; a shelf of assets, indexed."""

import pytest

from portal.search import service
from portal.search.finding import Finder
from portal.search.whoosh_engine import WhooshEngine
from tests import make as maker
from tests.search.indexes import KINDS, Index


@pytest.fixture(params=KINDS)
def make(request, tmp_path):
    """Opens the same index again and again, as another process would."""
    index = Index(request.param, tmp_path, [])
    if index.kind != "embedded":
        index.clear()
    yield index
    index.close()


@pytest.fixture
def shelf(app, db, tmp_path, monkeypatch):
    """Publish an asset with texts in some languages, and let the index follow."""
    finder = Finder(WhooshEngine(tmp_path / "index"), app.extensions["arsenal.priors"])
    monkeypatch.setitem(app.extensions, "arsenal.finder", finder)

    def publish(slug, title="Kestrel", body="They charge a fee.", languages=("en",), **asset):
        made = maker.asset(slug, **asset)
        for language in languages:
            maker.text(made, language, title=title, body=body)
        db.session.commit()
        service.drain(finder.engine)
        return made

    publish.finder = finder
    return publish
