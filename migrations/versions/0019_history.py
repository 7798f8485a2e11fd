"""A history moved in: what its source calls our assets; segments of deals."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade():
    op.create_table(
        "history_assets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("own", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("type", sa.String(length=80), server_default=sa.text("''"), nullable=False),
        sa.Column("kind", sa.String(length=20), server_default=sa.text("''"), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(length=64), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"],
            ["assets.id"],
            name=op.f("fk_history_assets_asset_id_assets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_assets")),
        sa.UniqueConstraint(
            "source", "external_id", name=op.f("uq_history_assets_source_external_id")
        ),
    )
    op.create_index(op.f("ix_history_assets_asset_id"), "history_assets", ["asset_id"])
    with op.batch_alter_table("deals") as batch:
        batch.add_column(
            sa.Column("segment", sa.String(length=80), server_default=sa.text("''"), nullable=False)
        )


def downgrade():
    with op.batch_alter_table("deals") as batch:
        batch.drop_column("segment")
    op.drop_table("history_assets")
