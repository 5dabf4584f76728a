"""Where imported weights live, and what was noted down about them. Loads no torch."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from inspector.errors import WeightsError
from inspector.weights.catalogue import CATALOGUE, POINT_MAE, BackboneInfo


class WeightsRecord(BaseModel):
    """What is kept beside imported weights.

    Attributes:
        name: our name of the network.
        sha256: of the safetensors file beside this record.
        source: name of the file it came from.
        source_sha256: of that file.
        form: what that file was recognised as.
        training: "openai" or "laion" for CLIP, which decides on QuickGELU; else "".
        licence: of the weights.
        ignored: groups of tensors in that file that the image network has no use for, as a text tower.
        imported: date and time, UTC.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    sha256: str
    source: str
    source_sha256: str
    form: str
    training: str
    licence: str
    ignored: tuple[str, ...] = ()
    imported: datetime = Field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))


def weights_folder() -> Path:
    """Return the folder of imported weights: `INSPECTOR_WEIGHTS`, or `weights` in the user's data folder."""
    given = os.environ.get("INSPECTOR_WEIGHTS")
    return Path(given) if given else Path(platformdirs.user_data_dir("mutual-inspector", appauthor=False)) / "weights"


def weights_path(info: BackboneInfo, folder: str | Path | None = None) -> Path:
    """Return where imported weights of a network are looked for."""
    return Path(folder or weights_folder()) / f"{info.file_stem}.safetensors"


def record_path(info: BackboneInfo, folder: str | Path | None = None) -> Path:
    """Return where the record of imported weights is looked for."""
    return Path(folder or weights_folder()) / f"{info.file_stem}.json"


def are_here(info: BackboneInfo, folder: str | Path | None = None) -> bool:
    """Say whether a network can be loaded without another file: it was imported, or its weights are embedded."""
    return not info.file or weights_path(info, folder).exists()


def read_record(path: str | Path) -> WeightsRecord:
    """Read the record of imported weights.

    Raises:
        WeightsError: it is missing or damaged.
    """
    try:
        return WeightsRecord(**json.loads(Path(path).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, ValidationError) as error:
        raise WeightsError(f"cannot read {path}, the record of imported weights; import the weights again") from error


def list_imported(folder: str | Path | None = None) -> list[str]:
    """Return the names of all imported networks, those of the catalogue in its order, then the others."""
    folder = Path(folder or weights_folder())
    stems = {path.stem for path in folder.glob("*.safetensors") if not path.name.startswith(".")}
    known = [name for name in (*CATALOGUE, POINT_MAE.name) if name in stems]
    others = sorted(stem.replace("-", ":", 1) for stem in stems if stem.startswith("timm-"))
    return known + others
