"""Tokens of vision transformers as they were published: position embeddings at a new size, blocks, class token."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from inspector.weights.catalogue import BackboneInfo

Extract = Callable[[Tensor], tuple[list[Tensor], Tensor]]
"""Normalised images (N, 3, S, S) -> patch tokens (N, rows, cols, C) of each layer, and embeddings (N, D)."""

DINO_OFFSET = 0.1
"""DINO scales its grid by (new + 0.1) / old, against rounding; part of the published weights' use ever since."""


def resample_positions(
    positions: Tensor, grid: int, *, prefix: int, offset: float = 0.0, smooth: bool = False
) -> Tensor:
    """Bring position embeddings to another grid: bicubic (a = -0.75), corners not aligned.

    Args:
        positions: (1, prefix + P, C) floating, P = square of the trained grid.
        grid: side of the new grid, in patches.
        prefix: rows that belong to no patch; they are kept as they are.
        offset: DINO's and DINOv2's 0.1: sample positions are scaled by old / (grid + offset) instead of old / grid.
        smooth: antialias when the grid shrinks, as DINOv2 with registers does.

    Returns:
        (1, prefix + grid x grid, C); `positions` itself where the grid is the trained one.

    Raises:
        ValueError: P is no square.
    """
    count = positions.shape[1] - prefix
    trained = round(count**0.5)
    if trained * trained != count:
        raise ValueError(f"expected positions of a square grid, but got {count} of them")
    if trained == grid:
        return positions
    plane = positions[:, prefix:].reshape(1, trained, trained, -1).permute(0, 3, 1, 2)  # (1, C, trained, trained)
    if offset:
        plane = F.interpolate(plane, scale_factor=((grid + offset) / trained,) * 2, mode="bicubic")
    else:
        plane = F.interpolate(plane, size=(grid, grid), mode="bicubic", antialias=smooth)
    return torch.cat([positions[:, :prefix], plane.permute(0, 2, 3, 1).flatten(1, 2)], dim=1)


def positions_at(info: BackboneInfo, tensors: Mapping[str, Tensor], grid: int, prefix: int) -> dict[str, Tensor]:
    """Return tensors with their position embedding brought to a grid, by the rule of the network's family.

    CLIP, as MuSc loads it, and other models of timm: plain bicubic. DINO and DINOv2: with the 0.1. DINOv2 with
    registers: antialiased. DINOv3 has none.
    """
    if "pos_embed" not in tensors:
        return dict(tensors)
    offset = DINO_OFFSET if info.family in ("dino", "dinov2") and not info.registers else 0.0
    smooth = info.family == "dinov2" and info.registers > 0
    positions = resample_positions(tensors["pos_embed"], grid, prefix=prefix, offset=offset, smooth=smooth)
    return {**tensors, "pos_embed": positions}


def clip_tokens(model: Any, layers: tuple[int, ...], grid: int) -> Extract:
    """CLIP as in MuSc: what the blocks give, without the final norm; the projected class token, L2-normalised."""

    def extract(images: Tensor) -> tuple[list[Tensor], Tensor]:
        final, blocks = model.forward_intermediates(images, indices=list(layers), output_fmt="NLC")
        return _on_grid(blocks, grid), F.normalize(model.head(final[:, 0]), dim=-1)

    return extract


def dino_tokens(model: Any, layers: tuple[int, ...], grid: int) -> Extract:
    """DINO, DINOv2, DINOv3: the final norm applied to what each block gives; the final class token as it is."""

    def extract(images: Tensor) -> tuple[list[Tensor], Tensor]:
        final, blocks = model.forward_intermediates(images, indices=list(layers), norm=True, output_fmt="NLC")
        return _on_grid(blocks, grid), final[:, 0]

    return extract


def any_vit_tokens(model: Any, layers: tuple[int, ...], grid: int) -> Extract:
    """Any transformer of timm: the final norm applied to each block; what its head would see, L2-normalised."""

    def extract(images: Tensor) -> tuple[list[Tensor], Tensor]:
        final, blocks = model.forward_intermediates(images, indices=list(layers), norm=True, output_fmt="NLC")
        return _on_grid(blocks, grid), F.normalize(model.forward_head(final, pre_logits=True), dim=-1)

    return extract


def _on_grid(blocks: list[Tensor], grid: int) -> list[Tensor]:
    return [block.view(len(block), grid, grid, -1) for block in blocks]  # (N, rows, cols, C)
