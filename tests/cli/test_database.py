"""`portal db`: up, down, where we are, and what is refused."""

from portal.cli import database


def test_from_nothing_to_the_newest(portal):
    before = portal("db", "current", "--json")
    assert before.status == 1
    assert before.json == {"current": None, "head": database.head(), "up_to_date": False}
    assert portal("db", "upgrade").out == f"The database is at {database.head()}.\n"
    after = portal("db", "current", "--json")
    assert (after.status, after.json["up_to_date"]) == (0, True)


def test_where_it_is_after_an_upgrade_is_told_to_programs(portal):
    said = portal("db", "upgrade", "0001", "--json")
    assert said.json == {"current": "0001", "head": database.head(), "up_to_date": False}
    assert portal("db", "upgrade", "--json").json["up_to_date"] is True


def test_upgrading_twice_changes_nothing(ready):
    said = ready("db", "upgrade")
    assert (said.status, said.out) == (0, f"The database is at {database.head()}.\n")


def test_one_step_and_back(portal):
    assert portal("db", "upgrade", "0001").out == "The database is at 0001.\n"
    assert portal("db", "downgrade", "base", "--yes").out == "The database is at base.\n"


def test_going_back_asks_first(ready):
    said = ready("db", "downgrade", "base", stdin="n\n")
    assert said.status == 1
    assert ready("db", "current").status == 0


def test_an_unknown_number_is_refused(ready):
    for command in (("upgrade", "0999"), ("downgrade", "0999", "--yes")):
        said = ready("db", *command)
        assert said.status == 1
        assert said.err.startswith("There is no migration 0999: 0001, ")
