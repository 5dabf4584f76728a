"""How many samples were compared to find the groups that share a region."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add the column; in older runs it is taken as all samples with a score."""
    op.add_column("recurring_group", sa.Column("looked_at", sa.Integer))
