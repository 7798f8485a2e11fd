"""Writing and review: revisions, autosaved drafts, comments, reviewers, the timeline."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NEW_KEYS = ("creator_id", "backup_owner_id")


def upgrade():
    with op.batch_alter_table("assets") as batch:
        batch.add_column(sa.Column("change", sa.String(length=20), nullable=True))
        batch.add_column(sa.Column("creator_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("backup_owner_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("retire_at", sa.DateTime(timezone=True), nullable=True))
        for key in NEW_KEYS:
            batch.create_foreign_key(op.f(f"fk_assets_{key}_users"), "users", [key], ["id"])
            batch.create_index(op.f(f"ix_assets_{key}"), [key], unique=False)
    _revisions()
    _drafts()
    _review()
    op.create_table(
        "asset_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        asset_key("asset_events"),
        user_key("asset_events", "user_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_events")),
    )
    op.create_index(op.f("ix_asset_events_asset_id_at"), "asset_events", ["asset_id", "at"])
    op.create_index(op.f("ix_asset_events_user_id"), "asset_events", ["user_id"])
    # what is being served becomes the first revision kept
    op.execute(
        "INSERT INTO text_revisions (asset_id, language, number, title, summary, body, tags, "
        "fields, extra, digest, at, note) SELECT asset_id, language, revision, title, summary, "
        "body, tags, fields, extra, digest, updated_at, '' FROM asset_texts ORDER BY id"
    )


def asset_key(table):
    return sa.ForeignKeyConstraint(
        ["asset_id"], ["assets.id"], name=op.f(f"fk_{table}_asset_id_assets"), ondelete="CASCADE"
    )


def user_key(table, column, ondelete=None):
    return sa.ForeignKeyConstraint(
        [column], ["users.id"], name=op.f(f"fk_{table}_{column}_users"), ondelete=ondelete
    )


def _revisions():
    op.create_table(
        "text_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("drawn", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follows_language", sa.String(length=2), nullable=True),
        sa.Column("follows_number", sa.Integer(), nullable=True),
        asset_key("text_revisions"),
        user_key("text_revisions", "author_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_revisions")),
        sa.UniqueConstraint(
            "asset_id",
            "language",
            "number",
            name=op.f("uq_text_revisions_asset_id_language_number"),
        ),
    )
    op.create_index(op.f("ix_text_revisions_author_id"), "text_revisions", ["author_id"])


def _drafts():
    op.create_table(
        "autosaves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        user_key("autosaves", "user_id", "CASCADE"),
        asset_key("autosaves"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_autosaves")),
        sa.UniqueConstraint(
            "user_id", "asset_id", "language", name=op.f("uq_autosaves_user_id_asset_id_language")
        ),
    )
    op.create_index(op.f("ix_autosaves_asset_id"), "autosaves", ["asset_id"])


def _review():
    op.create_table(
        "review_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        asset_key("review_comments"),
        user_key("review_comments", "author_id"),
        user_key("review_comments", "settled_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_comments")),
    )
    op.create_index(op.f("ix_review_comments_asset_id"), "review_comments", ["asset_id"])
    op.create_index(op.f("ix_review_comments_author_id"), "review_comments", ["author_id"])
    op.create_index(op.f("ix_review_comments_settled_by_id"), "review_comments", ["settled_by_id"])
    op.create_table(
        "reviewers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("department", sa.String(length=20), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        user_key("reviewers", "user_id", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewers")),
        sa.UniqueConstraint(
            "kind", "department", "user_id", name=op.f("uq_reviewers_kind_department_user_id")
        ),
    )
    op.create_index(op.f("ix_reviewers_user_id"), "reviewers", ["user_id"])


def downgrade():
    for table in ("asset_events", "reviewers", "review_comments", "autosaves", "text_revisions"):
        op.drop_table(table)
    with op.batch_alter_table("assets") as batch:
        for key in NEW_KEYS:
            batch.drop_constraint(op.f(f"fk_assets_{key}_users"), type_="foreignkey")
            batch.drop_index(op.f(f"ix_assets_{key}"))
        for column in ("retire_at", "publish_at", *NEW_KEYS[::-1], "change"):
            batch.drop_column(column)
