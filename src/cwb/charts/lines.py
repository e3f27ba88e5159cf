"""Lines over ordered labels, with targets dashed; first and last values printed at their points."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from cwb.charts.charts import Lines, Point, scale
from cwb.charts.palette import SEQUENCE
from cwb.charts.svg import element, key, line, percent, text
from cwb.evidence.finding import number

_TOP, _HEIGHT = 26, 230


def draw_lines(chart: Lines) -> str:
    """From zero to a round number; each series by its colour, its sign and its dashes."""
    labels = list(dict.fromkeys(point.x for _, points in chart.series for point in points))
    values = [point.y for _, points in chart.series for point in points]
    ticks = scale(min(0.0, *values), max(0.0, *values))
    size, last = ticks[-1] - ticks[0], max(len(labels) - 1, 1)

    def x(label: str) -> str:
        # The first and the last point stand clear of the edges.
        return percent(0.03 + 0.94 * labels.index(label) / last)

    def y(value: float) -> float:
        return _TOP + _HEIGHT * (ticks[-1] - value) / size

    grid = [line("0%", "100%", y(tick), y(tick), "#d0d4d8" if tick else "#505a5f") for tick in ticks]
    numbers = [number(tick, chart.unit) if tick else "0" for tick in ticks]
    room = 8 * max(map(len, numbers)) + 4
    beside = [
        text(words, f"{room}", y(tick) + 4, "end", class_="tick")
        for words, tick in zip(numbers, ticks, strict=True)
    ]
    drawn: list[str] = []
    for position, (name, points) in enumerate(chart.series):
        dashes = {"stroke_dasharray": "7 5"} if name in chart.targets else {}
        for one, two in pairwise(points):
            drawn.append(
                line(
                    x(one.x), x(two.x), y(one.y), y(two.y), SEQUENCE[position], 3, stroke_linecap="round", **dashes
                )
            )
        if name not in chart.targets:
            drawn += [_sign(position, x(point.x), y(point.y)) for point in points]
    ends = [label for end in (0, -1)[: len(labels)] for label in _ends(chart, x, y, labels, end)]
    shown = labels
    if len(labels) > 3:
        # A label between the first and the last has room only in the middle.
        shown = [labels[0], *([labels[last // 2]] if abs(2 * (last // 2) - last) <= last / 8 else []), labels[-1]]
    below = [
        text(label, x(label), _TOP + _HEIGHT + 20, _anchor(labels.index(label), last), class_="tick")
        for label in shown
    ]
    height = _TOP + _HEIGHT + 28
    axis = element("svg", "".join(beside), width=room + 6, height=height)
    drawing = element("svg", "".join((*grid, *drawn, *ends, *below)), class_="plot", height=height)
    entries = [
        (
            line("0", "18", 9, 9, SEQUENCE[position], 3, stroke_dasharray="7 4")
            if name in chart.targets
            else _sign(position, "8", 9),
            name,
        )
        for position, (name, _) in enumerate(chart.series)
    ]
    return (key(entries) if len(entries) > 1 else "") + f'<div class="lines">{axis}{drawing}</div>'


def _anchor(place: int, last: int) -> str:
    return "start" if place == 0 else "end" if place == last else "middle"


def _sign(position: int, x: str, y: float) -> str:
    """A circle, a square, a diamond: a nested drawing, for a shape's own points may not be percentages."""
    shapes = (
        element("circle", r=5, fill=SEQUENCE[0]),
        element("rect", x=-5, y=-5, width=10, height=10, fill=SEQUENCE[1]),
        element("path", d="M0-7L7 0L0 7L-7 0Z", fill=SEQUENCE[2]),
        element("path", d="M0-6L6 5L-6 5Z", fill=SEQUENCE[3]),
    )
    return element("svg", shapes[position], x=x, y=y, overflow="visible")


def _ends(
    chart: Lines, x: Callable[[str], str], y: Callable[[float], float], labels: list[str], end: int
) -> list[str]:
    """The values printed at one end: the highest above its point, the others below; alone on the side that the line leaves."""
    points = [points for _, points in chart.series if points]
    heights = {(line_of[end].x, line_of[end].y, line_of[end].text): line_of for line_of in points}
    printed, lowest = [], float("-inf")
    for number_of, (place, value, words) in enumerate(sorted(heights, key=lambda p: -p[1])):
        at, line_of = y(value), heights[place, value, words]
        is_above = (
            number_of == 0 if len(heights) > 1 else (end == -1) == _rises(line_of[-2:] if end else line_of[:2])
        )
        # Below a point near the axis stand the axis's own labels.
        is_above = is_above or at > _TOP + _HEIGHT - 24
        lowest = at - 12 if is_above else max(at + 22, lowest + 18)
        anchor = _anchor(labels.index(place), max(len(labels) - 1, 1))
        printed.append(text(words, x(place), lowest, anchor, font_weight="bold"))
    return printed


def _rises(points: tuple[Point, ...]) -> bool:
    return len(points) < 2 or points[-1].y >= points[0].y
