"""Where rejects have their regions, for statistics."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "places",
        sa.Column("sample_id", sa.Integer, sa.ForeignKey("sample.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("map_threshold", sa.Double, nullable=False),
        sa.Column("centres", sa.JSON, nullable=False),
    )
