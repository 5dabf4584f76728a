"""The audit chain; what was decided before is chained in the order of its time."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from inspector.store.audit import compute_hash, write_fields
from inspector.store.audited_rows import write_time

revision = "0007"
down_revision = "0006"

VERDICTS = """
SELECT sample.run_id, sample.position, sample.name, sample.sha256, verdict.id, verdict.sample_id, verdict.operator,
    verdict.old, verdict.new, verdict.comment, verdict.time
FROM verdict LEFT JOIN sample ON sample.id = verdict.sample_id ORDER BY verdict.id
"""
CHANGES = "SELECT id, run_id, operator, old, new, old_map, new_map, time FROM threshold_change ORDER BY id"


def upgrade() -> None:
    """Add the table, and an entry for each verdict and each move of a threshold."""
    table = op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("kind", "fields", "previous", "hash")),
    )
    connection = op.get_bind()
    found = [("verdict", fields) for fields in _read(connection, VERDICTS)]
    found += [("threshold", fields) for fields in _read(connection, CHANGES)]
    rows: list[dict[str, Any]] = []
    previous = ""
    for kind, fields in sorted(found, key=lambda one: one[1]["time"]):
        text = write_fields(fields)
        rows.append({"kind": kind, "fields": text, "previous": previous, "hash": compute_hash(previous, kind, text)})
        previous = rows[-1]["hash"]
    if rows:
        op.bulk_insert(table, rows)


def _read(connection: sa.Connection, query: str) -> list[dict[str, Any]]:
    rows = connection.execute(sa.text(query)).mappings().all()
    return [{**row, "time": write_time(datetime.fromisoformat(row["time"]))} for row in rows]
