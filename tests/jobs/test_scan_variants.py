"""Two kinds of parts in one batch are judged each among its own, and this is told."""

import csv
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from inspector.data.layouts import read_batch
from inspector.data.photos import read_image
from inspector.errors import Cancelled
from inspector.export.run import write_exports
from inspector.jobs.comparison import find_batch_variants
from inspector.jobs.scan import scan
from inspector.presets import PRESETS
from inspector.settings import ScanSettings

AUTO = ScanSettings(image_size=64, batch_size=4, degrees=(1,), variants="auto", recurring="off")
OFF = AUTO.changed(variants="off")


@pytest.fixture
def mixed(make_photos, folder):
    """Twelve bright discs on grey, the first with a spot, and ten dark ones with a green shine, mixed by name."""
    make_photos(folder, 22, spot=True)
    for number in range(1, 21, 2):
        path = folder / f"part_{number}.png"
        Image.fromarray(255 - read_image(path) // np.array([1, 2, 1], dtype=np.uint8)).save(path)
    return folder


def raw_scores(store, run_id):
    return {sample.name: sample.raw_score for sample in store.runs.samples(run_id)}


def is_green(sample) -> bool:
    return int(sample.name.removeprefix("part_").removesuffix(".png")) in range(1, 21, 2)


def test_variants_are_kept_by_sample_and_told(mixed, store):
    events = []

    run_id = scan(read_batch(mixed), AUTO, store, events.append)

    samples = store.runs.samples(run_id)
    assert [sample.variant for sample in samples] == [2 if is_green(sample) else 1 for sample in samples]
    (note,) = store.runs.get(run_id).notes
    assert "2 variants (12 parts, part_0.png first; 10 parts, part_1.png first)" in note
    assert note in [event.message for event in events if event.kind == "warning"]


@pytest.mark.parametrize("change", [{}, {"phases": 2}, {"tiles": 2}, {"more_sizes": (96,)}], ids=str)
def test_parts_are_judged_among_their_own(mixed, store, tmp_path, change):
    """The larger variant scores as in a batch of its own; the smaller one so but for its footing."""
    settings = AUTO.changed(**change)
    together = raw_scores(store, scan(read_batch(mixed), settings, store))
    for name, chosen in (("discs", 0), ("green", 1)):
        (tmp_path / name).mkdir()
        for sample in read_batch(mixed).samples:
            if is_green(sample) == bool(chosen):
                (tmp_path / name / sample.name).write_bytes(sample.image.read_bytes())

    runs = [scan(read_batch(tmp_path / name), settings, store) for name in ("discs", "green")]
    discs, green = (raw_scores(store, run_id) for run_id in runs)

    near = {"rel": 0.1 if "more_sizes" in change else 1e-4}  # what is usual at a size is that of the whole batch
    assert [together[name] for name in discs] == [pytest.approx(score, **near) for score in discs.values()]
    ratios = np.array([together[name] / score for name, score in green.items()])
    assert ratios == pytest.approx(np.full(10, ratios[0]), **near)
    assert max(together, key=together.__getitem__) == "part_0.png"


def test_a_batch_of_one_kind_is_scored_as_without(make_photos, folder, store):
    make_photos(folder, 22, spot=True)
    batch = read_batch(folder)

    auto, off = (scan(batch, settings, store) for settings in (AUTO, OFF))

    assert raw_scores(store, auto) == raw_scores(store, off)
    assert [s.rescored for s in store.runs.samples(auto)] == [s.rescored for s in store.runs.samples(off)]
    for place in range(22):
        assert np.array_equal(store.artefacts.load_map(auto, place), store.artefacts.load_map(off, place))
    assert store.runs.get(auto).notes == []
    assert {sample.variant for sample in store.runs.samples(auto)} == {None}


def test_off_judges_all_together(mixed, store):
    run_id = scan(read_batch(mixed), OFF, store)

    assert store.runs.get(run_id).notes == []
    assert {sample.variant for sample in store.runs.samples(run_id)} == {None}
    assert raw_scores(store, run_id) != raw_scores(store, scan(read_batch(mixed), AUTO, store))


def test_progress_of_all_variants_is_one(mixed, store):
    events = []

    scan(read_batch(mixed), AUTO, store, events.append)

    told = [(event.done, event.total) for event in events if (event.kind, event.stage) == ("progress", "score")]
    assert told == sorted(told)
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1]
    assert len({total for _, total in told}) == 1


@pytest.mark.parametrize("stage", ["read", "score", "maps"])
def test_a_stopped_scan_goes_on_to_the_same_scores(mixed, store, stage):
    expected = scan(read_batch(mixed), AUTO, store)

    def stop(event):
        if event.stage == stage and event.done > 0.8 * event.total > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        scan(read_batch(mixed), AUTO, store, stop)
    stopped = store.runs.all()[0].id

    scan(read_batch(mixed), AUTO, store, run_id=stopped)

    for before, after in zip(store.runs.samples(expected), store.runs.samples(stopped), strict=True):
        assert (before.final, before.variant) == (after.final, after.variant)
    assert len(store.runs.get(stopped).notes) == 1


def test_table_and_report_say_the_variant(mixed, store, tmp_path):
    run_id = scan(read_batch(mixed), AUTO, store)

    written = write_exports(store, run_id, tmp_path / "out", ["scores", "report"])

    with written["scores"].open(encoding="utf-8-sig", newline="") as file:
        rows = {row["path"]: row["variant"] for row in csv.DictReader(file)}
    assert (rows["part_0.png"], rows["part_1.png"]) == ("1", "2")
    page = written["report"].read_text(encoding="utf-8")
    assert "12 of variant 1, 10 of variant 2; each is judged among its own" in page
    assert '<p class="note">variant 2</p>' in page


@pytest.mark.parametrize("modality", ["3d", "2d+3d"])
def test_batches_with_clouds_are_judged_as_one(modality):
    job = SimpleNamespace(settings=AUTO, prepared=SimpleNamespace(modality=modality))

    assert find_batch_variants(job, [None] * 3, []).members == []


def test_published_rules_know_no_variants():
    found = {name: settings.variants for name, settings in PRESETS.items()}

    assert {name for name, word in found.items() if word == "auto"} == {"embedded", "fast"}
