"""How the parts of a run were found in their photos, and where each lies: a run taken up again goes on by it."""

import json
from collections.abc import Mapping

import numpy as np

from inspector.data.part_model import PartModel
from inspector.geometry.placement import Placement
from inspector.store.arrays import DAMAGED
from inspector.store.artefacts import write_file
from inspector.store.workspace import Workspace


def save_part_model(store: Workspace, run_id: int, model: PartModel | None) -> None:
    """Keep how the parts of a run are found; None = photos are seen as they are."""
    path = store.artefacts.run_folder(run_id) / "parts.npz"
    numbers = [] if model is None else [model.width, model.height, *model.usual, model.radius]
    mean = np.zeros((0, 0, 0), np.complex64) if model is None or model.mean is None else model.mean
    with write_file(path) as beside, beside.open("wb") as file:
        np.savez(file, numbers=np.array(numbers), mean=mean)


def load_part_model(store: Workspace, run_id: int) -> tuple[bool, PartModel | None]:
    """Return whether it is known how the parts of a run are found, and how. What is damaged is not known."""
    try:
        path = store.artefacts.run_folder(run_id) / "parts.npz"
        with path.open("rb") as file, np.load(file) as kept:
            numbers, mean = kept["numbers"].tolist(), kept["mean"]
        if not numbers:
            return True, None
        width, height, x, y, radius = numbers
        return True, PartModel(width, height, (x, y), radius, mean if mean.size else None)
    except DAMAGED:
        return False, None


def save_boxes(store: Workspace, run_id: int, boxes: Mapping[int, Placement]) -> None:
    """Keep where the parts of a run lie in their photos, by position."""
    path = store.artefacts.run_folder(run_id) / "boxes.json"
    told = {str(position): [box.x, box.y, box.width, box.height, box.angle] for position, box in boxes.items()}
    with write_file(path) as beside:
        beside.write_text(json.dumps(told), encoding="utf-8")


def load_boxes(store: Workspace, run_id: int) -> dict[int, Placement]:
    """Return where the parts of a run lie in their photos, by position; none where that was not looked for."""
    try:
        told = json.loads((store.artefacts.run_folder(run_id) / "boxes.json").read_text(encoding="utf-8"))
        return {int(position): Placement(*(float(value) for value in values)) for position, values in told.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
