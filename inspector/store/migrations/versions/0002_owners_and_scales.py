"""Who scans a run and who moved its threshold; what was scored and how; no path of the workspace inside it."""

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add columns and a table, and fill in what can be told of the runs that are there."""
    op.add_column("run", sa.Column("owner", sa.String, nullable=False, server_default=""))
    op.add_column("run", sa.Column("heartbeat", sa.DateTime))
    op.add_column("run", sa.Column("modality", sa.String, nullable=False, server_default=""))
    op.add_column("run", sa.Column("rescoring", sa.String, nullable=False, server_default=""))
    op.add_column("run", sa.Column("calibration", sa.JSON))
    op.add_column("sample", sa.Column("picture", sa.Boolean, nullable=False, server_default="0"))
    op.create_table(
        "threshold_change",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
        sa.Column("operator", sa.String, nullable=False),
        sa.Column("time", sa.DateTime, nullable=False),
        sa.Column("old", sa.Double),
        sa.Column("new", sa.Double, nullable=False),
        sa.Column("old_map", sa.Double),
        sa.Column("new_map", sa.Double, nullable=False),
    )
    op.create_index("ix_threshold_change_run_id", "threshold_change", ["run_id"])
    connection = op.get_bind()
    folder = Path(connection.execute(sa.text("PRAGMA database_list")).all()[0][2]).parent
    for run in connection.execute(sa.text("SELECT * FROM run")).mappings().all():
        _free_pictures(connection, run["id"])
        _describe_run(connection, run, folder)


def _free_pictures(connection: sa.Connection, run_id: int) -> None:
    """Mark the pictures that the workspace keeps of clouds; where they lie follows from the run and the position."""
    rows = connection.execute(
        sa.text("SELECT id, image FROM sample WHERE run_id = :run AND image IS NOT NULL"), {"run": run_id}
    )
    own = [row.id for row in rows.all() if _is_own_picture(row.image, run_id)]
    if own:
        change = sa.text("UPDATE sample SET picture = 1, image = NULL WHERE id = :id")
        connection.execute(change, [{"id": sample} for sample in own])


def _is_own_picture(image: str, run_id: int) -> bool:
    return image.replace("\\", "/").split("/")[-4:-1] == ["runs", str(run_id), "pictures"]


def _describe_run(connection: sa.Connection, run: Any, folder: Path) -> None:
    samples = connection.execute(
        sa.text("SELECT position, image, status, raw_score, rescored FROM sample WHERE run_id = :run"),
        {"run": run["id"]},
    ).all()
    settings = json.loads(run["settings"])
    clouds = any((folder / "runs" / str(run["id"]) / "clouds" / f"{s.position:06d}.npz").exists() for s in samples)
    photos = any(sample.image and sample.status == "ok" for sample in samples)
    modality = "" if run["status"] != "done" else "2d" if not clouds else "2d+3d" if photos else "3d"
    salient = settings.get("rescoring") == "salient" or (settings.get("rescoring") == "auto" and modality != "2d")
    rescoring = "RsCon" if salient or modality == "3d" else "RsCIN"
    raw = [sample.raw_score for sample in samples if sample.raw_score is not None]
    calibration = None
    if run["status"] == "done" and raw:
        calibration = {
            "threshold": run["threshold"],
            "rescored": any(sample.rescored is not None for sample in samples),
            "raw_low": min(raw),
            "raw_high": max(raw),
            "map_low": run["map_low"],
            "map_high": run["map_high"],
        }
    values = {
        "id": run["id"],
        "modality": modality,
        "rescoring": rescoring if run["status"] == "done" and settings.get("windows") else "",
        "calibration": None if calibration is None else json.dumps(calibration),
    }
    columns = "modality = :modality, rescoring = :rescoring, calibration = :calibration"
    connection.execute(sa.text(f"UPDATE run SET {columns} WHERE id = :id"), values)
