"""The variant that a sample was judged among."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"


def upgrade() -> None:
    """Add a column; in older runs all samples were judged together."""
    op.add_column("sample", sa.Column("variant", sa.Integer))
