"""What kind of event a row of verdicts is: undo and redo were told by their comment, comments by an equal verdict."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the column, and fill it as `inspector.store.audit` reads entries of before."""
    op.add_column("verdict", sa.Column("kind", sa.String, nullable=False, server_default="verdict"))
    op.execute("UPDATE verdict SET kind = comment WHERE comment IN ('undo', 'redo')")
    op.execute("UPDATE verdict SET kind = 'comment' WHERE old = new AND comment NOT IN ('', 'undo', 'redo')")
