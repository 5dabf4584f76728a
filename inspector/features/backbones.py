"""The networks whose patch tokens are compared: our names, how each was published, and how to load one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import timm
import torch
import torch.nn.functional as F
from torch import Tensor

from inspector.errors import SettingsError
from inspector.features.weights import embedded_weights


@dataclass(frozen=True)
class BackboneInfo:
    """What is known of a network without loading it.

    Attributes:
        name: our name.
        timm_name: timm's name for the architecture.
        layers: stages whose feature maps are used by default, 0 = the first one that is kept.
        image_size: default side of the input, in pixels.
        mean, std: what the input is normalised with, RGB, of values in [0, 1].
        licence: of the weights, as SPDX identifier.
    """

    name: str
    timm_name: str
    layers: tuple[int, ...]
    image_size: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    licence: str


CATALOGUE = {
    info.name: info
    for info in (
        BackboneInfo("efficientnet-lite0", "tf_efficientnet_lite0", (2, 3), 256, (0.5,) * 3, (0.5,) * 3, "Apache-2.0"),
    )
}


class Backbone:
    """A loaded network: photos in, patch tokens out."""

    def __init__(
        self,
        info: BackboneInfo,
        *,
        layers: tuple[int, ...],
        image_size: int,
        extract: Callable[[Tensor], tuple[list[Tensor], Tensor]],
        weights_sha256: str,
        device: str,
    ) -> None:
        self.info = info
        self.layers = layers
        self.image_size = image_size
        self.weights_sha256 = weights_sha256
        self.device = device
        self._extract = extract
        self._mean = torch.tensor(info.mean, device=device).view(3, 1, 1)
        self._std = torch.tensor(info.std, device=device).view(3, 1, 1)

    @torch.inference_mode()
    def tokens(self, images: Tensor) -> tuple[list[Tensor], Tensor]:
        """Extract patch tokens.

        Args:
            images: (N, 3, H, W) floating in [0, 1], H = W = `image_size`.

        Returns:
            One (N, rows, cols, C) float32 tensor per layer, C may differ between layers; and an embedding (N, D).

        Raises:
            ValueError: wrong shape.
        """
        if images.ndim != 4 or tuple(images.shape[1:]) != (3, self.image_size, self.image_size):
            size = self.image_size
            raise ValueError(f"expected images of shape (N, 3, {size}, {size}), but got {tuple(images.shape)}")
        return self._extract((images.to(self.device, torch.float32) - self._mean) / self._std)


def load_backbone(
    name: str,
    *,
    weights: Path | None = None,
    image_size: int | None = None,
    layers: Sequence[int] | None = None,
    device: str = "cpu",
) -> Backbone:
    """Load a network with its weights.

    Args:
        name: a name in `CATALOGUE`.
        weights: weights file; None = the embedded ones.
        image_size: side of the input in pixels; None = the published one.
        layers: stages to use; None = the published ones.
        device: "cpu" or "cuda".

    Raises:
        SettingsError: unknown name or layer.
        WeightsError: the weights are missing, damaged, or of another network.
    """
    if name not in CATALOGUE:
        raise SettingsError(f"there is no backbone {name!r}; choose one of: {', '.join(CATALOGUE)}")
    info = CATALOGUE[name]
    chosen = tuple(layers or info.layers)
    model = timm.create_model(info.timm_name, pretrained=False)
    sha256 = embedded_weights(model, weights)
    return Backbone(
        info,
        layers=chosen,
        image_size=image_size or info.image_size,
        extract=_stages(model.eval().to(device), chosen),
        weights_sha256=sha256,
        device=device,
    )


def _stages(model: Any, layers: tuple[int, ...]) -> Callable[[Tensor], tuple[list[Tensor], Tensor]]:
    """Feature maps of CNN stages on the grid of the coarsest one; embedding = average of the last, L2-normalised."""
    known = len(model.feature_info)
    if not all(0 <= layer < known for layer in layers):
        raise SettingsError(f"layers must be stages from 0 to {known - 1}, but got {layers}")

    def extract(images: Tensor) -> tuple[list[Tensor], Tensor]:
        maps = model.forward_intermediates(images, indices=list(layers), intermediates_only=True)
        grid = min((m.shape[2:] for m in maps), key=lambda shape: shape[0])
        tokens = [F.adaptive_avg_pool2d(m, grid).permute(0, 2, 3, 1) for m in maps]
        return tokens, F.normalize(maps[-1].mean(dim=(2, 3)), dim=1)

    return extract
