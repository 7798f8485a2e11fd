"""Whatever is told to the audit log has its words on the page."""

import re

from portal.accounts.auditing import labels
from portal.audit.checking import Trouble
from portal.cli.audit import SAYS
from tests.house.tree import below, read

TOLD = re.compile(r"audit\.(?:record|record_apart|note)\(\s*\"([^\"]+)\"", re.DOTALL)
MADE = re.compile(r"audit\.(?:record|record_apart|note)\([^)]*?kind=\"([^\"]+)\"", re.DOTALL)


def test_every_action_and_kind_of_the_code_has_words():
    actions, kinds = set(), set()
    for path in below("portal", suffix=".py"):
        actions |= set(TOLD.findall(read(path)))
        kinds |= set(MADE.findall(read(path)))
    assert {"user.added", "goal.set", "settings.interval"} <= actions
    assert sorted(actions - set(labels.ACTIONS)) == []
    assert sorted(kinds - set(labels.KINDS)) == []


def test_every_trouble_has_words():
    assert set(labels.TROUBLES) == set(SAYS) == set(Trouble)
