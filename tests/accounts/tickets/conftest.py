"""A portal that sends mail to a server within the test."""

from tests.library.mail.conftest import box, go, portal  # noqa: F401  # fixtures
