"""Defect classes of verdicts, and which part a sample shows."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the columns and the table."""
    op.add_column("verdict", sa.Column("defect_class", sa.String, nullable=False, server_default=""))
    op.add_column("sample", sa.Column("identity", sa.JSON, nullable=False, server_default="{}"))
    op.create_table(
        "defect_class",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
    )
