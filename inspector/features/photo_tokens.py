"""Tokens of photos as the networks were published: position embeddings at a new size, blocks or stages, embedding."""

import inspect
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

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


def clip_tokens(model: Any, layers: tuple[int, ...], size: int) -> Extract:
    """CLIP as in MuSc: what the blocks give, without the final norm; the projected class token, L2-normalised."""
    grid = _count_patches(model, size)

    def extract(images: Tensor) -> tuple[list[Tensor], Tensor]:
        final, blocks = model.forward_intermediates(images, indices=list(layers), output_fmt="NLC")
        return _lay_on_grid(blocks, grid), F.normalize(model.head(final[:, 0]), dim=-1)

    return extract


def dino_tokens(model: Any, layers: tuple[int, ...], size: int) -> Extract:
    """DINO, DINOv2, DINOv3: the final norm applied to what each block gives; the final class token as it is."""
    grid = _count_patches(model, size)

    def extract(images: Tensor) -> tuple[list[Tensor], Tensor]:
        final, blocks = model.forward_intermediates(images, indices=list(layers), norm=True, output_fmt="NLC")
        return _lay_on_grid(blocks, grid), final[:, 0]

    return extract


def transformer_tokens(model: Any, layers: tuple[int, ...], size: int) -> Extract:
    """Any transformer of timm: the final norm applied to each block; what its head would see, L2-normalised."""
    grid = _count_patches(model, size)

    def extract(images: Tensor) -> tuple[list[Tensor], Tensor]:
        final, blocks = model.forward_intermediates(images, indices=list(layers), norm=True, output_fmt="NLC")
        return _lay_on_grid(blocks, grid), F.normalize(model.forward_head(final, pre_logits=True), dim=-1)

    return extract


def _lay_on_grid(blocks: list[Tensor], grid: int) -> list[Tensor]:
    return [block.view(len(block), grid, grid, -1) for block in blocks]  # (N, rows, cols, C)


def _count_patches(model: Any, size: int) -> int:
    grid: int = size // model.patch_embed.patch_size[0]
    return grid


def stage_tokens(model: Any, layers: tuple[int, ...], _: int) -> Extract:
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


def is_transformer(model: Any) -> bool:
    """Say whether a model of timm is a vision transformer, whose layers are blocks; else its layers are stages."""
    parameters = inspect.signature(model.forward_intermediates).parameters
    return hasattr(model, "blocks") and "return_prefix_tokens" in parameters


def timm_tokens(model: Any, layers: tuple[int, ...], size: int) -> Extract:
    """Any model of timm: as a transformer, if it is one, else as a CNN."""
    return (transformer_tokens if is_transformer(model) else stage_tokens)(model, layers, size)
