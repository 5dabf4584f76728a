"""The networks whose patch tokens are compared: one of a family, given its weights and asked for tokens."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from inspector.errors import SettingsError
from inspector.features.families import FAMILIES, build_model
from inspector.features.photo_tokens import Extract, is_transformer
from inspector.weights.catalogue import BackboneInfo, find_backbone, quarters
from inspector.weights.choices import check_layers, check_size
from inspector.weights.loading import Weights, load_weights, select


class Backbone:
    """A loaded network: photos in, patch tokens out.

    Attributes:
        info, layers, image_size, weights_sha256, device: what it is, and where it computes.
        convolves: whether it is a CNN.
    """

    def __init__(
        self,
        info: BackboneInfo,
        *,
        layers: tuple[int, ...],
        image_size: int,
        extract: Extract,
        weights_sha256: str,
        device: str,
        convolves: bool,
    ) -> None:
        self.info = info
        self.name = info.name
        self.layers = layers
        self.image_size = image_size
        self.weights_sha256 = weights_sha256
        self.device = device
        self.convolves = convolves
        self._extract = extract
        self._mean = torch.tensor(info.mean, device=device).view(3, 1, 1)
        self._std = torch.tensor(info.std, device=device).view(3, 1, 1)

    @property
    def half(self) -> bool:
        """Whether it computes in half precision."""
        return self.device == "cuda" and not self.convolves

    @property
    def few_shapes(self) -> bool:
        """Whether batches of a size it has not seen cost it about a second, as convolutions on a GPU do."""
        return self.device == "cuda" and self.convolves

    @torch.inference_mode()
    def tokens(self, images: Tensor) -> tuple[list[Tensor], Tensor]:
        """Extract patch tokens.

        Args:
            images: (N, 3, H, W) floating in [0, 1], H = W = `image_size`.

        Returns:
            One (N, rows, cols, C) float32 tensor per layer, C may differ between layers; and an embedding (N, D).
            CLIP: outputs of the blocks as they are, and the projected class token, L2-normalised. DINO, DINOv2 and
            DINOv3: the final norm applied to each block's output, and the final class token as it is. CNNs: maps of
            the stages on the grid of the coarsest one, and the average of the last, L2-normalised. Transformers
            compute in half precision on GPUs, where that is safe (autocast), CNNs in float32 as on CPUs.

        Raises:
            ValueError: wrong shape.
        """
        if images.ndim != 4 or tuple(images.shape[1:]) != (3, self.image_size, self.image_size):
            size = self.image_size
            raise ValueError(f"expected images of shape (N, 3, {size}, {size}), but got {tuple(images.shape)}")
        inputs = (images.to(self.device, torch.float32) - self._mean) / self._std
        with torch.autocast("cuda", torch.float16, enabled=self.half):
            layers, embeddings = self._extract(inputs)
        return [layer.float() for layer in layers], embeddings.float()


def load_backbone(
    name: str,
    *,
    weights: str | Path | None = None,
    image_size: int | None = None,
    layers: Sequence[int] | None = None,
    device: str = "cpu",
) -> Backbone:
    """Load a network with its weights. Nothing is downloaded.

    Args:
        name: a name in `CATALOGUE`, or `timm:NAME` for any model of timm.
        weights: a file or folder in any form that `weights import` takes, converted in memory; None = the imported
            ones, else the embedded ones.
        image_size: side of the input in pixels, a multiple of the patch size for transformers; None = the published
            one. OpenAI's CLIP runs with QuickGELU at the size it was trained with and with GELU at any other, as MuSc
            runs it.
        layers: blocks or stages to use, ascending, counted from 0; None = the published ones.
        device: "cpu" or "cuda".

    Raises:
        SettingsError: unknown name, or a size or layer the network does not have.
        WeightsError: the weights are missing, damaged, or of another network.
    """
    if device == "cuda":
        torch.backends.cudnn.allow_tf32 = False  # float32 is as on a CPU: else convolutions keep 10 bits of each value
    info = find_backbone(name)
    size = image_size or info.image_size
    if info.patch:
        check_size(size, info.patch, info.name)
    loaded, sha256 = load_weights(info, weights)
    quick = loaded.training == "openai" and size == info.trained_size
    model = build_model(info, size, quick_gelu=quick)
    chosen = _choose_layers(model, info, layers)
    tensors, _ = select(_fit_to_size(loaded, model, info, size), model.state_dict(), info)
    model.load_state_dict(tensors, assign=True)
    return Backbone(
        info,
        layers=chosen,
        image_size=size,
        extract=FAMILIES[info.family].extract(model.eval().to(device), chosen, size),
        weights_sha256=sha256,
        device=device,
        convolves=_convolves(info, model),
    )


def _convolves(info: BackboneInfo, model: Any) -> bool:
    return not info.patch and not is_transformer(model)


def _choose_layers(model: Any, info: BackboneInfo, layers: Sequence[int] | None) -> tuple[int, ...]:
    """Choose blocks or stages; of a model of timm the quarters of the depth, or the stages of stride 8 and 16."""
    if not hasattr(model, "forward_intermediates") or not hasattr(model, "feature_info"):
        raise SettingsError(f"{info.name} gives no features of its layers; choose another model of timm")
    known = len(model.feature_info)
    chosen = tuple(layers or info.layers)
    if not chosen and is_transformer(model):
        chosen = quarters(known)
    if not chosen:
        strides = [stage["reduction"] for stage in model.feature_info]
        chosen = tuple(index for index, stride in enumerate(strides) if stride in (8, 16)) or (known - 1,)
    check_layers(info, chosen, known)
    return chosen


def _fit_to_size(loaded: Weights, model: Any, info: BackboneInfo, size: int) -> Weights:
    """Bring the position embedding of weights to the size of the model; other weights stay as they are."""
    if _convolves(info, model):
        return loaded
    patch = info.patch or model.patch_embed.patch_size[0]
    check_size(size, patch, info.name)
    prefix = 0 if getattr(model, "no_embed_class", False) else model.num_prefix_tokens
    tensors = dict(loaded.converted.tensors)
    if "pos_embed" in tensors:
        resample = FAMILIES[info.family].resample
        tensors["pos_embed"] = resample(info, tensors["pos_embed"], size // patch, prefix)
    return replace(loaded, converted=replace(loaded.converted, tensors=tensors))
