"""What does the heavy work of a scan: this process, or several machines."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import NamedTuple, Protocol

from inspector.data.parts import Part
from inspector.data.samples import Batch
from inspector.features.reader import CloudFeatures, ImageFeatures, cache_tokens
from inspector.scoring.mutual import ScoreSamples, score_samples
from inspector.storage import Storage


class CacheTokens(Protocol):
    """How `cache_tokens` is called."""

    def __call__(
        self,
        readers: Sequence[Callable[[], Part]],
        images: ImageFeatures | None,
        clouds: CloudFeatures | None,
        *,
        batch_size: int,
        left: Callable[[], int],
        shrunk: Callable[[int], None],
    ) -> Iterator[list[Part]]:
        """Put tokens into the caches, and yield what was read in batch order."""
        ...


class Shared(NamedTuple):
    """A batch as all who read it find its files, and where their tokens go besides the workspace."""

    batch: Batch
    storage: Storage | None


def _share_folders(batch: Batch, _cache: Path, storage: Storage | None) -> AbstractContextManager[Shared]:
    """Share a batch, and a folder for tokens, with those who see them."""
    return nullcontext(Shared(batch, storage))


class Engine(NamedTuple):
    """Where samples are read and compared, how their files come there for one scan, and an address for tokens."""

    cache_tokens: CacheTokens
    score_samples: ScoreSamples
    storage: Storage | None = None
    share: Callable[[Batch, Path, Storage | None], AbstractContextManager[Shared]] = _share_folders


ALONE = Engine(cache_tokens, score_samples)
"""This process."""
