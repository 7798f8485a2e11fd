"""A portal whose company has a sign-in of its own."""

import pytest

from portal.accounts.oidc import views
from tests.accounts.oidc import hostile


@pytest.fixture
def settings(app, db, monkeypatch):
    """A function that gives the portal other settings, and a memory of the provider that is empty."""

    def give(**values):
        config = app.config["PORTAL"].model_copy(update=values)
        monkeypatch.setitem(app.config, "PORTAL", config)
        views.install(app)

    return give


@pytest.fixture
def liar():
    provider = hostile.Hostile()
    yield provider
    provider.close()


@pytest.fixture
def company(settings, liar):
    """The lying provider is the company's."""
    settings(
        oidc_issuer=liar.issuer,
        oidc_client_id=hostile.CLIENT,
        oidc_client_secret=hostile.SECRET,
        oidc_name="Tarvel",
    )
    return liar
