"""The outbox of the search index, and texts ready for snippets."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade():
    op.create_table(
        "search_pending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_pending")),
    )
    op.create_index(op.f("ix_search_pending_text_id"), "search_pending", ["text_id"], unique=False)
    op.create_table(
        "search_texts",
        sa.Column("text_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("text_id", name=op.f("pk_search_texts")),
    )


def downgrade():
    op.drop_table("search_texts")
    op.drop_table("search_pending")
