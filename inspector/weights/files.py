"""Reading files of weights, of every kind that people have, without trusting them.

Nothing is unpickled unsafely: safetensors hold nothing but numbers, PyTorch checkpoints go through
`torch.load(weights_only=True)`, TorchScript archives are opened for their tensors only.
"""

import argparse
import json
import pickle
import re
import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from inspector.errors import WeightsError
from inspector.files import file_sha256, require_regular
from inspector.weights.torchscript import ForbiddenGlobal, is_torchscript, read_torchscript

HUB_FILES = (
    "model.safetensors",
    "pytorch_model.bin",
    "open_clip_model.safetensors",
    "open_clip_pytorch_model.bin",
)
"""Files of weights in a Hugging Face folder, the best first."""

_DAMAGED = (
    RuntimeError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    EOFError,
    ArithmeticError,
    NotImplementedError,
    pickle.UnpicklingError,
    struct.error,
    zipfile.BadZipFile,
    SafetensorError,
)
"""What unpickling a damaged file may raise."""

_LEGACY_MAGIC = b"\x80\x02\x8a\x0al\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"
"""First bytes of what `torch.save` wrote before it wrote ZIP files."""


@dataclass(frozen=True)
class WeightFile:
    """What a file of weights holds.

    Attributes:
        path: the file itself; where a folder was given, the file in it.
        kind: "safetensors file", "PyTorch checkpoint" or "TorchScript archive".
        tensors: by the names they have in the file.
        notes: what else the file or its folder says: `folder` (its name), `act` (name of the activation), `tag` (of
            the weights), and what the header of a safetensors file holds.
    """

    path: Path
    kind: str
    tensors: Mapping[str, Tensor] = field(repr=False)
    notes: Mapping[str, str]

    def sha256(self) -> str:
        """Return the SHA-256 of the file, in hexadecimal."""
        return file_sha256(self.path)


def read_weight_file(path: str | Path) -> WeightFile:
    """Read a file of weights, or the one in a Hugging Face folder.

    Args:
        path: safetensors, a PyTorch checkpoint (new or old format), a TorchScript archive, or a folder with one of
            `HUB_FILES`.

    Raises:
        WeightsError: there is none, it is damaged or of another kind, or it asks to run something.
    """
    path = Path(path)
    file, notes = _search_folder(path) if path.is_dir() else (path, {})
    try:
        kind, read = _KINDS[_recognise_kind(file)]
        tensors, own_notes = read(file)
    except ForbiddenGlobal as error:
        raise WeightsError(_describe_refusal(file, error.name)) from error
    except FileNotFoundError as error:
        raise WeightsError(f"there is no weights file {file}") from error
    except OSError as error:
        raise WeightsError(f"cannot read the weights {file}: {error.strerror}") from error
    except _DAMAGED as error:
        raise WeightsError(
            f"cannot read the weights {file}: it is damaged or cut short ({_shorten(error)}); get it again"
        ) from error
    if not tensors:
        raise WeightsError(f"{file} is a {kind} but holds no tensors; give the file of weights of one network")
    return WeightFile(file, kind, tensors, {**notes, **own_notes})


def _search_folder(folder: Path) -> tuple[Path, dict[str, str]]:
    """Find the weights in a Hugging Face folder, and what its `config.json` says."""
    file = next((folder / name for name in HUB_FILES if (folder / name).is_file()), None)
    if file is None:
        raise WeightsError(f"the folder {folder} holds none of {', '.join(HUB_FILES)}; give the file itself")
    notes = {"folder": folder.name}
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        vision = config.get("vision_config") or config
        told = {"act": vision.get("hidden_act"), "tag": (config.get("pretrained_cfg") or {}).get("tag")}
    except FileNotFoundError:
        return file, notes
    except (OSError, ValueError, AttributeError) as error:
        raise WeightsError(f"cannot read {folder / 'config.json'}; get the folder again") from error
    return file, notes | {name: str(value) for name, value in told.items() if value}


def _recognise_kind(path: Path) -> str:
    with require_regular(path).open("rb") as file:
        start = file.read(64)
    if start.startswith(b"PK"):
        return "torchscript" if is_torchscript(path) else "checkpoint"
    if start.startswith(b"version https://git-lfs"):
        raise WeightsError(f"{path} is only the Git LFS pointer to the weights; get the file itself (git lfs pull)")
    if start[8:9] == b"{" and int.from_bytes(start[:8], "little") < 1 << 32:
        return "safetensors"
    if start.startswith(b"\x80"):
        return "checkpoint"
    raise WeightsError(
        f"{path} is no file of weights (safetensors, PyTorch or TorchScript); a download may have saved a web page"
    )


def _read_safetensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    with safe_open(path, framework="pt") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, dict(file.metadata() or {})  # noqa: SIM118 - no dict


def _read_archive(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    return read_torchscript(path), {"tag": "openai"}


def _read_checkpoint(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """What `torch.save` wrote; `argparse.Namespace` is let in: DINO keeps its options in one, and it runs nothing."""
    try:
        with warnings.catch_warnings(), torch.serialization.safe_globals([argparse.Namespace]):
            warnings.simplefilter("ignore")  # of formats that are refused right after
            content = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        asked = _find_forbidden_global(path) or next(iter(re.findall(r"GLOBAL (\w[\w.]+)", str(error))), None)
        if asked is None:
            raise
        raise ForbiddenGlobal(asked) from error
    return _unwrap(content)


_WRAPPERS = ("teacher", "state_dict", "base_model", "model")
"""Where DINO, most others, Point-MAE, and timm keep the tensors in a checkpoint."""


def _unwrap(content: Any) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors of a checkpoint, which training code keeps under a name of its own."""
    notes: dict[str, str] = {}
    while isinstance(content, Mapping):
        inner = next((key for key in _WRAPPERS if isinstance(content.get(key), Mapping)), None)
        if inner is None:
            return {str(name): value for name, value in content.items() if isinstance(value, Tensor)}, notes
        notes["under"] = inner
        content = content[inner]
    return {}, notes


_KINDS: dict[str, tuple[str, Callable[[Path], tuple[dict[str, Tensor], dict[str, str]]]]] = {
    "safetensors": ("safetensors file", _read_safetensors),
    "checkpoint": ("PyTorch checkpoint", _read_checkpoint),
    "torchscript": ("TorchScript archive", _read_archive),
}


def _describe_refusal(path: Path, asked: str) -> str:
    return (
        f"refused {path}: opening it would run {asked}, which no weights need; nothing was run. "
        "Get the weights from their publisher, best as safetensors"
    )


def _shorten(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


class _Inert(dict[Any, Any]):
    """Takes the place of whatever a pickle builds; building it does nothing."""

    def __init__(self, *_: Any) -> None:
        super().__init__()

    def __setstate__(self, state: Any) -> None:
        pass


class _Skimmer(pickle.Unpickler):
    """Goes through a pickle, building nothing, until it asks for a name that is not PyTorch's."""

    def find_class(self, module: str, name: str) -> Any:
        if module.split(".")[0] in ("torch", "collections", "argparse"):
            return _Inert
        raise ForbiddenGlobal(f"{module}.{name}")

    def persistent_load(self, pid: Any) -> Any:
        return _Inert()


def _find_forbidden_global(path: Path) -> str | None:
    """Name what a refused checkpoint asks for; None where that cannot be told."""
    try:
        if not zipfile.is_zipfile(path):
            with path.open("rb") as file:
                for _ in range(4 if file.peek(64).startswith(_LEGACY_MAGIC) else 1):
                    _Skimmer(file).load()
            return None
        with zipfile.ZipFile(path) as archive:
            (name,) = (name for name in archive.namelist() if name.endswith("/data.pkl"))
            with archive.open(name) as content:
                _Skimmer(content).load()
    except ForbiddenGlobal as found:
        return found.name
    except (OSError, *_DAMAGED):
        return None
    return None
