"""The same people as in the tests of accounts."""

from tests.accounts.conftest import _no_csrf, as_, client, visitor  # noqa: F401
