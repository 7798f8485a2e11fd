"""A guide that is translated."""

import pytest

from tests import make
from tests.library.translation.test_rules import EN, VI


@pytest.fixture
def asset(db):
    """A published guide, English the original, in Vietnamese too."""
    made = make.asset("setup", kind="guide")
    make.text(made, "en", title="Setup guide", body=EN)
    make.text(made, "vi", title="Hướng dẫn", body=VI)
    db.session.commit()
    return made
