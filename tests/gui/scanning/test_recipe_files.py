"""Recipes go from one station to another as files."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gui.scanning.form import SettingsForm
from gui.scanning.recipe_bar import RecipeBar
from inspector.recipes import Recipe, read_recipe
from inspector.store.workspace import Workspace

WASHER = Recipe(name="washer M16", preset="fast", classes=["dent"], settings={"mm_per_pixel": 0.05})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(tmp_path / "workspace") as made:
        yield made


@pytest.fixture
def problems() -> list[str]:
    return []


@pytest.fixture
def bar(store: Workspace, tmp_path: Path, qtbot: QtBot, problems: list[str]) -> RecipeBar:
    form = SettingsForm()
    qtbot.addWidget(form)
    made = RecipeBar(store.recipes, form, lambda: tmp_path, form)
    made.problem.connect(problems.append)
    return made


@pytest.fixture
def choose_file(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Answers the next question for a file."""

    def choose(file: Path) -> None:
        for question in ("getOpenFileName", "getSaveFileName"):
            monkeypatch.setattr(f"gui.scanning.recipe_files.QFileDialog.{question}", lambda *_: (str(file), ""))

    return choose


def actions_of(bar: RecipeBar) -> tuple[QAction, QAction]:
    """Import and export."""
    (menu,) = (menu for button in bar.findChildren(QPushButton) if (menu := button.menu()) is not None)
    menu.aboutToShow.emit()
    first, second = menu.actions()
    return first, second


def test_a_recipe_comes_in_from_a_file_is_chosen_and_goes_out_as_it_came(
    bar: RecipeBar, store: Workspace, tmp_path: Path, choose_file: Callable[[Path], None], problems: list[str]
) -> None:
    (tmp_path / "given.toml").write_text(WASHER.to_toml(), encoding="utf-8")
    export = actions_of(bar)[1]
    assert (export.isEnabled(), export.toolTip()[-19:]) == (False, ": choose one first.")
    choose_file(tmp_path / "given.toml")
    actions_of(bar)[0].trigger()
    assert (bar.name(), bar.names.currentText()) == ("washer M16", "washer M16")
    assert bar._form.settings().mm_per_pixel == 0.05
    assert store.recipes.get("washer M16") == WASHER

    choose_file(tmp_path / "out")
    assert "choose one first" not in actions_of(bar)[1].toolTip()
    actions_of(bar)[1].trigger()
    assert read_recipe(tmp_path / "out.toml") == WASHER
    choose_file(tmp_path / "given.toml" / "below a file.toml")
    actions_of(bar)[1].trigger()
    assert len(problems) == 1
    assert "choose another place" in problems[0]


def test_a_recipe_of_the_same_name_is_replaced_only_after_a_question(
    bar: RecipeBar, store: Workspace, tmp_path: Path, choose_file: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    answers, asked = [False, True], list[str]()
    monkeypatch.setattr(
        "gui.scanning.recipe_files.confirm", lambda _, question: asked.append(question) or answers[len(asked) - 1]
    )
    store.recipes.save(WASHER)
    changed = WASHER.model_copy(update={"classes": ["dent", "stain"]})
    (tmp_path / "given.toml").write_text(changed.to_toml(), encoding="utf-8")
    choose_file(tmp_path / "given.toml")
    for expected in (WASHER, changed, changed):
        actions_of(bar)[0].trigger()
        assert store.recipes.get("washer M16") == expected
    assert asked == ["Replace the recipe washer M16 by that of the file?"] * 2  # the same again is no change


def test_what_is_no_recipe_is_told(
    bar: RecipeBar, store: Workspace, tmp_path: Path, choose_file: Callable[[Path], None], problems: list[str]
) -> None:
    (tmp_path / "other.toml").write_text("colour = 'red'", encoding="utf-8")
    choose_file(tmp_path / "other.toml")
    actions_of(bar)[0].trigger()
    assert len(problems) == 1
    assert "other.toml" in problems[0]
    assert store.recipes.names() == []
