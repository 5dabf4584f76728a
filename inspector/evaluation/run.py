"""A labelled dataset -> the papers' table: scan each category, or take its finished run, and measure it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import torch
from numpy.typing import NDArray

from inspector.data.fetched import Origin, add_origin
from inspector.data.layouts import list_categories, read_batch
from inspector.data.masks import COMPARED_SIDE, fit_mask, read_mask
from inspector.data.samples import Batch, require_two
from inspector.errors import InputError
from inspector.evaluation.metrics import PixelMetrics, image_metrics, pixel_metrics
from inspector.evaluation.rows import EvaluationRow
from inspector.events import Event, Report, silent
from inspector.geometry.grid import stretch_map
from inspector.jobs.earlier import find_or_scan
from inspector.jobs.engine import ALONE, Engine
from inspector.scoring.rescoring import rescore_as
from inspector.settings import ScanSettings
from inspector.store.embeddings import load_embeddings
from inspector.store.records import SampleRecord
from inspector.store.workspace import Workspace


def evaluate(
    root: str | Path,
    layout: str,
    settings: ScanSettings,
    store: Workspace,
    report: Report = silent,
    *,
    categories: Sequence[str] | None = None,
    subsets: int = 1,
    seed: int = 0,
    rescored: bool = True,
    side: int = COMPARED_SIDE,
    fresh: bool = False,
    engine: Engine = ALONE,
    origin: Origin | None = None,
) -> list[EvaluationRow]:
    """Score every category of a dataset and measure the scores against its labels and masks.

    A category whose finished run (same files, method and version) is in the store is not scanned again; a stopped
    one is taken up where it was.

    Args:
        root: folder of the dataset, or of one category.
        layout: a name in `inspector.data.layouts.LAYOUTS` that carries labels.
        settings: how to score.
        store: where the runs are kept.
        report: receives the events of all scans; "progress" of the stage "evaluate" counts categories.
        categories: names of those wanted; None = all.
        subsets: parts into which each category is divided, see `divide`; each is scored on its own. The image scores
            of all parts are then re-scored together and all metrics taken over the whole, as published (MuSc).
        seed: of the division.
        rescored: False = image metrics of the scores before re-scoring.
        side: maps and masks are stretched to a square of so many pixels before they are compared.
        fresh: True = scan all anew.
        engine: as for `scan`.
        origin: the address that the folder was fetched from.

    Returns:
        One row per category. What is undefined (one class only, no masks) is None.

    Raises:
        InputError: a folder, category or mask cannot be used, or the layout carries no labels.
        Cancelled: `report` asked for it; the same call goes on.
    """
    root = Path(root)
    batches = [
        (name, add_origin(_read_labelled_batch(folder, layout, settings.sees_depth), origin))
        for name, folder in _choose_categories(root, layout, categories)
    ]
    parts_of = {name: divide(batch, subsets, seed) for name, batch in batches}
    rows = []
    report(Event("progress", "evaluate", 0, len(parts_of)))
    for done, (name, parts) in enumerate(parts_of.items(), start=1):
        runs = [find_or_scan(part, settings, store, report, fresh=fresh, engine=engine).run_id for part in parts]
        rows.append(_measure(name, runs, store, report, rescored=rescored, side=side))
        report(Event("progress", "evaluate", done, len(parts_of), name))
    return rows


def divide(batch: Batch, subsets: int, seed: int) -> list[Batch]:
    """Divide a batch at random into parts of equal size (one sample more or less).

    As published (MuSc), each kind of defect is spread evenly over the parts.

    Args:
        batch: labelled samples.
        subsets: number of parts; 1 = the batch as it is.
        seed: equal seeds give equal parts.

    Raises:
        InputError: a part would have fewer than two samples.
        ValueError: `subsets` is below 1.
    """
    if subsets < 1:
        raise ValueError(f"expected at least 1 subset, but got {subsets}")
    if subsets == 1:
        return [batch]
    require_two(batch)
    if len(batch.samples) < 2 * subsets:
        count = len(batch.samples)
        raise InputError(f"{batch.root} has {count} samples, too few for {subsets} subsets; use at most {count // 2}")
    random = Random(seed)
    order = []
    for kind in dict.fromkeys(sample.kind for sample in batch.samples):
        members = [index for index, sample in enumerate(batch.samples) if sample.kind == kind]
        random.shuffle(members)
        order += members
    return [
        replace(
            batch,
            samples=tuple(batch.samples[index] for index in sorted(order[first::subsets])),
            notes=(*batch.notes, f"{batch.root.name}: subset {first + 1} of {subsets}, seed {seed}"),
        )
        for first in range(subsets)
    ]


def _choose_categories(root: Path, layout: str, wanted: Sequence[str] | None) -> list[tuple[str, Path]]:
    found = list_categories(root, layout)
    if wanted is None:
        return found
    if unknown := [name for name in wanted if name not in dict(found)]:
        raise InputError(f"{root} has no category {', '.join(unknown)}; it has: {', '.join(dict(found))}")
    return [(name, folder) for name, folder in found if name in wanted]


def _read_labelled_batch(folder: Path, layout: str, has_camera: bool) -> Batch:
    batch = read_batch(folder, layout, has_camera=has_camera)
    if any(sample.label is None for sample in batch.samples):
        raise InputError(
            f"nothing in {folder} says which parts are good (layout {layout}); choose the `layout` of the dataset, or "
            "sort the photos into folders good and one for each kind of defect and use the `layout` folder"
        )
    return batch


def _measure(
    name: str, run_ids: Sequence[int], store: Workspace, report: Report, *, rescored: bool, side: int
) -> EvaluationRow:
    rows = [row for run_id in run_ids for row in store.runs.samples(run_id)]
    read = [row for row in rows if row.raw_score is not None]
    if len(read) < len(rows):
        lost = len(rows) - len(read)
        do = "does" if lost == 1 else "do"
        message = f"{name}: {lost} of {len(rows)} photos cannot be read and {do} not count"
        report(Event("warning", "evaluate", message=message))
    labels = [bool(row.label) for row in read]
    scores = _collect_final_scores(run_ids, read, store) if rescored else np.array([row.raw_score for row in read])
    image = image_metrics(labels, scores)
    pixel = _measure_pixels(name, read, store, report, side)
    return EvaluationRow(name, len(read), sum(labels), image, pixel, store.runs.get(run_ids[0]).modality)


def _collect_final_scores(
    run_ids: Sequence[int], rows: Sequence[SampleRecord], store: Workspace
) -> NDArray[np.floating]:
    """Final image scores; those of several subsets come from re-scoring all of them together, as published."""
    first = store.runs.get(run_ids[0])
    if len(run_ids) == 1 or not first.rescoring:
        return np.array([row.final for row in rows])
    raw = torch.tensor([row.raw_score for row in rows], dtype=torch.float32)
    embeddings = np.concatenate([load_embeddings(store, run_id)[1] for run_id in run_ids])
    return np.asarray(rescore_as(first.rescoring, raw, torch.from_numpy(embeddings), first.settings["windows"]))


def _measure_pixels(
    name: str, rows: Sequence[SampleRecord], store: Workspace, report: Report, side: int
) -> PixelMetrics | None:
    """Metrics over all samples whose defects are known; None where no defect is drawn."""
    known = [row for row in rows if row.mask or not row.label]
    defects = sum(bool(row.label) for row in rows)
    lacking = len(rows) - len(known)
    if lacking == defects:
        return None
    if lacking:
        lack, do = ("lacks", "does") if lacking == 1 else ("lack", "do")
        message = f"{name}: {lacking} of {defects} defective photos {lack} a mask and {do} not count for pixels"
        report(Event("warning", "evaluate", message=message))
    odd: list[str] = []
    inverted: list[str] = []
    metrics = pixel_metrics(_read_masks(known, side, odd, inverted), _load_maps(known, store, side))
    if inverted:
        one = f"the mask of {inverted[0]} calls most of its photo a defect"
        several = f"{len(inverted)} masks call most of their photo a defect, as of {inverted[0]}"
        told = one if len(inverted) == 1 else several
        message = f"{name}: {told}; see whether white is the defect there"
        report(Event("warning", "evaluate", message=message))
    if odd:
        masks = sum(bool(row.mask) for row in known)
        several = f"{len(odd)} of {masks} masks lack the size of their photo and were stretched, as of {odd[0]}"
        one = f"1 of {masks} masks lacks the size of its photo and was stretched, that of {odd[0]}"
        message = f"{name}: {one if len(odd) == 1 else several}"
        report(Event("warning", "evaluate", message=message))
    return metrics


def _read_masks(
    rows: Sequence[SampleRecord], side: int, odd: list[str], inverted: list[str]
) -> Iterator[NDArray[np.bool_]]:
    """Yield the masks of samples.

    The names of those whose mask has another size than the photo are put into `odd`, of those whose mask is mostly a
    defect, up to its corners, into `inverted`.
    """
    for row in rows:
        if not row.mask:
            yield np.zeros((side, side), dtype=bool)
            continue
        mask = read_mask(Path(row.mask))
        if (row.height, row.width) != mask.shape:
            odd.append(f"{row.name}: {mask.shape[1]} x {mask.shape[0]} instead of {row.width} x {row.height} pixels")
        if mask.mean() > 0.5 and mask[:: len(mask) - 1 or 1, :: mask.shape[1] - 1 or 1].all():
            inverted.append(row.name)
        yield fit_mask(mask, side)


def _load_maps(rows: Sequence[SampleRecord], store: Workspace, side: int) -> Iterator[NDArray[np.float32]]:
    alignments = {run_id: store.runs.get(run_id).alignment for run_id in {row.run_id for row in rows}}
    for row in rows:
        stored = store.artefacts.load_map(row.run_id, row.position)
        yield stretch_map(stored, (side, side), alignments[row.run_id])
