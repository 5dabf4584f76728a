"""Control charts of a reject rate: p-chart and EWMA.

After D. C. Montgomery, Introduction to Statistical Quality Control, 6th edition, sections 7.2 and 9.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

SIGMAS = 3.0
"""Distance of the control limits from the centre line, in standard deviations (Montgomery, section 7.2)."""

WEIGHT = 0.2
"""Lambda, weight of the newest value in the EWMA; 0.05 to 0.25 work well (Montgomery, section 9.2)."""

Floats = NDArray[np.float64]

ROUNDING = 1e-12
"""A value may lie so far beyond its limit for no other reason than how numbers are rounded."""

Kind = Literal["above", "below", "risen", "fallen"]
"""What a point says: its rate is above or below its limits, or the EWMA has risen above or fallen below its own."""


@dataclass(frozen=True)
class ControlChart:
    """A p-chart with its EWMA. All arrays have one entry a point, all values are shares, 0 to 1.

    Attributes:
        parts: n_i. rejected: D_i.
        centre: mean rate of all parts together.
        rates: D_i / n_i. lower, upper: their control limits.
        ewma: exponentially weighted moving average of the rates. ewma_lower, ewma_upper: its control limits.
    """

    parts: NDArray[np.int64] = field(repr=False)
    rejected: NDArray[np.int64] = field(repr=False)
    centre: float
    rates: Floats = field(repr=False)
    lower: Floats = field(repr=False)
    upper: Floats = field(repr=False)
    ewma: Floats = field(repr=False)
    ewma_lower: Floats = field(repr=False)
    ewma_upper: Floats = field(repr=False)

    def signals(self) -> list[tuple[int, Kind]]:
        """Return the points outside limits, by their place, and what each of them says.

        A point on its limit is inside. Where the EWMA stays outside, only its first point there is named.
        """
        found: list[tuple[int, Kind]] = []
        outside: Kind | None = None
        for place in range(len(self.rates)):
            if self.rates[place] > self.upper[place] + ROUNDING:
                found.append((place, "above"))
            elif self.rates[place] < self.lower[place] - ROUNDING:
                found.append((place, "below"))
            now = self._judge_level(place)
            if now is not None and now != outside:
                found.append((place, now))
            outside = now
        return found

    def _judge_level(self, place: int) -> Kind | None:
        if self.ewma[place] > self.ewma_upper[place] + ROUNDING:
            return "risen"
        return "fallen" if self.ewma[place] < self.ewma_lower[place] - ROUNDING else None


def make_chart(rejected: Sequence[int], parts: Sequence[int]) -> ControlChart | None:
    """Make the p-chart of groups of parts, with limits of their own for each size, and its EWMA.

    p-chart (Montgomery, section 7.2, "Variable sample size"): the centre line is p = sum(D_i) / sum(n_i), the limits of
    point i are p -+ 3 sqrt(p (1 - p) / n_i), cut off at 0 and 1. EWMA (section 9.2): z_i = w x_i + (1 - w) z_(i-1),
    z_0 = p, of the rates x_i. Its limits are p -+ 3 sqrt(V_i), where V_i = w^2 p (1 - p) / n_i + (1 - w)^2 V_(i-1),
    V_0 = 0: with groups of one size n this is p (1 - p) / n * w / (2 - w) * (1 - (1 - w)^(2 i)), as in the book.

    The limits are those of the normal distribution, and only rough where few rejects are expected of a group.

    Args:
        rejected: D_i, of 0 to n_i.
        parts: n_i, 1 or more.

    Returns:
        The chart; None where there is no group.

    Raises:
        ValueError: a group has no parts, or more rejects than parts.

    Example:
        make_chart([2, 4], [20, 20]): the centre is 0.15, the upper limit 0.15 + 3 sqrt(0.15 * 0.85 / 20) = 0.3895, the
        lower one 0; the EWMA is 0.14, then 0.152.
    """
    count, size = np.asarray(rejected, np.int64), np.asarray(parts, np.int64)
    if not len(size):
        return None
    if (size < 1).any() or (count < 0).any() or (count > size).any():
        raise ValueError(f"expected 0 to n rejects of n >= 1 parts, but got {list(rejected)} of {list(parts)}")
    rates = count / size
    centre = float(count.sum() / size.sum())
    variances = centre * (1 - centre) / size
    ewma, spread = np.empty_like(rates), np.empty_like(rates)
    level, variance = centre, 0.0
    for place, (rate, own) in enumerate(zip(rates, variances, strict=True)):
        level = WEIGHT * rate + (1 - WEIGHT) * level
        variance = WEIGHT**2 * own + (1 - WEIGHT) ** 2 * variance
        ewma[place], spread[place] = level, variance
    lower, upper = _limits(centre, variances)
    ewma_lower, ewma_upper = _limits(centre, spread)
    return ControlChart(size, count, centre, rates, lower, upper, ewma, ewma_lower, ewma_upper)


def _limits(centre: float, variances: Floats) -> tuple[Floats, Floats]:
    away = SIGMAS * np.sqrt(variances)
    return np.maximum(centre - away, 0.0), np.minimum(centre + away, 1.0)
