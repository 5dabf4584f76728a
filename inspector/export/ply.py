"""Scored points as PLY, which every viewer of point clouds opens."""

import numpy as np
from numpy.typing import NDArray

_RECORD = np.dtype([(name, "<f4") for name in ("x", "y", "z", "score")] + [(c, "u1") for c in ("red", "green", "blue")])
_TYPES = {"<f4": "float", "|u1": "uchar"}


def encode_ply(points: NDArray[np.float32], scores: NDArray[np.float32], colours: NDArray[np.uint8]) -> bytes:
    """Encode scored points as binary PLY, little endian.

    Args:
        points: (M, 3) in any unit.
        scores: (M,), kept as the property `score`.
        colours: (M, 3) RGB.

    Returns:
        The bytes of the file.

    Raises:
        ValueError: the lengths differ.
    """
    if not points.shape == (len(scores), 3) == colours.shape:
        raise ValueError(f"expected points and colours ({len(scores)}, 3), but got {points.shape}, {colours.shape}")
    records = np.empty(len(points), _RECORD)
    columns = (*points.T, scores, *colours.T)
    for name, column in zip(_RECORD.names or (), columns, strict=True):
        records[name] = column
    properties = "".join(f"property {_TYPES[_RECORD[name].str]} {name}\n" for name in _RECORD.names or ())
    header = f"ply\nformat binary_little_endian 1.0\nelement vertex {len(points)}\n{properties}end_header\n"
    return header.encode("ascii") + records.tobytes()
