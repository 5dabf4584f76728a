"""Value ranges of photos as people write them."""

import math
import re


def write_limits(given: object) -> str:
    """Bring a value range to one form: "auto", "full", or pairs of numbers, as in "0, 4095".

    Raises:
        ValueError: it is something else.
    """
    if isinstance(given, str) and given.strip().lower() in ("auto", "full"):
        return given.strip().lower()
    numbers = read_limits(given if isinstance(given, str) else str(given))
    return ", ".join(f"{number:.12g}" for pair in numbers for number in pair)


def read_limits(text: str) -> tuple[tuple[float, float], ...]:
    """Read pairs of numbers: "0, 4095" gives ((0, 4095),), and "[[0, 1], [0, 2], [0, 3]]" three of them.

    Raises:
        ValueError: they are no pairs, not one or three, or the first of two is not the lower.
    """
    words = re.sub(r"[\[\](),;]", " ", text).split()
    try:
        numbers = [float(word) for word in words]
    except ValueError:  # it would repeat the whole word
        numbers = []
    pairs = tuple(zip(numbers[::2], numbers[1::2], strict=False))
    if len(numbers) not in (2, 6) or not all(low < high < math.inf and low > -math.inf for low, high in pairs):
        raise ValueError("give auto, full, or the lowest and the highest value, as in 0, 4095")
    return pairs
