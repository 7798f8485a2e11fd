"""Imports of deals: runs with their files and reports, mappings and words learnt."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade():
    op.create_table(
        "deal_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("refusal", sa.JSON(), nullable=True),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_deal_imports_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_imports")),
        sa.UniqueConstraint("token", name=op.f("uq_deal_imports_token")),
    )
    op.create_index(op.f("ix_deal_imports_at"), "deal_imports", ["at"])
    op.create_index(op.f("ix_deal_imports_by_id"), "deal_imports", ["by_id"])
    op.create_index(
        op.f("ix_deal_imports_fingerprint_state"), "deal_imports", ["fingerprint", "state"]
    )
    op.create_table(
        "deal_import_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _of_import("deal_import_files"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_import_files")),
        sa.UniqueConstraint(
            "import_id", "position", name=op.f("uq_deal_import_files_import_id_position")
        ),
    )
    op.create_table(
        "deal_import_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        _of_import("deal_import_rows"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_import_rows")),
    )
    op.create_index(
        op.f("ix_deal_import_rows_import_id_kind_row"),
        "deal_import_rows",
        ["import_id", "kind", "row"],
    )
    op.create_table(
        "deal_import_mappings",
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("signature", name=op.f("pk_deal_import_mappings")),
    )
    op.create_table(
        "deal_import_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("word_key", sa.String(length=400), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("target", sa.String(length=254), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_import_words")),
        sa.UniqueConstraint(
            "source",
            "kind",
            "word_key",
            name=op.f("uq_deal_import_words_source_kind_word_key"),
        ),
    )


def _of_import(table):
    return sa.ForeignKeyConstraint(
        ["import_id"],
        ["deal_imports.id"],
        name=op.f(f"fk_{table}_import_id_deal_imports"),
        ondelete="CASCADE",
    )


def downgrade():
    for table in (
        "deal_import_words",
        "deal_import_mappings",
        "deal_import_rows",
        "deal_import_files",
        "deal_imports",
    ):
        op.drop_table(table)
