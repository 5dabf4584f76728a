"""Large photos: little of each is kept, all pixels come when they are looked at, and what is on its way is said."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from gui.pictures.picture_cache import weight
from gui.pictures.sample_picture import load_detail
from gui.window import MainWindow
from inspector.store.workspace import Workspace
from tests.gui.conftest import wait_for_photo


@pytest.fixture
def window(
    make_run: Callable[..., tuple[Workspace, int]],
    make_window: Callable[..., MainWindow],
    qtbot: QtBot,
    problems: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[MainWindow]:
    """Photos of 80 x 64, where 40 is already large."""
    monkeypatch.setattr("gui.pictures.sample_picture.LARGEST_PHOTO", 40)
    store, run_id = make_run()
    store.close()
    made = make_window(str(run_id))
    made.review.viewer.main_view.set_place(made.review.viewer.main_view.place())
    wait_for_photo(made, qtbot)
    yield made
    assert problems == []


def test_a_large_photo_is_kept_reduced_and_shown_at_its_size(window: MainWindow, qtbot: QtBot) -> None:
    view = window.review.viewer.main_view
    picture = view.picture()
    assert picture is not None
    assert (picture.photo.width(), picture.photo.height(), picture.size) == (40, 32, (64, 80))
    assert weight(picture) == 40 * 32 * 4 + 80 * 64 * 4 * 3  # with a map and its colours
    assert view._photo_rect().width() == 80


def test_all_pixels_come_when_they_would_be_seen(window: MainWindow, qtbot: QtBot) -> None:
    view = window.review.viewer.main_view
    view.resize(20, 20)
    qtbot.waitUntil(lambda: view._detail.detail is not None)  # the window showed it large at first
    window.review.list.step(1)
    assert view._detail.detail is None
    wait_for_photo(window, qtbot)
    view.actual_size()
    qtbot.waitUntil(lambda: view._detail.detail is not None)
    detail = view._detail.detail
    assert detail is not None
    assert (detail.index, detail.image.width(), detail.image.height()) == (1, 80, 64)
    assert not view.loading
    seen = view.viewport().grab().toImage()
    assert seen.width() > 0


def test_what_is_on_its_way_is_said(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    view = window.review.viewer.main_view
    qtbot.waitUntil(lambda: view._detail.detail is not None)
    still = view.grab().toImage()
    wanted: list[tuple[str, int]] = []
    monkeypatch.setattr(window.review.photo.pictures._large, "submit", lambda key, _: wanted.append(key))
    picture = view.picture()
    assert picture is not None
    view.show_picture(picture, "overlay", 0.75)
    assert view.loading
    assert wanted == [("detail", 0)]
    corner = QRect(10, 10, 60, 20)
    assert view.grab().toImage().copy(corner) != still.copy(corner)


def test_the_next_photo_shows_a_sign_while_it_comes(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = window.review
    review.photo.pictures._forget()
    monkeypatch.setattr(review.photo.pictures, "want", lambda *_: None)
    review.list.step(1)
    assert review.photo.sight() == "loading"
    view = review.viewer.main_view
    assert view.loading or view._message == "Loading the photo…"


def test_detail_is_read_without_a_copy(window: MainWindow) -> None:
    session = window.review.session
    assert session is not None
    path = session.store.artefacts.picture_of(session.rows[0])
    assert path is not None
    detail = load_detail(0, path)
    assert detail.image.pixelColor(40, 32).red() == detail.pixels[32, 40, 0]
    assert detail.image.sizeInBytes() <= detail.pixels.nbytes + 64 * 4
