"""The agreement of both sides, and the promises made under it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade():
    op.create_table(
        "agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("proposer_id", sa.Integer(), nullable=True),
        sa.Column("proposed_for", sa.String(length=20), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signer_id", sa.Integer(), nullable=True),
        sa.Column("signed_for", sa.String(length=20), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposer_id"], ["users.id"], name=op.f("fk_agreements_proposer_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["signer_id"], ["users.id"], name=op.f("fk_agreements_signer_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("number", name=op.f("uq_agreements_number")),
    )
    op.create_index(op.f("ix_agreements_outcome"), "agreements", ["outcome"])
    op.create_index(op.f("ix_agreements_proposer_id"), "agreements", ["proposer_id"])
    op.create_index(op.f("ix_agreements_signer_id"), "agreements", ["signer_id"])
    op.create_table(
        "request_terms",
        sa.Column("request_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("ack_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deliver_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("context_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("try_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreements.id"],
            name=op.f("fk_request_terms_agreement_id_agreements"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["asset_requests.id"],
            name=op.f("fk_request_terms_request_id_asset_requests"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_request_terms")),
    )
    for column in ("agreement_id", "ack_due_at", "deliver_due_at", "context_due_at", "try_due_at"):
        op.create_index(op.f(f"ix_request_terms_{column}"), "request_terms", [column])
    op.create_table(
        "request_clocks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("promise", sa.String(length=20), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("department", sa.String(length=20), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("allowed", sa.Integer(), nullable=False),
        sa.Column("soon_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=True),
        sa.Column("pauses", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreements.id"],
            name=op.f("fk_request_clocks_agreement_id_agreements"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_request_clocks_team_id_teams")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_request_clocks_owner_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["asset_requests.id"],
            name=op.f("fk_request_clocks_request_id_asset_requests"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_clocks")),
        sa.UniqueConstraint(
            "request_id",
            "promise",
            "round",
            name=op.f("uq_request_clocks_request_id_promise_round"),
        ),
    )
    op.create_index(op.f("ix_request_clocks_agreement_id"), "request_clocks", ["agreement_id"])
    op.create_index(op.f("ix_request_clocks_owner_id"), "request_clocks", ["owner_id"])
    op.create_index(op.f("ix_request_clocks_team_id"), "request_clocks", ["team_id"])
    op.create_index(op.f("ix_request_clocks_month_promise"), "request_clocks", ["month", "promise"])
    op.create_index(
        op.f("ix_request_clocks_ended_at_due_at"), "request_clocks", ["ended_at", "due_at"]
    )


def downgrade():
    op.drop_table("request_clocks")
    op.drop_table("request_terms")
    op.drop_table("agreements")
