"""Statistics in words, in English as it stands here or in the German of `german`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from inspector.export.words import Language
from inspector.statistics.control_charts import Kind
from inspector.statistics.counts import Counts
from inspector.statistics.german import GERMAN
from inspector.statistics.overview import Overview
from inspector.statistics.selection import ChartPoint


def _as_it_is(text: str) -> str:
    return text


@dataclass(frozen=True)
class StatisticsWords:
    """How texts and numbers are written.

    Attributes:
        tell: gives a text in the language of the reader.
        decimal: stands before decimals.
    """

    tell: Callable[[str], str] = _as_it_is
    decimal: str = "."

    @classmethod
    def of(cls, language: Language) -> Self:
        """Return the words of a language."""
        return cls(GERMAN.__getitem__, ",") if language == "de" else cls()

    def percent(self, share: float | None) -> str:
        """Write a share of 0 to 1, as "12.5 %"; "–" for None."""
        return "–" if share is None else f"{100 * share:.1f} %".replace(".", self.decimal)

    def name_group(self, group: ChartPoint) -> str:
        """Name a point of the control chart: "Run 12", "2026-05-01 Early" or "2026-05-01"."""
        if group.run_id is not None:
            return self.tell("Run {number}").format(number=group.run_id)
        return f"{group.day.isoformat()} {group.shift}".strip()

    def name_defect(self, name: str) -> str:
        """Name a kind of defect; rejects may have none."""
        return name or self.tell("without a class")

    def list_figures(self, counts: Counts) -> list[tuple[str, str, str]]:
        """Return the key figures: name, value, and what it means in one sentence."""
        tell = self.tell
        return [
            (tell("Parts"), str(counts.parts), tell("Parts that were judged; unreadable ones are counted apart.")),
            (tell("Yield"), self.percent(counts.good_share), tell("Parts that are no rejects, as a share of all.")),
            (
                tell("Rejects"),
                f"{counts.rejected} ({self.percent(counts.reject_rate)})",
                tell("Rejected by an operator, or flagged and not reviewed yet."),
            ),
            (tell("Reviewed"), str(counts.reviewed), tell("Parts that an operator accepted or rejected.")),
            (tell("Agreement"), self.percent(counts.agreement), tell("Reviewed parts on which both say the same.")),
            (tell("False alarms"), self.percent(counts.false_alarms), tell("Reviewed flagged parts that are good.")),
            (tell("Missed"), self.percent(counts.missed), tell("Rejected parts that were not flagged.")),
            (tell("Unreadable"), str(counts.unreadable), tell("Parts that could not be judged.")),
        ]

    def list_agreement(self, counts: Counts) -> list[list[str]]:
        """Return the table of program against operator, with a row of headings and a column of names."""
        tell = self.tell
        flagged = [counts.flagged_rejected, counts.flagged_accepted, counts.flagged_open, counts.flagged]
        passed = [counts.passed_rejected, counts.passed_accepted, counts.passed_open, counts.passed]
        names = ["", tell("rejected"), tell("accepted"), tell("no verdict"), tell("Sum")]
        if counts.flagged_carried or counts.passed_carried:
            names.insert(4, tell("carried over"))
            flagged.insert(3, counts.flagged_carried)
            passed.insert(3, counts.passed_carried)
        both = [one + other for one, other in zip(flagged, passed, strict=True)]
        return [
            names,
            [tell("flagged"), *map(str, flagged)],
            [tell("not flagged"), *map(str, passed)],
            [tell("Sum"), *map(str, both)],
        ]

    def list_signals(self, overview: Overview) -> list[str]:
        """Say which points of the chart are outside limits, a sentence each; one sentence where there is none."""
        chart, tell = overview.chart, self.tell
        if chart is None:
            return [tell("Nothing was judged in what is chosen.")]
        if len(overview.groups) < 2:
            return [tell("A control chart needs two points or more.")]
        sentences: dict[Kind, str] = {
            "above": tell("{name}: reject rate {value}, above the upper limit of {limit}."),
            "below": tell("{name}: reject rate {value}, below the lower limit of {limit}."),
            "risen": tell("{name}: the smoothed rate has risen to {value}, above its limit of {limit}."),
            "fallen": tell("{name}: the smoothed rate has fallen to {value}, below its limit of {limit}."),
        }
        values = {"above": chart.rates, "below": chart.rates, "risen": chart.ewma, "fallen": chart.ewma}
        limits = {"above": chart.upper, "below": chart.lower, "risen": chart.ewma_upper, "fallen": chart.ewma_lower}
        told = [
            sentences[kind].format(
                name=self.name_group(overview.groups[place]),
                value=self.percent(float(values[kind][place])),
                limit=self.percent(float(limits[kind][place])),
            )
            for place, kind in chart.signals()
        ]
        return told or [tell("All points are within their limits.")]
