"""The chart of the classes of defects."""

import pyqtgraph as pg
import pytest
from pytestqt.qtbot import QtBot

from gui.statistics.plots import BarChart
from inspector.statistics.pareto import Bar
from inspector.statistics.words import StatisticsWords


@pytest.mark.parametrize("width", [230, 700])
def test_what_stands_at_the_end_of_a_bar_is_not_cut(qtbot: QtBot, width: int) -> None:
    chart = BarChart("chart")
    qtbot.addWidget(chart)
    chart.show_bars([Bar("without a class", 1234, 0.98), Bar("dent", 7, 1.0)], StatisticsWords())
    chart.resize(width, 160)
    with qtbot.waitExposed(chart):
        chart.show()
    chart.grab()  # it is laid out

    seen = chart.getViewBox().sceneBoundingRect()
    texts = [item for item in chart.getPlotItem().items if isinstance(item, pg.TextItem)]
    ends = [text.mapRectToScene(text.boundingRect()).right() for text in texts]

    assert len(ends) == 2
    assert max(ends) <= seen.right()
    assert ends[0] > seen.left() + seen.width() / 2  # the longest bar takes the rest
