"""Kept counts of use, and which assets a search has shown."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

COUNTED = ("views", "copies", "downloads", "prints", "opens", "shown")


def counted():
    return [sa.Column(name, sa.Integer(), nullable=False) for name in COUNTED]


def keyed():
    return [
        sa.Column("dim", sa.String(length=1), nullable=False),
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False),
    ]


def number(name):
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)


def upgrade():
    op.add_column("usage_events", sa.Column("shown", sa.JSON(), nullable=True))
    op.create_table(
        "use_days",
        *keyed(),
        number("day"),
        *counted(),
        sa.PrimaryKeyConstraint("dim", "key", "day", name=op.f("pk_use_days")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "use_people",
        *keyed(),
        number("user_id"),
        sa.Column("last_day", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("dim", "key", "user_id", name=op.f("pk_use_people")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "use_spans",
        number("days"),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("days", name=op.f("pk_use_spans")),
    )
    op.create_table(
        "use_totals",
        number("days"),
        *keyed(),
        *counted(),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("days", "dim", "key", name=op.f("pk_use_totals")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "use_assets",
        number("asset_id"),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("asset_id", name=op.f("pk_use_assets")),
    )
    op.create_table(
        "use_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dim", sa.String(length=1), nullable=False),
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_use_words")),
        sa.UniqueConstraint("dim", "word", name=op.f("uq_use_words_dim_word")),
    )
    op.create_table(
        "use_state",
        number("id"),
        sa.Column("watermark", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=80), nullable=False),
        sa.Column("today", sa.Integer(), nullable=False),
        sa.Column("rolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_since", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_use_state")),
    )


def downgrade():
    for table in (
        "use_state", "use_words", "use_assets", "use_totals", "use_spans", "use_people", "use_days",
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_column("usage_events", "shown")
