"""Which run a verdict was carried over from."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the column; nothing was carried over before."""
    op.add_column("verdict", sa.Column("carried_from", sa.Integer))
