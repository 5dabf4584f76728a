"""Scores and maps that another program made become a run, to be reviewed, exported and counted as ours."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import cv2
import numpy as np
import tifffile
from numpy.typing import NDArray

from inspector.data.identities import identify_batch
from inspector.data.layouts import read_batch
from inspector.data.parts import THUMBNAIL
from inspector.data.photos import read_bytes, read_image, shrink
from inspector.data.pixels.value_range import Ranges
from inspector.data.samples import Batch, Sample, tell_of
from inspector.data.tiffs import quiet_tifffile
from inspector.decision.calibration import Calibration, choose_display_range
from inspector.errors import Cancelled, InputError, InspectorError, StoreError, say_why
from inspector.evaluation.external_scores import ScoreTable, find_samples, read_scores
from inspector.evaluation.imported_scales import match_scales
from inspector.events import Event, Report, silent
from inspector.export.rendering import encode
from inspector.files import require_regular
from inspector.jobs.values import find_value_ranges
from inspector.presets import PRESETS
from inspector.store.arrays import DAMAGED, read_plane
from inspector.store.claims import IMPORTED
from inspector.store.records import RunResult, SampleReading, SampleResult
from inspector.store.workspace import Workspace

MAP_COLUMNS = ("anomaly_map", "map", "map_path", "anomaly_map_path")
"""Headings of a column that names the map of each photo, from the folder of the table."""

MAP_SUFFIXES = (".npy", ".npz", ".tiff", ".tif", ".png")

MEMBER = "anomaly_map"
"""Name of the array that is meant where an archive holds several."""

MAP_VALUES = 4096
"""Of each map, that the display range is taken from, at most."""

NO_SCORE = "no score was imported for it"


@dataclass(frozen=True)
class ImportedScore:
    """What was made elsewhere for one photo: its score, None = the highest value of its map; and its map, if any."""

    score: float | None = None
    map_file: Path | None = field(default=None, repr=False)


def import_scores(
    source: str | Path,
    photos: str | Path,
    workspace: Workspace,
    report: Report = silent,
    *,
    threshold: float | None = None,
    part_id: str = "",
) -> int:
    """Make a run of scores and maps from elsewhere.

    Args:
        source: a CSV file as `read_scores` takes it, where a column of `MAP_COLUMNS` may name maps; or a folder of
            maps, each named like its photo, with such a file or without.
        photos: folder of the photos. Those without a score are listed as such.
        workspace: where the run is kept.
        report: receives progress and warnings; may raise `Cancelled`: the run is then there, and not done.
        threshold: scores above it are flagged, and map values above it are regions; None = found as of a scan. Maps on
            another scale than the scores are brought to it, and a note of the run says so; see `match_scales`.
        part_id: rule for part ids, see `inspector.part_rule`.

    Returns:
        The number of the run.

    Raises:
        InputError: a score or map cannot be read or belongs to no photo, or fewer than two have one.
        StoreError: the workspace cannot be written.
    """
    source = Path(source)
    read = read_batch(photos)
    batch = identify_batch(replace(read, layout=IMPORTED), part_id)
    found = _find_all(source, batch)
    settings = PRESETS["embedded"].changed(backbone=IMPORTED, windows=(), part_id=part_id, modality="2d")
    run_id = workspace.runs.create(batch, settings)
    with workspace.runs.hold(run_id), _record_failure(workspace, run_id):
        workspace.runs.begin(run_id, device="", weights_sha256="", modality="2d")
        workspace.runs.add_notes(run_id, [f"scores and maps were made elsewhere and imported from {source}"])
        report(Event("run", message=str(run_id)))
        ranges = find_value_ranges(run_id, batch, settings, workspace, report)
        scores: dict[int, float] = {}
        maxima: dict[int, float] = {}
        for place, sample in enumerate(batch.samples):
            report(Event("progress", "read", place, len(batch.samples)))
            reading = _read_photo(run_id, place, sample, workspace, ranges)
            if reading.status == "ok" and place not in found:
                reading = SampleReading(place, "unreadable", NO_SCORE)
            workspace.runs.keep_readings(run_id, [reading])
            if reading.status != "ok":
                report(Event("warning", "read", message=tell_of(sample.name, reading.reason)))
                continue
            plane = read_map(found[place].map_file)
            scores[place] = _choose_score(found[place], plane)
            if plane is not None:
                workspace.artefacts.save_map(run_id, place, plane)
                maxima[place] = float(plane.max())
        workspace.runs.count_unreadable(run_id, len(batch.samples) - len(scores))
        _bring_to_scores(run_id, found, scores, maxima, workspace, threshold)
        _finish(run_id, scores, maxima, workspace, threshold)
    report(Event("result", message=str(run_id)))
    return run_id


@contextmanager
def _record_failure(workspace: Workspace, run_id: int) -> Iterator[None]:
    """Leave in the workspace that a run was not finished, and why."""
    try:
        yield
    except (InspectorError, Cancelled) as error:
        with suppress(StoreError):
            workspace.runs.end(run_id, "cancelled" if isinstance(error, Cancelled) else "failed", str(error))
        raise


def read_map(path: str | Path | None) -> NDArray[np.float32] | None:
    """Read an anomaly map, (h, w) float32, of the whole photo: .npy, .npz, TIFF of any numbers, or grey PNG as 0..1.

    Raises:
        InputError: it is something else, or holds values that are not finite.
    """
    if path is None:
        return None
    path = Path(path)
    try:
        values = READERS[path.suffix.lower()](require_regular(path))
        plane = values.reshape(values.shape[-2:])
    except (*DAMAGED, cv2.error, tifffile.TiffFileError) as error:
        raise InputError(f"{path} cannot be read as an anomaly map: {say_why(error)}") from error
    if not np.isfinite(plane).all():
        raise InputError(f"{path} holds values that are not finite")
    return plane


def _read_grey(path: Path) -> NDArray[np.float32]:
    pixels = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.ndim != 2:
        raise ValueError("it is no grey picture")
    return np.asarray(pixels, np.float32) / np.float32(65535 if pixels.dtype == np.uint16 else 255)


def _read_tiff(path: Path) -> NDArray[np.float32]:
    with quiet_tifffile():
        return np.asarray(tifffile.imread(path), np.float32)


def _read_array(path: Path) -> NDArray[np.float32]:
    return np.asarray(read_plane(path, MEMBER), np.float32)


READERS: dict[str, Callable[[Path], NDArray[np.float32]]] = {
    ".npy": _read_array,
    ".npz": _read_array,
    ".tiff": _read_tiff,
    ".tif": _read_tiff,
    ".png": _read_grey,
}


def _find_all(source: Path, batch: Batch) -> Mapping[int, ImportedScore]:
    """Return what there is for each photo of a batch, by its place."""
    if not source.exists():
        raise InputError(f"there is nothing at {source}; name a CSV file of scores or a folder of maps")
    tables = [source] if source.is_file() else sorted(source.glob("*.csv"))
    if len(tables) > 1:
        raise InputError(f"{source} holds {len(tables)} CSV files; name the one with the scores")
    maps = _find_maps(source, batch) if source.is_dir() else {}
    found = {place: ImportedScore(None, path) for place, path in maps.items()}
    if tables:
        table = read_scores(tables[0])
        places = find_samples(table.path, table.names, [each.name for each in batch.samples], str(batch.root))
        for place, score, path in zip(places, table.scores, _list_maps(table), strict=True):
            found[place] = ImportedScore(score, path or maps.get(place))
    if len(found) < 2:
        photos = "1 photo" if found else "no photo"
        raise InputError(f"{source} holds scores or maps of {photos} of {batch.root}; at least two are needed")
    return found


def _find_maps(folder: Path, batch: Batch) -> dict[int, Path]:
    """Return the maps of a folder by the place of their photos, whose names they have but for the suffix."""
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in MAP_SUFFIXES)
    names = [_strip(str(file.relative_to(folder).as_posix())) for file in files]
    places = find_samples(folder, names, [_strip(each.name) for each in batch.samples], str(batch.root))
    return dict(zip(places, files, strict=True))


def _strip(name: str) -> str:
    return str(PurePosixPath(name).with_suffix(""))


def _list_maps(table: ScoreTable) -> Iterator[Path | None]:
    """Yield the map that each scored line of a table names, or None."""
    known = {name.strip().lower(): name for name in table.header}
    column = next((known[name] for name in MAP_COLUMNS if name in known), None)
    for line in table.lines:
        name = table.rows[line][column].strip() if column else ""
        yield table.path.parent / name if name else None


def _read_photo(run_id: int, place: int, sample: Sample, workspace: Workspace, ranges: Ranges) -> SampleReading:
    """Keep the thumbnail of a photo; return what is to be written of it."""
    if sample.image is None:
        return SampleReading(place, "unreadable", "it has no photo")
    try:
        digest = hashlib.sha256(read_bytes(sample.image)).hexdigest()
        pixels = read_image(sample.image, ranges)
    except InputError as error:
        return SampleReading(place, "unreadable", str(error))
    workspace.artefacts.save_thumbnail(run_id, place, encode(shrink(pixels, THUMBNAIL), ".jpg"))
    return SampleReading(place, "ok", sha256=digest, width=pixels.shape[1], height=pixels.shape[0])


def _choose_score(found: ImportedScore, plane: NDArray[np.float32] | None) -> float:
    if found.score is not None:
        return found.score
    assert plane is not None  # it has one or the other
    return float(plane.max())


def _bring_to_scores(
    run_id: int,
    found: Mapping[int, ImportedScore],
    scores: dict[int, float],
    maxima: Mapping[int, float],
    workspace: Workspace,
    threshold: float | None,
) -> None:
    """Keep maps on the scale of the scores, where they are on another one; scores that were taken from maps follow."""
    both = [(score, maxima[place]) for place in maxima if (score := found[place].score) is not None]
    if not both:
        return
    given, highest = np.array(both, np.float64).T
    line = match_scales(given, highest, _fit(given, highest, None).threshold if threshold is None else threshold)
    if line is None:
        return
    workspace.runs.add_notes(run_id, [line.tell()])
    for place, top in maxima.items():
        plane = line.apply(workspace.artefacts.load_map(run_id, place))
        workspace.artefacts.save_map(run_id, place, plane)
        if found[place].score is None:
            scores[place] = line.apply(top)


def _finish(
    run_id: int,
    scores: Mapping[int, float],
    mapped: Collection[int],
    workspace: Workspace,
    threshold: float | None,
) -> None:
    """Decide, and close the run; photos without map get one in which nothing is a region."""
    if len(scores) < 2:
        photos = "only 1 photo" if scores else "no photo"
        raise InputError(f"{photos} with a score can be read; at least two are needed")
    raw = np.array(list(scores.values()))
    flat = np.full((1, 1), raw.min(), np.float32)
    for place in scores.keys() - mapped:
        workspace.artefacts.save_map(run_id, place, flat)
    planes = (workspace.artefacts.load_map(run_id, place) for place in mapped)
    values = [plane.ravel()[:: max(1, plane.size // MAP_VALUES)].copy() for plane in planes]
    kept = np.concatenate([*values, flat.ravel()])
    learnt = _fit(raw, kept, threshold)
    results = [SampleResult(place, score, None, score, learnt.apply(score)) for place, score in scores.items()]
    workspace.runs.finish(run_id, results, RunResult(learnt))


def _fit(scores: NDArray[np.float64], map_values: NDArray[np.floating], threshold: float | None) -> Calibration:
    """Learn the scales of scores, with a threshold that was given, or that is found as of a scan."""
    values, settings = map_values.astype(np.float32), PRESETS["embedded"]
    k, rule = settings.threshold_k, settings.threshold
    learnt = Calibration.fit(scores, scores, values, rescored=False, threshold_k=k, rule=rule)
    if threshold is None:
        return learnt
    low, high = choose_display_range(values, threshold)
    return Calibration(threshold, False, learnt.raw_low, learnt.raw_high, low, high, True, "It was given.")
