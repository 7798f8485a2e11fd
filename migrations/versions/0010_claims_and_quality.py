"""Claims of served texts and what was decided about them; findings of the quality checks."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

TABLES = ("claims", "claim_facts", "claim_rulings", "text_prints", "text_bands", "quality_findings")


def asset_key(table):
    return sa.ForeignKeyConstraint(
        ["asset_id"], ["assets.id"], name=op.f(f"fk_{table}_asset_id_assets"), ondelete="CASCADE"
    )


def text_key(table):
    return sa.ForeignKeyConstraint(
        ["text_id"],
        ["asset_texts.id"],
        name=op.f(f"fk_{table}_text_id_asset_texts"),
        ondelete="CASCADE",
    )


def user_key(table, column):
    return sa.ForeignKeyConstraint([column], ["users.id"], name=op.f(f"fk_{table}_{column}_users"))


def index(table, *columns, unique=False):
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns), unique=unique)


def upgrade():
    _claims()
    _rulings()
    _findings()


def _claims():
    op.create_table(
        "claims",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(length=200), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=220), nullable=False),
        sa.Column("competitor", sa.String(length=80), nullable=False),
        sa.Column("has_figure", sa.Boolean(), nullable=False),
        sa.Column("needs_source", sa.Boolean(), nullable=False),
        sa.Column("said", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("source_day", sa.Date(), nullable=True),
        sa.Column("borrowed", sa.Boolean(), nullable=False),
        sa.Column("linked", sa.Boolean(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        asset_key("claims"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
    )
    index("claims", "asset_id", "language", "number", unique=True)
    index("claims", "competitor")
    index("claims", "mark")
    op.create_table(
        "claim_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("thing", sa.String(length=24), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=False),
        sa.Column("rough", sa.Boolean(), nullable=False),
        asset_key("claim_facts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_facts")),
    )
    index("claim_facts", "asset_id", "language", "number")
    index("claim_facts", "thing")
    index("claim_facts", "value", "unit")


def _rulings():
    op.create_table(
        "claim_rulings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("mark", sa.String(length=24), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("sentences", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        asset_key("claim_rulings"),
        user_key("claim_rulings", "by_id"),
        user_key("claim_rulings", "ended_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_rulings")),
    )
    for column in ("mark", "asset_id", "by_id", "ended_by_id"):
        index("claim_rulings", column)


def _findings():
    op.create_table(
        "text_prints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("basis", sa.String(length=24), nullable=False),
        sa.Column("print", sa.LargeBinary(), nullable=False),
        text_key("text_prints"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_prints")),
    )
    index("text_prints", "text_id", unique=True)
    op.create_table(
        "text_bands",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("band", sa.BigInteger(), nullable=False),
        text_key("text_bands"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_bands")),
    )
    index("text_bands", "text_id")
    index("text_bands", "band")
    op.create_table(
        "quality_findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("anchor", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("there", sa.String(length=24), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dismissed_by_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        asset_key("quality_findings"),
        user_key("quality_findings", "dismissed_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_findings")),
    )
    index("quality_findings", "asset_id", "mark", unique=True)
    index("quality_findings", "name")
    index("quality_findings", "dismissed_by_id")


def downgrade():
    for table in reversed(TABLES):
        op.drop_table(table)
