"""The right of the review: the threshold as it is typed, and what was said of a part."""

from datetime import datetime

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.review.side_panel import SidePanel
from gui.review.verdict_history import VerdictHistory
from gui.shell.texts import BREAK
from inspector.store.records import VerdictRecord


def test_a_threshold_above_all_scores_is_taken_again_as_it_is_shown(qtbot: QtBot) -> None:
    panel = SidePanel()
    qtbot.addWidget(panel)
    panel.show_scores(np.array([0.1, 0.8]), 1.3218)  # as of two parts
    panel.show_threshold(1.3218, 0, 2)
    taken: list[float] = []
    panel.threshold_rests.connect(taken.append)
    for text in ("1.3218", "1.2"):
        panel.threshold.setText(text)
        qtbot.keyClick(panel.threshold, Qt.Key.Key_Return)
    assert taken == [1.3218, 1.2]
    assert panel.refusal.text() == ""


def test_long_verdicts_break_into_lines_without_a_bar_below(qtbot: QtBot) -> None:
    listed = VerdictHistory()
    qtbot.addWidget(listed)
    listed.resize(200, 160)
    listed.show()
    said = VerdictRecord(
        1, 1, "Mia Musterfrau", datetime(2026, 5, 1), "undecided", "rejected", "word " * 20 + "x" * 90, "", "verdict"
    )
    listed.show_verdicts([said])
    assert not listed.horizontalScrollBar().isVisible()
    assert listed.visualItemRect(listed.item(0)).height() > 4 * listed.fontMetrics().height()
    assert "x" * 90 in listed.item(0).toolTip().replace(BREAK, "")
