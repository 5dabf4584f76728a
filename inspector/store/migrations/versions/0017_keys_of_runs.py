"""What a run is known by in every workspace that it is handed over to."""

from uuid import NAMESPACE_OID, uuid5

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the column; keys of runs of before are made of what they are, so that copies of a workspace agree on them."""
    op.add_column("run", sa.Column("key", sa.String, nullable=False, server_default=""))
    connection = op.get_bind()
    for number, created, root in connection.execute(sa.text("SELECT id, created, root FROM run")).all():
        key = uuid5(NAMESPACE_OID, f"{number} {created} {root}").hex
        connection.execute(sa.text("UPDATE run SET key = :key WHERE id = :number"), {"key": key, "number": number})
    op.create_index("run_key", "run", ["key"], unique=True)
