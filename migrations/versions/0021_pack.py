"""The Monday pack and the scorecard: packs, their actions and readers, goals, promises."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def number(name, *options, nullable=False, **more):
    return sa.Column(name, sa.Integer(), *options, nullable=nullable, **more)


def words(name, length, *, nullable=False):
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def moment(name, *, nullable=False):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def day(name):
    return sa.Column(name, sa.Date(), nullable=False)


def leads_to(table, column, other, **options):
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, **options)


def index(table, *columns):
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def packs():
    op.create_table(
        "packs",
        number("id"),
        words("kind", 10),
        day("first_on"),
        sa.Column("facts", sa.JSON(), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=False),
        number("version"),
        moment("minutes_at", nullable=True),
        number("minutes_by_id", nullable=True),
        moment("sent_at", nullable=True),
        number("sent_by_id", nullable=True),
        leads_to("packs", "minutes_by_id", "users"),
        leads_to("packs", "sent_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packs")),
        sa.UniqueConstraint("kind", "first_on", name=op.f("uq_packs_kind_first_on")),
    )
    for column in ("sent_at", "minutes_by_id", "sent_by_id"):
        index("packs", column)
    op.create_table(
        "pack_actions",
        number("id"),
        number("pack_id"),
        words("token", 40),
        words("words", 300),
        number("owner_id"),
        day("due_on"),
        moment("made_at"),
        number("made_by_id"),
        moment("done_at", nullable=True),
        leads_to("pack_actions", "pack_id", "packs", ondelete="CASCADE"),
        leads_to("pack_actions", "owner_id", "users"),
        leads_to("pack_actions", "made_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_actions")),
        sa.UniqueConstraint("token", name=op.f("uq_pack_actions_token")),
    )
    for column in ("pack_id", "owner_id", "made_by_id"):
        index("pack_actions", column)
    index("pack_actions", "done_at", "due_on")


def upgrade():
    packs()
    op.create_table(
        "pack_readers",
        number("user_id", autoincrement=False),
        leads_to("pack_readers", "user_id", "users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_pack_readers")),
    )
    op.create_table(
        "pack_schedules",
        words("kind", 10),
        moment("set_at"),
        number("set_by_id"),
        leads_to("pack_schedules", "set_by_id", "users"),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_pack_schedules")),
    )
    index("pack_schedules", "set_by_id")
    op.create_table(
        "shared_goals",
        number("id"),
        words("measure", 20),
        sa.Column("target", sa.Numeric(precision=16, scale=2), nullable=False),
        words("currency", 3),
        words("period", 10),
        moment("set_at"),
        number("set_by_id"),
        leads_to("shared_goals", "set_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_goals")),
    )
    index("shared_goals", "set_by_id")
    op.create_table(
        "side_promises",
        number("id"),
        words("token", 40),
        words("side", 20),
        words("month", 7),
        words("words", 300),
        number("owner_id"),
        day("due_on"),
        sa.Column("kept", sa.Boolean(), nullable=True),
        moment("settled_at", nullable=True),
        moment("made_at"),
        number("made_by_id"),
        leads_to("side_promises", "owner_id", "users"),
        leads_to("side_promises", "made_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_side_promises")),
        sa.UniqueConstraint("token", name=op.f("uq_side_promises_token")),
    )
    for columns in (("owner_id",), ("made_by_id",), ("month", "side")):
        index("side_promises", *columns)


def downgrade():
    for table in (
        "side_promises",
        "shared_goals",
        "pack_schedules",
        "pack_readers",
        "pack_actions",
        "packs",
    ):
        op.drop_table(table)
