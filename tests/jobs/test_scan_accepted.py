"""A batch that is scanned again, judged by the parts that were accepted before."""

import json
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
from inspector.statistics.counts import add_up
from inspector.store.plan import load_plan, save_plan
from inspector.store.run_facts import is_judged, name_fact
from inspector.store.standing import find_standing

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

    fact, carried = store.runs.get(run_id).notes
    assert (fact, name_fact(fact)) == ("judged by the 4 parts that were accepted in run 1", "Judges")
    assert Words("de").sentence(fact) == "gemessen an den 4 Teilen, die in Lauf 1 als gut beurteilt sind"
    assert (carried.endswith("the files are the same: 5"), name_fact(carried)) == (True, "Verdicts")
    (tmp_path / "few").mkdir()
    for number in (0, 2, 3, 4, 5):
        (tmp_path / "few" / f"part_{number}.png").write_bytes((reviewed / f"part_{number}.png").read_bytes())
    few = list_scores(store, scan(read_batch(tmp_path / "few"), SMALL, store))
    assert list_scores(store, run_id)[0] == pytest.approx(few[0], rel=1e-5)
    assert not np.allclose(list_scores(store, run_id), list_scores(store, 1))


def test_verdicts_are_carried_over_to_what_is_the_same(reviewed, store):
    """Each with who gave it and when, in the audit chain as what it is; what was said of the new run stands."""
    (first,) = store.verdicts.of_sample(store.runs.samples(1)[0].id)
    store.verdicts.add(first.sample_id, "bob", "rejected", "a dent", defect_class="dent")
    (reviewed / "part_3.png").write_bytes((reviewed / "part_7.png").read_bytes())

    run_id = scan_by_accepted(reviewed, store)

    samples = store.runs.samples(run_id)
    found = {said.sample_id - samples[0].id: said for said in store.verdicts.of_run(run_id)}
    assert {place: said.new for place, said in found.items()} == {
        0: "rejected", 2: "accepted", 4: "accepted", 5: "accepted",
    }  # fmt: skip
    assert {(said.kind, said.carried_from) for said in found.values()} == {("carried", 1)}
    standing = store.verdicts.of_sample(first.sample_id)[-1]
    assert (found[0].operator, found[0].time, found[0].comment) == ("bob", standing.time, "a dent")
    entry = json.loads(store.audit.entries()[-4].fields)
    assert (entry["kind"], entry["carried_from"], entry["operator"], entry["run_id"]) == ("carried", 1, "bob", run_id)
    assert entry["score"] == samples[0].final
    assert store.audit.find_problems() == []
    counts = add_up([tally for tally in store.tallies.count() if tally.facts.run_id == run_id])
    assert (counts.reviewed, counts.flagged_carried + counts.passed_carried, counts.parts) == (0, 4, 8)

    again = scan_by_accepted(reviewed, store, run=run_id)

    assert {said.carried_from for said in store.verdicts.of_run(again)} == {run_id}
    said = store.verdicts.add(samples[2].id, "ann", "accepted")  # looked at, and said of this run
    assert (said.kind, store.verdicts.add(samples[2].id, "ann", "accepted")) == ("verdict", None)
    store.verdicts.add(samples[2].id, "ann", "accepted", seen=said.id, kind="undo")
    assert find_standing(store.verdicts.of_sample(samples[2].id)).carried_from == 1


def test_what_was_said_of_the_new_run_or_unsaid_of_the_first_meanwhile_counts(reviewed, store):
    """Part 2 is rejected in both, part 3 in the first one: it judges all the same, and that is told."""

    def judge(event):
        if event.stage == "maps" and event.kind == "progress" and not event.done:
            (run,) = [run for run in store.runs.all() if run.status == "running"]
            for number in (1, run.id):
                store.verdicts.add(store.runs.samples(number)[2].id, "eve", "rejected")
            store.verdicts.add(store.runs.samples(1)[3].id, "eve", "undecided")

    batch = read_batch(reviewed)
    run_id = scan(batch, SMALL, store, judge, accepted=find_accepted(batch, store, 1))

    told = {said.sample_id - store.runs.samples(run_id)[0].id: said.kind for said in store.verdicts.of_run(run_id)}
    assert told == {0: "carried", 2: "verdict", 4: "carried", 5: "carried"}
    assert any(note.endswith("but are not any more: 2; scan again") for note in store.runs.get(run_id).notes)


def test_views_of_a_part_are_one_judge(make_photos, folder, store, accept):
    """Two parts with two views each are accepted, and one view of a third, of which the other one is rejected."""
    make_photos(folder, 8, spot=True)
    settings = SMALL.changed(part_id=r"part_(?P<part>\d)")
    for number, path in enumerate(sorted(folder.glob("*"))):
        path.rename(folder / f"part_{number // 2}_{number % 2}.png")
    scan(read_batch(folder), settings, store)
    accept(1, [0, 1, 4])
    store.verdicts.add(store.runs.samples(1)[5].id, "ann", "rejected")
    with pytest.raises(InputError, match=r"accepted parts of run 1 that are in .* they had: 1 of 1; accept"):
        find_accepted(read_batch(folder), store, 1)
    accept(1, [2])

    run_id = scan_by_accepted(folder, store, settings.changed(references=2))

    told = "judged by 3 views of the 2 parts that were accepted in run 1: by 2 at most, drawn at random"
    assert (store.runs.get(run_id).notes[0], name_fact(told)) == (told, "Judges")
    assert Words("de").sentence(told).startswith("gemessen an 3 Ansichten der 2 Teile, die in Lauf 1 als gut")
    assert len(store.verdicts.of_run(run_id)) == 5
    unruled = scan_by_accepted(folder, store, SMALL.changed(references=2))  # the earlier run knows which are views
    assert np.array_equal(list_scores(store, unruled), list_scores(store, run_id))


def test_notes_on_judges_count_parts_and_not_their_views(make_photos, folder, store, accept):
    """Three parts of two photos each: one judge loses both of its files, the other is not accepted any more."""
    make_photos(folder, 6, spot=True)
    for number, path in enumerate(sorted(folder.glob("*"))):
        path.rename(folder / f"part_{number // 2}_{number % 2}.png")
    settings = SMALL.changed(part_id=r"part_(?P<part>\d)")
    scan(read_batch(folder), settings, store)
    accept(1, range(2, 6))
    batch = read_batch(folder)
    found = find_accepted(batch, store, 1)
    for view in (0, 1):
        (folder / f"part_1_{view}.png").write_bytes((folder / f"part_0_{view}.png").read_bytes())
        store.verdicts.add(store.runs.samples(1)[4 + view].id, "eve", "undecided")

    notes = store.runs.get(scan(batch, settings, store, accepted=found)).notes

    lost = "accepted parts that do not judge, as their files changed or were gone when they were read: 1"
    few = "fewer than two of 3 parts that are compared with each other, part_0_0.png first, were accepted: all of them "
    gone = "parts that judge, and were accepted in run 1, but are not any more: 1; scan again"
    assert [next((note for note in notes if note.startswith(told)), notes) for told in (lost, few, gone)] == [
        lost,
        f"{few}judge there",
        gone,
    ]


def test_files_that_changed_do_not_judge(reviewed, store):
    other = read_image(reviewed / "part_2.png")
    Image.fromarray(255 - other).save(reviewed / "part_2.png")
    (reviewed / "part_3.png").unlink()
    (reviewed / "part_4.png").touch()  # the same bytes

    found = find_accepted(read_batch(reviewed), store, 1)

    assert (found.lost, [position for position, _ in found.judges]) == (2, [3, 4])
    assert Words("de").sentence(found.describe(200)[1]).endswith("nicht in dieser Charge sind: 2")
    (reviewed / "part_4.png").unlink()
    with pytest.raises(InputError, match=r"run 1 that are in .*: 1 of 4; accept at least two there, better eight"):
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
