"""Which exports there are: the engine's own, and what installed packages add, the app's PDF among them."""

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from inspector.errors import InspectorError

if TYPE_CHECKING:  # comes with OpenCV, which a list of names need not wait for
    from inspector.export.writer import Export

GROUP = "inspector.exports"
"""Entry points by which packages add exports: name -> an `Export`."""

EXPORTS = {
    "scores": "inspector.export.tables:SCORES",
    "verdicts": "inspector.export.tables:VERDICTS",
    "regions": "inspector.export.regions:REGIONS",
    "report": "inspector.export.report:REPORT",
    "overlays": "inspector.export.overlays:OVERLAYS",
    "maps": "inspector.export.maps:MAPS",
    "full-maps": "inspector.export.maps:FULL_MAPS",
    "masks": "inspector.export.masks:MASKS",
    "clouds": "inspector.export.clouds:CLOUDS",
    "coco": "inspector.export.coco:COCO",
    "yolo": "inspector.export.yolo:YOLO",
    "voc": "inspector.export.voc:VOC",
    "labelme": "inspector.export.labelme:LABELME",
    "anomalib": "inspector.export.anomalib:ANOMALIB",
}
"""The engine's own: name -> where the `Export` stands. Named, not imported: lists of names must come at once."""

USUAL = ("scores", "overlays", "maps", "clouds", "report")
"""What is written where nobody chooses."""


def list_exports() -> list[str]:
    """Return the names of all exports, the engine's own first; those of packages that lack something too."""
    return [*EXPORTS, *(name for name in _find_added() if name not in EXPORTS)]


def load_export(name: str) -> "Export":
    """Return an export.

    Raises:
        InspectorError: there is none of this name, or something it needs is not installed.
    """
    place = EntryPoint(name, EXPORTS[name], GROUP) if name in EXPORTS else _find_added().get(name)
    if place is None:
        raise InspectorError(f"there is no export {name!r}; choose from: {', '.join(list_exports())}")
    try:
        export: Export = place.load()
    except ModuleNotFoundError as error:
        extras = ",".join(place.extras)
        remedy = f"pip install 'mutual-inspector[{extras}]'" if extras else f"install {error.name}"
        raise InspectorError(f"the export {name} needs {error.name}, which is not installed; {remedy}") from error
    return export


def load_exports(names: Iterable[str]) -> dict[str, "Export"]:
    """Return exports by name; raises as `load_export`."""
    return {name: load_export(name) for name in names}


def _find_added() -> dict[str, EntryPoint]:
    return {place.name: place for place in entry_points(group=GROUP)}
