"""Arrays from files that may be damaged or made up: no object is ever unpickled, nothing is taken that does not fit."""

import io
import lzma
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Callable
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

DAMAGED = (
    *(OSError, ValueError, EOFError, KeyError, IndexError, TypeError, SyntaxError, MemoryError, RuntimeError),
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, tokenize.TokenError, OverflowError),
)
"""What numpy and zipfile raise on files that are not what they seem."""

MOST_BYTES = 1 << 32
"""Larger arrays are refused: a few kilobytes of a packed file may claim to hold terabytes."""

MEMBER = "embeddings"
"""Name of the array that is meant where an archive holds several."""


def to_npy(values: NDArray[Any]) -> bytes:
    """Return an array as the content of a .npy file.

    Where numpy writes it to a file itself, it does not pass on what the system says, as that the disk is full.
    """
    content = io.BytesIO()
    np.save(content, values, allow_pickle=False)
    return content.getvalue()


def read_matrix(path: str | Path, rows: int) -> NDArray[Any]:
    """Read a matrix of numbers from a file of numpy, told by its bytes.

    Args:
        path: .npy; or .npz with one array, or one called "embeddings".
        rows: how many it must have.

    Returns:
        (rows, D), of the type that the file has.

    Raises:
        ValueError, or another of `DAMAGED`: it is something else.
    """

    def check(shape: tuple[int, ...]) -> None:
        if len(shape) != 2 or shape[0] != rows or shape[1] < 1:
            raise ValueError(f"it holds an array of shape {shape}, but ({rows}, D) is needed, a row a score")

    return _read_file(Path(path), MEMBER, check)


def read_plane(path: str | Path, member: str) -> NDArray[Any]:
    """Read one plane of numbers from a file of numpy, told by its bytes; axes of length 1 before it are dropped.

    Args:
        path: .npy; or .npz with one array, or one called `member`.
        member: see there.

    Returns:
        (h, w), of the type that the file has.

    Raises:
        ValueError, or another of `DAMAGED`: it is something else.
    """

    def check(shape: tuple[int, ...]) -> None:
        if len(shape) < 2 or 0 in shape or prod(shape[:-2]) != 1:
            raise ValueError(f"it holds an array of shape {shape}, but one plane (h, w) is needed")

    plane = _read_file(Path(path), member, check)
    return plane.reshape(plane.shape[-2:])


def _read_file(path: Path, member: str, check: Callable[[tuple[int, ...]], None]) -> NDArray[Any]:
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            return _read_npy(file, check)
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".npy")]
        chosen = f"{member}.npy" if f"{member}.npy" in names else names[0] if len(names) == 1 else None
        if chosen is None:
            told = ", ".join(name.removesuffix(".npy") for name in names[:9])
            raise ValueError(f'several arrays ({told}), none of them called "{member}"' if names else "it has no array")
        with archive.open(chosen) as file:
            return _read_npy(file, check)


def _read_npy(file: IO[bytes], check: Callable[[tuple[int, ...]], None]) -> NDArray[Any]:
    version = np.lib.format.read_magic(file)
    if version not in ((1, 0), (2, 0)):
        raise ValueError("its values are no plain numbers")
    header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, by_columns, kind = header(file)
    if kind.hasobject or kind.kind not in "fiub":
        raise ValueError("its values are no plain numbers")
    check(shape)
    size = prod(shape) * kind.itemsize
    if size > MOST_BYTES:
        raise ValueError(f"it claims to hold {size / 1e9:.0f} GB")
    content = file.read(size)
    if len(content) < size:
        raise ValueError("it is cut off")
    return np.frombuffer(content, kind).reshape(shape, order="F" if by_columns else "C")
