"""Runs, samples and verdicts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables. Workspaces have them already; this says what they were."""
    op.create_table(
        "run",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("finished", sa.DateTime),
        *(sa.Column(name, sa.String, nullable=False) for name in ("status", "message", "root", "layout")),
        *(sa.Column(name, sa.JSON, nullable=False) for name in ("notes", "settings")),
        *(sa.Column(name, sa.String, nullable=False) for name in ("version", "backbone", "weights_sha256", "device")),
        sa.Column("timings", sa.JSON, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("samples", "unreadable", "flagged")),
        *(sa.Column(name, sa.Double) for name in ("threshold", "map_threshold", "map_low", "map_high")),
    )
    op.create_table(
        "sample",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        *(sa.Column(name, sa.String) for name in ("image", "cloud", "mask")),
        sa.Column("label", sa.Boolean),
        *(sa.Column(name, sa.String, nullable=False) for name in ("kind", "sha256")),
        *(sa.Column(name, sa.Integer) for name in ("width", "height")),
        *(sa.Column(name, sa.String, nullable=False) for name in ("status", "reason")),
        *(sa.Column(name, sa.Double) for name in ("raw_score", "rescored", "final")),
        sa.Column("flagged", sa.Boolean),
    )
    op.create_index("sample_of_run", "sample", ["run_id", "position"], unique=True)
    op.create_table(
        "verdict",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sample_id", sa.Integer, sa.ForeignKey("sample.id", ondelete="CASCADE"), nullable=False),
        sa.Column("operator", sa.String, nullable=False),
        sa.Column("time", sa.DateTime, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("old", "new", "comment")),
    )
    op.create_index("ix_verdict_sample_id", "verdict", ["sample_id"])
