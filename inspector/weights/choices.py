"""What a network can do, as far as that is known without loading it: sizes of its input, and layers."""

from collections.abc import Sequence

from inspector.errors import SettingsError
from inspector.weights.catalogue import BackboneInfo, find_backbone

STAGES = 5
"""Stages of a CNN of the catalogue."""


def check_choices(name: str, sizes: Sequence[int | None], layers: Sequence[int] | None) -> None:
    """Refuse what a network of the catalogue cannot do, without loading it; a model of timm tells that when loaded.

    Args:
        name: of the network.
        sizes: sides of its input in pixels; None = the usual one.
        layers: blocks or stages, counted from 0; None = the usual ones.

    Raises:
        SettingsError: there is no such network, or it has no such size or layer.
    """
    if name.startswith("timm:"):
        return
    info = find_backbone(name)
    for size in sizes:
        if size is not None and info.patch:
            check_size(size, info.patch, info.name)
    if layers:
        check_layers(info, layers, info.depth if info.patch else STAGES)


def check_size(size: int, patch: int, name: str) -> None:
    """Raise SettingsError where a network with patches of a side does not take another side, both in pixels."""
    if size % patch or size < patch:
        below = max(1, size // patch) * patch
        raise SettingsError(
            f"{name} takes images whose side is a multiple of {patch} pixels, but got {size}; try {below} or "
            f"{below + patch}"
        )


def check_layers(info: BackboneInfo, layers: Sequence[int], known: int) -> None:
    """Raise SettingsError where a network that has `known` layers has not those that are wanted."""
    if list(layers) != sorted(set(layers)) or not 0 <= layers[0] <= layers[-1] < known:
        what = "blocks" if info.patch else "stages"
        raise SettingsError(
            f"layers of {info.name} must be ascending {what} from 0 to {known - 1}, but got {tuple(layers)}"
        )
