"""Families of networks: how one of each is built, brought to another size, and asked for tokens."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import timm
import torch
from torch import Tensor

from inspector.features.photo_tokens import (
    DINO_OFFSET,
    Extract,
    clip_tokens,
    dino_tokens,
    resample_positions,
    stage_tokens,
    timm_tokens,
)
from inspector.weights.catalogue import BackboneInfo

HEAD_WIDTH = 64
"""Channels of an attention head, in every transformer of the catalogue."""

Options = dict[str, Any]
"""What timm's builder is told besides the architecture."""


def _build(info: BackboneInfo, size: int, options: Options) -> Any:
    """Build a network of shapes without memory (device "meta")."""
    with torch.device("meta"):
        return timm.create_model(info.timm_name, pretrained=False, **_describe(info, size), **options)


def _describe(info: BackboneInfo, size: int) -> Options:
    if not info.patch:
        return {}
    return {
        "img_size": size,
        "patch_size": info.patch,
        "embed_dim": info.width,
        "depth": info.depth,
        "num_heads": info.width // HEAD_WIDTH,
        "num_classes": info.embedding,
    }


def _build_dinov3(info: BackboneInfo, size: int, options: Options) -> Any:
    """Build a network of shapes; what it computes and no file holds (periods of the rotation, zeros) is real."""
    model = _build(info, size, options)
    shallow = timm.create_model(info.timm_name, pretrained=False, **{**_describe(info, size), **options, "depth": 1})
    computed = dict(shallow.named_buffers())
    for name, _ in list(model.named_buffers()):
        parent, _, own_name = name.rpartition(".")
        setattr(model.get_submodule(parent), own_name, computed[re.sub(r"^blocks\.\d+", "blocks.0", name)])
    return model


def _build_timm(info: BackboneInfo, size: int, options: Options) -> Any:
    try:
        return timm.create_model(info.timm_name, pretrained=False, num_classes=0, img_size=size, **options)
    except TypeError:  # CNNs take any size and no such argument
        return timm.create_model(info.timm_name, pretrained=False, num_classes=0, **options)


def _resample(info: BackboneInfo, positions: Tensor, grid: int, prefix: int) -> Tensor:
    """Plain bicubic: CLIP, as MuSc loads it, and models of timm."""
    return resample_positions(positions, grid, prefix=prefix)


def _resample_dino(info: BackboneInfo, positions: Tensor, grid: int, prefix: int) -> Tensor:
    """With the 0.1; DINOv2 with registers is antialiased instead."""
    if info.registers:
        return resample_positions(positions, grid, prefix=prefix, smooth=True)
    return resample_positions(positions, grid, prefix=prefix, offset=DINO_OFFSET)


@dataclass(frozen=True)
class Family:
    """What networks have in common that are built and used alike.

    Attributes:
        build: entry of the catalogue, side of the input in pixels, more options of timm -> the network. Weights may
            have shapes but no memory yet.
        extract: network with its weights, layers, side of the input -> how photos become tokens.
        resample: entry, position embedding (1, prefix + P, C), side of the new grid in patches, number of rows that
            belong to no patch -> the embedding at that size. Networks without positions are never asked.
    """

    build: Callable[[BackboneInfo, int, Options], Any]
    extract: Callable[[Any, tuple[int, ...], int], Extract]
    resample: Callable[[BackboneInfo, Tensor, int, int], Tensor] = _resample


FAMILIES: dict[str, Family] = {
    "stages": Family(_build, stage_tokens),
    "clip": Family(_build, clip_tokens),
    "dino": Family(_build, dino_tokens, _resample_dino),
    "dinov2": Family(_build, dino_tokens, _resample_dino),
    "dinov3": Family(_build_dinov3, dino_tokens),
    "timm": Family(_build_timm, timm_tokens),
}
"""By the `family` of an entry of the catalogue."""


def build_model(info: BackboneInfo, size: int, *, quick_gelu: bool = False) -> Any:
    """Build a network without weights: they have shapes but no memory yet (device "meta"), but for `timm:NAME`.

    Args:
        info: the network; width, depth, patch and length of the embedding are taken from here.
        size: side of the input in pixels.
        quick_gelu: x * sigmoid(1.702 x) instead of GELU.
    """
    return FAMILIES[info.family].build(info, size, {"act_layer": "quick_gelu"} if quick_gelu else {})
