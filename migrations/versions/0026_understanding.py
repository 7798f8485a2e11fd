"""What searches are understood by: the words of all texts, the groups of synonyms as edited."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade():
    op.create_table(
        "search_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_words")),
        sa.UniqueConstraint("word", name=op.f("uq_search_words_word")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "synonym_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym_groups")),
        sa.UniqueConstraint("key", name=op.f("uq_synonym_groups_key")),
    )
    op.create_table(
        "synonym_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["synonym_groups.id"],
            name=op.f("fk_synonym_events_group_id_synonym_groups"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_synonym_events_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym_events")),
    )
    with op.batch_alter_table("synonym_events") as batch:
        batch.create_index("ix_synonym_events_group_id", ["group_id"])
        batch.create_index("ix_synonym_events_user_id", ["user_id"])


def downgrade():
    op.drop_table("synonym_events")
    op.drop_table("synonym_groups")
    op.drop_table("search_words")
