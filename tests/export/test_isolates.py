"""Arabic and Hebrew names turn neither a path nor what stands around them, and are copied as they are."""

import re

import numpy as np
import pytest
from PIL import Image

from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import Calibration
from inspector.export.isolates import isolate_path, isolate_words, mark_up, remove_isolates, unmark
from inspector.export.run import write_exports
from inspector.export.words import Words
from inspector.settings import ScanSettings
from inspector.store.records import RunResult, SampleReading, SampleResult

NAME = "קבוצה 2/قطعة 12.png"


def show(text):
    """Write what keeps apart as brackets."""
    return text.replace("\u2066", "[").replace("\u2068", "{").replace("\u2069", "]")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("lot/größe 5.png", "lot/größe 5.png"),
        ("קטע 5.png", "[קטע 5.png]"),
        (f"/lots/{NAME}", "[/lots/[קבוצה 2]/[قطعة 12.png]]"),
        ("C:\\lots\\קטע", "[C:\\lots\\[קטע]]"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("\u202aקטע\u200f 5.png", "[\u202aקטע\u200f 5.png]"),
        ("part\u200f 5.png", "[part\u200f 5.png]"),
    ],
)
def test_folders_of_a_path_stand_from_left_to_right(name, shown):
    assert show(isolate_path(name)) == shown


def test_words_run_as_their_first_letter_does():
    assert show(isolate_words("לא 5")) == "{לא 5]"
    assert isolate_words("not 5") == "not 5"


@pytest.mark.parametrize(
    ("said", "english", "german"),
    [
        (
            f"{NAME} is empty (0 bytes); copy it again from the camera",
            "",
            "[[קבוצה 2]/[قطعة 12.png]] ist leer (0 Byte)",
        ),
        ("lot א: it ends before its last scan", "[lot א]: it", "[lot א]: die Datei endet vor ihrem letzten Durchgang"),
        ("an unknown sentence of א 5", "an unknown sentence of א 5", "an unknown sentence of א 5"),
    ],
)
def test_names_in_sentences_are_kept_apart(said, english, german):
    told = Words("en").sentence(said)

    assert remove_isolates(told) == said
    assert show(told).startswith(english or show(isolate_path(NAME)))
    assert show(Words("de").sentence(said)).startswith(german)


def test_reports_keep_names_apart_and_tables_have_them_as_they_are(store, tmp_path):
    root = tmp_path / "דוחות 2024"
    samples = (Sample(NAME, image=root / NAME), Sample("פגום 3.png", image=root / "פגום 3.png"))
    (root / NAME).parent.mkdir(parents=True)
    Image.fromarray(np.full((5, 9, 3), 90, np.uint8)).save(root / NAME)
    run_id = store.runs.create(Batch(root, samples), ScanSettings())
    reason = "פגום 3.png is empty (0 bytes); copy it again from the camera"
    readings = [SampleReading(0, "ok", width=9, height=5), SampleReading(1, "unreadable", reason)]
    store.runs.keep_readings(run_id, readings)
    store.artefacts.save_map(run_id, 0, np.zeros((5, 9), np.float32))
    store.runs.finish(run_id, [SampleResult(0, 0.5, None, 0.5, True)], RunResult(Calibration(0.4, False, 0, 1, 0, 1)))
    store.verdicts.add(store.runs.samples(run_id)[0].id, "דוד", "rejected", "לא <5>", defect_class="שריטה")

    written = write_exports(store, run_id, tmp_path / "out", ["report", "verdicts"])

    page = written["report"].read_text(encoding="utf-8")
    path = "<bdi dir=ltr><bdi dir=ltr>קבוצה 2</bdi>/<bdi dir=ltr>قطعة 12.png</bdi></bdi>"
    assert f'<span class="name">{path}</span>' in page
    assert f"/<bdi dir=ltr>{root.name}</bdi></bdi></dd>" in page
    assert "<bdi dir=ltr>פגום 3.png</bdi> is empty (0 bytes)" in page
    assert "rejected (<bdi>שריטה</bdi>), <bdi>דוד</bdi>, 2" in page
    assert "<em><bdi>לא &lt;5&gt;</bdi></em>" in page
    texts = [page, re.sub("<bdi[^>]*>|</bdi>", "", page), written["verdicts"].read_text(encoding="utf-8-sig")]
    assert [bool(re.search("[\u2066-\u2069]", text)) for text in texts] == [False] * 3
    assert all(NAME in text for text in texts[1:])


def test_names_with_signs_of_their_own_leave_attributes_whole():
    assert mark_up('a\u2066" <b>') == "a<bdi dir=ltr>&#34; &lt;b&gt;"
    assert unmark(str(mark_up(isolate_path(NAME)))) == isolate_path(NAME)
