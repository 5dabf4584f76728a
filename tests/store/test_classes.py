"""Defect classes are kept with the verdict, in the history and in the audit chain; parts know which they are."""

import csv
import json

import pytest

from inspector.data.samples import Batch, Sample
from inspector.errors import StoreError
from inspector.export.tables import VERDICT_COLUMNS, write_table
from inspector.recipes import Recipe
from inspector.settings import ScanSettings


@pytest.fixture
def run_id(store, tmp_path):
    """Three samples, of which the first two are views of one part."""
    identities = ({"part": "0012", "lot": "A7"}, {"part": "0012", "lot": "A7"}, {})
    samples = (
        Sample(f"part_{i}.png", image=tmp_path / f"part_{i}.png", identity=known) for i, known in enumerate(identities)
    )
    return store.runs.create(Batch(tmp_path, tuple(samples)), ScanSettings())


def test_class_stays_with_the_verdict_and_the_last_one_counts(store, run_id):
    first, second, third = (sample.id for sample in store.runs.samples(run_id))
    store.verdicts.add(first, "Ada", "rejected", defect_class="dent")
    store.verdicts.add(first, "Ada", "rejected", defect_class="scratch")
    store.verdicts.add(second, "Ada", "rejected", defect_class="scratch")
    store.verdicts.add(third, "Ada", "rejected")

    assert [verdict.defect_class for verdict in store.verdicts.of_run(run_id)] == ["dent", "scratch", "scratch", ""]
    assert store.classes.count(run_id) == {"scratch": 2, "": 1}
    store.verdicts.add(first, "Bob", "accepted")
    assert store.classes.count(run_id) == {"scratch": 1, "": 1}
    store.verdicts.add(first, "Bob", "rejected", kind="undo")
    assert store.classes.count(run_id) == {"scratch": 2, "": 1}, "what stands again has its class again"


def test_only_what_is_rejected_has_a_class(store, run_id):
    with pytest.raises(ValueError, match="rejected"):
        store.verdicts.add(1, "Ada", "accepted", defect_class="dent")
    assert store.verdicts.of_run(run_id) == []


@pytest.mark.parametrize("forged", ["burr", ""])
def test_a_changed_class_breaks_the_chain(store, run_id, change, forged):
    store.verdicts.add(1, "Ada", "rejected", defect_class="dent")
    assert json.loads(store.audit.entries()[0].fields)["defect_class"] == "dent"
    change(store, "UPDATE verdict SET defect_class = :forged", forged=forged)

    (problem,) = store.audit.find_problems()

    assert "defect_class is " in problem
    assert "but was 'dent'" in problem


def test_list_of_classes_is_kept_without_blanks(store):
    assert store.classes.all() == []

    store.classes.save([" dent ", "", "scratch"])

    assert store.classes.all() == ["dent", "scratch"]
    store.classes.save(["burr"])
    assert store.classes.all() == ["burr"]


def test_a_list_that_somebody_else_changed_is_not_lost(store, run_id):
    store.classes.save(["burr"])
    store.classes.save(["burr", "dent"], expected=["burr"])
    recipe, batch = Recipe(name="lid", classes=["chip"]), Batch(store.folder, (Sample("a", image=store.folder / "a"),))
    store.recipes.save(recipe)
    of_recipe = store.runs.get(store.runs.create(batch, ScanSettings(), recipe))
    store.classes.save_of_run(of_recipe, ["chip", "crack"], expected=["chip"])

    with pytest.raises(StoreError, match="changed meanwhile: they are burr, dent now"):
        store.classes.save_of_run(store.runs.get(run_id), ["burr", "stain"], expected=["burr"])
    with pytest.raises(StoreError, match="changed meanwhile: they are chip, crack now"):
        store.classes.save_of_run(of_recipe, ["chip", "stain"], expected=["chip"])

    assert store.classes.all() == ["burr", "dent"]
    assert store.recipes.get("lid").classes == ["chip", "crack"]


@pytest.mark.parametrize("names", [[str(number) for number in range(51)], ["dent", "Dent"]])
def test_too_many_classes_and_one_named_twice_are_refused(store, names):
    store.classes.save(["burr"])

    with pytest.raises(ValueError, match="expected"):
        store.classes.save(names)

    assert store.classes.all() == ["burr"]


def test_what_is_known_of_a_part_is_kept_and_can_be_corrected(store, run_id):
    assert [sample.identity for sample in store.runs.samples(run_id)] == [
        {"part": "0012", "lot": "A7"},
        {"part": "0012", "lot": "A7"},
        {},
    ]

    store.runs.keep_identity(run_id, 2, {"part": " 0013 ", "lot": ""})

    assert store.runs.samples(run_id)[2].identity == {"part": "0013"}


def test_classes_and_parts_have_columns_where_there_are_any(store, run_id, tmp_path):
    write_table(store.runs.samples(run_id)[2:], tmp_path / "plain.csv", VERDICT_COLUMNS)
    store.verdicts.add(1, "Ada", "rejected", defect_class="dent")
    store.runs.keep_identity(run_id, 2, {"time": "noon"})
    samples, verdicts = store.runs.samples(run_id), store.verdicts.of_run(run_id)

    write_table(samples, tmp_path / "full.csv", VERDICT_COLUMNS, verdicts, left_out=[("notes.txt", "no photo")])

    with (tmp_path / "plain.csv").open(encoding="utf-8-sig") as file:
        assert next(csv.reader(file)) == list(VERDICT_COLUMNS)
    with (tmp_path / "full.csv").open(encoding="utf-8-sig") as file:
        header, *rows = csv.reader(file)
    assert header == [*VERDICT_COLUMNS, "defect_class", "part", "lot", "time_of_part"]
    assert [row[-4:] for row in rows] == [
        ["dent", "0012", "A7", ""],
        ["", "0012", "A7", ""],
        ["", "", "", "noon"],
        [""] * 4,
    ]
