"""The vocabulary kept by people, collections, and what is pinned for teams."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

TABLES = (
    "asset_pins",
    "collection_pins",
    "collection_entries",
    "collections",
    "term_events",
    "former_slugs",
)


def upgrade():
    with op.batch_alter_table("facet_terms") as batch:
        batch.add_column(sa.Column("retired_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    _terms()
    _collections()
    _pins("collection_pins", "collection_id", "collections")
    _pins("asset_pins", "asset_id", "assets")


def key(table, column, parent, ondelete=None):
    name = op.f(f"fk_{table}_{column}_{parent}")
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete=ondelete)


def index(table, column):
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _terms():
    op.create_table(
        "former_slugs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facet", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        key("former_slugs", "term_id", "facet_terms", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_slugs")),
        sa.UniqueConstraint("facet", "slug", name=op.f("uq_former_slugs_facet_slug")),
    )
    index("former_slugs", "term_id")
    op.create_table(
        "term_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        key("term_events", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term_events")),
    )
    index("term_events", "user_id")
    op.create_index(op.f("ix_term_events_term_id_at"), "term_events", ["term_id", "at"])


def _collections():
    op.create_table(
        "collections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("reach", sa.String(length=10), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        key("collections", "owner_id", "users"),
        key("collections", "team_id", "teams"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections")),
    )
    index("collections", "owner_id")
    index("collections", "team_id")
    op.create_table(
        "collection_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        key("collection_entries", "collection_id", "collections", "CASCADE"),
        key("collection_entries", "asset_id", "assets", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_entries")),
        sa.UniqueConstraint(
            "collection_id", "asset_id", name=op.f("uq_collection_entries_collection_id_asset_id")
        ),
    )
    index("collection_entries", "asset_id")


def _pins(table, column, parent):
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column(column, sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        key(table, "team_id", "teams", "CASCADE"),
        key(table, column, parent, "CASCADE"),
        key(table, "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("team_id", column, name=op.f(f"uq_{table}_team_id_{column}")),
    )
    index(table, column)
    index(table, "user_id")


def downgrade():
    for table in TABLES:
        op.drop_table(table)
    with op.batch_alter_table("facet_terms") as batch:
        batch.drop_column("version")
        batch.drop_column("retired_on")
