"""Customers, pipelines, stages and losses of deals; the deal a person works on; use tied to deals."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade():
    _kinds_of_deals()
    _deals_and_use()
    _parts_of_deals()


def _kinds_of_deals():
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.Column("industry", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=80), nullable=False),
        sa.Column("employees", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("name_key", name=op.f("uq_customers_name_key")),
    )
    op.create_table(
        "loss_reasons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("competitor", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("retired", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loss_reasons")),
        sa.UniqueConstraint("slug", name=op.f("uq_loss_reasons_slug")),
    )
    op.create_table(
        "pipelines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=160), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipelines")),
        sa.UniqueConstraint("name_key", name=op.f("uq_pipelines_name_key")),
    )
    op.create_table(
        "pipeline_stages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pipeline_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("term", sa.String(length=80), nullable=True),
        sa.Column("retired", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pipeline_id"],
            ["pipelines.id"],
            name=op.f("fk_pipeline_stages_pipeline_id_pipelines"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipeline_stages")),
        sa.UniqueConstraint(
            "pipeline_id", "slug", name=op.f("uq_pipeline_stages_pipeline_id_slug")
        ),
    )


def _deals_and_use():
    with op.batch_alter_table("deals") as batch:
        batch.add_column(sa.Column("customer_id", sa.Integer(), nullable=True))
        batch.add_column(
            sa.Column("region", sa.String(length=80), server_default=sa.text("''"), nullable=False)
        )
        batch.add_column(sa.Column("pipeline_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("stage_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("loss_reason_id", sa.Integer(), nullable=True))
        batch.add_column(
            sa.Column("loss_words", sa.Text(), server_default=sa.text("''"), nullable=False)
        )
        batch.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("said", sa.JSON(), nullable=True))
        batch.add_column(
            sa.Column("digest", sa.String(length=64), server_default=sa.text("''"), nullable=False)
        )
        batch.drop_index(op.f("ix_deals_owner_id"))
        batch.drop_index(op.f("ix_deals_team_id"))
        batch.create_index(op.f("ix_deals_customer_id"), ["customer_id"])
        batch.create_index(op.f("ix_deals_loss_reason_id"), ["loss_reason_id"])
        batch.create_index(op.f("ix_deals_outcome_closed_at"), ["outcome", "closed_at"])
        batch.create_index(op.f("ix_deals_outcome_closes_on"), ["outcome", "closes_on"])
        batch.create_index(
            op.f("ix_deals_owner_id_outcome_closes_on"), ["owner_id", "outcome", "closes_on"]
        )
        batch.create_index(op.f("ix_deals_pipeline_id"), ["pipeline_id"])
        batch.create_index(op.f("ix_deals_stage_id"), ["stage_id"])
        batch.create_index(
            op.f("ix_deals_team_id_outcome_closes_on"), ["team_id", "outcome", "closes_on"]
        )
        batch.create_foreign_key(
            op.f("fk_deals_loss_reason_id_loss_reasons"), "loss_reasons", ["loss_reason_id"], ["id"]
        )
        batch.create_foreign_key(
            op.f("fk_deals_stage_id_pipeline_stages"), "pipeline_stages", ["stage_id"], ["id"]
        )
        batch.create_foreign_key(
            op.f("fk_deals_customer_id_customers"), "customers", ["customer_id"], ["id"]
        )
        batch.create_foreign_key(
            op.f("fk_deals_pipeline_id_pipelines"), "pipelines", ["pipeline_id"], ["id"]
        )
    op.add_column("usage_events", sa.Column("deal_id", sa.Integer(), nullable=True))
    op.add_column("usage_events", sa.Column("stage", sa.String(length=80), nullable=True))
    op.add_column("usage_events", sa.Column("import_key", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_usage_events_deal_id_at"), "usage_events", ["deal_id", "at"])
    op.create_index("uq_usage_events_import_key", "usage_events", ["import_key"], unique=True)


def _parts_of_deals():
    op.create_table(
        "deal_stage_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["deal_id"],
            ["deals.id"],
            name=op.f("fk_deal_stage_changes_deal_id_deals"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"],
            ["pipeline_stages.id"],
            name=op.f("fk_deal_stage_changes_stage_id_pipeline_stages"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_deal_stage_changes_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_stage_changes")),
    )
    op.create_index(
        op.f("ix_deal_stage_changes_deal_id_at"), "deal_stage_changes", ["deal_id", "at"]
    )
    op.create_index(op.f("ix_deal_stage_changes_stage_id"), "deal_stage_changes", ["stage_id"])
    op.create_index(op.f("ix_deal_stage_changes_user_id"), "deal_stage_changes", ["user_id"])
    op.create_table(
        "deal_terms",
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("facet", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["deals.id"], name=op.f("fk_deal_terms_deal_id_deals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("deal_id", "facet", "slug", name=op.f("pk_deal_terms")),
    )
    op.create_index(
        op.f("ix_deal_terms_facet_slug_deal_id"), "deal_terms", ["facet", "slug", "deal_id"]
    )
    op.create_table(
        "working_deals",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["deal_id"],
            ["deals.id"],
            name=op.f("fk_working_deals_deal_id_deals"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_working_deals_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_working_deals")),
    )
    op.create_index(op.f("ix_working_deals_deal_id"), "working_deals", ["deal_id"])


def downgrade():
    op.drop_index("uq_usage_events_import_key", "usage_events")
    op.drop_index(op.f("ix_usage_events_deal_id_at"), "usage_events")
    op.drop_column("usage_events", "import_key")
    op.drop_column("usage_events", "stage")
    op.drop_column("usage_events", "deal_id")
    with op.batch_alter_table("deals") as batch:
        batch.drop_constraint(op.f("fk_deals_pipeline_id_pipelines"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_deals_customer_id_customers"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_deals_stage_id_pipeline_stages"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_deals_loss_reason_id_loss_reasons"), type_="foreignkey")
        batch.drop_index(op.f("ix_deals_team_id_outcome_closes_on"))
        batch.drop_index(op.f("ix_deals_stage_id"))
        batch.drop_index(op.f("ix_deals_pipeline_id"))
        batch.drop_index(op.f("ix_deals_owner_id_outcome_closes_on"))
        batch.drop_index(op.f("ix_deals_outcome_closes_on"))
        batch.drop_index(op.f("ix_deals_outcome_closed_at"))
        batch.drop_index(op.f("ix_deals_loss_reason_id"))
        batch.drop_index(op.f("ix_deals_customer_id"))
        batch.create_index(op.f("ix_deals_team_id"), ["team_id"])
        batch.create_index(op.f("ix_deals_owner_id"), ["owner_id"])
        batch.drop_column("digest")
        batch.drop_column("said")
        batch.drop_column("closed_at")
        batch.drop_column("loss_words")
        batch.drop_column("loss_reason_id")
        batch.drop_column("stage_id")
        batch.drop_column("pipeline_id")
        batch.drop_column("region")
        batch.drop_column("customer_id")
    op.drop_table("working_deals")
    op.drop_table("deal_terms")
    op.drop_table("deal_stage_changes")
    op.drop_table("pipeline_stages")
    op.drop_table("pipelines")
    op.drop_table("loss_reasons")
    op.drop_table("customers")
