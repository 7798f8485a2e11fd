"""The index of every engine, one after the other, for the tests of what all promise."""

import pytest

from tests.search.indexes import KINDS, Index


@pytest.fixture(params=KINDS)
def make(request, tmp_path):
    """Opens the same index again and again, as another process would."""
    index = Index(request.param, tmp_path, [])
    if index.kind != "embedded":
        index.clear()
    yield index
    index.close()
