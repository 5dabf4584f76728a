"""The page of networks, with an engine that is a few lines of Python."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from gui.app import TRANSLATIONS
from gui.networks.licence import LicenceDialog
from gui.networks.listing import read_listing
from gui.networks.page import NetworksPage
from gui.scanning.dialog import MISSING, ScanDialog
from inspector.cli.weights import _describe
from inspector.errors import WeightsError
from inspector.presets import ABOUT
from inspector.weights.about import LICENCES, OTHER, PURPOSES
from inspector.weights.catalogue import CATALOGUE
from inspector.weights.loading import load_weights

LISTING = json.dumps([_describe(CATALOGUE[name]) for name in ("efficientnet-lite0", "clip-vit-l14-336")])

ENGINE = """
import pathlib, sys, time
notes, asked = pathlib.Path(__file__).with_name("asked"), sys.argv[1:]
with notes.open("a") as file:
    file.write(" ".join(asked) + "\\n")
if asked[0] == "backbones":
    print(pathlib.Path(__file__).with_name("listing").read_text())
    sys.exit()
print('{"kind": "progress", "stage": "download", "done": 250, "total": 1000}', flush=True)
how = pathlib.Path(__file__).with_name("how").read_text()
if how == "hangs":
    time.sleep(60)
if how:
    sys.exit(how)
print("some words")
"""

MakePage = Callable[..., NetworksPage]


@pytest.fixture
def make_page(qtbot: QtBot, tmp_path: Path) -> Iterator[MakePage]:
    """A page whose engine ends in some way: "" = well, "hangs", or with words on stderr."""
    pages = []

    def make(how: str = "") -> NetworksPage:
        for name, text in (("engine.py", ENGINE), ("listing", LISTING), ("how", how)):
            (tmp_path / name).write_text(text)
        page = NetworksPage(command=(sys.executable, str(tmp_path / "engine.py")))
        qtbot.addWidget(page)
        pages.append(page)
        with qtbot.waitSignal(page.engine.listed):
            page.refresh()
        return page

    yield make
    for page in pages:
        page.close_down()


def asked_of_engine(tmp_path: Path) -> list[str]:
    return (tmp_path / "asked").read_text().splitlines()


def test_networks_are_listed_with_what_they_are_good_for(make_page: MakePage) -> None:
    page = make_page()

    rows = [[page.list.topLevelItem(row).text(column) for column in range(4)] for row in range(2)]
    assert rows == [
        ["efficientnet-lite0", "comes with the inspector", "19 MB", PURPOSES["efficientnet-lite0"]],
        ["clip-vit-l14-336", "missing", "1.2 GB", PURPOSES["clip-vit-l14-336"]],
    ]
    assert ABOUT["embedded"] in page.details.text.text()
    assert not page.details.download.isVisibleTo(page)
    assert not page.details.bring.isVisibleTo(page)


def test_a_network_is_marked_that_somebody_misses(make_page: MakePage, qtbot: QtBot) -> None:
    page = make_page()

    with qtbot.waitSignal(page.engine.listed):
        page.refresh("clip-vit-l14-336")

    assert page.marked().name == "clip-vit-l14-336"
    assert page.details.download.isVisibleTo(page)


def test_nothing_is_downloaded_before_the_licence_is_accepted(
    make_page: MakePage, qtbot: QtBot, tmp_path: Path
) -> None:
    page = make_page()
    page.mark("clip-vit-l14-336")
    page.details.download.click()
    dialog = page.findChild(LicenceDialog)
    assert not dialog.go_on.isEnabled()
    assert asked_of_engine(tmp_path) == ["backbones --json"]

    dialog.accepts.click()
    with qtbot.waitSignals([page.engine.done, page.engine.listed]):
        dialog.go_on.click()

    assert asked_of_engine(tmp_path)[1:] == [
        "weights import --from-hub clip-vit-l14-336 --events jsonl",
        "backbones --json",
    ]
    assert page.message.text() == "The weights are here."


def test_a_dialog_that_is_left_downloads_nothing(make_page: MakePage, qtbot: QtBot, tmp_path: Path) -> None:
    page = make_page()
    page.mark("clip-vit-l14-336")
    page.details.download.click()

    page.findChild(LicenceDialog).reject()

    assert not page.engine.busy
    assert asked_of_engine(tmp_path) == ["backbones --json"]


def test_progress_is_shown_and_a_download_can_be_stopped(make_page: MakePage, qtbot: QtBot) -> None:
    page = make_page("hangs")
    page.mark("clip-vit-l14-336")
    with qtbot.waitSignal(page.engine.progressed):
        page.begin_download("clip-vit-l14-336")
    assert (page.bar.value(), page.bar.maximum()) == (250, 1000)
    assert not page.details.download.isEnabled()

    with qtbot.waitSignal(page.engine.cancelled):
        page.cancel_button.click()

    assert page.message.text() == "Stopped. The next download goes on from here."
    assert page.details.download.isEnabled()
    assert not page.bar.isVisibleTo(page)


def test_a_failure_is_told_without_commands(make_page: MakePage, qtbot: QtBot) -> None:
    sentence = (
        "could not fetch it (gone); ask again to go on, or get FILE and run: inspector weights import FILE --as X"
    )
    page = make_page(f"inspector: {sentence}")
    page.mark("clip-vit-l14-336")

    with qtbot.waitSignal(page.engine.failed):
        page.begin_download("clip-vit-l14-336")

    assert page.message.text() == "Could not fetch it (gone); ask again to go on, or get FILE and import it."
    assert page.details.download.isEnabled()


def test_a_file_is_brought_in_as_the_marked_network(
    make_page: MakePage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = make_page()
    page.mark("clip-vit-l14-336")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/somewhere/-x.pt", ""))
    page.details.bring.click()
    dialog = page.findChild(LicenceDialog)
    dialog.accepts.click()

    with qtbot.waitSignals([page.engine.done, page.engine.listed]):
        dialog.go_on.click()

    assert asked_of_engine(tmp_path)[1] == "weights import --as clip-vit-l14-336 --events jsonl -- /somewhere/-x.pt"


def test_an_engine_that_cannot_be_started_is_told(qtbot: QtBot) -> None:
    page = NetworksPage(command=("/no/such/program",))
    qtbot.addWidget(page)

    with qtbot.waitSignal(page.engine.failed):
        page.refresh()

    assert page.message.text() == "The engine could not be started."


def test_a_scan_that_lacks_weights_leads_to_them(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ScanDialog(tmp_path, command=("/no/such/program",))
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.networks_button.isVisible()
    info = CATALOGUE["clip-vit-l14-336"]
    dialog._take_refusal(f"the weights of {info.name} are not on this machine: get {info.file} and import it")
    assert dialog.networks_button.isVisible()

    with qtbot.waitSignal(dialog.networks_wanted) as left:
        dialog.networks_button.click()

    assert left.args == [info.name]
    assert not dialog.isVisible()


def test_the_engine_says_in_these_words_that_weights_are_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("INSPECTOR_WEIGHTS", str(tmp_path))
    with pytest.raises(WeightsError) as told:
        load_weights(CATALOGUE["clip-vit-l14-336"], None)

    assert MISSING.search(str(told.value))[1] == "clip-vit-l14-336"


@pytest.mark.parametrize("text", ["[{}]", "{", '[{"name": "a", "presets": []}]'])
def test_what_is_no_listing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_listing(text)


def test_all_that_the_engine_says_of_networks_has_its_german(qapp: QCoreApplication) -> None:
    translator = QTranslator()
    assert translator.load("settings_de", str(TRANSLATIONS))
    licences = [licence.summary for licence in (*LICENCES.values(), OTHER)]

    texts = [("Presets", text) for text in ABOUT.values()]
    texts += [("Networks", text) for text in (*PURPOSES.values(), *licences)]
    assert [text for context, text in texts if not translator.translate(context, text)] == []
