"""In a batch of several variants, regions that parts share are looked for in each as in a batch of its own."""

import numpy as np
import pytest
from PIL import Image

from inspector.data.layouts import read_batch
from inspector.data.photos import read_image
from inspector.export.run import write_exports
from inspector.export.words import Words
from inspector.jobs.group_marks import follow_marks
from inspector.jobs.scan import scan
from inspector.settings import ScanSettings

SETTINGS = ScanSettings(
    image_size=64,
    layers=(2,),
    aggregation="lnamd-mean",
    degrees=(1,),
    windows=(),
    phases=2,
    variants="auto",
    recurring="correct",
)
SHARING = (5, 13, 21, 29, 37)
"""Some of the odd ones, which are green."""


@pytest.fixture
def make_mixed(make_photos, folder):
    """Make bright discs on grey, and every odd part up to a limit dark with a green shine; five of these have the same
    spot."""

    def make(count, greens):
        for number, path in enumerate(make_photos(folder, count)):
            if number % 2 and number < 2 * greens:
                pixels = 255 - read_image(path) // np.array([1, 2, 1], dtype=np.uint8)
                if number in SHARING:
                    pixels[36:46, 16:26] = (250, 40, 40)
                Image.fromarray(pixels).save(path)
        return read_batch(folder)

    return make


def look(store, run_id):
    return [(sample.raw_score, sample.final) for sample in store.runs.samples(run_id)]


def test_a_group_of_a_variant_is_what_it_is_in_a_batch_of_its_own_until_it_is_accepted(make_mixed, store, tmp_path):
    batch = make_mixed(44, 20)
    (tmp_path / "green").mkdir()
    for number in range(1, 40, 2):
        sample = next(each for each in batch.samples if each.name == f"part_{number}.png")
        (tmp_path / "green" / sample.name).write_bytes(sample.image.read_bytes())

    together, alone = scan(batch, SETTINGS, store), scan(read_batch(tmp_path / "green"), SETTINGS, store)

    (group,), (own,) = store.groups.of_run(together), store.groups.of_run(alone)
    samples = {sample.id: sample for sample in store.runs.samples(together)}
    of_own = {sample.id: sample for sample in store.runs.samples(alone)}
    members = [samples[member.sample_id] for member in group.members]
    assert {each.name for each in members} == {f"part_{number}.png" for number in SHARING}
    assert {each.name for each in members} == {of_own[member.sample_id].name for member in own.members}
    assert (group.looked_at, group.variant, group.corrected) == (20, 2, True)
    assert [member.box for member in group.members] == [member.box for member in own.members]
    told = "5 of 20 parts of variant 2 share a region that the others lack"
    assert group.tell() == told
    assert any(note.startswith(told) for note in store.runs.get(together).notes)
    assert Words("de").sentence(told).startswith("5 von 20 Teilen der Variante 2 haben eine Stelle gemeinsam")
    by_name = {sample.name: sample.raw_score for sample in of_own.values()}
    greens = [each for each in samples.values() if each.variant == 2]
    ratios = np.array([each.raw_score / by_name[each.name] for each in greens])
    assert ratios == pytest.approx(np.full(20, ratios[0]), rel=1e-4)  # on the footing of the first variant
    assert abs(ratios[0] - 1) > 0.01
    page = write_exports(store, together, tmp_path / "out", ["report"])["report"].read_text("utf-8")
    assert f"Group 1: {told}; they were scored" in page

    before = look(store, together)
    store.groups.mark(group.id, "Mia", "accepted")
    assert follow_marks(store, together, "Mia")
    rows = store.runs.samples(together)
    assert [sample.raw_score for sample in rows] == [sample.plain_score for sample in rows]
    store.groups.mark(group.id, "Mia", "defect")
    assert follow_marks(store, together, "Mia")
    assert look(store, together) == before


def test_a_small_variant_is_not_looked_at_and_it_is_said(make_mixed, store):
    run_id = scan(make_mixed(32, 10), SETTINGS, store)

    assert {sample.variant for sample in store.runs.samples(run_id)} == {1, 2}
    (_, told) = store.runs.get(run_id).notes
    assert told == "recurring defects were not looked for in variants of fewer than 20 parts"
    assert Words("de").sentence(told).endswith("in Varianten mit weniger als 20 Teilen nicht gesucht")
    assert store.groups.of_run(run_id) == []
