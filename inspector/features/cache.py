"""Tokens on disk in half precision, one file a photo or cloud, found again by content and settings."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from inspector.errors import StoreAway, StoreError
from inspector.files import may_pass, replacing
from inspector.storage import Storage

VERSION = 4
"""Raise it when tokens of equal settings change: old files are then never met again."""


class TokenCache:
    """Tokens of photos or clouds under one set of feature settings.

    Files are `<folder>/<key of the settings>/<content>.safetensors`, of which one tensor is read at a time. Their time
    of change is that of their last use: pruning goes by it. Where there is a storage, it has the same files, and other
    machines fetch from there what they do not have.
    """

    def __init__(self, folder: str | Path, storage: Storage | None = None, **identity: object) -> None:
        """Open the cache of one feature setting.

        Args:
            folder: the cache of a workspace.
            storage: an address that all machines see; None = all see the folder.
            identity: everything the tokens depend on besides the files (network, weights, size, layers).
        """
        key = hashlib.sha256(repr((VERSION, sorted(identity.items()))).encode()).hexdigest()[:16]
        self.folder = Path(folder) / key
        self._storage = storage

    def save(self, content: str, layers: Sequence[Tensor], others: Mapping[str, Tensor]) -> None:
        """Keep the tokens of each layer, rounded to half precision, and other tensors as they are.

        Args:
            content: name of what was read, such as the SHA-256 of its bytes.
            layers: one tensor per layer, any shape.
            others: tensors by name; the names "layer_0", "layer_1", ... are taken.

        Raises:
            StoreAway: they cannot be written now, as where the disk is full.
            StoreError: they cannot be written, as where the storage cannot be reached.
        """
        tensors = {f"layer_{index}": layer.to("cpu", torch.float16) for index, layer in enumerate(layers)}
        tensors |= {name: tensor.to("cpu") for name, tensor in others.items()}
        try:
            with replacing(self._path(content)) as beside:
                save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, beside)
        except (OSError, SafetensorError) as error:
            told = f"tokens cannot be written to {self.folder}: {error}; make room there, or choose another workspace"
            raise (StoreAway if may_pass(error) else StoreError)(told) from error
        if self._storage is not None:
            self._storage.put(self._path(content), self._name(content))

    def layer(self, content: str, index: int) -> Tensor:
        """Return the tokens of one layer, float16."""
        return self.read(content, f"layer_{index}")

    def count_layers(self, content: str) -> int:
        """Return how many layers are kept."""
        with safe_open(self._find(content), framework="pt") as file:
            return sum(name.startswith("layer_") for name in file.keys())  # noqa: SIM118 - not a dict

    def read(self, content: str, name: str) -> Tensor:
        """Return one tensor by its name.

        Raises:
            StoreError: there are no tokens of this content, or the storage cannot be reached.
        """
        with safe_open(self._find(content), framework="numpy") as file:  # "pt" never frees two numbers
            return torch.from_numpy(file.get_tensor(name))

    def holds(self, content: str) -> bool:
        """Tell whether the tensors of this content are here and readable, and note that they are being used."""
        try:
            with safe_open(self._fetch(content), framework="numpy") as file:
                file.get_tensor("layer_0")
        except (OSError, SafetensorError):
            return False
        with suppress(OSError):  # not ours to write
            os.utime(self._path(content))
        if self._storage is not None and not self._storage.holds(self._name(content)):
            self._storage.put(self._path(content), self._name(content))  # of a scan without it
        return True

    def drop(self, content: str) -> None:
        """Remove what is kept of a content, if anything is."""
        self._path(content).unlink(missing_ok=True)

    def names(self) -> set[str]:
        """Return the names of all contents that are kept."""
        return {file.stem for file in self.folder.glob("*.safetensors") if not file.name.startswith(".")}

    def _fetch(self, content: str) -> Path:
        path = self._path(content)
        if self._storage is not None and not path.exists():
            self._storage.get(self._name(content), path)
        return path

    def _find(self, content: str) -> Path:
        path = self._fetch(content)
        if not path.exists():
            raise StoreError(f"the tokens {path} are not there: they were removed meanwhile; `resume` makes them anew")
        return path

    def _path(self, content: str) -> Path:
        path = self.folder / f"{content}.safetensors"
        return path if self._storage is None else self._storage.place(path)

    def _name(self, content: str) -> str:
        return f"{self.folder.name}/{content}.safetensors"
