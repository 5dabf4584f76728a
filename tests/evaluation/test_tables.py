import json

import pytest
from openpyxl import load_workbook
from openpyxl.utils.exceptions import IllegalCharacterError
from rich.console import Console

from inspector.evaluation.metrics import ImageMetrics, PixelMetrics
from inspector.evaluation.rows import EvaluationRow, mean_values, metric_values
from inspector.evaluation.tables import (
    NOTHING,
    WRITERS,
    to_csv,
    to_json,
    to_latex,
    to_rich,
    to_xlsx,
)

ROWS = [
    EvaluationRow("metal_nut", 115, 93, ImageMetrics(0.96, 0.97, 0.99), PixelMetrics(0.9, 0.5, 0.25, 0.875)),
    EvaluationRow("50% [red]", 20, 0, ImageMetrics(None, None, None), None),
    EvaluationRow("=Größe", 7, 3, ImageMetrics(0.92, 0.875, 0.123456), PixelMetrics(0.8, 0.25, 0.75, None)),
]

CSV = """\
category,images,anomalous,image_auroc,image_f1_max,image_ap,pixel_auroc,pixel_f1_max,pixel_ap,pixel_aupro
metal_nut,115,93,0.96,0.97,0.99,0.9,0.5,0.25,0.875
50% [red],20,0,,,,,,,
'=Größe,7,3,0.92,0.875,0.123456,0.8,0.25,0.75,
mean,,,0.94,0.9225,0.556728,0.8500000000000001,0.375,0.5,0.875
"""

LATEX = r"""\begin{tabular}{lrrrrrrr}
\toprule
 & \multicolumn{3}{c}{Image} & \multicolumn{4}{c}{Pixel} \\
\cmidrule(lr){2-4} \cmidrule(lr){5-8}
Category & AUROC & F1-max & AP & AUROC & F1-max & AP & AUPRO \\
\midrule
metal\_nut & 96.0 & 97.0 & 99.0 & 90.0 & 50.0 & 25.0 & 87.5 \\
50\% [red] &  &  &  &  &  &  &  \\
=Größe & 92.0 & 87.5 & 12.3 & 80.0 & 25.0 & 75.0 &  \\
\midrule
mean & 94.0 & 92.2 & 55.7 & 85.0 & 37.5 & 50.0 & 87.5 \\
\bottomrule
\end{tabular}
"""

SCREEN = """\
                           Image  Image Image Pixel  Pixel Pixel Pixel
Category  Images Anomalous AUROC F1-max    AP AUROC F1-max    AP AUPRO
──────────────────────────────────────────────────────────────────────
metal_nut    115        93  96.0   97.0  99.0  90.0   50.0  25.0  87.5
50% [red]     20         0
=Größe         7         3  92.0   87.5  12.3  80.0   25.0  75.0

mean                        94.0   92.2  55.7  85.0   37.5  50.0  87.5
"""


def test_mean_leaves_out_undefined_values():
    means = mean_values(ROWS)

    assert means["image_auroc"] == pytest.approx((0.96 + 0.92) / 2)
    assert means["pixel_aupro"] == 0.875


def test_mean_of_nothing_is_undefined():
    assert set(mean_values(ROWS[1:2]).values()) == {None}
    assert set(mean_values([]).values()) == {None}


def test_values_are_in_the_order_of_the_papers():
    assert list(metric_values(ROWS[0]).values()) == [0.96, 0.97, 0.99, 0.9, 0.5, 0.25, 0.875]


def test_screen_table():
    console = Console(width=80, color_system=None)

    with console.capture() as capture:
        console.print(to_rich(ROWS))

    assert [line.rstrip() for line in capture.get().splitlines()] == SCREEN.splitlines()


def test_csv(tmp_path):
    path = tmp_path / "new" / "Prüfung.csv"

    to_csv(ROWS, path)

    assert path.read_bytes().decode("utf-8-sig") == CSV


def test_json(tmp_path):
    path = tmp_path / "table.json"

    to_json(ROWS[1:], path)

    metrics = ["image_auroc", "image_f1_max", "image_ap", "pixel_auroc", "pixel_f1_max", "pixel_ap", "pixel_aupro"]
    nothing = [None] * 7
    values = [0.92, 0.875, 0.123456, 0.8, 0.25, 0.75, None]
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "categories": [
            {"category": "50% [red]", "images": 20, "anomalous": 0, **dict(zip(metrics, nothing, strict=True))},
            {"category": "=Größe", "images": 7, "anomalous": 3, **dict(zip(metrics, values, strict=True))},
        ],
        "mean": dict(zip(metrics, values, strict=True)),
    }


def test_xlsx(tmp_path):
    path = tmp_path / "table.xlsx"

    to_xlsx(ROWS, path)

    sheet = load_workbook(path).worksheets[0]
    cells = list(sheet.iter_rows(values_only=True))
    assert cells[0] == tuple(CSV.splitlines()[0].split(","))
    assert cells[1] == ("metal_nut", 115, 93, 0.96, 0.97, 0.99, 0.9, 0.5, 0.25, 0.875)
    assert cells[2] == ("50% [red]", 20, 0, *[None] * 7)
    assert cells[4][:3] == ("mean", None, None)
    assert cells[4][9] == 0.875
    assert len(cells) == 5
    assert sheet["A4"].data_type == "s"
    assert [sheet.cell(4, column).number_format for column in (2, 4, 10)] == ["General", "0.0%", "0.0%"]


def test_latex(tmp_path):
    path = tmp_path / "table.tex"

    to_latex(ROWS, path)

    assert path.read_bytes().decode("utf-8") == LATEX


@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ("a_b", r"a\_b"),
        ("R&D #1 {50$}", r"R\&D \#1 \{50\$\}"),
        ("x^2~y", r"x\textasciicircum{}2\textasciitilde{}y"),
        ("a\\_b", r"a\textbackslash{}\_b"),
    ],
)
def test_latex_escapes_names(name, escaped, tmp_path):
    path = tmp_path / "table.tex"
    row = EvaluationRow(name, 1, 0, ImageMetrics(None, None, None), None)

    to_latex([row], path)

    assert path.read_text(encoding="utf-8").splitlines()[6] == rf"{escaped} &  &  &  &  &  &  &  \\"


@pytest.mark.parametrize(
    ("suffix", "name", "error"),
    [
        (".json", "\ud800", UnicodeEncodeError),
        (".tex", "\ud800", UnicodeEncodeError),
        (".xlsx", "\0", IllegalCharacterError),
    ],
)
def test_failed_write_leaves_the_old_file(suffix, name, error, tmp_path):
    path = tmp_path / f"table{suffix}"
    path.write_text("old")
    row = EvaluationRow(name, 1, 0, ImageMetrics(None, None, None), None)

    with pytest.raises(error):
        WRITERS[suffix]([row], path, NOTHING)

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_every_writer_replaces_an_old_file(tmp_path):
    for suffix, write in WRITERS.items():
        path = tmp_path / f"table{suffix}"
        path.write_text("old")

        write(ROWS, path, NOTHING)

        assert path.read_bytes() != b"old"
    assert len(list(tmp_path.iterdir())) == len(WRITERS) == 4
