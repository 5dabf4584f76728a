"""Recipes, and which one a run was begun with."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the table and the column."""
    op.create_table(
        "recipe",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False, unique=True),
        sa.Column("changed", sa.DateTime, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
    )
    op.add_column("run", sa.Column("recipe", sa.JSON))
