"""Patch tokens on disk in half precision, one file a photo, found again by content and settings."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from inspector.data.files import replacing

VERSION = 1
"""Raise it when tokens of equal settings change: old files are then never met again."""


class TokenCache:
    """Tokens of photos under one set of feature settings.

    Files are `<folder>/<key>/<sha256 of the photo>.safetensors` and are memory-mapped when read.
    """

    def __init__(self, folder: Path, **identity: object) -> None:
        """Open the cache of one feature setting.

        Args:
            folder: the cache of a workspace.
            identity: everything the tokens depend on besides the photo (network, weights, size, layers).
        """
        key = hashlib.sha256(repr((VERSION, sorted(identity.items()))).encode()).hexdigest()[:16]
        self.folder = folder / key

    def save(self, sha256: str, tokens: Sequence[Tensor], embedding: Tensor) -> None:
        """Keep the tokens of a photo: one (rows, cols, C) tensor per layer, and the embedding (D,)."""
        tensors = {f"layer_{index}": layer.to("cpu", torch.float16).contiguous() for index, layer in enumerate(tokens)}
        tensors["embedding"] = embedding.to("cpu", torch.float32).contiguous()
        with replacing(self._path(sha256)) as beside:
            save_file(tensors, beside)

    def layer(self, sha256: str, index: int) -> Tensor:
        """Return the tokens of one layer: (rows, cols, C) float16."""
        return self._read(sha256, f"layer_{index}")

    def embedding(self, sha256: str) -> Tensor:
        """Return the embedding: (D,) float32."""
        return self._read(sha256, "embedding")

    def intact(self, sha256: str) -> bool:
        """Tell whether the tokens of a photo are here and readable."""
        try:
            self.embedding(sha256)
        except (OSError, SafetensorError):
            return False
        return True

    def _read(self, sha256: str, name: str) -> Tensor:
        with safe_open(self._path(sha256), framework="pt") as file:
            tensor: Tensor = file.get_tensor(name)
            return tensor

    def _path(self, sha256: str) -> Path:
        return self.folder / f"{sha256}.safetensors"
