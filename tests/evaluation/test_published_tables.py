"""Published figures in the table on the screen and in files; a made-up table stands for the published ones."""

import csv
import json

import pytest
from datasets import make_category
from openpyxl import load_workbook
from rich.console import Console

from inspector.evaluation import published
from inspector.evaluation.metrics import ImageMetrics, PixelMetrics
from inspector.evaluation.published import Published
from inspector.evaluation.rows import EvaluationRow
from inspector.evaluation.tables import COLUMNS, PUBLISHED_COLUMNS, to_csv, to_json, to_latex, to_rich, to_xlsx

ROWS = [
    EvaluationRow("metal_nut", 115, 93, ImageMetrics(0.96, 0.97, 0.99), PixelMetrics(0.9, 0.5, 0.25, 0.875)),
    EvaluationRow("washers", 20, 3, ImageMetrics(0.92, 0.87, 0.75), None),
]

THEIRS = Published(
    {"metal_nut": {"image_auroc": 0.975, "pixel_ap": 0.25, "pixel_aupro": 0.8}},
    {"image_auroc": 0.93},
    ("a paper, table 1",),
)

SCREEN = """\
                              Image  Image Image Pixel  Pixel Pixel Pixel
Category     Images Anomalous AUROC F1-max    AP AUROC F1-max    AP AUPRO
─────────────────────────────────────────────────────────────────────────
metal_nut       115        93  96.0   97.0  99.0  90.0   50.0  25.0  87.5
  published                    97.5                            25.0  80.0
  difference                   -1.5                            +0.0  +7.5
washers          20         3  92.0   87.0  75.0

mean                           94.0   92.0  87.0  90.0   50.0  25.0  87.5
  published                    93.0
  difference                   +1.0
"""

FAKE = """\
preset,dataset,backbone,image_size,category,image_auroc,image_f1_max,image_ap,pixel_auroc,pixel_f1_max,pixel_ap,pixel_aupro,source
musc,btad,efficientnet-lite0,64,Nut,50.00,60.00,70.00,80.00,90.00,40.00,30.00,a paper that is none
"""


def test_on_screen_they_stand_below_ours_in_80_columns():
    console = Console(width=80, color_system=None)

    with console.capture() as capture:
        console.print(to_rich(ROWS, THEIRS))

    assert [line.rstrip() for line in capture.get().splitlines()] == SCREEN.splitlines()


def test_csv_has_them_in_columns_of_their_own(tmp_path):
    to_csv(ROWS, tmp_path / "table.csv", THEIRS)

    with (tmp_path / "table.csv").open(encoding="utf-8-sig", newline="") as file:
        nut, washers, mean = csv.DictReader(file)
    assert list(nut) == [*COLUMNS, *PUBLISHED_COLUMNS]
    assert (nut["image_auroc"], nut["published_image_auroc"], nut["source"]) == ("0.96", "0.975", "a paper, table 1")
    assert float(nut["difference_image_auroc"]) == pytest.approx(-0.015)
    assert nut["published_image_ap"] == nut["difference_image_ap"] == ""
    assert {washers[name] for name in PUBLISHED_COLUMNS} == {""}
    assert (mean["published_image_auroc"], mean["source"]) == ("0.93", "a paper, table 1")


def test_json_has_them_under_the_same_names(tmp_path):
    to_json(ROWS, tmp_path / "table.json", THEIRS)

    written = json.loads((tmp_path / "table.json").read_text())
    assert list(written["categories"][0]) == [*COLUMNS, *PUBLISHED_COLUMNS]
    assert written["categories"][1]["published_image_auroc"] is None
    assert written["mean"]["difference_image_auroc"] == pytest.approx(0.01)
    assert not {"category", "images", "anomalous"} & set(written["mean"])


def test_xlsx_has_them_in_percent(tmp_path):
    to_xlsx(ROWS, tmp_path / "table.xlsx", THEIRS)

    sheet = load_workbook(tmp_path / "table.xlsx").worksheets[0]
    cells = {cell.value: sheet.cell(2, cell.column) for cell in sheet[1]}
    assert cells["published_pixel_ap"].value == 0.25
    assert cells["difference_pixel_ap"].number_format == "0.0%"
    assert cells["source"].value == "a paper, table 1"


def test_latex_has_them_below_ours(tmp_path):
    to_latex(ROWS, tmp_path / "table.tex", THEIRS)

    lines = (tmp_path / "table.tex").read_text().splitlines()
    assert lines[6:10] == [
        r"metal\_nut & 96.0 & 97.0 & 99.0 & 90.0 & 50.0 & 25.0 & 87.5 \\",
        r"\quad published & 97.5 &  &  &  &  & 25.0 & 80.0 \\",
        r"\quad difference & -1.5 &  &  &  &  & +0.0 & +7.5 \\",
        r"washers & 92.0 & 87.0 & 75.0 &  &  &  &  \\",
    ]


@pytest.fixture
def scored_as_musc(tmp_path, monkeypatch):
    """Arguments that evaluate a tiny dataset with the rules and the network of a made-up published row."""
    make_category(tmp_path / "set" / "nut", "btad")
    make_category(tmp_path / "set" / "bolt", "btad")
    (tmp_path / "fake.csv").write_text(FAKE)
    monkeypatch.setattr(published, "TABLE", tmp_path / "fake.csv")
    return (
        *("evaluate", tmp_path / "set", "--layout", "btad", "--side", 64),
        *("--preset", "musc", "--backbone", "efficientnet-lite0", "--image-size", 64, "--layers", "3"),
    )


def test_evaluate_prints_and_writes_them(run, scored_as_musc, tmp_path):
    code, stdout, _ = run(*scored_as_musc, "--out", tmp_path / "out")

    lines = [line.split() for line in stdout.splitlines()]
    at = next(number for number, cells in enumerate(lines) if cells[:1] == ["nut"])
    assert code == 0
    assert lines[at + 1] == ["published", "50.0", "60.0", "70.0", "80.0", "90.0", "40.0", "30.0"]
    assert [float(ours) - float(theirs) for ours, theirs in zip(lines[at][3:], lines[at + 1][1:], strict=True)] == (
        pytest.approx([float(cell) for cell in lines[at + 2][1:]], abs=0.11)
    )
    assert lines[at + 2][0] == "difference"
    assert [cells[0] for cells in lines if cells].count("published") == 1  # of nothing else
    assert "published: a paper that is none" in stdout.splitlines()
    assert max(map(len, stdout.splitlines()[:12])) <= 100
    written = json.loads((tmp_path / "out" / "evaluation.json").read_text())
    assert [row["published_pixel_aupro"] for row in written["categories"]] == [None, 0.3]
    assert all((tmp_path / "out" / f"evaluation{suffix}").exists() for suffix in (".csv", ".xlsx", ".tex"))


def test_evaluate_says_why_image_figures_are_left_out(run, scored_as_musc):
    raw = run(*scored_as_musc, "--raw")[1]
    wider = run(*scored_as_musc, "--windows", "1,8,9")[1]

    assert "image figures were published after re-scoring" in raw.splitlines()
    assert "image figures were published with windows (--windows) 1,2,3" in wider.splitlines()
    assert ["published", "80.0", "90.0", "40.0", "30.0"] in [line.split() for line in wider.splitlines()]


def test_evaluate_of_other_settings_prints_nothing_published(run, scored_as_musc, tmp_path):
    code, stdout, _ = run(*scored_as_musc, "--degrees", "1", "--out", tmp_path / "out")

    assert code == 0
    assert "published" not in stdout
    assert (tmp_path / "out" / "evaluation.csv").read_text(encoding="utf-8-sig").startswith(",".join(COLUMNS) + "\n")
