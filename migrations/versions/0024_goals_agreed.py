"""Shared goals: whose side has set one, and who of the other side has agreed."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade():
    with op.batch_alter_table("shared_goals") as batch:
        batch.add_column(sa.Column("side", sa.String(20), nullable=False, server_default=""))
        batch.add_column(sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("agreed_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_shared_goals_agreed_by_id_users"), "users", ["agreed_by_id"], ["id"]
        )
        batch.create_index(op.f("ix_shared_goals_agreed_by_id"), ["agreed_by_id"])
    with op.batch_alter_table("shared_goals") as batch:
        batch.alter_column("side", server_default=None)


def downgrade():
    with op.batch_alter_table("shared_goals") as batch:
        batch.drop_index(op.f("ix_shared_goals_agreed_by_id"))
        batch.drop_constraint(op.f("fk_shared_goals_agreed_by_id_users"), type_="foreignkey")
        for name in ("agreed_by_id", "agreed_at", "side"):
            batch.drop_column(name)
