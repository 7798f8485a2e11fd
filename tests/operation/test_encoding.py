"""What a backup writes of a value is that value again, on either database."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from portal.operation.backup import encoding


def test_values_survive_exactly():
    kinds = ["moment", "decimal", "bytes", "json", "float", "boolean", "text", "text"]
    moment = datetime(2026, 11, 30, 23, 59, 59, 123456, tzinfo=UTC)
    line = encoding.line(
        kinds, [moment, "12.30", b"\x00\xff", '{"a": null}', 0.1, True, None, "\x85ё"]
    )
    row = encoding.row("sqlite", kinds, line)
    assert row == [
        "2026-11-30 23:59:59.123456",
        12.3,
        b"\x00\xff",
        '{"a": null}',
        0.1,
        1,
        None,
        "\x85ё",
    ]
    assert encoding.row("postgresql", kinds, line)[0] == "2026-11-30 23:59:59.123456+00"


def test_a_kind_nobody_has_taught_is_refused():
    with pytest.raises(TypeError, match="teach"):
        encoding.kind_of(sa.Interval())
