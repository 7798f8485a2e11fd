"""Mails: since when the server's answer is waited for."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade():
    with op.batch_alter_table("mails") as batch:
        batch.add_column(sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.execute("UPDATE mails SET state = 'handing' WHERE state = 'unanswered'")
    with op.batch_alter_table("mails") as batch:
        batch.drop_column("handed_at")
