"""Which cameras there are, and how their addresses are understood."""

from importlib.metadata import EntryPoint

from inspector.cameras.camera import Camera
from inspector.errors import SettingsError

CAMERAS = {
    "file": "inspector.cameras.opencv:Film",
    "genicam": "inspector.cameras.genicam:GenICamCamera",
}
"""Kind -> what makes the camera of an address KIND:REST. Named, not imported: one needs packages that only it needs."""

DEVICE = "inspector.cameras.opencv:Device"
"""What makes the camera of a number or of a path in /dev."""


def make_camera(address: str) -> Camera:
    """Make the camera of an address; nothing is opened yet.

    Raises:
        SettingsError: the address is not understood, or what its kind needs is not installed.

    Example:
        make_camera("file:line.mp4"), make_camera("0"), make_camera("genicam:/opt/vendor/producer.cti")
    """
    kind, maker = address.partition(":")[0], _find_maker(address)
    if maker is None:
        forms = "file:FILM, a number as 0, /dev/videoN, or genicam:PRODUCER.cti"
        raise SettingsError(f"there is no camera {address!r}; write it as {forms}")
    try:
        make = EntryPoint(kind, maker, "").load()
    except ModuleNotFoundError as error:
        remedy = "pip install 'mutual-inspector[camera]'"
        raise SettingsError(f"{kind}: needs {error.name}, which is not installed; {remedy}") from error
    camera: Camera = make(address)
    return camera


def is_camera(address: str) -> bool:
    """Tell whether an address is understood, whether or not its camera is there."""
    return _find_maker(address) is not None


def needs_trigger(address: str) -> bool:
    """Tell whether the camera of an address gives photos all the time, so that something must say when to take one."""
    return _find_maker(address) == DEVICE


def _find_maker(address: str) -> str | None:
    kind, _, rest = address.partition(":")
    return DEVICE if address.isdecimal() or address.startswith("/dev/") else CAMERAS.get(kind) if rest else None
