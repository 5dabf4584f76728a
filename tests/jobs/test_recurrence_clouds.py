"""Regions that only some clouds, or photos with clouds, share: told, corrected, and back again by a mark."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from inspector.data.layouts import read_batch
from inspector.export.words import Words
from inspector.jobs.group_marks import follow_marks
from inspector.jobs.recurrence import make_recorders
from inspector.jobs.scan import scan
from inspector.scoring.feature_sets import BatchFeatures
from inspector.scoring.variants import one_kind
from inspector.settings import ScanSettings
from tests.clouds import organised, photo, save_photo, save_tiff

SETTINGS = ScanSettings(
    image_size=64, layers=(2,), groups=48, group_size=16, group_step=10, windows=(), recurring="correct"
)
SIZE, MARK = (64, 102), (22, 41)
SHARING = (3, 8, 12, 17, 19)


@pytest.fixture
def batch(folder):
    """Twenty parts with photo and cloud; five have the same mark at one place of both."""
    for number in range(20):
        mark = MARK if number in SHARING else None
        save_photo(folder / f"test/good/rgb/{number:03}.png", photo(number, mark, SIZE))
        save_tiff(folder / f"test/good/xyz/{number:03}.tiff", organised(number, mark, SIZE))
    return read_batch(folder)


def draw_roi(path, use):
    """A rectangle around the mark, where alone is looked, or not at all."""
    rectangle = {"type": "Rectangle", "coordinates": [[0.2, 0.05], [0.6, 0.65]]}
    path.write_text(
        json.dumps({"unit": "fractions", "features": [{"properties": {"use": use}, "geometry": rectangle}]})
    )
    return path


def look(store, run_id):
    """Scores of parts, and those of each one's points together."""
    scores = np.array([sample.raw_score for sample in store.runs.samples(run_id)])
    return scores, np.array([store.artefacts.load_cloud(run_id, position)[1].sum() for position in range(20)])


@pytest.mark.parametrize("modality", ["2d+3d", pytest.param("3d", marks=pytest.mark.slow)])
def test_members_are_told_and_scored_without_each_other_until_they_are_accepted(
    batch, store, folder, tmp_path, modality
):
    roi = None
    if modality == "3d":
        roi = draw_roi(tmp_path / "roi.json", "include")
    else:
        save_photo(folder / "test/good/rgb/020.png", photo(20, MARK, SIZE))  # one more, without a cloud
        batch = read_batch(folder)

    run_id = scan(batch, SETTINGS.changed(modality=modality, roi=roi), store)

    told = "recurring defects were looked for on the 20 parts with photo and cloud alone"
    assert (told in store.runs.get(run_id).notes) == (modality == "2d+3d")
    (group,) = store.groups.of_run(run_id)
    assert (tuple(member.position for member in group.members), group.corrected) == (SHARING, True)
    for member in group.members:
        left, top, right, bottom = member.box
        assert left < (MARK[1] + 0.5) / SIZE[1] < right
        assert top < (MARK[0] + 0.5) / SIZE[0] < bottom
    scores, points = look(store, run_id)

    store.groups.mark(group.id, "Mia", "accepted")
    assert follow_marks(store, run_id, "Mia")

    plain_scores, plain_points = look(store, run_id)
    assert [sample.plain_score for sample in store.runs.samples(run_id)] == plain_scores.tolist()
    for with_group, without in ((scores, plain_scores), (points, plain_points)):
        assert np.flatnonzero(with_group > without).tolist() == list(SHARING)
        np.testing.assert_array_equal(np.delete(with_group, SHARING), np.delete(without, SHARING))
    store.groups.mark(group.id, "Mia", "defect")
    follow_marks(store, run_id, "Mia")
    np.testing.assert_array_equal(look(store, run_id)[1], points)


@pytest.mark.slow
def test_what_recurs_in_clouds_where_nobody_looks_is_not_told(batch, store, tmp_path):
    roi = draw_roi(tmp_path / "roi.json", "ignore")

    run_id = scan(batch, SETTINGS.changed(modality="3d", roi=roi), store)

    assert store.groups.of_run(run_id) == []


def test_more_than_a_quarter_of_those_looked_at_wait_until_somebody_says_so(batch, store, folder):
    save_photo(folder / "test/good/rgb/004.png", photo(4, MARK, SIZE))
    save_tiff(folder / "test/good/xyz/004.tiff", organised(4, MARK, SIZE))
    for number in range(20, 24):  # without a cloud: six are a quarter of all
        save_photo(folder / f"test/good/rgb/{number:03}.png", photo(number, None, SIZE))

    run_id = scan(read_batch(folder), SETTINGS.changed(modality="2d+3d"), store)

    (group,) = store.groups.of_run(run_id)
    assert (group.tell(), group.corrected) == ("6 of 20 parts share a region that the others lack", False)
    told = f"{group.tell()}; as they are more than 25% of those compared, scores follow once it is marked as a defect"
    assert told in store.runs.get(run_id).notes
    assert (
        Words("de")
        .sentence(told)
        .endswith(
            "da es mehr als 25 % der verglichenen sind, folgen die Werte, sobald die "
            "Stelle als Fehler gekennzeichnet ist"
        )
    )
    assert not follow_marks(store, run_id, "Mia")


def test_where_too_few_photos_have_a_cloud_nothing_is_looked_for_and_it_is_said():
    notes = []
    runs = SimpleNamespace(add_notes=lambda _, told: notes.extend(told))
    workspace, plan = SimpleNamespace(runs=runs), SimpleNamespace(judges=())
    job = SimpleNamespace(run_id=1, settings=ScanSettings(), workspace=workspace, plan=plan)
    photos_and_some_clouds = BatchFeatures(tuple(range(30)), tuple(range(12)), ((),), (), (4, 4), 1)

    assert make_recorders(job, [photos_and_some_clouds], one_kind(30)) == {}

    (note,) = notes
    assert note == "recurring defects were not looked for: fewer than 20 parts have photo and cloud"
    assert Words("de").sentence(note).endswith("nicht gesucht: weniger als 20 Teile haben Foto und Punktwolke")
