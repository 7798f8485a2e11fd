"""Calls on deals, ratings, what is wrong with assets, what helped on deals that have ended."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade():
    _calls()
    _ratings()
    _feedback()


def _calls():
    op.create_table(
        "calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("with_role", sa.String(length=80), nullable=False),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("event_uid", sa.String(length=255), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["deals.id"], name=op.f("fk_calls_deal_id_deals"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_calls_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.UniqueConstraint("token", name=op.f("uq_calls_token")),
        sa.UniqueConstraint("user_id", "event_uid", name=op.f("uq_calls_user_id_event_uid")),
    )
    op.create_index(op.f("ix_calls_deal_id_at"), "calls", ["deal_id", "at"])
    op.create_index(op.f("ix_calls_state_at"), "calls", ["state", "at"])
    op.create_index(op.f("ix_calls_user_id_state_at"), "calls", ["user_id", "state", "at"])
    op.create_table(
        "call_points",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("words_key", sa.String(length=200), nullable=False),
        sa.Column("facet", sa.String(length=20), nullable=True),
        sa.Column("slug", sa.String(length=80), nullable=True),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("anchor", sa.String(length=200), nullable=False),
        sa.Column("department", sa.String(length=20), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_asset_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_asset_id"],
            ["assets.id"],
            name=op.f("fk_call_points_answer_asset_id_assets"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_call_points_answered_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["asset_id"],
            ["assets.id"],
            name=op.f("fk_call_points_asset_id_assets"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_call_points_call_id_calls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_points")),
    )
    op.create_index(op.f("ix_call_points_answer_asset_id"), "call_points", ["answer_asset_id"])
    op.create_index(op.f("ix_call_points_answered_by_id"), "call_points", ["answered_by_id"])
    op.create_index(op.f("ix_call_points_asset_id"), "call_points", ["asset_id"])
    op.create_index(op.f("ix_call_points_call_id"), "call_points", ["call_id"])
    op.create_index(
        op.f("ix_call_points_department_state_at"), "call_points", ["department", "state", "at"]
    )
    op.create_index(op.f("ix_call_points_facet_slug"), "call_points", ["facet", "slug"])
    op.create_index(op.f("ix_call_points_kind_at"), "call_points", ["kind", "at"])
    op.create_index(op.f("ix_call_points_words_key"), "call_points", ["words_key"])
    op.create_table(
        "call_uses",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asset_id"],
            ["assets.id"],
            name=op.f("fk_call_uses_asset_id_assets"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_call_uses_call_id_calls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("call_id", "asset_id", "language", name=op.f("pk_call_uses")),
    )
    op.create_index(op.f("ix_call_uses_asset_id"), "call_uses", ["asset_id"])


def _ratings():
    op.create_table(
        "asset_flags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("anchor", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_asset_flags_answered_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["asset_id"],
            ["assets.id"],
            name=op.f("fk_asset_flags_asset_id_assets"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["calls.id"],
            name=op.f("fk_asset_flags_call_id_calls"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_asset_flags_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_flags")),
        sa.UniqueConstraint("token", name=op.f("uq_asset_flags_token")),
    )
    op.create_index(op.f("ix_asset_flags_answered_by_id"), "asset_flags", ["answered_by_id"])
    op.create_index(op.f("ix_asset_flags_asset_id_state"), "asset_flags", ["asset_id", "state"])
    op.create_index(op.f("ix_asset_flags_call_id"), "asset_flags", ["call_id"])
    op.create_index(op.f("ix_asset_flags_user_id_at"), "asset_flags", ["user_id", "at"])
    op.create_table(
        "ratings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("deal_id", sa.Integer(), nullable=True),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("helped", sa.String(length=10), nullable=True),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["assets.id"], name=op.f("fk_ratings_asset_id_assets"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_ratings_call_id_calls"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["deals.id"], name=op.f("fk_ratings_deal_id_deals"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_ratings_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
        sa.UniqueConstraint(
            "user_id",
            "asset_id",
            "language",
            "call_id",
            name=op.f("uq_ratings_user_id_asset_id_language_call_id"),
        ),
    )
    op.create_index(op.f("ix_ratings_asset_id_at"), "ratings", ["asset_id", "at"])
    op.create_index(op.f("ix_ratings_call_id"), "ratings", ["call_id"])
    op.create_index(op.f("ix_ratings_deal_id"), "ratings", ["deal_id"])
    op.create_index(
        "uq_ratings_without_call",
        "ratings",
        ["user_id", "asset_id", "language"],
        unique=True,
        sqlite_where=sa.text("call_id IS NULL"),
        postgresql_where=sa.text("call_id IS NULL"),
    )


def _feedback():
    op.create_table(
        "deal_feedback",
        sa.Column("deal_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deal_id"],
            ["deals.id"],
            name=op.f("fk_deal_feedback_deal_id_deals"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_deal_feedback_user_id_users")
        ),
        sa.PrimaryKeyConstraint("deal_id", name=op.f("pk_deal_feedback")),
    )
    op.create_index(
        op.f("ix_deal_feedback_user_id_answered_at"), "deal_feedback", ["user_id", "answered_at"]
    )
    op.create_table(
        "deal_feedback_assets",
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("helped", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"],
            ["assets.id"],
            name=op.f("fk_deal_feedback_assets_asset_id_assets"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["deal_id"],
            ["deal_feedback.deal_id"],
            name=op.f("fk_deal_feedback_assets_deal_id_deal_feedback"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("deal_id", "asset_id", name=op.f("pk_deal_feedback_assets")),
    )
    op.create_index(op.f("ix_deal_feedback_assets_asset_id"), "deal_feedback_assets", ["asset_id"])


def downgrade():
    for table in (
        "ratings",
        "asset_flags",
        "call_uses",
        "call_points",
        "deal_feedback_assets",
        "deal_feedback",
        "calls",
    ):
        op.drop_table(table)
