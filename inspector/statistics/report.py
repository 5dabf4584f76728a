"""The shift report as one HTML file, and the figures behind it as tables."""

import base64
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from inspector.export.csv_files import Cell, Decimal, write_csv
from inspector.export.isolates import isolate_path, mark_up
from inspector.export.rendering import encode
from inspector.files import replacing
from inspector.statistics.drawings import draw_bars, draw_control_chart
from inspector.statistics.overview import Overview, PlacesShown
from inspector.statistics.pareto import Bar, name_cells, rank
from inspector.statistics.words import StatisticsWords

PAGE_WIDTH = 620
"""Of the pictures on the page, in pixels; small enough for A4."""


def render_report(
    overview: Overview, places: PlacesShown, about: Sequence[tuple[str, str]], words: StatisticsWords
) -> str:
    """Write the report as a page of HTML that needs no other file, of the parts of HTML that Qt prints, too.

    Args:
        overview: the figures.
        places: where rejects have their regions.
        about: what was chosen, as names and values.
        words: how texts and numbers are written.
    """
    environment = Environment(
        loader=PackageLoader("inspector.statistics", "."), autoescape=True, undefined=StrictUndefined, finalize=mark_up
    )
    defects, cells = list_defects(overview, words), list_cells(places, words)
    now = (words.tell("Written"), f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}")
    return environment.get_template("report.html").render(
        title=words.tell("Shift report"),
        about=[*((name, isolate_path(value)) for name, value in about), now],
        tell=words.tell,
        figures=words.list_figures(overview.counts),
        agreement=words.list_agreement(overview.counts),
        signals=words.list_signals(overview),
        chart=_embed_svg(draw_control_chart(overview, words)) if overview.chart else "",
        defects=_embed_svg(draw_bars(defects, words)) if defects else "",
        cells=_embed_svg(draw_bars(cells, words)) if cells else "",
        picture=_embed(encode(places.picture, ".jpg"), "image/jpeg") if cells else "",
        width=PAGE_WIDTH,
    )


def write_page(page: str, path: str | Path) -> None:
    """Write a page; raises OSError where it cannot be written."""
    with replacing(path) as beside:
        beside.write_text(page, encoding="utf-8")


def list_defects(overview: Overview, words: StatisticsWords) -> list[Bar]:
    """Return the Pareto chart of the classes of defects."""
    named = {words.name_defect(name): count for name, count in overview.rejects.items()}
    return rank(named, words.tell("all others"))


def list_cells(places: PlacesShown, words: StatisticsWords) -> list[Bar]:
    """Return the Pareto chart of the places on the part."""
    return rank(name_cells(places.grid), words.tell("all others"))


def write_tables(overview: Overview, places: PlacesShown, folder: str | Path, decimal: Decimal) -> list[Path]:
    """Write the figures as CSV files: points of the chart, agreement, classes of defects, places.

    Args:
        overview, places: the figures.
        folder: which is there.
        decimal: what stands before decimals.

    Returns:
        The files.

    Raises:
        OSError: a file cannot be written.
    """
    folder, words = Path(folder), StatisticsWords()
    tables: dict[str, tuple[Sequence[str], Sequence[Sequence[Cell]]]] = {
        "control-chart.csv": (_CHART_HEADER, _list_points(overview, words)),
        "agreement.csv": _list_agreement(overview),
        "classes.csv": (("class", "rejects", "cumulative"), _list_bars(list_defects(overview, words))),
        "places.csv": (("cell", "regions"), [*name_cells(places.grid).items()]),
    }
    for name, (header, rows) in tables.items():
        write_csv(folder / name, header, rows, decimal=decimal)
    return [folder / name for name in tables]


_CHART_HEADER = (
    *("point", "day", "parts", "flagged", "reviewed", "rejects", "reject rate", "yield", "unreadable"),
    *("mean", "lower limit", "upper limit", "EWMA", "EWMA lower limit", "EWMA upper limit"),
)


def _list_points(overview: Overview, words: StatisticsWords) -> list[list[Cell]]:
    chart = overview.chart
    if chart is None:
        return []
    values = (chart.lower, chart.upper, chart.ewma, chart.ewma_lower, chart.ewma_upper)
    rows: list[list[Cell]] = []
    for place, group in enumerate(overview.groups):
        counts = group.counts
        whole = (counts.parts, counts.flagged, counts.reviewed, counts.rejected)
        shares = (counts.reject_rate, counts.good_share, counts.unreadable, chart.centre)
        limits = [float(value[place]) for value in values]
        rows.append([words.name_group(group), group.day.isoformat(), *whole, *shares, *limits])
    return rows


def _list_agreement(overview: Overview) -> tuple[Sequence[str], list[list[Cell]]]:
    """Return header and rows; a column of verdicts that were carried over where there are any."""
    counts, header = overview.counts, ("program", "rejected", "accepted", "no verdict")
    flagged: list[Cell] = ["flagged", counts.flagged_rejected, counts.flagged_accepted, counts.flagged_open]
    passed: list[Cell] = ["not flagged", counts.passed_rejected, counts.passed_accepted, counts.passed_open]
    if not (counts.flagged_carried or counts.passed_carried):
        return header, [flagged, passed]
    return (*header, "carried over"), [[*flagged, counts.flagged_carried], [*passed, counts.passed_carried]]


def _list_bars(bars: Sequence[Bar]) -> list[list[Cell]]:
    return [[bar.name, bar.count, bar.cumulative] for bar in bars]


def _embed_svg(drawing: str) -> str:
    return _embed(drawing.encode(), "image/svg+xml")


def _embed(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
