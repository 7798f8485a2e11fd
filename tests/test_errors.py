"""Refusals carry a status, a reason a person can read, and what helps to go on."""

import inspect

import pytest

from portal import errors


def kinds():
    return [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]


@pytest.mark.parametrize(
    ("kind", "status"),
    [("NotFound", 404), ("Forbidden", 403), ("Conflict", 409), ("Invalid", 422), ("TooMany", 429)],
)
def test_status_and_reason(kind, status):
    error = getattr(errors, kind)("the reason")
    assert error.status == status
    assert error.reason == str(error) == "the reason"


def test_every_refusal_is_one_of_the_family():
    assert all(issubclass(kind, errors.PortalError) for kind in kinds())
    statuses = [kind.status for kind in kinds() if kind is not errors.PortalError]
    assert len(set(statuses)) == len(statuses)


def test_every_refusal_is_in_the_drawing():
    for kind in kinds():
        assert kind.__name__ in errors.__doc__
        if kind is not errors.PortalError:
            assert f"{kind.__name__:<12} {kind.status}" in errors.__doc__.replace("── ", "── ")


def test_invalid_knows_its_line():
    assert errors.Invalid("bad date", line=7).line == 7
    assert errors.Invalid("bad date").line is None


def test_too_many_says_how_long_to_wait():
    assert errors.TooMany("slow down", retry_after=90).retry_after == 90
