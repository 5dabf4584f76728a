"""Recipes: what a product keeps, as one file."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector.errors import SettingsError
from inspector.presets import PRESETS, load_settings
from inspector.recipes import Recipe, list_differences, pack_roi, read_recipe, unpack_roi

HOUSING = Recipe(
    name="Housing M12",
    preset="fast",
    folder="/lines/2/housing",
    classes=["scratch", "dent"],
    part_id=r"(?P<part>\d+)_(?P<view>top|side)",
    settings={"search_radius": 3, "threshold": "mad", "threshold_k": 5.0},
)


def test_what_is_written_is_read_again(tmp_path):
    file = tmp_path / "housing.toml"
    file.write_text(HOUSING.to_toml(), encoding="utf-8")

    assert read_recipe(file) == HOUSING
    assert "version = 1" in file.read_text(encoding="utf-8")


def test_one_without_a_name_is_named_after_its_file(tmp_path):
    (tmp_path / "lid.toml").write_text("classes = ['burr']")

    assert read_recipe(tmp_path / "lid.toml") == Recipe(name="lid", classes=["burr"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("version = 2", "newer version"),
        ("colour = 'red'", "nothing is known by the name 'colour'; known: name, preset"),
        ("[settings]\nspeed = 3", "there is no setting 'speed'"),
        ("[settings]\nshare = 3", "setting `share`"),
        ("preset = 'slow'", "there is no preset 'slow'"),
        ("part_id = '('", "no regular expression"),
        ("part_id = 'a+'", "has no named group"),
        ("classes = ['dent', 'dent']", "classes are different names"),
        ("classes = ['']", "classes are different names"),
        ("name = ' '", "visible sign"),
        ("[settings]\nroi = 'x.png'", "stands beside its settings"),
        ("name = 3", "name: "),
        ("name = ", "no valid TOML"),
    ],
)
def test_what_is_wrong_is_told_with_the_file(tmp_path, text, told):
    file = tmp_path / "bad.toml"
    file.write_text(text)

    with pytest.raises(SettingsError) as raised:
        read_recipe(file)

    assert told in str(raised.value)
    assert "bad.toml" in str(raised.value)


def test_a_recipe_with_a_byte_order_mark_is_read(tmp_path):
    (tmp_path / "lid.toml").write_text("classes = ['dent']", encoding="utf-8-sig")

    assert read_recipe(tmp_path / "lid.toml").classes == ["dent"]


def test_a_region_of_interest_beside_the_file_is_taken_in(tmp_path):
    (tmp_path / "shapes.json").write_text('{"unit": "fractions", "features": []}')
    Image.fromarray(np.eye(4, dtype=np.uint8) * 255).save(tmp_path / "mask.png")
    for name in ("shapes.json", "mask.png"):
        (tmp_path / "lid.toml").write_text(f"roi = '{name}'")
        recipe = read_recipe(tmp_path / "lid.toml")
        (tmp_path / "alone.toml").write_text(recipe.to_toml())

        assert read_recipe(tmp_path / "alone.toml") == recipe
        suffix, content = unpack_roi(recipe.roi)
        assert suffix == Path(name).suffix
        if suffix == ".png":
            assert content == (tmp_path / name).read_bytes()


@pytest.mark.parametrize(("content", "told"), [(b"\xff", "neither a PNG nor JSON"), (b"[]", "holds no shapes")])
def test_what_is_no_region_of_interest_is_told(tmp_path, content, told):
    (tmp_path / "roi.json").write_bytes(content)

    with pytest.raises(SettingsError, match=told):
        pack_roi(tmp_path / "roi.json")


def test_missing_file_is_told(tmp_path):
    (tmp_path / "lid.toml").write_text("roi = 'none.json'")
    with pytest.raises(SettingsError, match="cannot read the region of interest"):
        read_recipe(tmp_path / "lid.toml")
    with pytest.raises(SettingsError, match="cannot read the recipe"):
        read_recipe(tmp_path / "none.toml")


def test_a_recipe_wins_over_the_preset_and_single_values_over_the_recipe(tmp_path):
    (tmp_path / "more.toml").write_text("threshold_k = 6.0")
    kept = {"threshold_k": 5.0, "share": 0.2, "phases": 1}

    found = load_settings("fast", tmp_path / "more.toml", {"share": 0.5}, kept)

    assert found == PRESETS["fast"].changed(threshold_k=6.0, share=0.5, phases=1)


def test_differences_are_what_a_recipe_needs():
    own = PRESETS["fast"].changed(references=30, image_size=256)

    assert list_differences(own, "fast") == {"references": 30, "image_size": 256}


@pytest.mark.parametrize("rescoring", ["near", "auto"])
@pytest.mark.parametrize("windows", [(1, 2), (1, 2, 3)])
def test_differences_keep_how_is_rescored(rescoring, windows):
    own = PRESETS["fast"].changed(rescoring=rescoring, windows=windows)

    assert load_settings("fast", kept=list_differences(own, "fast")) == own


def test_the_recipe_of_the_docs_is_one(tmp_path):
    page = (Path(__file__).parents[1] / "docs" / "operating.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```toml\n(version.*?)^```", page, flags=re.MULTILINE | re.DOTALL)
    (tmp_path / "housing.json").write_text("{}")
    (tmp_path / "housing.toml").write_text(example, encoding="utf-8")

    recipe = read_recipe(tmp_path / "housing.toml")

    assert (recipe.name, recipe.roi, recipe.classes) == ("housing M12", {}, ["scratch", "dent"])
