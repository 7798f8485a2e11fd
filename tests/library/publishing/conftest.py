"""An asset in the works and the people around it."""

import pytest

from portal.accounts.rules import Role
from portal.library import service
from portal.library.publishing import moving
from portal.library.publishing import service as publishing
from portal.library.publishing.acting import Actor
from portal.library.publishing.rules import Action
from portal.library.rules import Kind
from tests import make


def content(body="## Pricing\n\nFive.\n", *, title="Kestrel", **values):
    return service.content_of(title=title, body=body, **values)


@pytest.fixture
def people(db):
    """Actors by what they are."""
    found = {role.value: Actor(make.user(role=role.value).id, role) for role in Role}
    found["writer"] = Actor(make.user(role="contributor").id, Role.CONTRIBUTOR, "product")
    return found


@pytest.fixture
def draft(people):
    """The writer's draft of a battlecard, in English."""
    return publishing.create(
        people["writer"], slug="kestrel", kind=Kind.BATTLECARD, language="en", content=content()
    )


@pytest.fixture
def published(draft, people):
    moving.move(people["marketer"], draft, Action.PUBLISH)
    return draft
