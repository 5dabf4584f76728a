"""How much memory a scan may take: what is free for it, its budget, and how libraries tell that it ran out."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from inspector.errors import SettingsError

GB = 1e9
"""Bytes in the gigabyte of the setting `memory`."""

FREE_SHARE = 0.6
"""Of what is free, taken where no budget is set: the rest is for the desktop app and other programs."""

GPU_SHARE = 0.8
"""Of a GPU's free memory: its allocator cannot use the gaps between blocks."""

LEAST_ROOM = 48_000_000
"""Bytes below which neither a photo can be decoded nor samples be compared: a budget leaves at least as much."""

READERS = 2
"""Threads that read and prepare samples, at least; each may hold a photo of several hundred megapixels."""

MOST_READERS = 8
"""As many at most: more wait for Python."""

READER_BYTES = 2_000_000_000
"""Memory for which one more reads."""

CGROUPS = Path("/sys/fs/cgroup")
OWN_CGROUPS = Path("/proc/self/cgroup")

UNLIMITED = 1 << 60
"""Limits above this stand for none: cgroup v1 writes 2^63 rounded down to pages."""


@dataclass(frozen=True)
class Budget:
    """The resident memory that a scan may take, libraries and network included.

    Attributes:
        limit: bytes.
        given: whether the user set it.
    """

    limit: int
    given: bool

    def left(self) -> int:
        """Return the bytes that may be taken besides those this process holds now; never more than are free."""
        return max(0, min(self.limit - resident_bytes(), free_bytes()))

    def require(self, needed: int, what: str) -> None:
        """Make sure that some more bytes fit.

        Args:
            needed: bytes besides those this process holds now.
            what: needs them; begins the sentence of the error.

        Raises:
            SettingsError: they do not fit; says how much memory is needed at least.
        """
        if needed <= self.left():
            return
        least = f"{(resident_bytes() + needed) * 1.05 / GB:.2f} GB"  # what a process holds varies by some percent
        raise SettingsError(f"{what} at least {least} of memory, but {self._shortage(needed)}")

    def _shortage(self, needed: int) -> str:
        if free_bytes() < needed:
            return f"only {free_bytes() / GB:.2f} GB are free; close other programs or choose a smaller `image_size`"
        if self.given:
            return f"`memory` is set to {self.limit / GB:.2f} GB; give more"
        return f"only {self.limit / GB:.2f} GB may be taken, for others need memory too; allow more with `memory`"


def scan_budget(gigabytes: float | None) -> Budget:
    """Return the budget of a scan.

    Args:
        gigabytes: the setting `memory`; None = what this process holds now and 60 % of what is free.
    """
    if gigabytes is not None:
        return Budget(int(gigabytes * GB), given=True)
    return Budget(resident_bytes() + int(FREE_SHARE * free_bytes()), given=False)


def resident_bytes() -> int:
    """Return the bytes of RAM that this process holds now."""
    return psutil.Process().memory_info().rss


def free_bytes(*, drop_files: bool = False) -> int:
    """Return the bytes this process can still take: the least of free RAM, its cgroups' room and its address space.

    Args:
        drop_files: as for `cgroup_room`.
    """
    return max(0, min(psutil.virtual_memory().available, cgroup_room(drop_files=drop_files), address_space_room()))


def count_readers(room: int, device: str = "") -> int:
    """Return how many threads read samples: one a core that this process may use, while there is memory for what they
    hold.

    Args:
        room: bytes that may be taken.
        device: of the network that computes beside them, "cpu", where it needs the cores, or "cuda"; "" = none does.
    """
    if device == "cpu":
        return READERS
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(READERS, min(cores, MOST_READERS, room // READER_BYTES))


def cgroup_room(groups: Path = CGROUPS, own: Path = OWN_CGROUPS, *, drop_files: bool = False) -> int:
    """Return the bytes below the limits of this process's cgroups (Linux containers), of version 2 and 1.

    Cached files that are not in use do not count as taken: the system drops them when it needs room.

    Args:
        groups: where cgroups are mounted.
        own: says in which ones this process is.
        drop_files: whether those that are in use, as files that were read twice, do not count, either: the system drops
            them, too, before it ends a program.
    """
    return min((_room_in(folder, drop_files) for folder in _folders(groups, own)), default=UNLIMITED)


def address_space_room() -> int:
    """Return the bytes below the limit of this process's address space; Windows has none."""
    try:
        import resource
    except ImportError:
        return UNLIMITED
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return UNLIMITED if limit == resource.RLIM_INFINITY else max(0, limit - psutil.Process().memory_info().vms)


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an error means that memory ran out, of the machine or of its GPU.

    torch 2.15 with a limited address space raises RuntimeError, not MemoryError: "DefaultCPUAllocator: can't allocate
    memory" for tensors, "could not create a primitive" for convolutions of oneDNN, and C++ libraries "bad_alloc".
    On GPUs it is `torch.OutOfMemoryError`, known here by its name, for this module does without torch.
    """
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in _WORDS)


_WORDS = (
    "can't allocate memory",
    "not enough memory",  # the same allocator on Windows
    "could not create a primitive",
    "could not create a memory",
    "bad_alloc",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
)


def _folders(groups: Path, own: Path) -> Iterator[Path]:
    """The cgroups that may limit this process: its own ones and all above, as seen from where they are mounted."""
    yield from (groups, groups / "memory")
    try:
        lines = own.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers and "memory" not in controllers.split(","):
            continue
        folder = (groups / "memory" if controllers else groups) / path.lstrip("/")
        while folder not in (groups, groups / "memory") and groups in folder.parents and os.pardir not in folder.parts:
            yield folder
            folder = folder.parent


def _room_in(folder: Path, drop_files: bool) -> int:
    for limit_file, usage_file, idle, used in (
        ("memory.max", "memory.current", "inactive_file", "active_file"),
        ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file", "total_active_file"),
    ):
        limit, usage = _number(folder / limit_file), _number(folder / usage_file)
        if limit is not None and usage is not None and limit < UNLIMITED:
            files = sum(_statistic(folder / "memory.stat", name) for name in (idle, used)[: 1 + drop_files])
            return max(0, limit - max(0, usage - files))
    return UNLIMITED


def _number(file: Path) -> int | None:
    """The number in a file; None where there is no such file or it says "max"."""
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return None


def _statistic(file: Path, name: str) -> int:
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name} ")), 0)
