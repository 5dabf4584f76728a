"""What a batch teaches: where odd begins, and on which scales. Fitted on a batch, applied to its parts and later ones.

No torch: the app decides by it, too.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from inspector.decision.threshold import choose_threshold, to_map_scale

BY_HAND = "It was set by hand."
"""How a threshold was found that a person chose."""


@dataclass(frozen=True)
class Calibration:
    """The scales of one batch.

    Attributes:
        threshold: final scores above it are flagged.
        rescored: whether final scores went through re-scoring (about 0..1), or are the raw ones.
        raw_low, raw_high: raw scores that re-scoring calls 0 and 1.
        map_low, map_high: map values of the coldest and the hottest colour.
        sure: whether the scores themselves tell good from bad, or the threshold was set by hand or on good parts.
        why: how the threshold was found, or what to do, in one sentence; "" where that was not kept.
    """

    threshold: float
    rescored: bool
    raw_low: float
    raw_high: float
    map_low: float
    map_high: float
    sure: bool = True
    why: str = ""

    @classmethod
    def fit(
        cls,
        raw: NDArray[np.floating],
        final: NDArray[np.floating],
        map_values: NDArray[np.float32],
        *,
        rescored: bool,
        threshold_k: float,
        rule: Literal["auto", "mad"] = "mad",
        all_good: bool = False,
    ) -> "Calibration":
        """Learn the scales of a batch; see `choose_threshold` and `choose_display_range`.

        Args:
            raw, final: (N,) scores of the parts that count: those with all that the others have.
            map_values: values of their maps, any shape.
            rescored: whether `final` was re-scored.
            threshold_k: how many MADs above the median odd begins.
            rule: how the threshold is found.
            all_good: whether all parts are known to be good.
        """
        found = choose_threshold(raw, final, rescored=rescored, rule=rule, k=threshold_k, all_good=all_good)
        map_threshold = to_map_scale(found.value, rescored, raw)
        low, high = choose_display_range(map_values, map_threshold)
        return cls(found.value, rescored, float(raw.min()), float(raw.max()), low, high, found.sure, found.why)

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
        """Read it back; runs of before there was `sure` and `why` lack these. KeyError where another is missing."""
        known = {"sure": True, "why": "", **values}
        return cls(**{name: known[name] for name in cls.__dataclass_fields__})


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
