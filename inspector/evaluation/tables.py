"""The papers' table of an evaluation: a row for each category and their mean, on screen and as files."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from inspector.evaluation.metrics import ImageMetrics, PixelMetrics
from inspector.export.csv_files import Decimal, write_csv
from inspector.files import replacing
from inspector.terminal import escape_text

HEADINGS = {
    "image_auroc": "AUROC",
    "image_f1_max": "F1-max",
    "image_ap": "AP",
    "pixel_auroc": "AUROC",
    "pixel_f1_max": "F1-max",
    "pixel_ap": "AP",
    "pixel_aupro": "AUPRO",
}
COLUMNS = ("category", "images", "anomalous", *HEADINGS)
PERCENT_FORMAT = "0.0%"

LATEX_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: f"\\{character}" for character in "&%$#_{}"},
    }
)


@dataclass(frozen=True)
class EvaluationRow:
    """What one category came to; `pixel` is None where the category has no masks."""

    category: str
    n_images: int
    n_anomalous: int
    image: ImageMetrics
    pixel: PixelMetrics | None


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


def to_rich(rows: Sequence[EvaluationRow]) -> Table:
    """Return the table for the terminal, in percent with one decimal."""
    table = Table(box=SIMPLE_HEAD, padding=0, show_edge=False)  # fits into 80 columns
    table.add_column("\nCategory", no_wrap=True)
    table.add_column("\nImages", justify="right")
    table.add_column("\nAnomalous", justify="right")
    for name, heading in HEADINGS.items():
        table.add_column(f"{name.partition('_')[0].capitalize()}\n{heading}", justify="right")
    for row in rows:
        counts = str(row.n_images), str(row.n_anomalous)
        table.add_row(Text(escape_text(row.category)), *counts, *_percents(metric_values(row)))
    table.add_section()
    table.add_row("mean", "", "", *_percents(mean_values(rows)))
    return table


def to_csv(rows: Sequence[EvaluationRow], path: str | Path, decimal: Decimal = "point") -> None:
    """Write CSV in full precision; undefined values are empty."""
    write_csv(path, COLUMNS, _grid(rows), decimal=decimal, line_end="\n")


def to_json(rows: Sequence[EvaluationRow], path: str | Path) -> None:
    """Write {"categories": [{column: value}], "mean": {metric: value}}, full precision, undefined = null."""
    categories = [dict(zip(COLUMNS, cells, strict=True)) for cells in _grid(rows)[:-1]]
    text = json.dumps({"categories": categories, "mean": mean_values(rows)}, indent=2, ensure_ascii=False)
    _write_text(path, text + "\n")


def to_xlsx(rows: Sequence[EvaluationRow], path: str | Path) -> None:
    """Write a workbook: full precision, shown in percent with one decimal; undefined cells are empty."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Evaluation"
    sheet.append(COLUMNS)
    for cells in _grid(rows):
        sheet.append(cells)
    for (category,) in sheet.iter_rows(max_col=1):
        category.data_type = "s"  # a name that begins with "=" is no formula
    for metrics in sheet.iter_rows(min_row=2, min_col=len(COLUMNS) - len(HEADINGS) + 1):
        for cell in metrics:
            cell.number_format = PERCENT_FORMAT
    for cell in (*sheet[1], *sheet[sheet.max_row]):
        cell.font = Font(bold=True)
    sheet.freeze_panes = "B2"
    with replacing(path) as beside:
        book.save(beside)


def to_latex(rows: Sequence[EvaluationRow], path: str | Path) -> None:
    """Write a `tabular` for the package booktabs, in percent with one decimal, without the counts."""
    body = [_latex_row(row.category.translate(LATEX_ESCAPES), metric_values(row)) for row in rows]
    lines = [
        r"\begin{tabular}{lrrrrrrr}",
        r"\toprule",
        r" & \multicolumn{3}{c}{Image} & \multicolumn{4}{c}{Pixel} \\",
        r"\cmidrule(lr){2-4} \cmidrule(lr){5-8}",
        " & ".join(["Category", *HEADINGS.values()]) + r" \\",
        r"\midrule",
        *body,
        r"\midrule",
        _latex_row("mean", mean_values(rows)),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    _write_text(path, "\n".join(lines) + "\n")


WRITERS: dict[str, Callable[[Sequence[EvaluationRow], Path], None]] = {
    ".csv": to_csv,
    ".json": to_json,
    ".xlsx": to_xlsx,
    ".tex": to_latex,
}


def _grid(rows: Sequence[EvaluationRow]) -> list[list[str | int | float | None]]:
    """Cells under COLUMNS, the mean row last."""
    grid = [[row.category, row.n_images, row.n_anomalous, *metric_values(row).values()] for row in rows]
    return [*grid, ["mean", None, None, *mean_values(rows).values()]]


def _percents(values: dict[str, float | None]) -> list[str]:
    return ["" if value is None else f"{100 * value:.1f}" for value in values.values()]


def _latex_row(name: str, values: dict[str, float | None]) -> str:
    return " & ".join([name, *_percents(values)]) + r" \\"


def _write_text(path: str | Path, text: str) -> None:
    with replacing(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")
