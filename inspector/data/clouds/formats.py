"""The kinds of files that hold points and nothing else, and how each is read."""

from collections.abc import Callable

from inspector.data.clouds.pcd import parse_pcd
from inspector.data.clouds.ply import parse_ply
from inspector.data.clouds.point_file import PointFile
from inspector.data.clouds.stl import parse_stl
from inspector.data.clouds.xyz import parse_xyz

PARSERS: dict[str, Callable[[bytes, str], PointFile]] = {
    ".ply": parse_ply,
    ".pcd": parse_pcd,
    ".xyz": parse_xyz,
    ".asc": parse_xyz,
    ".pts": parse_xyz,
    ".stl": parse_stl,
}
"""How the bytes of a file are read, by its suffix; the second argument is what to call it in an error."""
