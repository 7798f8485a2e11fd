"""Every column that tells of a person is named, with what becomes of it; none is named twice."""

import importlib

import sqlalchemy as sa

from portal.db import Base
from portal.privacy import rules
from tests.house.tree import ROOT
from tests.privacy.nobody import NOBODY

for models in sorted((ROOT / "portal").rglob("models.py")):
    importlib.import_module(".".join(models.relative_to(ROOT).with_suffix("").parts))

NUMBERS = {"user_id", "person_id", "actor", "actor_id", "owner_id", "author_id"}
"""What a column of people is called that is no foreign key."""


def columns():
    for table in Base.metadata.tables.values():
        for column in table.columns:
            yield f"{table.name}.{column.name}", column


def names_people(column):
    keys = {str(key.column) for key in column.foreign_keys}
    return "users.id" in keys or column.name in NUMBERS


def holds_words(column):
    return isinstance(column.type, sa.String | sa.JSON | sa.LargeBinary)


def test_every_column_of_people_is_named():
    found = {name for name, column in columns() if names_people(column)}
    assert found == rules.people(), "portal/privacy/rules.py: how is it exported, and erased?"


def test_every_column_of_words_is_named():
    found = {name for name, column in columns() if holds_words(column)}
    nobody = {f"{table}.{name}" for table, names in NOBODY.items() for name in names.split()}
    assert nobody & rules.words() == set()
    assert found == nobody | rules.words(), "may it name somebody? portal/privacy/rules.py"


def test_nothing_has_two_fates():
    for fates in (rules.PEOPLE, rules.WORDS):
        assert sum(map(len, fates.values())) == len(frozenset().union(*fates.values()))


def test_what_opens_something_is_secret():
    named = [name for name, _ in columns() if rules.is_secret(name.partition(".")[2])]
    assert {"users.password_hash", "sessions.token_hash", "audit_details.salt"} <= set(named)
    assert "users.email" not in named
