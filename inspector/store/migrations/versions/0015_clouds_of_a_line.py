"""The clouds of parts that arrive one by one."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("arrival", sa.Column("cloud_file", sa.String, nullable=True))
    op.add_column("arrival", sa.Column("cloud_size", sa.BigInteger, nullable=True))
    op.add_column("arrival", sa.Column("cloud_mtime_ns", sa.BigInteger, nullable=True))
