"""Somebody who writes, and an asset begun by her."""

import pytest

from portal.db import db as _db
from portal.library.models import Asset
from portal.library.publishing import queries
from tests import make


@pytest.fixture
def writer(client, db):
    """A contributor of product development, signed in in `client`."""
    person = make.user(role="contributor", department="product", name="Huy Trần")
    db.session.commit()
    client.sign_in(person)
    return person


@pytest.fixture
def begun(client, writer):
    """A function: begins an asset through the form, returns it."""

    def begin(kind="battlecard", language="en", title="Battlecard: Kestrel", once="abc"):
        page = client.post(
            "/desk/new", data={"kind": kind, "language": language, "title": title, "once": once}
        )
        assert page.status == 303, page.words()
        _, _, slug, _ = page.location.split("/")
        _db.session.expire_all()
        return _db.session.query(Asset).filter_by(slug=slug).one()

    return begin


@pytest.fixture
def newest():
    return lambda asset, language="en": queries.newest(asset.id, language)
