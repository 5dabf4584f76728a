"""Reads the files of a part that arrived, or of one that arrived before and is needed again."""

from dataclasses import replace
from functools import partial

from inspector.data.barcodes import read_code
from inspector.data.found_files import Arrival
from inspector.data.parts import Part
from inspector.data.pixels.value_range import Ranges
from inspector.features.reader import read_within_memory
from inspector.jobs.line import Line
from inspector.jobs.part_results import ReadPart
from inspector.jobs.rois import note_roi
from inspector.part_rule import PART, read_identity
from inspector.settings import ScanSettings


def read_arrival(arrival: Arrival, line: Line, ranges: Ranges) -> ReadPart:
    """Read a part, keep the tokens of its cloud, and note whether its files changed meanwhile.

    Args:
        arrival: its files.
        line: what reads parts alike.
        ranges: which values of photos are black and white.
    """
    reader = line.make_reader(ranges)
    found = read_within_memory(0, partial(reader.read, 0, arrival.to_sample(source=True)), line.tokens.clouds)
    part = note_roi(line.roi, line.require_comparable(found))
    read = ReadPart.of(arrival, part, _identify(arrival, part, line.settings, ranges))
    return replace(read, is_stale=arrival.has_changed() and arrival.can_be_lost())


def _identify(arrival: Arrival, part: Part, settings: ScanSettings, ranges: Ranges) -> dict[str, str]:
    """Tell which part a file shows, by its name and by the code in its photo."""
    identity = read_identity(settings.part_id, arrival.name)
    if settings.barcode and arrival.kind == "photo" and not part.reason and (code := read_code(arrival.source, ranges)):
        identity[PART] = code
    return identity
