"""What was left out of a batch and why; the scale that deep photos are read on."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add columns; of older runs neither is known."""
    op.add_column("run", sa.Column("left_out", sa.JSON, nullable=False, server_default="[]"))
    op.add_column("run", sa.Column("value_range", sa.JSON))
