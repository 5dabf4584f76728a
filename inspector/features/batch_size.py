"""How many photos go through a network together: what one of them takes is measured, the rest is division."""

import weakref
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from inspector.errors import InspectorError
from inspector.features.backbones import Backbone
from inspector.machine import GPU_SHARE, is_out_of_memory

CPU_PHOTOS = 8
"""At most so many on a CPU: more keep its cores no busier."""

GPU_PHOTOS = 64
"""At most so many on a GPU; beyond it the time of a photo stays the same."""

SCRATCH = 1.5
"""Memory of a pass relative to that of its tensors: oneDNN's own buffers come on top (measured: 1.1 to 1.5)."""


class OneImage(NamedTuple):
    """What one image takes: bytes at the peak of its pass, on the network's device, and the patches of its layers."""

    peak: int
    patches: int


def measure_one_image(backbone: Backbone) -> OneImage:
    """Send one grey image through a network and see what it takes.

    Raises:
        InspectorError: memory does not suffice for one image.
    """
    size = backbone.image_size
    image = torch.full((1, 3, size, size), 0.5)
    try:
        if backbone.device == "cpu":
            with _LiveBytes() as live:
                layers, _ = backbone.tokens(image)
            peak = int(live.peak * SCRATCH)
        else:
            before = torch.cuda.memory_allocated()
            torch.cuda.reset_peak_memory_stats()
            layers, _ = backbone.tokens(image)
            peak = torch.cuda.max_memory_allocated() - before
    except Exception as error:
        if is_out_of_memory(error):
            raise describe_too_large(backbone) from error
        raise
    return OneImage(peak, layers[0].shape[1] * layers[0].shape[2])


def choose_batch_size(backbone: Backbone, peak: int, left: int) -> int:
    """Return how many photos fit through a network together: a power of two, at least 1.

    Args:
        backbone: the network.
        peak: bytes that one image takes.
        left: bytes of the budget; on a CPU half of them, the other half is for photos being read. A GPU is asked for
            what is free on it.
    """
    if backbone.device == "cpu":
        return round_to_power_of_two(left // 2 // max(1, peak), CPU_PHOTOS)
    return round_to_power_of_two(int(GPU_SHARE * torch.cuda.mem_get_info()[0]) // max(1, peak), GPU_PHOTOS)


def lower_batch_size(size: int) -> int:
    """Return the next smaller batch size: half of it, or the largest divisor below, so that groups nest in groups.

    Example:
        8 gives 4, 12 gives 6, 9 gives 3, 7 gives 1.
    """
    return next(smaller for smaller in range(size // 2, 0, -1) if size % smaller == 0)


def describe_too_large(backbone: Backbone) -> InspectorError:
    """Return the error that tells that not even one image fits."""
    size = backbone.image_size
    return InspectorError(
        f"memory does not suffice for one image of {size} x {size} pixels in {backbone.name}; choose a smaller "
        "image_size or network, close other programs, or allow more memory"
    )


def round_to_power_of_two(count: int, most: int) -> int:
    """Return the largest power of two up to both numbers, at least 1."""
    return 1 << (max(1, min(count, most)).bit_length() - 1)


class _LiveBytes(TorchDispatchMode):
    """Counts the bytes of the tensors that operations make, while these are alive, and keeps the peak."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.peak = 0
        self._now = 0
        self._alive: set[int] = set()

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = function(*args, **(kwargs or {}))
        for value in tree_leaves(result):
            if isinstance(value, Tensor):
                self._count(value.untyped_storage())
        return result

    def _count(self, storage: torch.UntypedStorage) -> None:
        key = storage._cdata
        if key not in self._alive:
            self._alive.add(key)
            self._now += storage.nbytes()
            self.peak = max(self.peak, self._now)
            weakref.finalize(storage, self._forget, key, storage.nbytes())

    def _forget(self, key: int, size: int) -> None:
        self._alive.discard(key)
        self._now -= size
