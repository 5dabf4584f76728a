"""What the app tells of a run beside its scores, and what is being read."""

import pytest
from pytestqt.qtbot import QtBot

from gui.review.side_panel import TOLD, SidePanel
from gui.scanning.progress import ProgressScreen
from inspector.decision.threshold import UNSURE
from inspector.events import Event


def test_notes_and_what_was_left_out_are_counted_and_told(qtbot: QtBot) -> None:
    panel = SidePanel()
    qtbot.addWidget(panel)

    panel.show_remarks(["Photos of two depths"], [["a<b>.docx", "no photo"], ["c.zip", "no photo"]])

    assert panel.left_out.text() == "Left out: 2, Notes: 1"
    assert panel.left_out.toolTip() == (
        "<p>Photos of two depths</p><p>a&lt;b&gt;.docx: no photo</p><p>c.zip: no photo</p>"
    )


def test_facts_of_a_run_are_named_and_not_counted(qtbot: QtBot) -> None:
    panel = SidePanel()
    qtbot.addWidget(panel)

    panel.show_remarks(["dark", "parts lie alike: what is unusual at its place is 25% of the score of a patch"], [])

    assert panel.left_out.text() == "Notes: 1\nFacts: Subspace"
    assert panel.left_out.toolTip().endswith("25% of the score of a patch</p><p>dark</p>")


def test_of_many_the_first_are_told(qtbot: QtBot) -> None:
    panel = SidePanel()
    qtbot.addWidget(panel)

    panel.show_remarks([], [[f"{number}.docx", "no photo"] for number in range(TOLD + 1)])

    assert panel.left_out.text() == f"Left out: {TOLD + 1}"
    assert panel.left_out.toolTip().count("<p>") == TOLD + 1
    assert panel.left_out.toolTip().endswith("<p>…</p>")


def test_without_remarks_nothing_shows(qtbot: QtBot) -> None:
    panel = SidePanel()
    qtbot.addWidget(panel)

    panel.show_remarks([], [])

    assert panel.left_out.isHidden()


def test_the_scale_of_deep_photos_shows(qtbot: QtBot) -> None:
    panel = SidePanel()
    qtbot.addWidget(panel)

    panel.show_remarks(["dark"], [], "0 – 4095 (uint16)")

    assert panel.left_out.text() == "Notes: 1\nValue range: 0 – 4095 (uint16)"
    assert not panel.left_out.isHidden()


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("photos", "Reading photos"),
        ("clouds", "Reading clouds"),
        ("photos and clouds", "Reading photos and clouds"),
        ("", "Reading photos"),
    ],
)
def test_the_progress_names_what_is_read(qtbot: QtBot, what: str, told: str) -> None:
    screen = ProgressScreen()
    qtbot.addWidget(screen)
    screen.begin("/parts")

    screen.show_event(Event("progress", "read", 1, 4, what))
    screen.end()

    assert screen.labels["read"].text() == told


def test_the_panel_says_that_the_threshold_is_unsure(qtbot: QtBot) -> None:
    panel = SidePanel()
    qtbot.addWidget(panel)

    panel.show_threshold(0.5, 1, 6, unsure=UNSURE)
    assert not panel.unsure.isHidden()
    assert panel.unsure.text() == f"Unsure. {UNSURE}"

    panel.show_threshold(0.5, 1, 6)
    assert panel.unsure.isHidden()
