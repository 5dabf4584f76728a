"""Reports tell what happened: verdicts, the way of the threshold, where both differ; in two languages."""

import inspect
import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from PIL import Image

import inspector.export
from inspector.data.clouds.background import BACKGROUND_RECIPES
from inspector.data.samples import Batch, Sample
from inspector.decision.calibration import BY_HAND, Calibration
from inspector.decision.recurring import describe_group, describe_unseen
from inspector.decision.threshold import UNSURE, UNSURE_GROUPS, UNSURE_OF_FEW, choose_threshold
from inspector.export.facts import AGGREGATIONS, BACKGROUNDS, POINT_FEATURES, list_facts
from inspector.export.german import GERMAN
from inspector.export.german_sentences import SENTENCES
from inspector.export.run import write_exports
from inspector.export.shared_regions import MARKS
from inspector.export.shown import FinishedRun
from inspector.export.story import UNSEEN_BY_ACCEPTED, UNSEEN_ELSEWHERE, UNSEEN_ON_A_LINE, Story
from inspector.export.words import Words
from inspector.features import aggregation
from inspector.settings import ScanSettings
from inspector.store.records import RunResult, SampleReading, SampleResult
from inspector.store.run_facts import FACTS
from inspector.store.verdicts import VERDICTS
from inspector.times import to_local

EXPORT = Path(inspect.getfile(inspector.export)).parent
ROOT = EXPORT.parents[1]


@pytest.fixture
def told(store, tmp_path):
    """Four parts: 0 is flagged and rejected, 1 flagged and accepted, 2 not flagged and rejected, 3 unreadable."""
    samples = tuple(Sample(f"part_{i}.png", image=tmp_path / f"part_{i}.png") for i in range(4))
    run_id = store.runs.create(Batch(tmp_path, samples), ScanSettings())
    readings = [SampleReading(i, "ok", width=9, height=5) for i in range(3)]
    store.runs.keep_readings(
        run_id, [*readings, SampleReading(3, "unreadable", "d.png is empty (0 bytes); copy it again from the camera")]
    )
    for position in range(3):
        Image.fromarray(np.full((5, 9, 3), 90, np.uint8)).save(tmp_path / f"part_{position}.png")
        plane = np.zeros((5, 9), np.float32)
        plane[1:3, 3:6] = 0.9 - 0.3 * position
        store.artefacts.save_map(run_id, position, plane)
    results = [SampleResult(i, 0.9 - 0.3 * i, None, 0.9 - 0.3 * i, i == 0) for i in range(3)]
    why = "The scores fall into two groups; it lies between them."
    learnt = Calibration(0.75, False, 0.3, 0.9, 0.0, 1.0, why=why)
    store.runs.finish(run_id, results, RunResult(learnt, timings={"read": 1.5}))
    store.runs.count_unreadable(run_id, 1)
    ids = [sample.id for sample in store.runs.samples(run_id)]
    store.verdicts.add(ids[0], "Ada", "rejected", "a dent", defect_class="dent")
    store.verdicts.add(ids[1], "Ada", "rejected")
    store.verdicts.add(ids[1], "Bob", "accepted", "only <dust>")
    store.verdicts.add(ids[2], "Bob", "rejected")
    store.runs.set_threshold(run_id, 0.45, 0.45, "Ada")
    return store


def write(store, folder, language):
    page = write_exports(store, 1, folder, ["report"], language=language)["report"].read_text(encoding="utf-8")
    return re.sub(r"data:image/jpeg;base64,[^\"]*", "", page)


def test_the_page_tells_verdicts_totals_and_the_threshold(told, tmp_path):
    page = write(told, tmp_path / "out", "en")

    time = f"{to_local(told.verdicts.of_run(1)[0].time):%Y-%m-%d %H:%M:%S %z}"
    assert '<html lang="en">' in page
    assert f"rejected (dent), Ada, {time}" in page
    assert "<em>a dent</em>" in page
    assert "<em>only &lt;dust&gt;</em>" in page
    assert "0.4500. It was set by hand." in page
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}: moved from 0\.7500 to 0\.4500 by Ada", page)
    for name, count in (("Parts", 4), ("Flagged", 2), ("Not flagged", 1), ("Accepted", 1), ("Rejected", 2)):
        assert f"<dt>{name}</dt><dd>{count}</dd>" in page
    assert "Program and operator differ: 2" in page
    assert re.search(r"1: peak 0\.900, \d+ px, at \d, \d", page)


def test_the_page_is_german_where_the_reader_is(told, tmp_path):
    page = write(told, tmp_path / "out", "de")

    assert '<html lang="de">' in page
    assert "<h1>2 von 3 Teilen fallen auf</h1>" in page
    assert "Breite der Fenster in Feldern: " in page
    assert "0,4500. Sie wurde von Hand gesetzt." in page
    assert "von 0,7500 auf 0,4500 verschoben durch Ada" in page
    assert "Programm und Bediener urteilen verschieden: 2" in page
    assert "ist leer (0 Byte)" in page
    visible = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)
    assert not re.search(r"(?<![-/])\b(the|of|flagged|passed|score|threshold|rejected|accepted)\b", visible)


@pytest.mark.parametrize(
    ("language", "fact", "notes"),
    [
        ("en", "<dt>Subspace</dt><dd>parts lie alike: what is unusual", "<h2>Notes</h2><ul><li>no code was"),
        ("de", "<dt>Unterraum</dt><dd>die Teile liegen gleich: Was an", "<h2>Hinweise</h2><ul><li>"),
    ],
)
def test_how_parts_were_compared_is_a_fact_and_no_note(told, tmp_path, language, fact, notes):
    share = "parts lie alike: what is unusual at its place is 25% of the score of a patch"
    depth = "photos were scored that look like depth images; set `camera` to make clouds of them: part_1.png"
    told.runs.add_notes(1, [share, "no code was found in 1 of 3 photos, part_1.png first", depth])

    page = write(told, tmp_path / "out", language)

    assert ("“camera”" in page, "„camera“" in page, "`" in page) == (language == "en", language == "de", False)

    assert fact in page
    assert notes in page
    assert page.count("25%") + page.count("25 %") == 1


def test_one_part_stands_out_by_itself(told):
    told.runs.set_threshold(1, 0.85, 0.85, "Ada")
    story = Story.load(replace(FinishedRun.load(told, 1), language="de"))

    assert story.describe_outcome() == "1 von 3 Teilen fällt auf"


def test_disagreement_is_between_decision_and_verdict(told):
    story = Story.load(FinishedRun.load(told, 1))

    assert [sample.name for sample in story.disagreements] == ["part_1.png", "part_2.png"]


def test_many_regions_are_counted_beyond_the_first(told):
    story = Story.load(FinishedRun.load(told, 1))
    regions = [(0.5, "7 px", 1, 2)] * 8

    assert story.describe_regions(regions)[0] == "1: peak 0.500, 7 px, at 1, 2 px"
    assert story.describe_regions(regions)[-1] == "and 3 more"
    assert len(story.describe_regions(regions)) == 6


def test_areas_in_german_have_a_comma(told):
    story = Story.load(FinishedRun.load(told, 1, language="de"))

    assert story.describe_regions([(0.5, "8.07 mm²", 1, 2)]) == ["1: Spitzenwert 0,500, 8,07 mm², bei 1, 2 px"]


def test_every_method_of_a_scan_has_a_title_in_reports():
    assert set(AGGREGATIONS) == set(aggregation.AGGREGATIONS)
    assert set(BACKGROUNDS) == set(BACKGROUND_RECIPES)
    assert set(POINT_FEATURES) == set(get_args(ScanSettings.model_fields["point_feature"].annotation))


def test_every_text_has_its_german_and_every_german_its_text():
    files = [*EXPORT.glob("*.py"), EXPORT / "report.html", ROOT / "gui" / "export" / "pdf.py"]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files if path.name != "german.py")
    used = {found[1] for found in re.finditer(r"""say\(\s*(?:"([^"]+)"|'([^']+)')""", source)}
    used |= {found[1] or found[2] for found in re.finditer(r"""say\(\s*(?:"([^"]+)"|'([^']+)')""", source)} - {None}
    used |= (
        set(AGGREGATIONS.values())
        | set(VERDICTS)
        | set(MARKS.values())
        | set(FACTS.values())
        | {"{number}: peak {peak}, {area}, at {x}, {y} px"}
    )
    used.discard(None)

    assert used == set(GERMAN)
    for text, german in GERMAN.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", german)), text


def test_it_says_what_its_kind_of_run_cannot_see(told):
    """20 parts are looked at for recurring defects, fewer are not: then a defect hides behind those that judge it."""
    story = Story.load(FinishedRun.load(told, 1))
    story = replace(story, samples=[story.samples[0]] * 20)
    poses = "parts lie in many poses: each patch is judged by the nearest tenth of the other parts"

    def tell(layout="plain", notes=(), samples=story.samples, **settings):
        run = replace(story.run, layout=layout, notes=list(notes), settings={**story.run.settings, **settings})
        return replace(story, run=run, samples=samples).describe_unseen()

    assert "more than about 45%" in tell()
    assert "more than about 30%" in tell(recurring="off")
    assert "more than about 10%" in tell(notes=[poses], recurring="off")
    assert "more than about 30%" in tell(notes=["recurring defects were not looked for: that takes memory"])
    assert "more than about 30%" in tell(samples=story.samples[:19])
    assert (tell("watch"), tell("imported")) == (UNSEEN_ON_A_LINE, UNSEEN_ELSEWHERE)
    assert "beside those" in replace(story, run=replace(story.run, layout="watch")).describe_score()
    assert replace(story, run=replace(story.run, layout="imported")).describe_score() == ""


@pytest.mark.parametrize(
    ("kind", "german"),
    [
        ("nearness", "nach Nähe neu bewertet, zwischen 0 und 1 in dieser Charge"),
        ("RsCIN", "neu bewertet (RsCIN), 0 bis 1 in dieser Charge"),
        ("", "größter Abstand in der Karte"),
    ],
)
def test_facts_say_how_was_rescored(told, kind, german):
    run = replace(told.runs.get(1), rescoring=kind)

    assert dict(list_facts(run, told.runs.samples(1), Words("de")))["Wert"] == german


def test_sentences_on_the_threshold_are_german():
    scores = np.r_[np.linspace(1, 1.1, 30), np.linspace(2, 2.1, 30)]
    groups = choose_threshold(scores, scores, rescored=False, rule="auto", k=4.0).why
    usual = choose_threshold(scores, scores, rescored=False, rule="mad", k=4.0).why
    odd = choose_threshold(np.r_[scores[:30], 9.0], np.r_[scores[:30], 9.0], rescored=False, rule="auto", k=4.0).why
    say = Words("de")

    unseen = (describe_unseen(0.45), UNSEEN_BY_ACCEPTED, UNSEEN_ON_A_LINE, UNSEEN_ELSEWHERE)
    for sentence in (groups, usual, odd, UNSURE, UNSURE_GROUPS, UNSURE_OF_FEW, BY_HAND, *unseen, describe_group(3, 20)):
        assert say.sentence(sentence) != sentence
        assert Words("en").sentence(sentence) == sentence
    assert len(SENTENCES) == len(set(SENTENCES.values()))
    assert say.sentence("libpng: bad CRC") == "libpng: bad CRC"


def test_command_line_writes_german_where_it_is_told(run, told, tmp_path):
    for language, title in ((None, "2 of 3 parts stand out"), ("de", "2 von 3 Teilen fallen auf")):
        options = ["--language", language] if language else []
        code, *_ = run("export", 1, "--out", tmp_path / "out", "--what", "report", "--workspace", told.folder, *options)
        assert code == 0
        assert title in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
