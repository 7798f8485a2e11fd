"""Freshness and bulk actions: review intervals, notices, what was done to many assets at once."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade():
    with op.batch_alter_table("assets") as batch:
        batch.add_column(sa.Column("review_months", sa.Integer(), nullable=True))
    op.create_table(
        "review_intervals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        key("review_intervals", "set_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_intervals")),
        sa.UniqueConstraint("kind", name=op.f("uq_review_intervals_kind")),
    )
    op.create_index(op.f("ix_review_intervals_set_by_id"), "review_intervals", ["set_by_id"])
    _notices()
    _bulk()


def key(table, column, parent, ondelete=None):
    return sa.ForeignKeyConstraint(
        [column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}_{parent}"), ondelete=ondelete
    )


def _notices():
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("mark", sa.String(length=80), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        key("notices", "user_id", "users", "CASCADE"),
        key("notices", "asset_id", "assets", "CASCADE"),
        key("notices", "actor_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("user_id", "mark", name=op.f("uq_notices_user_id_mark")),
    )
    op.create_index(op.f("ix_notices_asset_id"), "notices", ["asset_id"])
    op.create_index(op.f("ix_notices_actor_id"), "notices", ["actor_id"])
    op.create_index(op.f("ix_notices_user_id_read_at_at"), "notices", ["user_id", "read_at", "at"])


def _bulk():
    op.create_table(
        "bulk_actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        key("bulk_actions", "user_id", "users"),
        key("bulk_actions", "undone_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_actions")),
        sa.UniqueConstraint("token", name=op.f("uq_bulk_actions_token")),
    )
    op.create_index(op.f("ix_bulk_actions_at"), "bulk_actions", ["at"])
    op.create_index(op.f("ix_bulk_actions_user_id_at"), "bulk_actions", ["user_id", "at"])
    op.create_index(op.f("ix_bulk_actions_undone_by_id"), "bulk_actions", ["undone_by_id"])
    op.create_table(
        "bulk_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bulk_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("refusal", sa.String(length=20), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("undone", sa.String(length=20), nullable=True),
        key("bulk_changes", "bulk_id", "bulk_actions", "CASCADE"),
        key("bulk_changes", "asset_id", "assets", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_changes")),
        sa.UniqueConstraint("bulk_id", "asset_id", name=op.f("uq_bulk_changes_bulk_id_asset_id")),
    )
    op.create_index(op.f("ix_bulk_changes_asset_id"), "bulk_changes", ["asset_id"])


def downgrade():
    for table in ("bulk_changes", "bulk_actions", "notices", "review_intervals"):
        op.drop_table(table)
    with op.batch_alter_table("assets") as batch:
        batch.drop_column("review_months")
