from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath as Path

import pytest

from portal.accounts.rules import Role
from portal.errors import Invalid
from portal.library.publishing import rules as publishing
from portal.library.publishing.rules import Action, Phase, Standing
from portal.library.sources import rules

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
LEFT = {"comment", "confirm"}
"""What is still done at the desk when an asset is kept in a folder, written out by hand."""


@pytest.mark.parametrize("role", list(Role))
def test_of_an_asset_in_a_folder_nobody_changes_what_its_files_say(role):
    here = publishing.groups_of(Standing(role, is_own=True, is_reviewer=True))
    kept = publishing.groups_of(Standing(role, is_own=True, is_reviewer=True, kept_in_folder=True))
    for phase in Phase:
        before = {it.value for it in Action if publishing.may(here, it, phase)}
        after = {it.value for it in Action if publishing.may(kept, it, phase)}
        assert after == before & LEFT


def test_a_folder_makes_nobody_somebody():
    assert publishing.groups_of(Standing(Role.CONTRIBUTOR, kept_in_folder=True)) == frozenset()


@pytest.mark.parametrize("name", ["docs", "a", "2026-docs", "a" * 60])
def test_names_that_can_be(name):
    assert rules.named(name) == name


@pytest.mark.parametrize("name", ["", "Docs", "a b", "-a", "a-", "tài-liệu", "a" * 61, "a\n"])
def test_names_that_can_not_be(name):
    with pytest.raises(Invalid):
        rules.named(name)


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("/docs", "/docs", True),
        ("/docs", "/docs/en", True),
        ("/docs/en", "/docs", True),
        ("/docs", "/docs-2", False),
        ("/docs/en", "/docs/vi", False),
    ],
)
def test_folders_that_overlap(one, other, together):
    assert rules.overlap(Path(one), Path(other)) == together


def test_who_was_killed_is_busy_for_half_an_hour():
    assert not rules.is_busy(None, NOON)
    assert rules.is_busy(NOON - timedelta(minutes=29), NOON)
    assert not rules.is_busy(NOON - timedelta(minutes=30), NOON)
