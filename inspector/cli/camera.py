"""Options of a camera that takes the photos of a watched folder, and what they come to."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inspector.errors import SettingsError
from inspector.events import Report

if TYPE_CHECKING:
    from inspector.cameras.grabber import Grabber

Address = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="ADDRESS",
        help="Camera that takes photos into FOLDER: file:FILM, a number as 0, genicam:PRODUCER.cti; see docs/line.md.",
    ),
]

Every = Annotated[float | None, typer.Option(metavar="SECONDS", help="The camera takes a photo every SECONDS.")]

When = Annotated[
    str | None,
    typer.Option(
        "--trigger",
        metavar="key|ADDRESS",
        help="The camera takes a photo at each Enter (key), or at each message of mqtt://HOST/TOPIC.",
    ),
]


@contextmanager
def grabbing(
    address: str | None, every: float | None, when: str | None, folder: Path, report: Report
) -> Iterator["Grabber | None"]:
    """Open the camera of an address and give what writes its photos into a folder; None where no camera is named."""
    if address is None:
        if every is not None or when is not None:
            raise SettingsError("name the camera that is to take photos: --source ADDRESS")
        yield None
        return
    from inspector.cameras.grabber import Grabber
    from inspector.cameras.register import make_camera
    from inspector.cameras.triggers import Timer, make_trigger

    if every is not None and when is not None:
        raise SettingsError("a camera has one trigger: name --every or --trigger, not both")
    trigger = Timer(every) if every is not None else make_trigger(when) if when is not None else None
    camera = make_camera(address)
    folder.mkdir(parents=True, exist_ok=True)
    with Grabber(camera, trigger, folder, report) as grabber:
        yield grabber
