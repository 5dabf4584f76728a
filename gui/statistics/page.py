"""The statistics page: what is chosen, key figures, charts, and what they say in words."""

from datetime import date, datetime
from functools import partial
from html import escape
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gui.shell.background import Background, describe_failure
from gui.shell.flow_layout import FlowLayout
from gui.shell.grey import hold_back
from gui.shell.keeping import ask_and_keep
from gui.shell.labels import WrappedLabel
from gui.shell.preferences import Preferences
from gui.shell.texts import app_language, say_alone
from gui.statistics.export import Handed, name_folder, write_all
from gui.statistics.filters import Filters
from gui.statistics.plots import BarChart, PlacesChart, RateChart
from inspector.errors import SettingsError
from inspector.export.isolates import isolate_path
from inspector.statistics.overview import Overview, PlacesShown, show_places, summarise
from inspector.statistics.report import list_defects
from inspector.statistics.selection import list_choices
from inspector.statistics.shifts import Shift, read_shifts
from inspector.statistics.words import StatisticsWords
from inspector.store.workspace import Workspace

WIDE = 1000
"""Pixels from which on agreement and charts lie side by side."""

MOST_SIGNALS = 6
"""Sentences below the chart; the report has all."""


def app_words() -> StatisticsWords:
    """Return the words of the app's language."""
    return StatisticsWords.of(app_language())


class StatisticsPage(QWidget):
    """Counts off the GUI thread, then shows."""

    left = Signal()
    """The operator wants to go back."""
    shown = Signal()
    """All that was asked for is on the page."""

    def __init__(self, store: Workspace, preferences: Preferences, parent: QWidget | None = None) -> None:
        """Make the page over a workspace, still empty."""
        super().__init__(parent)
        self._store, self._preferences = store, preferences
        self.overview: Overview | None = None
        self.places: PlacesShown | None = None
        self._work = Background(self, self._take_failure, threads=1)
        self._work.finished.connect(self._take)
        self.filters = Filters()
        self.figures = FlowLayout(spacing=8)
        self.rates = RateChart(self.tr("Control chart of the reject rate"))
        self.defects = BarChart(self.tr("Pareto chart of the classes of defects"))
        self.places_chart = PlacesChart(self.tr("Places on the part"))
        self.agreement, self.signals_label, self.message = QLabel(), WrappedLabel(), WrappedLabel()
        self.export_button = QPushButton(self.tr("Export…"))
        self.shifts_button = QPushButton(self.tr("Shift times…"))
        self.back = QPushButton(self.tr("Back"))
        self._lay_out()
        self.filters.changed.connect(self.refresh)
        self.export_button.clicked.connect(self.ask_folder)
        self.shifts_button.clicked.connect(self.ask_shifts)
        self.back.clicked.connect(self.left)

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Statistics"))
        title.setProperty("role", "title")
        top = QHBoxLayout()
        top.addWidget(title, 1)
        for button in (self.shifts_button, self.export_button, self.back):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        for chart, height in ((self.rates, 230), (self.defects, 220), (self.places_chart, 220)):
            chart.setMinimumSize(200, height)
            chart.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            chart.setFrameShape(QFrame.Shape.NoFrame)
        inside = QWidget()
        content = QVBoxLayout(inside)
        content.setContentsMargins(12, 8, 12, 8)
        content.setSpacing(8)
        content.addLayout(self.figures)
        content.addWidget(
            _make_legend(self.tr("Points: reject rate. Dashed: limits. Dotted: smoothed (EWMA). Thin: mean of all."))
        )
        content.addWidget(self.rates, 1)
        content.addWidget(self.signals_label)
        content.addLayout(self._make_lower(), 1)
        scroll = QScrollArea()
        scroll.setAccessibleName(title.text())
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 14, 24, 10)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.filters)
        layout.addWidget(scroll, 1)
        layout.addWidget(self.message)

    def _make_lower(self) -> QGridLayout:
        self._lower = lower = QGridLayout()
        lower.setSpacing(12)
        self._cards: list[QWidget] = []
        widgets: list[QWidget] = [self.agreement, self.defects, self.places_chart]
        names = (self.tr("Program and operator"), self.tr("Classes of defects"), self.tr("Places on the part"))
        legends = (
            "",
            self.tr("Rejects of each class, and the share of all down to it."),
            self.tr("The brighter, the more regions of rejects lie there."),
        )
        for name, legend, widget in zip(names, legends, widgets, strict=True):
            heading = QLabel(name)
            heading.setProperty("role", "heading")
            card = QWidget()
            inside = QVBoxLayout(card)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.addWidget(heading)
            if legend:
                inside.addWidget(_make_legend(legend))
            inside.addWidget(widget, 1)
            self._cards.append(card)
        self.agreement.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._arrange()
        return lower

    def _arrange(self) -> None:
        """Put agreement and charts side by side, or below one another where the page is narrow."""
        wide = self.width() >= WIDE
        for place, card in enumerate(self._cards):
            self._lower.addWidget(card, 0 if wide else place, place if wide else 0)
            self._lower.setColumnStretch(place, 1 if wide and place else 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the width."""
        super().resizeEvent(event)
        self._arrange()

    # Counting

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """The shifts of the station."""
        usual = self.tr("Early 06:00, Late 14:00, Night 22:00")
        try:
            return read_shifts(self._preferences.text("shifts", usual))
        except SettingsError:  # another version of the app has written it, perhaps
            return read_shifts(usual)

    def refresh(self) -> None:
        """Count anew what is chosen."""
        self._hold_export(self.tr("Counting…"))
        selection, by, shifts = self.filters.selection(), self.filters.grouping(), self.shifts
        since, until = self.filters.moments(date.today())
        store = self._store

        def count() -> tuple[dict[str, list[str]], Overview]:
            tallies = store.tallies.count(since, until)
            return list_choices(tallies), summarise(tallies, selection, by, shifts)

        def find_places(run_id: int | None) -> PlacesShown:
            return show_places(store, store.places.of_rejects(since, until), selection, shifts, run_id)

        self._find_places = find_places
        self._work.forget()
        self._work.submit("counts", count)

    def _take(self, key: str, result: object) -> None:
        if isinstance(result, PlacesShown):
            self.places = result
            self.places_chart.show_places(result)
            self.message.clear()
            hold_back(self.export_button, "")
            self.shown.emit()
        elif isinstance(result, Path):
            hold_back(self.export_button, "")
            self.message.setText(self.tr("Saved in {folder}").format(folder=isolate_path(str(result))))
        elif isinstance(result, tuple):
            choices, overview = result
            self.filters.offer(choices, [shift.name for shift in self.shifts])
            self._show(overview)
            self._work.submit("places", partial(self._find_places, overview.last_run))

    def _take_failure(self, key: str, error: Exception) -> None:
        sentence = say_alone(describe_failure(error))
        self.message.setText(sentence)
        hold_back(self.export_button, "" if key == "export" else sentence)

    def _hold_export(self, sentence: str) -> None:
        self.message.setText(sentence)
        hold_back(self.export_button, sentence)

    def _show(self, overview: Overview) -> None:
        self.overview, words = overview, app_words()
        while (item := self.figures.takeAt(0)) is not None:
            if (tile := item.widget()) is not None:
                tile.deleteLater()
        for name, value, meaning in words.list_figures(overview.counts):
            self.figures.addWidget(_make_tile(name, value, meaning))
        self.rates.show_overview(overview, words)
        self.signals_label.setText("\n".join(words.list_signals(overview)[:MOST_SIGNALS]))
        rows = (
            "".join(f"<td align='{'right' if place else 'left'}'>{escape(cell)}</td>" for place, cell in enumerate(row))
            for row in words.list_agreement(overview.counts)
        )
        self.agreement.setText(f"<table cellpadding='6'>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
        self.defects.show_bars(list_defects(overview, words), words)

    # Dialogs

    def ask_shifts(self) -> None:
        """Ask when the shifts begin."""
        known = ", ".join(f"{shift.name} {shift.begin:%H:%M}" for shift in self.shifts)
        label = self.tr("Each shift with its name and when it begins:")
        ask_and_keep(self, self.tr("Shift times"), label, known, self._keep_shifts)

    def _keep_shifts(self, text: str) -> None:
        read_shifts(text)
        self._preferences.remember("shifts", text)
        self.refresh()

    def ask_folder(self) -> None:
        """Ask where to write, then write report, tables and pictures into a new folder there."""
        known = self._preferences.text("export", str(Path.home()))
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Export statistics"), known)
        if chosen:
            self._preferences.remember("export", chosen)
            self.export(Path(chosen))

    def export(self, parent: Path) -> None:
        """Write report, tables and pictures into a new folder below another one."""
        if self.overview is None or self.places is None:
            return
        charts = {"control-chart.png": self.rates, "classes.png": self.defects, "places.png": self.places_chart}
        handed = Handed(
            self.overview,
            self.places,
            self.filters.describe(date.today()),
            app_words(),
            {name: chart.grab().toImage() for name, chart in charts.items()},
            "comma" if self._preferences.text("decimal") == "comma" else "point",
        )
        self._hold_export(self.tr("Writing…"))
        self._work.submit("export", partial(write_all, handed, name_folder(parent, datetime.now())))

    def close_down(self) -> None:
        """Stop counting."""
        self._work.close()


def _make_legend(text: str) -> QLabel:
    legend = WrappedLabel(text)
    legend.setProperty("role", "dim")
    return legend


def _make_tile(name: str, value: str, meaning: str) -> QWidget:
    tile = QLabel(f"{escape(name)}<br><span style='font-size: 14pt; font-weight: 600'>{escape(value)}</span>")
    tile.setTextFormat(Qt.TextFormat.RichText)
    tile.setToolTip(meaning)
    tile.setAccessibleName(f"{name}: {value}")
    tile.setContentsMargins(0, 0, 22, 0)
    return tile
