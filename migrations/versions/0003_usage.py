"""The ledger of use."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade():
    op.create_table(
        "usage_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=12), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("ref", sa.String(length=16), nullable=True),
        sa.Column("section", sa.String(length=200), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.Column("query", sa.Text(), nullable=True),
        sa.Column("results", sa.Integer(), nullable=True),
        sa.Column("filters", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_events")),
    )
    op.create_index(
        op.f("ix_usage_events_action_at"), "usage_events", ["action", "at"], unique=False
    )
    op.create_index(
        op.f("ix_usage_events_asset_id_at"), "usage_events", ["asset_id", "at"], unique=False
    )
    op.create_index(op.f("ix_usage_events_ref"), "usage_events", ["ref"], unique=False)
    op.create_index(
        op.f("ix_usage_events_ref_asset_id"),
        "usage_events",
        ["ref", "asset_id"],
        unique=True,
        sqlite_where=sa.text("action = 'opened'"),
        postgresql_where=sa.text("action = 'opened'"),
    )
    op.create_index(
        op.f("ix_usage_events_user_id_at"), "usage_events", ["user_id", "at"], unique=False
    )


def downgrade():
    op.drop_table("usage_events")
