"""What an evaluation comes to: a row for each category, and the mean over them."""

from collections.abc import Sequence
from dataclasses import dataclass

from inspector.evaluation.metrics import ImageMetrics, PixelMetrics

HEADINGS = {
    "image_auroc": "AUROC",
    "image_f1_max": "F1-max",
    "image_ap": "AP",
    "pixel_auroc": "AUROC",
    "pixel_f1_max": "F1-max",
    "pixel_ap": "AP",
    "pixel_aupro": "AUPRO",
}
"""Columns of metrics in the papers' order, with what stands over them."""


@dataclass(frozen=True)
class EvaluationRow:
    """What one category came to; `pixel` is None where the category has no masks, `modality` is what was scored."""

    category: str
    n_images: int
    n_anomalous: int
    image: ImageMetrics
    pixel: PixelMetrics | None
    modality: str = "2d"


def metric_values(row: EvaluationRow) -> dict[str, float | None]:
    """Return the seven metrics of a row by column name, in table order; None where undefined."""
    pixel = row.pixel or PixelMetrics(auroc=None, f1_max=None, ap=None, aupro=None)
    return {
        "image_auroc": row.image.auroc,
        "image_f1_max": row.image.f1_max,
        "image_ap": row.image.ap,
        "pixel_auroc": pixel.auroc,
        "pixel_f1_max": pixel.f1_max,
        "pixel_ap": pixel.ap,
        "pixel_aupro": pixel.aupro,
    }


def mean_values(rows: Sequence[EvaluationRow]) -> dict[str, float | None]:
    """Return the mean of each metric over the categories that have it; None where none has.

    Each category counts the same, whatever its number of images, as in the papers.
    """
    means: dict[str, float | None] = {}
    for name in HEADINGS:
        defined = [value for row in rows if (value := metric_values(row)[name]) is not None]
        means[name] = sum(defined) / len(defined) if defined else None
    return means
