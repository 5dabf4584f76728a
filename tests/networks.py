"""The embedded network, read once for all scans of a process."""

import copy
import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspector.features.backbones import Backbone


def load_once(name: str, **options: Any) -> "Backbone":
    """As `load_backbone`; the embedded network, which nothing changes, is kept from the first time on."""
    from inspector.features.backbones import load_backbone
    from inspector.weights.catalogue import find_backbone
    from inspector.weights.store import weights_path

    info = find_backbone(name)
    if info.file or info.family == "timm" or options.get("weights") or weights_path(info).exists():
        return load_backbone(name, **options)
    return copy.copy(_load(name, tuple(sorted(options.items()))))


@functools.cache
def _load(name: str, options: tuple[tuple[str, Any], ...]) -> "Backbone":
    from inspector.features.backbones import load_backbone

    return load_backbone(name, **dict(options))
