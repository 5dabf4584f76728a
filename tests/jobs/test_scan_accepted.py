"""A batch that is scanned again, judged by the parts that were accepted before."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from inspector.data.layouts import read_batch
from inspector.data.photos import read_image
from inspector.errors import Cancelled, InputError, StoreError
from inspector.export.words import Words
from inspector.jobs.accepted import find_accepted
from inspector.jobs.earlier import find_or_scan
from inspector.jobs.scan import scan
from inspector.settings import ScanSettings
from inspector.store.plan import load_plan, save_plan
from inspector.store.run_facts import is_judged, name_fact

SMALL = ScanSettings(image_size=64, batch_size=4, degrees=(1,), layers=(3,), recurring="off")


@pytest.fixture
def accept(store):
    """Accept parts of a run by their positions."""

    def put(run_id, positions):
        for sample in store.runs.samples(run_id):
            if sample.position in positions:
                store.verdicts.add(sample.id, "ann", "accepted")

    return put


@pytest.fixture
def reviewed(make_photos, folder, store, accept):
    """A batch of eight photos of which 2 to 5 were accepted in run 1, and the first was rejected."""
    make_photos(folder, 8, spot=True)
    run_id = scan(read_batch(folder), SMALL, store)
    accept(run_id, range(2, 6))
    store.verdicts.add(store.runs.samples(run_id)[0].id, "ann", "rejected")
    return folder


def list_scores(store, run_id):
    return np.array([sample.raw_score for sample in store.runs.samples(run_id)])


def scan_by_accepted(folder, store, settings=SMALL, run=1):
    batch = read_batch(folder)
    return scan(batch, settings, store, accepted=find_accepted(batch, store, run))


def test_the_accepted_parts_alone_judge_and_the_run_says_so(reviewed, store, tmp_path):
    """Judged by these four, a part scores as in a batch of it and them where all judge."""
    run_id = scan_by_accepted(reviewed, store)

    (fact,) = store.runs.get(run_id).notes
    assert (fact, name_fact(fact)) == ("judged by the 4 parts that were accepted in run 1", "Judges")
    assert Words("de").sentence(fact) == "gemessen an den 4 Teilen, die in Lauf 1 als gut beurteilt sind"
    (tmp_path / "few").mkdir()
    for number in (0, 2, 3, 4, 5):
        (tmp_path / "few" / f"part_{number}.png").write_bytes((reviewed / f"part_{number}.png").read_bytes())
    few = list_scores(store, scan(read_batch(tmp_path / "few"), SMALL, store))
    assert list_scores(store, run_id)[0] == pytest.approx(few[0], rel=1e-5)
    assert not np.allclose(list_scores(store, run_id), list_scores(store, 1))


def test_files_that_changed_do_not_judge(reviewed, store):
    other = read_image(reviewed / "part_2.png")
    Image.fromarray(255 - other).save(reviewed / "part_2.png")
    (reviewed / "part_3.png").unlink()
    (reviewed / "part_4.png").touch()  # the same bytes

    found = find_accepted(read_batch(reviewed), store, 1)

    assert (found.lost, [position for position, _ in found.judges]) == (2, [3, 4])
    assert Words("de").sentence(found.describe()[1]).endswith("nicht in dieser Charge sind: 2")
    (reviewed / "part_4.png").unlink()
    with pytest.raises(InputError, match=r"of the 4 parts .* 1 are in .* accept at least two there, better eight"):
        find_accepted(read_batch(reviewed), store, 1)


def test_what_is_overwritten_after_it_was_listed_does_not_judge(reviewed, store):
    batch = read_batch(reviewed)
    found = find_accepted(batch, store, 1)
    (reviewed / "part_3.png").write_bytes((reviewed / "part_0.png").read_bytes())

    notes = store.runs.get(scan(batch, SMALL, store, accepted=found)).notes

    (told,) = [note for note in notes if note.startswith("accepted parts that do not judge")]
    assert Words("de").sentence(told).endswith("beim Lesen geändert oder weg waren: 1")


def test_an_accepted_part_that_could_not_be_read_does_not_judge(folder, store, accept, make_photos):
    make_photos(folder, 4)
    (folder / "part_9.png").write_bytes(b"")
    run_id = scan(read_batch(folder), SMALL, store)
    accept(run_id, [0, 1, 4])

    assert [position for position, _ in find_accepted(read_batch(folder), store, run_id).judges] == [0, 1]


def test_a_stopped_run_goes_on_with_the_judges_that_it_began_with(reviewed, store, accept):
    batch = read_batch(reviewed)
    expected = list_scores(store, scan_by_accepted(reviewed, store))

    def stop(event):
        if event.stage == "score":
            raise Cancelled

    with pytest.raises(Cancelled):
        scan(batch, SMALL, store, stop, accepted=find_accepted(batch, store, 1))
    run_id = max(run.id for run in store.runs.all())
    accept(1, [6, 7])

    assert np.array_equal(list_scores(store, scan(batch, SMALL, store, run_id=run_id)), expected)
    (reviewed / "part_2.png").write_bytes((reviewed / "part_6.png").read_bytes())
    with pytest.raises(StoreError, match=r"part_2.png judges run \d+, but its file changed"):
        scan(batch, SMALL, store, run_id=run_id)
    save_plan(store, run_id, replace(load_plan(store, run_id), judges=()))
    with pytest.raises(StoreError, match="not known any more which parts judge"):
        scan(batch, SMALL, store, run_id=run_id)


def test_it_does_not_stand_for_a_run_of_the_whole_batch(reviewed, store):
    batch = read_batch(reviewed)
    run_id = scan_by_accepted(reviewed, store)

    found = find_or_scan(batch, SMALL, store, lambda _event: None)

    assert is_judged(store.runs.get(run_id).notes)
    assert (found.run_id, found.how) == (1, "before")


def test_each_variant_is_judged_by_its_own_accepted_parts(make_photos, folder, store, accept):
    """Of the second variant one part is accepted: it is judged as before, but for the footing."""
    make_photos(folder, 22, spot=True)
    for path in sorted(folder.glob("*"))[:10]:
        Image.fromarray(255 - read_image(path) // np.array([1, 2, 1], dtype=np.uint8)).save(path)
    settings = SMALL.changed(variants="auto", recurring="alert")
    scan(read_batch(folder), settings, store)
    samples = store.runs.samples(1)
    few = [sample.position for sample in samples if sample.variant == 2]
    many = [sample.position for sample in samples if sample.variant == 1]
    accept(1, [few[0], *many[1:6]])

    run_id = scan_by_accepted(folder, store, settings)

    told = [note for note in store.runs.get(run_id).notes if note.startswith("fewer than two of 10 parts")]
    assert len(told) == 1
    assert "recurring defects were not looked for: accepted parts alone judge" in store.runs.get(run_id).notes
    ratios = list_scores(store, run_id) / list_scores(store, 1)
    assert ratios[few] == pytest.approx(np.full(10, ratios[few[0]]), rel=1e-4)
    assert np.ptp(ratios[many]) > 0.01
