"""Lift of assets: the model, counts by stratum, what is said of each asset."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def number(name, **options):
    return sa.Column(name, sa.Integer(), nullable=False, **options)


def key(name):
    return number(name, autoincrement=False)


def share(name):
    return sa.Column(name, sa.Double(), nullable=True)


def moment(name, **options):
    return sa.Column(name, sa.DateTime(timezone=True), **options)


def upgrade():
    op.create_table(
        "lift_models",
        number("id"),
        number("generation"),
        sa.Column("chance", sa.JSON(), nullable=False),
        number("deals"),
        number("uses_seen"),
        moment("seen_at", nullable=False),
        moment("fitted_at", nullable=True),
        moment("judged_at", nullable=True),
        sa.Column("spread", sa.Double(), nullable=False),
        moment("busy_until", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lift_models")),
    )
    op.create_table(
        "lift_deals",
        key("generation"),
        key("deal_id"),
        number("owner_id"),
        number("won"),
        number("band"),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("generation", "deal_id", name=op.f("pk_lift_deals")),
    )
    op.create_table(
        "lift_cells",
        key("generation"),
        key("asset_id"),
        key("stratum"),
        number("n"),
        number("won"),
        sa.PrimaryKeyConstraint("generation", "asset_id", "stratum", name=op.f("pk_lift_cells")),
    )
    op.create_table(
        "lift_pools",
        key("generation"),
        key("stratum"),
        number("n"),
        number("won"),
        number("squares"),
        sa.PrimaryKeyConstraint("generation", "stratum", name=op.f("pk_lift_pools")),
    )
    op.create_table(
        "lift_reps",
        key("generation"),
        key("asset_id"),
        key("owner_id"),
        number("n"),
        number("uses"),
        sa.PrimaryKeyConstraint("generation", "asset_id", "owner_id", name=op.f("pk_lift_reps")),
    )
    op.create_table(
        "asset_lifts",
        key("asset_id"),
        number("place"),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        number("n"),
        number("uses"),
        number("reps"),
        *(share(it) for it in ("lift", "error", "own", "others", "best", "low", "high", "p")),
        number("need"),
        sa.PrimaryKeyConstraint("asset_id", name=op.f("pk_asset_lifts")),
    )
    op.create_index(op.f("ix_asset_lifts_place"), "asset_lifts", ["place"])
    op.create_index(op.f("ix_asset_lifts_verdict_place"), "asset_lifts", ["verdict", "place"])
    op.create_index(op.f("ix_deals_updated_at"), "deals", ["updated_at"])
    op.create_index(op.f("ix_calls_logged_at"), "calls", ["logged_at"])


def downgrade():
    op.drop_index(op.f("ix_calls_logged_at"), table_name="calls")
    op.drop_index(op.f("ix_deals_updated_at"), table_name="deals")
    for table in (
        "asset_lifts",
        "lift_reps",
        "lift_pools",
        "lift_cells",
        "lift_deals",
        "lift_models",
    ):
        op.drop_table(table)
