"""Search: use and phrases counted from searches, promotions, words of titles, people's own pins."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0022"

AT = sa.DateTime(timezone=True)
PLAIN = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")


def _person(table):
    name = op.f(f"fk_{table}_user_id_users")
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=name)


def _asset(table):
    name = op.f(f"fk_{table}_asset_id_assets")
    return sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=name, ondelete="CASCADE")


def upgrade():
    op.create_table(
        "search_uses",
        sa.Column("asset_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Double(), nullable=False),
        sa.Column("pull", sa.Double(), nullable=False),
        sa.Column("counted_at", AT, nullable=False),
        _asset("search_uses"),
        sa.PrimaryKeyConstraint("asset_id", name=op.f("pk_search_uses")),
    )
    op.create_table(
        "search_phrases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(60), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("counted_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_phrases")),
    )
    op.create_table(
        "search_title_words",
        sa.Column("text_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("word", PLAIN, nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("text_id", "word", name=op.f("pk_search_title_words")),
    )
    op.create_index(
        op.f("ix_search_title_words_language_word_text_id"),
        "search_title_words",
        ["language", "word", "text_id"],
    )
    op.create_table(
        "own_pins",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        _person("own_pins"),
        _asset("own_pins"),
        sa.PrimaryKeyConstraint("user_id", "asset_id", name=op.f("pk_own_pins")),
    )
    op.create_index(op.f("ix_own_pins_asset_id"), "own_pins", ["asset_id"])
    _promotions()


def _promotions():
    op.create_table(
        "search_promotions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("query", sa.String(200), nullable=False),
        sa.Column("key", sa.String(700), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        _asset("search_promotions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_promotions")),
    )
    op.create_index(op.f("ix_search_promotions_asset_id"), "search_promotions", ["asset_id"])
    op.create_index(
        op.f("ix_search_promotions_key_ends_on"), "search_promotions", ["key", "ends_on"]
    )
    op.create_table(
        "search_promotion_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promotion_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", AT, nullable=False),
        sa.Column("query", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["promotion_id"],
            ["search_promotions.id"],
            name=op.f("fk_search_promotion_edits_promotion_id_search_promotions"),
            ondelete="CASCADE",
        ),
        _person("search_promotion_edits"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_promotion_edits")),
    )
    for column in ("promotion_id", "user_id"):
        op.create_index(
            op.f(f"ix_search_promotion_edits_{column}"), "search_promotion_edits", [column]
        )


def downgrade():
    for table in (
        "search_promotion_edits", "search_promotions", "own_pins", "search_title_words",
        "search_phrases", "search_uses",
    ):  # fmt: skip
        op.drop_table(table)
