"""Runs whose parts come one by one."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "watch",
        sa.Column("run_id", sa.Integer, sa.ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("ignored", sa.JSON, nullable=False),
        sa.Column("usual", sa.Double),
        sa.Column("pool", sa.JSON),
        sa.Column("reported", sa.Integer, nullable=False),
    )
    op.create_table(
        "arrival",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("given", sa.Boolean, nullable=False),
        sa.Column("file", sa.String, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("mtime_ns", sa.BigInteger, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("time", sa.DateTime, nullable=False),
        sa.Column("seconds", sa.Double, nullable=False),
        sa.Column("threshold", sa.Double),
        sa.Column("peak_x", sa.Double),
        sa.Column("peak_y", sa.Double),
        sa.Column("brightness", sa.Double),
        sa.Column("reject_rate", sa.Double),
        sa.Column("level", sa.Double),
    )
    op.create_index("arrival_of_run", "arrival", ["run_id", "position"], unique=True)
