"""Suggestions shown on deals: which asset, at which place, by rank or by chance."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade():
    op.create_table(
        "shown_suggestions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("chance", sa.Boolean(), nullable=False),
        sa.Column("among", sa.Integer(), nullable=False),
        sa.Column("promising", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["deal_id"],
            ["deals.id"],
            name=op.f("fk_shown_suggestions_deal_id_deals"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["asset_id"],
            ["assets.id"],
            name=op.f("fk_shown_suggestions_asset_id_assets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shown_suggestions")),
        sa.UniqueConstraint(
            "deal_id", "day", "asset_id", name=op.f("uq_shown_suggestions_deal_id_day_asset_id")
        ),
    )
    with op.batch_alter_table("shown_suggestions") as batch:
        batch.create_index("ix_shown_suggestions_at", ["at"])
        batch.create_index("ix_shown_suggestions_asset_id", ["asset_id"])


def downgrade():
    op.drop_table("shown_suggestions")
