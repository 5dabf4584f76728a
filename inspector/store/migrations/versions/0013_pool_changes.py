"""What people change in the pools of watched runs."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "pool_change",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("operator", sa.String, nullable=False),
        sa.Column("time", sa.DateTime, nullable=False),
        sa.Column("new", sa.String, nullable=False),
    )
    op.create_index("ix_pool_change_run_id", "pool_change", ["run_id"])
