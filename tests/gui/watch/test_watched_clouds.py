"""A cloud that arrives on a line is shown by the picture that is kept of it."""

from datetime import UTC, datetime

import numpy as np

from gui.watch.part_view import load_part
from inspector.data.samples import Sample
from inspector.export.rendering import encode
from inspector.store.records import SampleReading, SampleResult
from inspector.store.watches import Arrived, NewPart


def test_cloud_alone_is_shown_by_its_picture(line, tmp_path):
    time = datetime(2026, 3, 1, 6, 6, tzinfo=UTC).replace(tzinfo=None)
    picture = np.full((30, 40, 3), 90, np.uint8)
    line.artefacts.save_picture(1, 6, encode(picture))
    line.artefacts.save_map(1, 6, np.full((4, 5), 0.1, np.float32))
    arrived = Arrived(6, False, "6.ply", 1, 1, "+content", time, 0.1, threshold=0.5)
    reading = SampleReading(6, "ok", width=40, height=30, picture=True)
    sample = Sample("6.ply", cloud=tmp_path / "6.ply")  # it may be gone
    line.watches.add(1, NewPart(sample, reading, SampleResult(6, 0.7, None, 0.7, True), arrived), pool={})

    part = load_part(line, 1, 6)

    assert part.reason == ""
    assert (part.picture.photo.width(), part.picture.photo.height()) == (40, 30)
    assert part.picture.photo.pixelColor(5, 5).red() == 90
