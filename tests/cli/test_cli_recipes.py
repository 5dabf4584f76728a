"""Recipes on the command line: made, carried to another workspace, used."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector.data.roi_files import read_roi
from inspector.presets import PRESETS
from inspector.recipes import Recipe
from inspector.store.workspace import Workspace

TEXT = """
preset = "fast"
classes = ["burr", "dent"]
[settings]
threshold_k = 6.0
share = 0.2
"""


@pytest.fixture
def lid(tmp_path):
    file = tmp_path / "lid.toml"
    file.write_text(TEXT)
    return file


@pytest.fixture
def settings_of(run, monkeypatch, make_photos, folder):
    """What settings a dry run has, of given options."""
    make_photos(folder, 2)
    received = []
    monkeypatch.setattr("inspector.jobs.predict.predict", lambda _batch, settings, _judges: received.append(settings))

    def call(*options):
        code, _, stderr = run("scan", "--dry-run", *options)
        assert code == 0, stderr
        return received.pop()

    return call


def test_a_recipe_goes_from_one_workspace_to_another(run, lid, tmp_path):
    assert run("recipes", "import", lid)[:2] == (0, "Recipe lid is kept.\n")
    assert "burr, dent" in run("recipes", "list")[1]
    shown = run("recipes", "show", "lid")[1]
    carried = tmp_path / "carried.toml"
    assert run("recipes", "export", "lid", "--out", carried)[0] == 0
    assert carried.read_text() == shown
    other = ("--workspace", tmp_path / "other")
    assert run("recipes", "import", carried, "--name", "lid 2", *other)[0] == 0
    with Workspace(tmp_path / "other") as store:
        assert store.recipes.get("lid 2").settings == {"threshold_k": 6.0, "share": 0.2}
    assert run("recipes", "delete", "lid")[0] == 0
    assert run("recipes", "delete", "lid")[0] == 1


def test_another_recipe_of_the_name_is_replaced_on_request_alone(run, lid):
    run("recipes", "import", lid)
    lid.write_text("")
    code, _, stderr = run("recipes", "import", lid)

    assert (code, "--replace" in stderr) == (1, True)
    assert run("recipes", "import", lid, "--replace")[0] == 0


def test_a_recipe_is_replaced_only_where_it_is_as_it_was_exported(run, lid, tmp_path):
    run("recipes", "import", lid)
    before, edited = tmp_path / "before.toml", tmp_path / "edited.toml"
    run("recipes", "export", "lid", "--out", before)
    edited.write_text(before.read_text().replace("0.2", "0.3"))
    take = ("recipes", "import", edited, "--name", "lid", "--instead-of", before)

    assert run(*take)[0] == 0
    assert "share = 0.3" in run("recipes", "show", "lid")[1]
    edited.write_text(before.read_text().replace("0.2", "0.5"))
    code, _, stderr = run(*take)

    assert (code, "was changed meanwhile" in stderr) == (1, True)
    assert "share = 0.3" in run("recipes", "show", "lid")[1]


def test_options_win_over_the_recipe_and_the_recipe_over_the_preset(run, settings_of, lid, folder):
    run("recipes", "import", lid)

    fast = PRESETS["fast"]
    assert settings_of(folder, "--recipe", "lid") == fast.changed(threshold_k=6.0, share=0.2)
    assert settings_of(folder, "--recipe", lid, "--share", 0.4) == fast.changed(threshold_k=6.0, share=0.4)
    own = PRESETS["embedded"].changed(threshold_k=6.0, share=0.2)
    assert settings_of(folder, "--recipe", "lid", "--preset", "embedded") == own


def test_the_folder_may_come_from_the_recipe(run, settings_of, tmp_path, folder):
    file = tmp_path / "here.toml"
    file.write_text(Recipe(name="here", folder=str(folder)).to_toml())

    assert settings_of("--recipe", file) == PRESETS["embedded"]
    code, _, stderr = run("scan")
    assert (code, "name a folder, or a recipe" in stderr) == (2, True)


def test_an_unknown_recipe_is_told(run, folder):
    code, _, stderr = run("scan", folder, "--recipe", "none")

    assert code == 1
    assert "there is no recipe none" in stderr


def test_the_region_of_interest_of_a_recipe_is_used(run, settings_of, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("seen.png", "own.png"):
        Image.fromarray(np.eye(8, dtype=np.uint8) * 255).save(name)
    (tmp_path / "lid.toml").write_text("roi = 'seen.png'")
    run("recipes", "import", tmp_path / "lid.toml")
    (tmp_path / "seen.png").unlink()

    found = settings_of(folder, "--recipe", "lid").roi

    np.testing.assert_array_equal(read_roi(found).mask, np.eye(8, dtype=bool))
    assert settings_of(folder, "--recipe", "lid", "--roi", "own.png").roi == Path("own.png")


def test_a_run_keeps_the_recipe_it_was_begun_with(run, lid, make_photos, folder, tmp_path):
    make_photos(folder, 3)

    code, _, stderr = run("scan", folder, "--recipe", lid, "--image-size", 64, "--phases", 1)

    assert code == 0, stderr
    with Workspace(tmp_path / "workspace") as store:
        kept = store.runs.get(1)
        assert kept.recipe["name"] == "lid"
        assert (kept.settings["share"], kept.settings["phases"]) == (0.2, 1)


def test_the_rule_of_part_ids_of_a_recipe_is_used(settings_of, folder, tmp_path):
    (tmp_path / "lid.toml").write_text(r"part_id = '(?P<part>\d+)'")

    assert settings_of(folder, "--recipe", tmp_path / "lid.toml").part_id == r"(?P<part>\d+)"
    assert settings_of(folder, "--recipe", tmp_path / "lid.toml", "--part-id", "(?P<lot>x)").part_id == "(?P<lot>x)"
