"""The networks whose patch tokens are compared: how one is built, given its weights, and asked for tokens."""

import inspect
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import timm
import torch
import torch.nn.functional as F
from torch import Tensor

from inspector.errors import SettingsError
from inspector.features.photo_tokens import Extract, any_vit_tokens, clip_tokens, dino_tokens, positions_at
from inspector.weights.catalogue import CATALOGUE, BackboneInfo, backbone_info, quarters
from inspector.weights.loading import Weights, load_weights, select

__all__ = ["CATALOGUE", "Backbone", "BackboneInfo", "build_model", "load_backbone"]


class Backbone:
    """A loaded network: photos in, patch tokens out."""

    def __init__(
        self,
        info: BackboneInfo,
        *,
        layers: tuple[int, ...],
        image_size: int,
        extract: Extract,
        weights_sha256: str,
        device: str,
    ) -> None:
        self.info = info
        self.name = info.name
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
            CLIP: outputs of the blocks as they are, and the projected class token, L2-normalised. DINO, DINOv2 and
            DINOv3: the final norm applied to each block's output, and the final class token as it is. CNNs: maps of
            the stages on the grid of the coarsest one, and the average of the last, L2-normalised. GPUs compute in
            half precision where that is safe (autocast).

        Raises:
            ValueError: wrong shape.
        """
        if images.ndim != 4 or tuple(images.shape[1:]) != (3, self.image_size, self.image_size):
            size = self.image_size
            raise ValueError(f"expected images of shape (N, 3, {size}, {size}), but got {tuple(images.shape)}")
        inputs = (images.to(self.device, torch.float32) - self._mean) / self._std
        with torch.autocast("cuda", torch.float16, enabled=self.device == "cuda"):
            layers, embeddings = self._extract(inputs)
        return [layer.float() for layer in layers], embeddings.float()


def load_backbone(
    name: str,
    *,
    weights: Path | None = None,
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
    info = backbone_info(name)
    size = image_size or info.image_size
    if info.patch:
        _check_size(size, info.patch, info.name)
    loaded, sha256 = load_weights(info, weights)
    quick = loaded.training == "openai" and size == info.trained_size
    model = build_model(info, size, quick_gelu=quick)
    chosen = _layers(model, info, layers)
    tensors, _ = select(_at_size(loaded, model, info, size), model.state_dict(), info)
    model.load_state_dict(tensors, assign=True)
    return Backbone(
        info,
        layers=chosen,
        image_size=size,
        extract=_extract(model.eval().to(device), info, chosen, size),
        weights_sha256=sha256,
        device=device,
    )


def build_model(info: BackboneInfo, size: int, *, quick_gelu: bool = False) -> Any:
    """Build a network without weights: they have shapes but no memory yet (device "meta"), but for `timm:NAME`.

    Args:
        info: the network; width, depth, patch and length of the embedding are taken from here.
        size: side of the input in pixels.
        quick_gelu: x * sigmoid(1.702 x) instead of GELU.
    """
    if info.family == "timm":
        try:
            return timm.create_model(info.timm_name, pretrained=False, num_classes=0, img_size=size)
        except TypeError:  # CNNs take any size and no such argument
            return timm.create_model(info.timm_name, pretrained=False, num_classes=0)
    options: dict[str, Any] = {}
    if info.patch:
        options = {
            "img_size": size,
            "patch_size": info.patch,
            "embed_dim": info.width,
            "depth": info.depth,
            "num_heads": info.width // HEAD_WIDTH,
            "num_classes": info.embedding,
        }
    if quick_gelu:
        options["act_layer"] = "quick_gelu"
    with torch.device("meta"):
        model = timm.create_model(info.timm_name, pretrained=False, **options)
    if info.family == "dinov3":
        _fill_tables(model, timm.create_model(info.timm_name, pretrained=False, **{**options, "depth": 1}))
    return model


def _fill_tables(model: Any, shallow: Any) -> None:
    """Take what DINOv3 computes and no file holds (periods of the rotation, zeros) from a real model of one block."""
    computed = dict(shallow.named_buffers())
    for name, _ in list(model.named_buffers()):
        parent, _, own_name = name.rpartition(".")
        setattr(model.get_submodule(parent), own_name, computed[re.sub(r"^blocks\.\d+", "blocks.0", name)])


HEAD_WIDTH = 64
"""Channels of an attention head, in every transformer of the catalogue."""


def _check_size(size: int, patch: int, name: str) -> None:
    if size % patch or size < patch:
        below = max(1, size // patch) * patch
        raise SettingsError(
            f"{name} takes images whose side is a multiple of {patch} pixels, but got {size}; try {below} or "
            f"{below + patch}"
        )


def _is_transformer(model: Any) -> bool:
    parameters = inspect.signature(model.forward_intermediates).parameters
    return hasattr(model, "blocks") and "return_prefix_tokens" in parameters


def _layers(model: Any, info: BackboneInfo, layers: Sequence[int] | None) -> tuple[int, ...]:
    """The chosen blocks or stages; of a model of timm the quarters of the depth, or the stages of stride 8 and 16."""
    if not hasattr(model, "forward_intermediates") or not hasattr(model, "feature_info"):
        raise SettingsError(f"{info.name} gives no features of its layers; choose another model of timm")
    known = len(model.feature_info)
    chosen = tuple(layers or info.layers)
    if not chosen and _is_transformer(model):
        chosen = quarters(known)
    if not chosen:
        strides = [stage["reduction"] for stage in model.feature_info]
        chosen = tuple(index for index, stride in enumerate(strides) if stride in (8, 16)) or (known - 1,)
    if list(chosen) != sorted(set(chosen)) or not 0 <= chosen[0] <= chosen[-1] < known:
        what = "blocks" if info.patch else "stages"
        raise SettingsError(f"layers of {info.name} must be ascending {what} from 0 to {known - 1}, but got {chosen}")
    return chosen


def _at_size(loaded: Weights, model: Any, info: BackboneInfo, size: int) -> Weights:
    """Weights whose position embedding fits the model; other weights as they are."""
    if not info.patch and not _is_transformer(model):
        return loaded
    patch = info.patch or model.patch_embed.patch_size[0]
    _check_size(size, patch, info.name)
    prefix = 0 if getattr(model, "no_embed_class", False) else model.num_prefix_tokens
    tensors = positions_at(info, loaded.converted.tensors, size // patch, prefix)
    return replace(loaded, converted=replace(loaded.converted, tensors=tensors))


def _extract(model: Any, info: BackboneInfo, layers: tuple[int, ...], size: int) -> Extract:
    if info.family == "stages" or (info.family == "timm" and not _is_transformer(model)):
        return _stages(model, layers)
    grid = size // model.patch_embed.patch_size[0]
    if info.family == "timm":
        return any_vit_tokens(model, layers, grid)
    return clip_tokens(model, layers, grid) if info.family == "clip" else dino_tokens(model, layers, grid)


def _stages(model: Any, layers: tuple[int, ...]) -> Extract:
    """Feature maps of CNN stages on the grid of the coarsest one; embedding = average of the last, L2-normalised.

    Channels lie last in memory, and stages after the last one wanted are left out: 8 photos of 256 px through
    EfficientNet-Lite0 take 0.73 of the time by the first (263 to 192 ms, 2 threads), 0.71 of that by the second.
    """
    model = model.to(memory_format=torch.channels_last)

    def extract(images: Tensor) -> tuple[list[Tensor], Tensor]:
        images = images.contiguous(memory_format=torch.channels_last)
        maps = model.forward_intermediates(images, indices=list(layers), intermediates_only=True, stop_early=True)
        grid = min((m.shape[2:] for m in maps), key=lambda shape: shape[0])
        tokens = [F.adaptive_avg_pool2d(m, grid).permute(0, 2, 3, 1) for m in maps]
        return tokens, F.normalize(maps[-1].mean(dim=(2, 3)), dim=1)

    return extract
