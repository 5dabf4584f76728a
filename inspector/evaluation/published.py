"""What the authors of MuSc and MuSc-V2 published for their datasets, to stand beside what an evaluation came to.

The figures lie in `published.csv`, in percent, each row with its source; docs/published.md says what is missing.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from inspector.evaluation.rows import HEADINGS, EvaluationRow
from inspector.presets import PRESETS
from inspector.settings import Method, ScanSettings
from inspector.weights.catalogue import CATALOGUE

TABLE = Path(__file__).with_name("published.csv")

MEAN = "mean"
"""Stands for the category in rows that hold the mean of a whole dataset."""

MODALITIES = {"musc": "2d", "musc-v2": "2d+3d"}
"""What was scored for the figures of a preset."""

WINDOWS = {"visa": (1, 8, 9)}
"""Windows of the re-scoring where a dataset has its own (MuSc, models/musc.py)."""

IMAGE_ALONE = ("windows", "rescoring", "score_share")
"""Settings that decide image scores and leave maps as they are."""

OF_NO_MATTER = frozenset(
    {"modality", "weights", "point_weights", "references", "threshold_k", "precision", "value_range", "background"}
    | {"camera", "holes"}
)
"""Settings that may differ from the published ones: they say where files are, decide nothing that is measured, or are
compared otherwise."""


@dataclass(frozen=True)
class Figures:
    """A row of the table: what one preset came to on one category with one network and size.

    Attributes:
        preset: whose rules were followed, "musc" or "musc-v2".
        dataset: name of the layout.
        backbone: name in `CATALOGUE`.
        image_size: side of the network's input, in pixels.
        category: its name, or `MEAN`.
        values: by column, as in `HEADINGS`, from 0 to 1; what the source lacks is not there.
        source: where the figures stand.
    """

    preset: str
    dataset: str
    backbone: str
    image_size: int
    category: str
    values: Mapping[str, float]
    source: str


@dataclass(frozen=True)
class Published:
    """The published figures for an evaluation.

    Attributes:
        categories: by our name of the category, then by column, from 0 to 1.
        mean: of the evaluated categories, by column.
        sources: where they stand; empty where nothing was published for these settings.
        note: why image figures are left out; "" where they are not.
    """

    categories: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    mean: Mapping[str, float] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    note: str = ""


def read_figures() -> tuple[Figures, ...]:
    """Read the table of published figures."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Figures(
                preset=row["preset"],
                dataset=row["dataset"],
                backbone=row["backbone"],
                image_size=int(row["image_size"]),
                category=row["category"],
                values={name: float(row[name]) / 100 for name in HEADINGS if row[name]},
                source=row["source"],
            )
            for row in csv.DictReader(file)
        )


def find_published(
    settings: ScanSettings,
    layout: str,
    rows: Sequence[EvaluationRow],
    *,
    rescored: bool = True,
    subsets: int = 1,
) -> Published:
    """Find what was published for the categories, settings and layout of an evaluation.

    Figures compare only where dataset, category, network, its size and all rules are the published ones. Where only
    the image score or its re-scoring differs, image figures are left out: maps, and so pixel figures, are the same.

    Args:
        settings: how was scored.
        layout: of the dataset, a name in `LAYOUTS`.
        rows: what the evaluation came to.
        rescored: whether the image metrics are those after re-scoring.
        subsets: parts that each category was divided into; nothing in the table is of divided ones.

    Example:
        The preset `musc` on MVTec AD's bottle gives 0.9992 as "image_auroc" of "bottle".
    """
    figures = [row for row in read_figures() if row.dataset == layout]
    fitting = [row for row in figures if rows and subsets == 1 and _is_comparable(settings, row, rows)]
    if not fitting:
        return Published()
    note = _describe_image_settings(settings, fitting[0], rescored)
    shown = [name for name in HEADINGS if not (note and name.startswith("image"))]
    by_name = {_simplify(row.category): row for row in fitting}
    found = {row.category: by_name[_simplify(row.category)] for row in rows if _simplify(row.category) in by_name}
    categories = {category: _pick(row, shown) for category, row in found.items()}
    known = {_simplify(row.category) for row in figures} - {MEAN}
    whole = by_name.get(MEAN) if known == {_simplify(row.category) for row in rows} else None
    mean = _pick(whole, shown) if whole else _average([categories.get(row.category, {}) for row in rows])
    sources = dict.fromkeys(row.source for row in (*found.values(), *([whole] if whole else ())))
    return Published(categories, mean, tuple(sources), note if sources else "")


def _pick(row: Figures, names: Sequence[str]) -> dict[str, float]:
    return {name: row.values[name] for name in names if name in row.values}


def _is_comparable(settings: ScanSettings, figures: Figures, rows: Sequence[EvaluationRow]) -> bool:
    """Tell whether what decides maps is the same: network, rules, all others as judges, and what was scored."""
    info = CATALOGUE.get(settings.backbone)
    if info is None:
        return False
    published = PRESETS[figures.preset].changed(
        backbone=figures.backbone, image_size=figures.image_size, layers=CATALOGUE[figures.backbone].layers
    )
    ours = settings.changed(image_size=settings.image_size or info.image_size, layers=settings.layers or info.layers)
    compared = [name for name in Method.model_fields if name not in (*OF_NO_MATTER, *IMAGE_ALONE)]
    return (
        all(getattr(ours, name) == getattr(published, name) for name in compared)
        and ours.background_of(figures.dataset) == published.background_of(figures.dataset)
        and all(ours.references >= row.n_images - 1 for row in rows)
        and all(row.modality == MODALITIES[figures.preset] for row in rows)
    )


def _describe_image_settings(settings: ScanSettings, figures: Figures, rescored: bool) -> str:
    """Say with which settings image figures were published; "" where they are those of the evaluation."""
    if not rescored:
        return "image figures were published after re-scoring"
    published = PRESETS[figures.preset].model_dump()
    published["windows"] = WINDOWS.get(figures.dataset, published["windows"])
    differing = {name: published[name] for name in IMAGE_ALONE if getattr(settings, name) != published[name]}
    told = [f"`{name}` {_write_value(value)}" for name, value in differing.items()]
    return f"image figures were published with {', '.join(told)}" if told else ""


def _write_value(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _average(categories: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean of each column that all categories have."""
    shared = [name for name in HEADINGS if all(name in values for values in categories)]
    return {name: sum(values[name] for values in categories) / len(categories) for name in shared}


def _simplify(name: str) -> str:
    """Bring a category's name to one form: "Cable gland" and "cable_gland" are the same."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())
