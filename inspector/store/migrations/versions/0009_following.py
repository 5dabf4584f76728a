"""What members of a group score where scores follow it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column."""
    op.add_column("recurring_member", sa.Column("corrected_score", sa.Double))
