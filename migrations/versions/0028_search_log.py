"""Kept days of the log of searches."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade():
    op.create_table(
        "search_days",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.Integer(), nullable=False),
        sa.Column("searches", sa.LargeBinary(), nullable=False),
        sa.Column("visits", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_search_days")),
    )
    op.create_table(
        "search_wordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("meaning", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_wordings")),
        sa.UniqueConstraint("text", name=op.f("uq_search_wordings_text")),
    )
    op.create_table(
        "search_log_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=80), nullable=False),
        sa.Column("names", sa.String(length=32), nullable=False),
        sa.Column("stamp", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_log_state")),
    )


def downgrade():
    for table in ("search_log_state", "search_wordings", "search_days"):
        op.drop_table(table)
