"""What was found, left out and noted stands in the table and in the report."""

import csv

import numpy as np
import pytest
from PIL import Image

from inspector.data.layouts import read_batch
from inspector.export.run import write_exports
from inspector.jobs.scan import scan
from inspector.settings import ScanSettings
from inspector.store.workspace import Workspace


@pytest.fixture
def written(tmp_path):
    """Four 12-bit photos, one of them flat, beside a text and a folder of a network drive."""
    batch = tmp_path / "batch"
    (batch / "@eaDir").mkdir(parents=True)
    (batch / "@eaDir" / "0.png").write_bytes(b"thumbnail")
    (batch / "list.docx").write_bytes(b"PK\x03\x04 no photo")
    rows, cols = np.mgrid[:40, :50]
    for number in range(4):
        values = 900 + 30 * rows + 30 * cols + 50 * number if number else np.full((40, 50), 2000)
        Image.fromarray(values.astype(np.uint16)).save(batch / f"{number}.png")
    with Workspace(tmp_path / "ws") as store:
        run_id = scan(read_batch(batch), ScanSettings(image_size=64, degrees=(1,)), store)
        german = write_exports(store, run_id, tmp_path / "german", ["report"], language="de")
        yield {**write_exports(store, run_id, tmp_path / "out", ["scores", "report"]), "german": german["report"]}


def test_table_names_what_was_left_out_and_why(written):
    with written["scores"].open(encoding="utf-8-sig", newline="") as file:
        rows = {row["path"]: row for row in csv.DictReader(file)}

    left_out = {name: row["reason"] for name, row in rows.items() if row["status"] == "left out"}
    assert sorted(left_out) == ["'@eaDir", "list.docx"]  # no formula
    assert all(left_out.values())
    assert "one flat colour" in rows["0.png"]["reason"]
    assert rows["list.docx"]["raw_score"] == ""


def test_report_shows_counts_reasons_scale_and_notes(written):
    page = written["report"].read_text(encoding="utf-8")

    assert "Files or folders left out: 2" in page
    assert "list.docx" in page
    assert "0 – 4095 (uint16)" in page
    assert "the photo is one flat colour" in page


def test_german_report_says_why_files_were_left_out_in_german(written):
    page = written["german"].read_text(encoding="utf-8")

    assert "vom System oder einem anderen Programm: Vorschaubilder, Sicherungskopien, Gelöschtes" in page
    assert "thumbnails, spare copies" not in page
    assert "das Foto ist eine einzige Farbe" in page
