"""The charts of the statistics page, drawn by pyqtgraph in the colours of the theme."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gui.shell.numbers import show_digits
from gui.shell.theme import Tones, tones
from inspector.statistics.drawings import choose_top
from inspector.statistics.overview import Overview, PlacesShown
from inspector.statistics.pareto import GRID, Bar
from inspector.statistics.words import StatisticsWords

MOST_NAMES = 8
"""Names below a chart; of more points some are left out."""

LONGEST_NAME = 22
"""Signs of a name beside a bar."""

TEXT_MARGINS = 12
"""Pixels around what stands at the end of a bar."""


class PercentAxis(pg.AxisItem):  # type: ignore[misc] # pyqtgraph carries no types
    """An axis of shares, told in percent."""

    @override
    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Write 0.125 as "12.5 %", in German "12,5 %"."""
        return [f"{show_digits(100 * value)} %" for value in np.round(values, 6)]


class Chart(pg.PlotWidget):  # type: ignore[misc] # pyqtgraph carries no types
    """A chart that stands still: the wheel scrolls the page. It is drawn again where the theme changes."""

    _made = False
    """Qt tells of changes while it is being made."""

    def __init__(self, name: str, parent: QWidget | None = None, **axes: pg.AxisItem) -> None:
        """Make it, empty; `name` is for screen readers."""
        super().__init__(parent, axisItems=axes)
        self.setAccessibleName(name)
        self.setMouseEnabled(False, False)
        self.setMenuEnabled(False)
        self.hideButtons()
        self._made = True
        self._paint()

    @override
    def sizeHint(self) -> QSize:
        """As small as the page allows."""
        return QSize(self.minimumSize())

    def draw(self, tone: Tones) -> None:
        """Draw anew in these colours; each kind of chart does so in its way."""

    def _paint(self) -> None:
        tone = tones(self.palette())
        self.setBackground(tone.base)
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(pg.mkPen(tone.dim))
            axis.setTextPen(pg.mkPen(tone.text))
        self.getPlotItem().clear()
        self.draw(tone)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()

    @override
    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._made:
            self._paint()


class RateChart(Chart):
    """The p-chart with its EWMA; points outside their limits are diamonds."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Make it, empty."""
        self._overview: Overview | None = None
        self._words = StatisticsWords()
        super().__init__(name, parent, left=PercentAxis("left"))
        self.showGrid(y=True, alpha=0.15)

    def show_overview(self, overview: Overview, words: StatisticsWords) -> None:
        """Show the points of an overview."""
        self._overview, self._words = overview, words
        self._paint()

    @override
    def draw(self, tone: Tones) -> None:
        """Draw limits, mean, EWMA and rates."""
        chart = self._overview.chart if self._overview is not None else None
        if self._overview is None or chart is None:
            self.getAxis("bottom").setTicks([[]])
            return
        names = [self._words.name_group(group) for group in self._overview.groups]
        places = np.arange(len(names), dtype=float)
        steps = np.ravel(np.column_stack([places - 0.5, places + 0.5]))
        dash, dot = Qt.PenStyle.DashLine, Qt.PenStyle.DotLine
        for limits in (chart.upper, chart.lower):
            self.plot(steps, np.repeat(limits, 2), pen=pg.mkPen(tone.dim, width=2, style=dash))
        self.plot(steps[[0, -1]], [chart.centre] * 2, pen=pg.mkPen(tone.dim, width=1))
        self.plot(places, chart.ewma, pen=pg.mkPen(tone.text, width=2, style=dot))
        outside = {place for place, kind in chart.signals() if kind in ("above", "below")}
        self.plot(places, chart.rates, pen=pg.mkPen(tone.text, width=2))
        spots = [
            {
                "pos": (x, rate),
                "size": 13 if place in outside else 7,
                "symbol": "d" if place in outside else "o",
                "brush": pg.mkBrush(tone.rejected if place in outside else tone.text),
                "pen": None,
                "data": f"{names[place]}: {self._words.percent(float(rate))}",
            }
            for place, (x, rate) in enumerate(zip(places, chart.rates, strict=True))
        ]
        tip = {"tip": lambda x, y, data: data}
        self.addItem(pg.ScatterPlotItem(spots, hoverable=True, **tip))
        every = -(-len(names) // MOST_NAMES)
        self.getAxis("bottom").setTicks([[*zip(places, names, strict=True)][::every]])
        self.setXRange(-0.5, len(names) - 0.5, padding=0.01)
        self.setYRange(0, choose_top(chart), padding=0.02)


class BarChart(Chart):
    """A Pareto chart, its bars lying, each with its count and the cumulative share."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Make it, empty."""
        self._bars: Sequence[Bar] = ()
        self._words = StatisticsWords()
        super().__init__(name, parent)
        self.invertY(True)
        self.getAxis("bottom").setTicks([[]])
        self.getViewBox().sigResized.connect(self._make_room)

    def show_bars(self, bars: Sequence[Bar], words: StatisticsWords) -> None:
        """Show bars, the first on top."""
        self._bars, self._words = bars, words
        self._paint()

    @override
    def draw(self, tone: Tones) -> None:
        """Draw the bars and what stands at their ends."""
        places = np.arange(len(self._bars), dtype=float)
        names = [(place, _shorten(bar.name)) for place, bar in zip(places, self._bars, strict=True)]
        self.getAxis("left").setTicks([names])
        if not self._bars:
            return
        counts = [bar.count for bar in self._bars]
        self.addItem(pg.BarGraphItem(x0=0, y=places, height=0.6, width=counts, brush=tone.dim, pen=None))
        for place, bar in zip(places, self._bars, strict=True):
            text = pg.TextItem(self._tell(bar), tone.text, anchor=(0, 0.5))
            text.setPos(bar.count, place)
            self.addItem(text)
        self._make_room()
        self.setYRange(-0.6, max(4.6, len(counts) - 0.4), padding=0)

    def _tell(self, bar: Bar) -> str:
        return f"{bar.count} ({self._words.percent(bar.cumulative)})"

    def _make_room(self) -> None:
        """Leave room behind the longest bar for what stands at the ends, and a quarter for the bars at least."""
        if not self._bars:
            return
        told = max(map(self.fontMetrics().horizontalAdvance, map(self._tell, self._bars))) + TEXT_MARGINS
        wide = max(1.0, self.getViewBox().width())
        most = max(bar.count for bar in self._bars)
        self.setXRange(0, most * wide / max(wide - told, wide / 4), padding=0)


class PlacesChart(Chart):
    """Where rejects have their regions: a heat map over a typical part, with the names of rows and columns."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Make it, empty."""
        self._places: PlacesShown | None = None
        super().__init__(name, parent)
        self.invertY(True)
        self.setAspectLocked(True)
        for side in ("left", "bottom"):
            self.getAxis(side).setStyle(tickLength=0)

    def show_places(self, places: PlacesShown | None) -> None:
        """Show places; None = nothing yet."""
        self._places = places
        self._paint()

    @override
    def draw(self, tone: Tones) -> None:
        """Draw the picture and the names."""
        if self._places is None:
            for side in ("left", "bottom"):
                self.getAxis(side).setTicks([[]])
            return
        picture = self._places.picture
        height, width = picture.shape[:2]
        self.addItem(pg.ImageItem(picture, axisOrder="row-major"))
        cells = range(GRID)
        self.getAxis("bottom").setTicks([[((cell + 0.5) * width / GRID, chr(ord("A") + cell)) for cell in cells]])
        self.getAxis("left").setTicks([[((cell + 0.5) * height / GRID, str(cell + 1)) for cell in cells]])
        self.setRange(xRange=(0, width), yRange=(0, height), padding=0)


def _shorten(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
