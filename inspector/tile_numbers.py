"""Numbers of tiles as people write them."""

import re

MOST_TILES = 16
"""Along one side of a photo."""


def write_tiles(given: object) -> str:
    """Bring a number of tiles to one form: "auto", a number such as "3", or rows x columns such as "2x5".

    Raises:
        ValueError: it is something else.

    Example:
        2 gives "2", "2 X 5" gives "2x5", "1x1" gives "1".
    """
    text = str(given).strip().lower()
    if text == "auto":
        return text
    found = re.fullmatch(r"(\d{1,3})(?:\s*[x×]\s*(\d{1,3}))?", text)
    numbers = tuple(int(number) for number in found.groups() if number) if found else ()
    if not numbers or not all(1 <= number <= MOST_TILES for number in numbers):
        raise ValueError(f"give auto, a number from 1 to {MOST_TILES}, or rows x columns, as in 2x5")
    return "1" if set(numbers) == {1} else "x".join(map(str, numbers))


def read_tiles(text: str) -> tuple[int, ...]:
    """Read a number of tiles, but not "auto", in the form of `write_tiles`: "3" gives (3,), "2x5" gives (2, 5)."""
    return tuple(int(number) for number in text.split("x"))
