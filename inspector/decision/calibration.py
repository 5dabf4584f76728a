"""What a batch teaches: where odd begins, and on which scales. Fitted on a batch, applied to its parts and later ones.

No torch: the app decides by it, too.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspector.decision.threshold import label_free_threshold, to_map_scale


@dataclass(frozen=True)
class Calibration:
    """The scales of one batch.

    Attributes:
        threshold: final scores above it are flagged.
        rescored: whether final scores went through re-scoring (about 0..1), or are the raw ones.
        raw_low, raw_high: raw scores that re-scoring calls 0 and 1.
        map_low, map_high: map values of the coldest and the hottest colour.
    """

    threshold: float
    rescored: bool
    raw_low: float
    raw_high: float
    map_low: float
    map_high: float

    @classmethod
    def fit(
        cls,
        raw: NDArray[np.floating],
        final: NDArray[np.floating],
        map_values: NDArray[np.float32],
        *,
        rescored: bool,
        threshold_k: float,
    ) -> "Calibration":
        """Learn the scales of a batch; see `label_free_threshold` and `choose_display_range`.

        Args:
            raw, final: (N,) scores of the parts that count: those with all that the others have.
            map_values: values of their maps, any shape.
            rescored: whether `final` was re-scored.
            threshold_k: how many MADs above the median odd begins.
        """
        threshold = label_free_threshold(final, threshold_k)
        map_threshold = to_map_scale(threshold, rescored, raw)
        low, high = choose_display_range(map_values, map_threshold)
        return cls(threshold, rescored, float(raw.min()), float(raw.max()), low, high)

    @property
    def map_threshold(self) -> float:
        """The threshold on the scale of the maps."""
        return to_map_scale(self.threshold, self.rescored, np.array([self.raw_low, self.raw_high]))

    def apply(self, final: float) -> bool:
        """Decide one part by its final score: True = flagged."""
        return bool(final > self.threshold)

    def to_json(self) -> dict[str, Any]:
        """Return it as values that JSON holds exactly."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Calibration":
        """Read it back; raises KeyError where a value is missing."""
        return cls(**{name: values[name] for name in cls.__dataclass_fields__})


def choose_display_range(values: NDArray[np.float32], threshold: float) -> tuple[float, float]:
    """Choose the map values shown as the coldest and the hottest colour, one pair for a whole run.

    The range begins at the median. It ends where one value in a thousand lies higher, yet never less above the
    threshold than the threshold lies above the median: one extreme defect does not pale the others, and a batch
    where nothing stands out is not painted hot.

    Args:
        values: all map values of a run, any shape.
        threshold: where a defect begins, on the scale of the maps.

    Returns:
        (low, high), low < high.
    """
    low = float(np.median(values))
    high = max(float(np.quantile(values, 0.999)), threshold + (threshold - low))
    return low, high if high > low else low + 1.0
