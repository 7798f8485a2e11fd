"""The audit log, append-only by triggers. A later batch rebuild on SQLite must make them anew."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

WORDS = "the audit log is only ever added to"
FORBIDDEN = {"audit_entries": ("UPDATE", "DELETE"), "audit_details": ("UPDATE",)}
INDEXES = (("actor", "sequence"), ("kind", "key", "sequence"), ("action", "sequence"))


def upgrade():
    op.create_table(
        "audit_entries",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Integer(), nullable=True),
        sa.Column("via", sa.String(length=10), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_entries")),
    )
    for columns in (*INDEXES, ("at",), ("request_id",)):
        name = op.f(f"ix_audit_entries_{'_'.join(columns)}")
        op.create_index(name, "audit_entries", list(columns))
    op.create_table(
        "audit_details",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("personal", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sequence"],
            ["audit_entries.sequence"],
            name=op.f("fk_audit_details_sequence_audit_entries"),
        ),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_details")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    guard(postgresql=op.get_bind().dialect.name == "postgresql")


def guard(*, postgresql):
    if postgresql:
        op.execute(
            "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger AS "
            f"$$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$ LANGUAGE plpgsql"
        )
    for table, verbs in FORBIDDEN.items():
        if postgresql:
            op.execute(
                f"CREATE TRIGGER {table}_no_change BEFORE {' OR '.join(verbs)} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
            )
            continue
        for verb in verbs:
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            )


def downgrade():
    for table in ("audit_head", "audit_details", "audit_entries"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_refuse()")
