"""What a file may unpack to, told before anything is unpacked."""

from inspector.errors import InputError

SMALL = 1 << 26
"""Bytes that any file may unpack to; points of them take ten times as many."""

MOST_UNPACKED = 100
"""Larger files may unpack to this many times their size: measured floats hardly shrink to a tenth."""


def require_room(unpacked: int, packed: int, name: str) -> None:
    """Check that a file says no more than it can hold.

    Args:
        unpacked: bytes of all its values.
        packed: bytes of the file.
        name: what to call it in an error.

    Raises:
        InputError: it would unpack to far more than files of its size do.
    """
    if unpacked > max(SMALL, MOST_UNPACKED * packed):
        raise InputError(
            f"{name} is damaged: its header tells of {unpacked / 1e9:.1f} GB in a file of {packed / 1e6:.1f} MB; "
            "copy it again from the scanner"
        )
