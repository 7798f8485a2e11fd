"""Rows of past uses, read or refused with a reason."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.deals.past_uses.rules import COLUMNS, Use, read, stage_at

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
TOLD = {"zone": ZoneInfo("Asia/Ho_Chi_Minh"), "now": NOW}
GOOD = {
    "use_id": "u1", "at": "2026-11-01 09:00", "rep": "lan@example.com", "asset_id": "kestrel",
    "action": "Opened", "deal_id": "OPP-7", "language": "VI", "version": "3", "seconds": "120",
}  # fmt: skip


def test_a_good_row_is_read():
    use = read(2, GOOD, **TOLD)
    assert use.at == datetime(2026, 11, 1, 2, tzinfo=UTC)
    assert (use.action, use.language, use.revision, use.deal) == ("viewed", "vi", 3, "OPP-7")
    assert read(2, GOOD | {"deal_id": "", "language": "", "version": ""}, **TOLD).deal == ""


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"use_id": " "}, "use_id is empty"),
        ({"use_id": "x" * 201}, "use_id is no identifier"),
        ({"rep": "a\x00b"}, "rep is no identifier"),
        ({"at": "yesterday"}, "at is no time"),
        ({"at": "1066-01-01"}, "no time of ours"),
        ({"at": "2026-12-01"}, "in the future"),
        ({"action": "eaten"}, "action is none"),
        ({"language": "de"}, "language is none"),
        ({"version": "-1"}, "version is no number"),
        ({"version": "9" * 5000}, "version is no number"),
        ({"version": "٣"}, "version is no number"),
    ],
)
def test_what_is_none_is_refused_with_its_reason(wrong, reason):
    with pytest.raises(ValueError, match=reason):
        read(2, GOOD | wrong, **TOLD)


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=30)))
def test_any_row_is_read_or_refused(told):
    try:
        assert isinstance(read(2, GOOD | told, **TOLD), Use)
    except ValueError as error:
        assert str(error)


def test_the_stage_is_that_of_the_time():
    day = [datetime(2026, 1, n, tzinfo=UTC) for n in range(1, 5)]
    history = [(day[1], "Discovery"), (day[2], "Proposal")]
    assert [stage_at(history, at) for at in day] == [None, "Discovery", "Proposal", "Proposal"]
    assert stage_at([], day[0]) is None
