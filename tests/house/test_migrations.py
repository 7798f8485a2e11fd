"""Migrations are numbered, lead to the models' schema, and lose nothing on the way up and down."""

import importlib
import re
import shutil

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from portal.cli import database
from portal.db import Base
from portal.db import db as _db
from tests.house.rows import ROWS, contents, fill, kept
from tests.house.tree import ROOT

for models in sorted((ROOT / "portal").rglob("models.py")):
    importlib.import_module(".".join(models.relative_to(ROOT).with_suffix("").parts))

FOLDER = ROOT / "migrations"
NUMBERS = sorted(path.name.split("_")[0] for path in (FOLDER / "versions").glob("*.py"))


@pytest.fixture
def engine(empty):
    """The engine of an empty database, inside the application's context."""
    with empty.app_context():
        yield _db.engine
        _db.session.remove()


def head_of(engine):
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def test_migrations_are_numbered_without_gaps():
    assert [f"{n:04}" for n in range(1, len(NUMBERS) + 1)] == NUMBERS
    for path in (FOLDER / "versions").glob("*.py"):
        assert re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", path.name)


def test_migrations_form_one_line():
    scripts = ScriptDirectory.from_config(database.alembic_config())
    line = [script.revision for script in scripts.walk_revisions("base", "heads")]
    assert line[::-1] == NUMBERS
    assert (FOLDER / "head.txt").read_text("utf-8").split() == NUMBERS[-1:]


def differences(engine):
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        found = compare_metadata(context, Base.metadata)
        connection.rollback()
    return found


def test_the_migrated_schema_is_the_models(engine):
    database.upgrade()
    assert differences(engine) == []


def test_a_column_too_few_is_noticed(engine):
    database.upgrade()
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE usage_events DROP COLUMN results"))
        connection.execute(sa.text("ALTER TABLE teams ADD COLUMN motto VARCHAR(9) DEFAULT 'x'"))
    found = {(change[0], change[3].name) for change in differences(engine)}
    assert found == {("add_column", "results"), ("remove_column", "motto")}


def test_names_of_constraints_are_the_models(engine):
    """Later migrations address constraints by name, so both ways of creating have to agree."""
    database.upgrade()
    migrated = names(engine)
    database.downgrade("base")
    Base.metadata.create_all(engine)
    assert names(engine) == migrated


def names(engine):
    inspector = sa.inspect(engine)
    found = set()
    for table in Base.metadata.tables:
        found.add(inspector.get_pk_constraint(table)["name"])
        for read in (
            inspector.get_foreign_keys, inspector.get_unique_constraints,
            inspector.get_indexes, inspector.get_check_constraints,
        ):  # fmt: skip
            found.update((table, item["name"]) for item in read(table))
    return found


def test_up_down_and_up_again_with_data(engine):
    known = set()
    for number in NUMBERS:
        before = contents(engine)
        database.upgrade(number)
        assert head_of(engine) == number
        assert kept(before, contents(engine)) == []
        after = contents(engine)
        new = {table for table, rows in after.items() if not rows} - known
        if new:
            fill(engine, only=new)
        known |= set(after)  # a migration may fill a table of its own from others
    full = contents(engine)
    assert all(len(rows) == ROWS for rows in full.values())
    for number in [*NUMBERS[-2::-1], "base"]:
        before = contents(engine)
        database.downgrade(number)
        assert kept(before, contents(engine)) == []
    assert contents(engine) == {}
    database.upgrade()
    fill(engine)
    assert contents(engine).keys() == full.keys()
    assert differences(engine) == []


@pytest.fixture
def newer(tmp_path):
    """A function that writes one more migration beside a copy of ours and returns its settings."""
    folder = tmp_path / "migrations"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))

    def write(body):
        text = (
            '"""One more."""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n'
            f"revision = 'next'\ndown_revision = {NUMBERS[-1]!r}\n\n\n"
            f"def upgrade():\n{body}\n\n\ndef downgrade():\n    pass\n"
        )
        (folder / "versions" / "next_one_more.py").write_text(text, "utf-8")
        settings = database.alembic_config()
        settings.set_main_option("script_location", str(folder))
        return settings

    return write


REBUILD = """
    with op.batch_alter_table("users", recreate="auto") as batch:
        batch.alter_column("name", existing_type=sa.String(120), type_=sa.String(200))
    with op.batch_alter_table("assets") as batch:
        batch.add_column(sa.Column("note", sa.String(20), server_default="", nullable=False))
        batch.alter_column("slug", existing_type=sa.String(200), type_=sa.String(250))
"""


def test_rebuilding_a_parent_keeps_its_children(engine, newer):
    database.upgrade()
    fill(engine)
    before = contents(engine)
    command.upgrade(newer(REBUILD), "head")
    assert head_of(engine) == "next"
    assert kept(before, contents(engine)) == []
    with engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.text("UPDATE sessions SET user_id = 99"))


def test_a_migration_that_fails_leaves_nothing_behind(engine, newer):
    database.upgrade()
    fill(engine)
    before = contents(engine)
    settings = newer(
        '    op.add_column("teams", sa.Column("motto", sa.String(9)))\n'
        '    op.execute("UPDATE teams SET name = name_key || 1")\n'
        '    op.execute("this is no SQL")\n'
    )
    with pytest.raises(sa.exc.DBAPIError):
        command.upgrade(settings, "head")
    assert head_of(engine) == NUMBERS[-1]
    assert contents(engine) == before


def test_a_migration_that_orphans_rows_is_refused(engine, newer):
    database.upgrade()
    fill(engine)
    before = contents(engine)
    with pytest.raises((RuntimeError, sa.exc.IntegrityError)):
        command.upgrade(newer('    op.execute("DELETE FROM users WHERE id = 1")\n'), "head")
    assert contents(engine) == before
