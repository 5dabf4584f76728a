"""Recipes in the workspace."""

import numpy as np
import pytest
from sqlalchemy import select

from inspector.data.roi_files import read_roi
from inspector.data.samples import Batch, Sample
from inspector.errors import SettingsError, StoreError
from inspector.recipes import Recipe
from inspector.settings import ScanSettings
from inspector.store.tables import RecipeRow
from inspector.store.users import NotAllowed


def test_recipes_are_kept_by_name(store):
    lid, housing = Recipe(name="lid", classes=["burr"]), Recipe(name="housing", settings={"phases": 1})
    for recipe in (lid, housing):
        store.recipes.save(recipe)

    assert store.recipes.all() == [housing, lid]
    assert store.recipes.names() == ["housing", "lid"]
    assert store.recipes.get("lid") == lid
    store.recipes.delete("lid")
    assert store.recipes.names() == ["housing"]


def test_another_recipe_of_the_same_name_is_not_lost_by_accident(store):
    store.recipes.save(Recipe(name="lid"))
    store.recipes.save(Recipe(name="lid"))
    other = Recipe(name="lid", classes=["burr"])

    with pytest.raises(StoreError, match="there is a recipe lid already"):
        store.recipes.save(other)

    store.recipes.save(other, expected=Recipe(name="lid"))
    assert store.recipes.get("lid") == other


def test_a_change_of_somebody_else_is_not_lost(store):
    seen = Recipe(name="lid", classes=["burr"])
    store.recipes.save(seen)
    theirs, ours = Recipe(name="lid", classes=["burr", "dent"]), Recipe(name="lid", classes=["scratch"])
    store.recipes.save(theirs, expected=seen)

    with pytest.raises(StoreError, match=r"the recipe lid was changed meanwhile, .* change it anew"):
        store.recipes.save(ours, expected=seen)
    assert store.recipes.get("lid") == theirs
    store.recipes.save(theirs, expected=seen)  # the same from both is no conflict
    store.recipes.delete("lid")
    with pytest.raises(StoreError, match="the recipe lid was removed meanwhile; keep yours under another name"):
        store.recipes.save(ours, expected=theirs)
    assert store.recipes.names() == []


def test_what_is_missing_is_told(store):
    for call in (store.recipes.get, store.recipes.delete, store.recipes.find):
        with pytest.raises(StoreError, match="there is no recipe lid"):
            call("lid")


def test_a_name_wins_over_a_file_of_that_name(store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lid").write_text("classes = ['of the file']")
    assert store.recipes.find("lid").classes == ["of the file"]
    store.recipes.save(Recipe(name="lid", classes=["kept"]))

    assert store.recipes.find("lid").classes == ["kept"]


def test_recipes_of_a_newer_version_are_refused(store):
    store.recipes.save(Recipe(name="lid"))
    with store.database.session() as session:
        session.scalars(select(RecipeRow)).one().content = {**Recipe(name="lid").to_json(), "version": 9}

    with pytest.raises(SettingsError, match="recipe lid was written by a newer version"):
        store.recipes.get("lid")


SHAPE = {"properties": {}, "geometry": {"type": "Rectangle", "coordinates": [[0, 0], [0.5, 1]]}}
ROI = {"unit": "fractions", "features": [SHAPE]}


def test_the_region_of_interest_becomes_a_file_for_the_settings(store):
    recipe = Recipe(name="lid", roi=ROI, settings={"phases": 1})
    store.recipes.save(recipe)

    settings = store.recipes.settings_of(store.recipes.get("lid"))

    assert settings["phases"] == 1
    assert read_roi(settings["roi"]).contains(np.array([(0.2, 0.5), (0.8, 0.5)])).tolist() == [True, False]
    assert store.recipes.settings_of(Recipe(name="other")) == {}


@pytest.mark.parametrize(
    "roi", [{"features": []}, {**ROI, "features": []}, "data:image/png;base64,xx", "data:image/png;base64,ÿ"]
)
def test_a_region_of_interest_that_cannot_be_used_is_not_kept(store, roi):
    with pytest.raises(SettingsError, match="region of interest"):
        store.recipes.save(Recipe(name="lid", roi=roi))

    assert store.recipes.names() == []
    assert list((store.folder / "roi").glob("*")) == []


@pytest.mark.usefixtures("quick_passwords")
def test_a_recipe_that_is_refused_leaves_no_file_of_its_region_of_interest(store):
    store.recipes.save(Recipe(name="lid"))
    with pytest.raises(StoreError, match="there is a recipe lid already"):
        store.recipes.save(Recipe(name="lid", roi=ROI))
    store.users.add("Eve", "engineer", "correct horse")

    with pytest.raises(NotAllowed):
        store.recipes.save(Recipe(name="housing", roi=ROI))

    assert list(store.folder.glob("roi/*")) == []


def test_a_run_records_the_recipe_as_it_was(store, tmp_path):
    recipe = Recipe(name="lid", classes=["burr"])
    store.recipes.save(recipe)
    batch = Batch(tmp_path, (Sample("a", image=tmp_path / "a.png"),))
    run_id = store.runs.create(batch, ScanSettings(), recipe)
    other = store.runs.create(batch, ScanSettings())
    store.recipes.delete("lid")

    assert Recipe.make(store.runs.get(run_id).recipe) == recipe
    assert store.runs.get(other).recipe is None
