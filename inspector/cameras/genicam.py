"""`genicam:PRODUCER.cti`: cameras of GenICam (GigE Vision, USB3 Vision and others), through harvesters and the producer
of GenTL that comes with the vendor's driver."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from harvesters.core import Callback, Harvester
from numpy.typing import NDArray

from inspector.cameras.camera import Camera, CameraError, CameraPhoto
from inspector.errors import say_why
from inspector.files import expand_home

PATIENCE = 1.0
"""Seconds that `read` waits for a photo."""

COLOURS = {
    "BayerRG": cv2.COLOR_BayerRGGB2RGB,
    "BayerGB": cv2.COLOR_BayerGBRG2RGB,
    "BayerGR": cv2.COLOR_BayerGRBG2RGB,
    "BayerBG": cv2.COLOR_BayerBGGR2RGB,
    "BGR": cv2.COLOR_BGR2RGB,
    "RGB": None,
    "Mono": None,
}
"""What makes RGB of a kind of pixels (PFNC); its name is followed by bits, as in BayerRG12Packed."""


class GenICamCamera(Camera):
    """A camera as it was set up with the vendor's program: exposure, format of pixels, trigger by a wire."""

    def __init__(self, address: str) -> None:
        """Use genicam:PRODUCER.cti[?SERIAL]; without a serial number the first camera that the producer finds."""
        super().__init__(address)
        path, _, self._serial = address.partition(":")[2].partition("?")
        self._producer = Path(expand_home(path))
        self._harvester: Any = None
        self._acquirer: Any = None
        self._damaged = _Counter()

    def open(self) -> None:
        """Connect and begin to receive photos; raises as `Camera.open`."""
        if not self._producer.is_file():
            raise CameraError("there is no such producer; its name ends in .cti")
        self._harvester = Harvester()
        try:
            self._harvester.add_file(str(self._producer), check_existence=True, check_validity=True)
            self._harvester.update()
            if not self._harvester.device_info_list:
                raise CameraError("the producer finds no camera")
            self._acquirer = self._harvester.create({"serial_number": self._serial} if self._serial else 0)
            self._acquirer.add_callback(self._acquirer.Events.INCOMPLETE_BUFFER, self._damaged)
            self._acquirer.start()
        except CameraError:
            raise
        except Exception as error:  # GenTL's, of many kinds, and ValueError where there is no such camera
            raise CameraError(f"the camera cannot be opened: {say_why(error)}") from error

    def read(self) -> CameraPhoto | None:
        """Return the next photo; raises as `Camera.read`."""
        try:
            buffer = self._acquirer.try_fetch(timeout=PATIENCE)
        except Exception as error:  # GenTL's, of many kinds
            raise CameraError(f"the camera is gone: {say_why(error)}") from error
        if buffer is None:
            return None
        with buffer:  # its memory is written again afterwards
            part = buffer.payload.components[0]
            return develop(part.data, part.width, part.height, part.data_format)

    def take_lost(self) -> int:
        """Return how many photos came with pieces missing."""
        count, self._damaged.count = self._damaged.count, 0
        return count

    def close(self) -> None:
        """Close camera and producer."""
        with suppress(Exception):  # GenTL's: what is unplugged cannot be stopped
            if self._acquirer is not None:
                self._acquirer.destroy()
        with suppress(Exception):
            if self._harvester is not None:
                self._harvester.reset()
        self._acquirer = self._harvester = None


class _Counter(Callback):  # type: ignore[misc] # harvesters has no types
    def __init__(self) -> None:
        self.count = 0

    def emit(self, context: object = None) -> None:
        self.count += 1


def develop(values: NDArray[Any], width: int, height: int, pixels: str) -> CameraPhoto:
    """Make a photo of what a camera sent, its values as they are.

    Args:
        values: uint8 or uint16, of any shape, row by row.
        width, height: of the photo.
        pixels: what they are by the Pixel Format Naming Convention, as in "Mono8" or "BayerRG12".

    Returns:
        A copy: (H, W), or (H, W, 3) RGB.

    Raises:
        CameraError: pixels of another kind, or not as many as there should be.
    """
    kind = next((name for name in COLOURS if pixels.removeprefix(name)[:1].isdecimal()), None)
    if kind is None or values.dtype not in (np.uint8, np.uint16):
        known = ", ".join(COLOURS)
        raise CameraError(f"pixels are {pixels}; set the camera to one of {known}, of 8 to 16 bits")
    shape = (height, width, 3) if kind in ("RGB", "BGR") else (height, width)
    if values.size != np.prod(shape):
        raise CameraError(f"expected {width} x {height} pixels of {pixels}, but got {values.size} values")
    code, photo = COLOURS[kind], values.reshape(shape)
    return photo.copy() if code is None else cv2.cvtColor(photo, code)
