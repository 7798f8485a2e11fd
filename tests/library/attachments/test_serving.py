"""Ranges as browsers ask for them, and as nobody should."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.library.attachments.serving import Part, RangeError, part_of


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (None, None),
        ("bytes=0-", Part(0, 100, 100)),
        ("bytes=0-0", Part(0, 1, 100)),
        ("bytes=10-19", Part(10, 10, 100)),
        ("bytes=90-500", Part(90, 10, 100)),
        ("bytes=-10", Part(90, 10, 100)),
        ("bytes=-500", Part(0, 100, 100)),
        ("bytes=5-2", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("items=0-1", None),
        ("bytes=a-b", None),
    ],
)
def test_parts(header, part):
    assert part_of(header, 100) == part


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=999-1000", "bytes=-0"])
def test_behind_the_end(header):
    with pytest.raises(RangeError):
        part_of(header, 100)


@given(st.text(max_size=30) | st.from_regex(r"bytes=\d*-\d*"), st.integers(0, 10**12))
def test_a_part_lies_within(header, size):
    try:
        part = part_of(header, size)
    except RangeError:
        return
    if part is not None:
        assert 0 <= part.start < size
        assert 0 < part.length <= size - part.start
