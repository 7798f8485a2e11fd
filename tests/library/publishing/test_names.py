"""An asset whose slug is the name of a desk page has its pages at the desk all the same."""

import pytest
from flask import url_for

from portal.library.publishing import queries
from tests import make


@pytest.mark.parametrize("name", ["jobs", "claims", "new", "preview"])
def test_its_pages_are_reached_and_it_can_be_moved(as_, app, name):
    client = as_("marketer")
    asset = make.asset(slug=name)
    make.text(asset, title="Named like a page")
    with app.test_request_context():
        show = url_for("publishing.show", slug=name)
        comment = url_for("publishing.comment", slug=name)
        write = url_for("writing.edit", slug=name, language="en")
    assert show == f"/desk/~{name}"
    assert "Named like a page" in client.get(show).text
    assert "Named like a page" in client.get(write).text
    client.post(comment, data={"body": "Looks right.", "language": "en"})
    assert [it.body for it in queries.comments(asset.id)] == ["Looks right."]


def test_others_have_the_addresses_they_had(app):
    with app.test_request_context():
        assert url_for("publishing.show", slug="kestrel") == "/desk/kestrel"
        assert url_for("library.show", slug="jobs") == "/assets/jobs"
