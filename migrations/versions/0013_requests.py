"""Deals, and requests for content with who waits for them and what has happened."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def _fk(table, column, target, **options):
    return sa.ForeignKeyConstraint(
        [column],
        [f"{target}.id"],
        name=op.f(f"fk_{table}_{column}_{target}"),
        **options,
    )


def upgrade():
    op.create_table(
        "deals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=True),
        sa.Column("external_id", sa.String(length=120), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=16, scale=2), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _fk("deals", "owner_id", "users"),
        _fk("deals", "team_id", "teams"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deals")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_deals_source_external_id")),
    )
    op.create_index(op.f("ix_deals_owner_id"), "deals", ["owner_id"])
    op.create_index(op.f("ix_deals_team_id"), "deals", ["team_id"])
    _requests()
    _parts()


def _requests():
    op.create_table(
        "asset_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("product", sa.String(length=80), nullable=True),
        sa.Column("competitor", sa.String(length=80), nullable=True),
        sa.Column("industry", sa.String(length=80), nullable=True),
        sa.Column("stage", sa.String(length=80), nullable=True),
        sa.Column("department", sa.String(length=20), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("needed_by", sa.Date(), nullable=True),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("query", sa.String(length=300), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("anchor", sa.String(length=200), nullable=False),
        sa.Column("complaint", sa.String(length=20), nullable=True),
        sa.Column("requester_id", sa.Integer(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("delivered_id", sa.Integer(), nullable=True),
        sa.Column("alternative_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        _fk("asset_requests", "asset_id", "assets"),
        _fk("asset_requests", "requester_id", "users"),
        _fk("asset_requests", "assignee_id", "users"),
        _fk("asset_requests", "draft_id", "assets"),
        _fk("asset_requests", "delivered_id", "assets"),
        _fk("asset_requests", "alternative_id", "assets"),
        _fk("asset_requests", "merged_into_id", "asset_requests"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_requests")),
        sa.UniqueConstraint("token", name=op.f("uq_asset_requests_token")),
    )
    for columns in (
        ["state", "department"],
        ["assignee_id", "state"],
        ["asset_id"],
        ["requester_id"],
        ["draft_id"],
        ["delivered_id"],
        ["alternative_id"],
        ["merged_into_id"],
        ["asked_at"],
        ["changed_at"],
    ):
        op.create_index(op.f(f"ix_asset_requests_{'_'.join(columns)}"), "asset_requests", columns)


def _parts():
    op.create_table(
        "request_words",
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column("request_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        _fk("request_words", "request_id", "asset_requests", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("word", "request_id", name=op.f("pk_request_words")),
    )
    op.create_index(op.f("ix_request_words_request_id"), "request_words", ["request_id"])
    op.create_table(
        "request_supporters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _fk("request_supporters", "request_id", "asset_requests", ondelete="CASCADE"),
        _fk("request_supporters", "user_id", "users"),
        _fk("request_supporters", "deal_id", "deals"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_supporters")),
        sa.UniqueConstraint(
            "request_id", "user_id", name=op.f("uq_request_supporters_request_id_user_id")
        ),
    )
    op.create_index(op.f("ix_request_supporters_user_id"), "request_supporters", ["user_id"])
    op.create_index(op.f("ix_request_supporters_deal_id"), "request_supporters", ["deal_id"])
    op.create_table(
        "request_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("came_from", sa.String(length=20), nullable=True),
        sa.Column("led_to", sa.String(length=20), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        _fk("request_events", "request_id", "asset_requests", ondelete="CASCADE"),
        _fk("request_events", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_events")),
    )
    op.create_index(op.f("ix_request_events_request_id_id"), "request_events", ["request_id", "id"])
    op.create_index(op.f("ix_request_events_user_id"), "request_events", ["user_id"])
    op.create_index(op.f("ix_request_events_action_at"), "request_events", ["action", "at"])


def downgrade():
    for table in (
        "request_events",
        "request_supporters",
        "request_words",
        "asset_requests",
        "deals",
    ):
        op.drop_table(table)
