"""A person with a password."""

import pytest

from portal.accounts import passwords
from tests import make

PASSWORD = "correct horse 42"


@pytest.fixture(scope="session")
def hashed():
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def person(db, hashed):
    user = make.user("mai@example.com", name="Đỗ Thanh Mai", password_hash=hashed)
    db.session.commit()
    return user
