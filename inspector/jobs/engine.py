"""What does the heavy work of a scan: this process, or several machines."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

from inspector.data.parts import Part
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


class Engine(NamedTuple):
    """Where samples are read and compared, and the address that tokens go through where no folder is shared."""

    cache_tokens: CacheTokens
    score_samples: ScoreSamples
    storage: Storage | None = None


ALONE = Engine(cache_tokens, score_samples)
"""This process."""
