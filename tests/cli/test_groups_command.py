"""`inspector groups` lists and marks groups, in the words of who marked them."""

import pytest
from typer.testing import CliRunner

from inspector.cli import app
from inspector.data.samples import Batch, Sample
from inspector.settings import ScanSettings
from inspector.store.groups import FoundGroup
from inspector.store.workspace import Workspace

BOX = (0.25, 0.5, 0.375, 0.75)


@pytest.fixture
def workspace(tmp_path):
    """A run of six parts with one group."""
    with Workspace(tmp_path / "workspace") as store:
        parts = tuple(Sample(f"{index}.png", image=tmp_path / f"{index}.png") for index in range(6))
        run_id = store.runs.create(Batch(tmp_path, parts), ScanSettings())
        store.groups.keep(run_id, [FoundGroup(dict.fromkeys((4, 1, 2), BOX), False)], {})
    return tmp_path / "workspace"


def call(workspace, *arguments):
    return CliRunner().invoke(app, ["groups", "1", "--workspace", str(workspace), *arguments])


def test_groups_are_listed_with_their_members(workspace):
    result = call(workspace)

    said = "1. 3 of 0 parts share a region that the others lack (unmarked; scores do not follow): 1.png, 2.png, 4.png"
    assert (result.exit_code, result.output.strip()) == (0, said)


def test_a_mark_is_kept_with_who_gave_it(workspace):
    result = call(workspace, "--mark", "1=defect", "--operator", "Mia", "--comment", "worn tool")

    assert "(defect;" in result.output
    with Workspace(workspace) as store:
        (mark,) = store.groups.marks(1)
        assert (mark.operator, mark.new, mark.comment) == ("Mia", "defect", "worn tool")
        (entry,) = store.audit.entries()
        assert (entry.kind, store.audit.find_problems()) == ("mark", [])
    assert "(defect;" in call(workspace, "--mark", "1=defect").output
    with Workspace(workspace) as store:
        assert len(store.groups.marks(1)) == 1


@pytest.mark.parametrize("text", ["2", "1=bad", "x=defect", "=defect", "-1=defect"])
def test_what_is_no_mark_is_refused(workspace, text):
    assert call(workspace, f"--mark={text}").exit_code == 2


def test_two_marks_of_one_group_are_refused(workspace):
    assert call(workspace, "--mark", "1=defect", "--mark", "1=accepted").exit_code == 2
    with Workspace(workspace) as store:
        assert store.groups.marks(1) == []


def test_a_group_that_is_not_there_is_named(workspace):
    result = call(workspace, "--mark", "2=defect")

    assert "run 1 has no group 2" in str(result.exception)
