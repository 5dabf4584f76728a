"""Groups of samples that share a region, what was said of them, and scores without their correction."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add tables and a column; older runs were not looked at."""
    op.add_column("sample", sa.Column("plain_score", sa.Double))
    op.create_table(
        "recurring_group",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("corrected", sa.Boolean, nullable=False),
    )
    op.create_index("ix_recurring_group_run_id", "recurring_group", ["run_id"])
    op.create_table(
        "recurring_member",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("group_id", sa.Integer, sa.ForeignKey("recurring_group.id", ondelete="CASCADE"), nullable=False),
        sa.Column("sample_id", sa.Integer, sa.ForeignKey("sample.id", ondelete="CASCADE"), nullable=False),
        *(sa.Column(side, sa.Double, nullable=False) for side in ("left", "top", "right", "bottom")),
    )
    op.create_index("ix_recurring_member_group_id", "recurring_member", ["group_id"])
    op.create_index("ix_recurring_member_sample_id", "recurring_member", ["sample_id"])
    op.create_table(
        "recurring_mark",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("group_id", sa.Integer, sa.ForeignKey("recurring_group.id", ondelete="CASCADE"), nullable=False),
        sa.Column("operator", sa.String, nullable=False),
        sa.Column("time", sa.DateTime, nullable=False),
        sa.Column("old", sa.String, nullable=False),
        sa.Column("new", sa.String, nullable=False),
        sa.Column("comment", sa.String, nullable=False),
    )
    op.create_index("ix_recurring_mark_group_id", "recurring_mark", ["group_id"])
