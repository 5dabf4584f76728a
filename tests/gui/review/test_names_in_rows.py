"""Names of samples are read whole in a narrow list, and the axis of their scores begins where scores do."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.review.row_painter import break_name, leave_name_out
from gui.review.score_plot import ScorePlot
from gui.window import MainWindow
from inspector.export.histogram import count_scores, leave_room


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("chip/001.jpg", ("chip/001.jpg", "")),
        ("contamination/001.jpg", ("contamination/", "001.jpg")),
        ("20260311_104455_line2.png", ("20260311_", "104455_line2.png")),
        ("with many nam.jpg", ("with many ", "nam.jpg")),  # a suffix alone is no line
        ("abcdefghijklm.jpeg", ("abcdefghijklm.", "jpeg")),
        ("abcdefghijklmnopqrstuvwxyz", ("abcdefghijklmno", "pqrstuvwxyz")),
        ("a/bcdefghijklmnopqrstuvwxyz", ("a/bcdefghijklmn", "opqrstuvwxyz")),  # one letter is no line
    ],
)
def test_a_name_that_is_too_wide_goes_on_below(name: str, lines: tuple[str, str]) -> None:
    assert break_name(name, len, 15) == lines


def test_why_a_file_cannot_be_read_is_said_without_its_name_again() -> None:
    assert leave_name_out("a.jpg is empty (0 bytes)", "lot 7/a.jpg") == "is empty (0 bytes)"
    assert leave_name_out("the cloud is empty", "a.jpg") == "the cloud is empty"


def test_rows_are_higher_only_where_a_name_takes_two_lines(window: MainWindow, qtbot: QtBot) -> None:
    gallery = window.review.gallery
    line = gallery.fontMetrics().height()
    low = gallery.sizeHintForRow(0)
    gallery.samples.longest_name = "contamination/" * 9

    gallery.resize(gallery.width() - 1, gallery.height())

    assert gallery.sizeHintForRow(0) == low + line
    qtbot.waitUntil(lambda: gallery.visualRect(gallery.samples.index(0)).height() == low + line)


@pytest.mark.parametrize(
    ("scores", "ends"), [((0.02, 1.02), (0.0, 1.06)), ((-1.0, 1.0), (-1.08, 1.08)), ((3.0, 3.0), (2.5, 3.5))]
)
def test_the_axis_begins_below_0_only_where_scores_do(
    qtbot: QtBot, scores: tuple[float, float], ends: tuple[float, float]
) -> None:
    plot = ScorePlot()
    qtbot.addWidget(plot)

    plot.show_scores(np.array(scores), scores[0])

    assert plot._ends == pytest.approx(ends)
    assert leave_room(*scores) == pytest.approx(ends)
    assert sum(bar.height > 0 for bar in count_scores(scores, scores[0])) == len(set(scores))  # none is left out
