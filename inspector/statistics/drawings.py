"""Charts as SVG, which browsers and Qt show alike: lines, rectangles and text only."""

from collections.abc import Sequence
from html import escape

import numpy as np

from inspector.statistics.control_charts import ControlChart
from inspector.statistics.overview import Overview
from inspector.statistics.pareto import Bar
from inspector.statistics.words import StatisticsWords

WIDTH, HEIGHT = 1400, 480
LEFT, RIGHT, TOP, BOTTOM = 110, 30, 30, 90
MOST_NAMES = 10
"""Names below a chart; of more points some are left out."""

INK, GREY, MARK = "#1a1e23", "#8a929c", "#c2410c"
FONT = 'font-family="sans-serif" font-size="22"'


def draw_control_chart(overview: Overview, words: StatisticsWords) -> str:
    """Draw reject rates with their limits, the centre line and the EWMA; points outside their limits are diamonds."""
    chart = overview.chart
    if chart is None:
        return _frame(HEIGHT, "")
    top = choose_top(chart)
    places = _spread(len(chart.rates))

    def height(share: float) -> float:
        return HEIGHT - BOTTOM - share / top * (HEIGHT - TOP - BOTTOM)

    parts = [_grid(top, words)]
    for limits in (chart.upper, chart.lower):
        parts.append(_line(_steps(places, [height(value) for value in limits]), GREY, 3, "10 6"))
    parts.append(_line([(LEFT, height(chart.centre)), (WIDTH - RIGHT, height(chart.centre))], GREY, 2))
    parts.append(_line([*zip(places, map(height, chart.ewma), strict=True)], INK, 2, "3 5"))
    rates = [*zip(places, map(height, chart.rates), strict=True)]
    parts.append(_line(rates, INK, 3))
    outside = {place for place, kind in chart.signals() if kind in ("above", "below")}
    parts.extend(_diamond(x, y) if i in outside else _dot(x, y) for i, (x, y) in enumerate(rates))
    names = [words.name_group(group) for group in overview.groups]
    every = -(-len(names) // MOST_NAMES)
    parts.extend(_text(x, HEIGHT - 55, name, "middle") for x, name in [*zip(places, names, strict=True)][::every])
    parts.append(_legend(words))
    return _frame(HEIGHT, "".join(parts))


def choose_top(chart: ControlChart) -> float:
    """Return the share at the upper end of the axis: a little above all that is drawn, 1 at most."""
    highest = max(float(np.max(values)) for values in (chart.rates, chart.upper, chart.ewma))
    return min(1.0, max(0.05, 1.1 * highest))


def draw_bars(bars: Sequence[Bar], words: StatisticsWords) -> str:
    """Draw a Pareto chart, the bars lying: name, bar, count and cumulative share."""
    row, begin, room = 44, 380, 640
    longest = max((bar.count for bar in bars), default=1)
    parts = []
    for place, bar in enumerate(bars):
        y, length = TOP + place * row, max(2, room * bar.count / longest)
        parts.append(_text(begin - 14, y + 24, _shorten(bar.name), "end"))
        parts.append(f'<rect x="{begin}" y="{y}" width="{length:.1f}" height="{row - 12}" fill="{GREY}"/>')
        parts.append(_text(begin + length + 12, y + 24, f"{bar.count}  ({words.percent(bar.cumulative)})", "start"))
    return _frame(2 * TOP + row * len(bars), "".join(parts))


def _shorten(name: str) -> str:
    return name if len(name) <= 28 else f"{name[:27]}…"


def _spread(count: int) -> list[float]:
    room = WIDTH - LEFT - RIGHT
    return [LEFT + room * (place + 0.5) / count for place in range(count)]


def _steps(places: Sequence[float], heights: Sequence[float]) -> list[tuple[float, float]]:
    """Each limit from half-way to the point before to half-way to the next."""
    half = (WIDTH - LEFT - RIGHT) / len(places) / 2
    return [(x + side, y) for x, y in zip(places, heights, strict=True) for side in (-half, half)]


def _grid(top: float, words: StatisticsWords) -> str:
    parts = []
    for step in range(5):
        y = HEIGHT - BOTTOM - step / 4 * (HEIGHT - TOP - BOTTOM)
        parts.append(_line([(LEFT, y), (WIDTH - RIGHT, y)], "#e1e4e8", 1))
        parts.append(_text(LEFT - 12, y + 8, words.percent(top * step / 4), "end"))
    return "".join(parts)


def _legend(words: StatisticsWords) -> str:
    tell = words.tell
    entries = (
        (tell("reject rate"), INK, 3, ""),
        (tell("control limits"), GREY, 3, "10 6"),
        (tell("mean"), GREY, 2, ""),
        (tell("smoothed (EWMA)"), INK, 2, "3 5"),
    )
    parts, y = [], HEIGHT - 14
    for place, (name, colour, width, dashes) in enumerate(entries):
        x = LEFT + place * 310
        parts.append(_line([(x, y - 7), (x + 50, y - 7)], colour, width, dashes))
        parts.append(_text(x + 60, y, name, "start"))
    return "".join(parts)


def _line(points: Sequence[tuple[float, float]], colour: str, width: int, dashes: str = "") -> str:
    told = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<polyline points="{told}" fill="none" stroke="{colour}" stroke-width="{width}"{dashed}/>'


def _dot(x: float, y: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{INK}"/>'


def _diamond(x: float, y: float) -> str:
    corners = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in ((0, -12), (12, 0), (0, 12), (-12, 0)))
    return f'<polygon points="{corners}" fill="{MARK}"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{INK}" {FONT}>{escape(text)}</text>'


def _frame(height: int, content: str) -> str:
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    ground = f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{ground}{content}</svg>'
