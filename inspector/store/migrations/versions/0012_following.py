"""What members of a group score where scores follow it; marks of groups in the audit chain."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from inspector.store.audit import compute_hash, write_fields
from inspector.store.audited_rows import write_time

revision = "0012"
down_revision = "0011"

MARKS = """
SELECT recurring_group.run_id, recurring_group.number, mark.id, mark.group_id, mark.operator, mark.old, mark.new,
    mark.comment, mark.time
FROM recurring_mark AS mark LEFT JOIN recurring_group ON recurring_group.id = mark.group_id ORDER BY mark.id
"""


def upgrade() -> None:
    """Add the column, and an entry at the end of the chain for each mark."""
    op.add_column("recurring_member", sa.Column("corrected_score", sa.Double))
    connection = op.get_bind()
    previous = connection.execute(sa.text("SELECT hash FROM audit ORDER BY id DESC LIMIT 1")).scalar() or ""
    insert = sa.text("INSERT INTO audit (kind, fields, previous, hash) VALUES ('mark', :fields, :previous, :hash)")
    for row in connection.execute(sa.text(MARKS)).mappings().all():
        fields = write_fields({**row, "time": write_time(datetime.fromisoformat(row["time"]))})
        entry = {"fields": fields, "previous": previous, "hash": compute_hash(previous, "mark", fields)}
        connection.execute(insert, entry)
        previous = entry["hash"]
