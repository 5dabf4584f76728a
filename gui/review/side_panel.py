"""The right of the review: scores and threshold, defect regions, comment, and what was said before."""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLocale, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from gui.review.score_plot import ScorePlot
from gui.review.threshold_field import ThresholdField
from gui.review.verdict_history import VerdictHistory
from gui.shell.flow_layout import FlowLayout
from gui.shell.grey import enable, hold_back
from gui.shell.labels import WrappedLabel
from gui.shell.numbers import show_number
from gui.shell.permits import needs
from gui.shell.texts import app_language, translate_sentence
from inspector.decision.regions import ALL_REGIONS, Region, RegionRule
from inspector.decision.verdict_threshold import ENOUGH
from inspector.export.isolates import isolate_path
from inspector.export.words import Words
from inspector.store.run_facts import list_notes, name_fact

TOLD = 20
"""Notes and files left out that show under the cursor; the report has them all."""


class SidePanel(QWidget):
    """Shows and emits; decides nothing."""

    threshold_moved = Signal(float)
    threshold_rests = Signal(float)
    threshold_reset = Signal()
    verdicts_count = Signal()
    """The verdicts shall set the threshold."""
    asked = Signal()
    """The part whose verdict tells most shall be shown."""
    region_chosen = Signal(int)
    commented = Signal()
    shared_wanted = Signal()
    """The regions that parts share shall be shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty panel."""
        super().__init__(parent)
        self.plot = ScorePlot()
        self.plot.dragged.connect(self._take_drag)
        self.plot.released.connect(self.threshold_rests)
        self.threshold = ThresholdField()
        self.threshold.setAccessibleName(self.tr("Threshold: above it a sample is flagged"))
        self.threshold.given.connect(self._take_typing)
        self.refusal = WrappedLabel()
        self.refusal.setProperty("role", "heading")
        self.refusal.hide()
        self.threshold.refused.connect(self._show_refusal)
        self.reset_button = QPushButton(self.tr("Automatic"))
        self.reset_button.setToolTip(self.tr("Back to the threshold that the scores themselves suggest"))
        self.reset_button.setAccessibleName(self.tr("Back to the automatic threshold"))
        self.reset_button.clicked.connect(self.threshold_reset)
        self.by_verdicts = QPushButton(self.tr("By verdicts"))
        self.by_verdicts.setAccessibleName(self.tr("Set the threshold by the verdicts given so far"))
        self.by_verdicts.clicked.connect(self.verdicts_count)
        self.next = QPushButton(self.tr("Next to judge"))
        self.next.setAccessibleName(self.tr("Show the part whose verdict tells most about the threshold"))
        self.next.clicked.connect(self.asked)
        self.summary = WrappedLabel()
        self.summary.setProperty("role", "dim")
        self.unsure = WrappedLabel()
        self.unsure.setProperty("role", "heading")
        self.unsure.hide()
        self.left_out = WrappedLabel()
        self.left_out.setProperty("role", "dim")
        self.shared = QPushButton()
        self.shared.setAccessibleName(self.tr("Regions that several parts share"))
        self.shared.clicked.connect(self.shared_wanted)
        self.shared.hide()
        self.regions = self._table((self.tr("No."), self.tr("Peak"), self.tr("Area, px"), self.tr("Place, px")))
        self.regions.setAccessibleName(self.tr("Defect regions, highest peak first"))
        self.regions.currentItemChanged.connect(self._region_clicked)
        self.comment = QLineEdit()
        self.comment.setPlaceholderText(self.tr("With the verdict, or by Enter"))
        self.comment.setAccessibleName(self.tr("Comment"))
        self.comment.setMaxLength(500)
        self.comment.returnPressed.connect(self.commented)
        self.history = VerdictHistory()
        for widget, least in ((self.regions, 110), (self.history, 80)):  # they take what is left, and scroll
            widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
            widget.setMinimumHeight(least)
        needs("threshold", self.plot, self.reset_button, self.by_verdicts)
        needs("verdict", self.comment)
        self._lay_out()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(_heading(self.tr("Scores")))
        layout.addWidget(self.plot)
        line = FlowLayout(spacing=6)
        label = QLabel(self.tr("Threshold"))
        label.setBuddy(self.threshold)
        for widget in (label, self.threshold, self.reset_button, self.by_verdicts, self.next):
            line.addWidget(widget)
        layout.addLayout(line)
        layout.addWidget(self.refusal)
        layout.addWidget(self.summary)
        layout.addWidget(self.unsure)
        layout.addWidget(self.left_out)
        layout.addWidget(self.shared)
        layout.addSpacing(6)
        layout.addWidget(_heading(self.tr("Defect regions")))
        layout.addWidget(self.regions, 2)
        layout.addSpacing(6)
        layout.addWidget(_heading(self.tr("Comment")))
        layout.addWidget(self.comment)
        layout.addSpacing(6)
        layout.addWidget(_heading(self.tr("Verdicts")))
        layout.addWidget(self.history, 1)

    def _table(self, columns: Sequence[str]) -> "RegionTable":
        table = RegionTable()
        table.setHeaderLabels([_break_unit(column) for column in columns])
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        header = table.header()
        header.setStretchLastSection(False)
        header.setStyleSheet("QHeaderView::section { padding: 2px 1px; }")  # all columns fit where letters are large
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        return table

    def show_threshold(self, threshold: float | None, flagged: int, scored: int, unsure: str = "") -> None:
        """Show the threshold, what it decides, and what to do where that is unsure, without telling anybody."""
        self.threshold.show_value(threshold)
        hold_back(self.reset_button, "" if threshold is not None else self.tr("This run has no threshold yet."))
        self.plot.set_threshold(threshold)
        why = self.tr("Unsure. {why}").format(why=translate_sentence(unsure))
        self.unsure.setText(why if unsure else "")
        self.unsure.setVisible(bool(unsure))
        self.summary.setText(
            "" if threshold is None else self.tr("{flagged} of {scored} flagged").format(flagged=flagged, scored=scored)
        )

    def show_verdicts(
        self, count: int, possible: bool, asking: bool = False, sure: bool = False, parts: int = ENOUGH
    ) -> None:
        """Offer to set the threshold by verdicts on `count` of `parts`, and to ask for more; `sure` = these are enough.

        Comes after `show_threshold`.
        """
        later = self.tr("Once the run has ended and has scores")
        ask = self.tr("Show the part whose verdict tells most about the threshold; {count} verdicts are mostly enough")
        least = min(ENOUGH, parts)
        enable(self.next, possible, ask.format(count=least) if possible else later)
        none = self.tr("No part with a score has a verdict yet: judge those that “Next to judge” shows")
        use = self.tr("Set the threshold by the verdicts so far (parts: {count}); press again when there are more")
        enable(
            self.by_verdicts,
            possible and count > 0,
            (use.format(count=count) if count else none) if possible else later,
        )
        if not (possible and count and (asking or self.unsure.text())):
            return
        if sure:
            told = self.tr("Verdicts: {count}; set the threshold by them").format(count=count)
        elif count < least:
            told = self.tr("Verdicts: {count}; still asked for: {more}").format(count=count, more=least - count)
        else:
            told = self.tr("Verdicts: {count}; not enough yet, judge more").format(count=count)
        self.summary.setText(f"{self.summary.text()}\n{told}")

    def show_no_run(self) -> None:
        """Show nothing of any run."""
        self.show_scores(np.empty(0), None)
        self.show_threshold(None, 0, 0)
        self.show_verdicts(0, False)
        self.show_remarks((), ())
        self.show_shared(())

    def show_scores(self, scores: NDArray[np.float64], threshold: float | None) -> None:
        """Show the scores of a run (all finite), and take thresholds among them."""
        self.plot.show_scores(scores, threshold)
        if scores.size:
            ends = scores if threshold is None else np.append(scores, threshold)  # of few parts it lies above them all
            self.threshold.set_ends(float(ends.min()), float(ends.max()))

    def show_remarks(self, notes: Sequence[str], left_out: Sequence[Sequence[str]], values: str = "") -> None:
        """Count the notes of a run and the files that are no part of it; what they are shows under the cursor.

        Args:
            notes: sentences; those that are facts of the run are named, not counted.
            left_out: names of files, and why.
            values: the scale that deep photos were read on, in words.
        """
        counts, notable = [], list_notes(notes)
        facts = [note for note in notes if name_fact(note)]
        if left_out:
            counts.append(self.tr("Left out: {count}").format(count=len(left_out)))
        if notable:
            counts.append(self.tr("Notes: {count}").format(count=len(notable)))
        told = [", ".join(counts)] if counts else []
        if values:
            told.append(self.tr("Value range: {scale}").format(scale=values))
        if facts:
            names = ", ".join(dict.fromkeys(Words(app_language())(name_fact(fact)) for fact in facts))
            told.append(self.tr("Facts: {names}").format(names=names))
        self.left_out.setText("\n".join(told))
        self.left_out.setVisible(bool(told))
        reasons = (f"{isolate_path(name)}: {translate_sentence(reason)}" for name, reason in left_out[:TOLD])
        lines = [*map(translate_sentence, [*facts, *notable][:TOLD]), *reasons][:TOLD]
        lines += ["…"] if len(notes) + len(left_out) > TOLD else []
        self.left_out.setToolTip("".join(f"<p>{escape(line)}</p>" for line in lines))

    def show_shared(self, members: Sequence[int]) -> None:
        """Tell how many parts share a region, group by group; nothing where there is no group."""
        counts = ", ".join(str(count) for count in members)
        self.shared.setText(self.tr("Shared regions: {count}…").format(count=len(members)))
        told = self.tr("Parts that share a region: {counts}. Show them side by side, and say whether it is a defect")
        self.shared.setToolTip(told.format(counts=counts))
        self.shared.setVisible(bool(members))

    def show_regions(
        self, regions: Sequence[Region], current: int | None = None, rule: RegionRule = ALL_REGIONS
    ) -> None:
        """List the regions of a sample, their areas as the rule tells them."""
        with QSignalBlocker(self.regions):
            self.regions.clear()
            unit = self.tr("Area, px") if rule.mm_per_pixel is None else self.tr("Area, mm²")
            self.regions.headerItem().setText(2, _break_unit(unit))
            for number, region in enumerate(regions, start=1):
                area = rule.say_area(region.area).split()[0]
                area = area.replace(".", QLocale().decimalPoint())
                cells = (str(number), show_number(region.peak), area, f"{region.peak_x}, {region.peak_y}")
                item = QTreeWidgetItem(self.regions, list(cells))
                for column in range(3):
                    item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if current is not None:
            self.mark_region(current)

    def mark_region(self, number: int) -> None:
        """Mark a region (counted from 0), without telling anybody."""
        with QSignalBlocker(self.regions):
            self.regions.setCurrentIndex(self.regions.model().index(number, 0))

    def _take_drag(self, threshold: float) -> None:
        self.threshold.show_value(threshold)
        self.threshold_moved.emit(threshold)

    def _show_refusal(self, sentence: str) -> None:
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))

    def _take_typing(self, threshold: float) -> None:
        self.plot.set_threshold(threshold)
        self.threshold_moved.emit(threshold)
        self.threshold_rests.emit(threshold)

    def _region_clicked(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.region_chosen.emit(self.regions.indexOfTopLevelItem(item))


class RegionTable(QTreeWidget):
    """Can be passed with Tab: the view itself would make the first region the current one, and the photo jump to it."""

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Choose no region; an arrow key does."""
        chosen = self.currentIndex().isValid()
        with QSignalBlocker(self.selectionModel()):
            super().focusInEvent(event)
            if not chosen:
                self.selectionModel().clearCurrentIndex()


def _break_unit(column: str) -> str:
    """Put the unit of a column below its name: the panel is narrow where letters are large."""
    return column.replace(", ", "\n")


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label
