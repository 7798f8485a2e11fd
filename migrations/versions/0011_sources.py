"""Folders that are the source of assets; titles looked up with every save."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade():
    op.create_table(
        "content_sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("folder", sa.String(length=1000), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("busy_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.String(length=64), nullable=True),
        sa.Column("gone", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_sources")),
        sa.UniqueConstraint("folder", name=op.f("uq_content_sources_folder")),
        sa.UniqueConstraint("name", name=op.f("uq_content_sources_name")),
    )
    with op.batch_alter_table("assets") as batch:
        batch.add_column(sa.Column("source_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_assets_source_id_content_sources"), "content_sources", ["source_id"], ["id"]
        )
        batch.create_index(op.f("ix_assets_source_id"), ["source_id"])
    op.create_index(op.f("ix_asset_texts_title"), "asset_texts", ["title"])


def downgrade():
    op.drop_index(op.f("ix_asset_texts_title"), "asset_texts")
    with op.batch_alter_table("assets") as batch:
        batch.drop_index(op.f("ix_assets_source_id"))
        batch.drop_constraint(op.f("fk_assets_source_id_content_sources"), type_="foreignkey")
        batch.drop_column("source_id")
    op.drop_table("content_sources")
