"""What a line asks of each new file: whether its name is taken, what was judged under it, and whether it was."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add the indexes."""
    op.create_index("sample_by_name", "sample", ["run_id", "name"])
    op.create_index("arrival_by_file", "arrival", ["run_id", "file", "position"])
    op.create_index("arrival_by_time", "arrival", ["run_id", "mtime_ns"])
    there = sa.text("cloud_file IS NOT NULL")
    for name, columns in (
        ("arrival_by_cloud", ["run_id", "cloud_file", "position"]),
        ("arrival_by_time_of_cloud", ["run_id", "cloud_mtime_ns"]),
    ):
        op.create_index(name, "arrival", columns, sqlite_where=there, postgresql_where=there)
