"""The papers' table of an evaluation: a row for each category and their mean, on screen and as files.

Where figures were published for the same settings, they stand below ours on the screen, beside ours in files.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from inspector.evaluation.published import Published
from inspector.evaluation.rows import HEADINGS, EvaluationRow, mean_values, metric_values
from inspector.export.csv_files import Decimal, write_csv
from inspector.files import replacing
from inspector.terminal import escape_text

COLUMNS = ("category", "images", "anomalous", *HEADINGS)
PUBLISHED_COLUMNS = (
    *(f"published_{name}" for name in HEADINGS),
    *(f"difference_{name}" for name in HEADINGS),
    "source",
)
PERCENT_FORMAT = "0.0%"

Values = Mapping[str, float | None]
"""Metrics by column, from 0 to 1; None where undefined."""

NOTHING = Published()

LATEX_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: f"\\{character}" for character in "&%$#_{}"},
    }
)


def list_columns(published: Published) -> tuple[str, ...]:
    """Return the columns of files: those of published figures only where there are any."""
    return (*COLUMNS, *PUBLISHED_COLUMNS) if published.sources else COLUMNS


def to_rich(rows: Sequence[EvaluationRow], published: Published = NOTHING) -> Table:
    """Return the table for the terminal, in percent with one decimal, published figures and differences below ours."""
    table = Table(box=SIMPLE_HEAD, padding=0, show_edge=False)  # fits into 80 columns
    table.add_column("\nCategory", no_wrap=True)
    table.add_column("\nImages", justify="right")
    table.add_column("\nAnomalous", justify="right")
    for name, heading in HEADINGS.items():
        table.add_column(f"{name.partition('_')[0].capitalize()}\n{heading}", justify="right")
    for row in rows:
        counts = str(row.n_images), str(row.n_anomalous)
        table.add_row(Text(escape_text(row.category)), *counts, *_percents(metric_values(row)))
        for name, cells in _compare(metric_values(row), published.categories.get(row.category, {})):
            table.add_row(f"  {name}", "", "", *cells, style="dim")
    table.add_section()
    table.add_row("mean", "", "", *_percents(mean_values(rows)))
    for name, cells in _compare(mean_values(rows), published.mean):
        table.add_row(f"  {name}", "", "", *cells, style="dim")
    return table


def to_csv(
    rows: Sequence[EvaluationRow], path: str | Path, published: Published = NOTHING, decimal: Decimal = "point"
) -> None:
    """Write CSV in full precision; undefined values are empty.

    Args:
        rows: one a category; a line with their means is added.
        path: the file.
        published: figures that stand beside ours.
        decimal: what stands before decimals.
    """
    write_csv(path, list_columns(published), _grid(rows, published), decimal=decimal, line_end="\n")


def to_json(rows: Sequence[EvaluationRow], path: str | Path, published: Published = NOTHING) -> None:
    """Write {"categories": [{column: value}], "mean": {metric: value}}, full precision, undefined = null."""
    *categories, mean = [dict(zip(list_columns(published), cells, strict=True)) for cells in _grid(rows, published)]
    for name in ("category", "images", "anomalous"):
        del mean[name]
    text = json.dumps({"categories": categories, "mean": mean}, indent=2, ensure_ascii=False)
    _write_text(path, text + "\n")


def to_xlsx(rows: Sequence[EvaluationRow], path: str | Path, published: Published = NOTHING) -> None:
    """Write a workbook: full precision, shown in percent with one decimal; undefined cells are empty."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Evaluation"
    sheet.append(list_columns(published))
    for cells in _grid(rows, published):
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


def to_latex(rows: Sequence[EvaluationRow], path: str | Path, published: Published = NOTHING) -> None:
    """Write a `tabular` for the package booktabs, in percent with one decimal, without the counts."""
    body = []
    for row in rows:
        body += _latex_rows(row.category, metric_values(row), published.categories.get(row.category, {}))
    lines = [
        r"\begin{tabular}{lrrrrrrr}",
        r"\toprule",
        r" & \multicolumn{3}{c}{Image} & \multicolumn{4}{c}{Pixel} \\",
        r"\cmidrule(lr){2-4} \cmidrule(lr){5-8}",
        " & ".join(["Category", *HEADINGS.values()]) + r" \\",
        r"\midrule",
        *body,
        r"\midrule",
        *_latex_rows("mean", mean_values(rows), published.mean),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    _write_text(path, "\n".join(lines) + "\n")


WRITERS: dict[str, Callable[[Sequence[EvaluationRow], Path, Published], None]] = {
    ".csv": to_csv,
    ".json": to_json,
    ".xlsx": to_xlsx,
    ".tex": to_latex,
}


def _grid(rows: Sequence[EvaluationRow], published: Published) -> list[list[str | int | float | None]]:
    """Cells under the columns, the mean row last."""
    grid: list[list[str | int | float | None]] = []
    for row in rows:
        theirs = published.categories.get(row.category, {})
        grid.append([row.category, row.n_images, row.n_anomalous, *_list_cells(metric_values(row), theirs, published)])
    return [*grid, ["mean", None, None, *_list_cells(mean_values(rows), published.mean, published)]]


def _list_cells(ours: Values, theirs: Values, published: Published) -> list[str | int | float | None]:
    """Cells of metrics; where anything was published, also the published ones, the differences and the source."""
    if not published.sources:
        return [*ours.values()]
    source = "; ".join(published.sources) if theirs else None
    return [*ours.values(), *(theirs.get(name) for name in HEADINGS), *_subtract(ours, theirs).values(), source]


def _compare(ours: Values, theirs: Values) -> list[tuple[str, list[str]]]:
    """Name and cells of the rows below a row that something was published for."""
    if not theirs:
        return []
    known = {name: theirs.get(name) for name in HEADINGS}
    return [("published", _percents(known)), ("difference", _percents(_subtract(ours, theirs), "+.1f"))]


def _subtract(ours: Values, theirs: Values) -> dict[str, float | None]:
    pairs = {name: (ours[name], theirs.get(name)) for name in HEADINGS}
    return {name: None if a is None or b is None else a - b for name, (a, b) in pairs.items()}


def _percents(values: Values, form: str = ".1f") -> list[str]:
    return ["" if value is None else f"{100 * value:{form}}" for value in values.values()]


def _latex_rows(name: str, ours: Values, theirs: Values) -> list[str]:
    cells = [(name.translate(LATEX_ESCAPES), _percents(ours))]
    cells += [(rf"\quad {told}", values) for told, values in _compare(ours, theirs)]
    return [" & ".join([told, *values]) + r" \\" for told, values in cells]


def _write_text(path: str | Path, text: str) -> None:
    with replacing(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")
