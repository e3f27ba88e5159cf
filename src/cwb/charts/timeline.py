"""Timelines: a window, the way to the end and to the last possible end, and a mark, over years that all rows share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from cwb.charts.bars import NARROW, row
from cwb.charts.charts import Timeline
from cwb.charts.palette import FAINT, INK, NAVY, PAPER, TEAL
from cwb.charts.svg import element, key, line, percent, span, text

_GRID = "#d0d4d8"
_THICK = 16
_YEAR_ROOM = 44


def draw_timeline(chart: Timeline) -> str:
    """A row each: the window as a bar, then a line to the end, dots to the last possible one; a dashed line marks the day."""
    days = [day for one in chart.rows for day in (one.opens, one.last_end)] + [chart.day]
    first, last = date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1)

    def at(day: date) -> float:
        return 0.01 + 0.98 * (day - first).days / (last - first).days

    years = [date(year, 1, 1) for year in range(first.year, last.year + 1)]
    grid = "".join(line(percent(at(day)), percent(at(day)), "0", "100%", _GRID) for day in years)
    now = line(percent(at(chart.day)), percent(at(chart.day)), "0", "100%", INK, 1.5, stroke_dasharray="4 3")
    drawn = []
    for one in chart.rows:
        ends = (at(one.opens), at(one.closes), at(one.end), at(one.last_end))
        mark = None if one.mark is None else at(one.mark)
        drawn.append(row(one.label, one.text, grid + _window(*ends) + now + _mark(mark)))
    axis = (
        f"{span('label', '')}{span('value', '')}{element('svg', _years(years, at), class_='plot axis', height=20)}"
    )
    return f'{_key(chart)}<div class="rows">{"".join(drawn)}{axis}</div>'


def _window(opens: float, closes: float, end: float, last_end: float) -> str:
    # A window of a day is seen too.
    wide = max(closes - opens, 0.004)
    bar = element(
        "rect", x=percent(min(opens, 1 - wide)), y="50%", width=percent(wide), height=_THICK, fill=NAVY,
        transform=f"translate(0 -{_THICK // 2})",
    )  # fmt: skip
    far = (
        line(percent(end), percent(last_end), "50%", "50%", FAINT, 3, stroke_dasharray="2 4")
        if last_end > end
        else ""
    )
    near = line(percent(closes), percent(end), "50%", "50%", TEAL, 5)
    return f"{far}{near}{element('circle', cx=percent(end), cy='50%', r=5, fill=TEAL)}{bar}"


def _mark(at: float | None) -> str:
    """A diamond, ink on paper, so that it is read on a bar too."""
    return "" if at is None else element("svg", _DIAMOND, x=percent(at), y="50%", overflow="visible")


_DIAMOND = element("path", d="M0-7L7 0L0 7L-7 0Z", fill=INK, stroke=PAPER, stroke_width=2)


def _years(years: list[date], at: Callable[[date], float]) -> str:
    """The years below, as many as the narrowest page has room for."""
    step = max(1, -(-len(years) * _YEAR_ROOM // NARROW))
    shown = years[::step][: -1 if (len(years) - 1) % step == 0 else None]
    return "".join(text(f"{day.year}", percent(at(day)), 15, "start", class_="tick") for day in shown)


def _key(chart: Timeline) -> str:
    window, until, until_last, marked = chart.names
    signs = [
        (element("rect", x=1, y=2, width=14, height=13, fill=NAVY), window),
        (line("0", "12", 9, 9, TEAL, 5) + element("circle", cx=12, cy=9, r=5, fill=TEAL), until),
    ]
    if any(one.last_end > one.end for one in chart.rows):
        signs.append((line("0", "18", 9, 9, FAINT, 3, stroke_dasharray="2 4"), until_last))
    if any(one.mark is not None for one in chart.rows):
        signs.append((element("svg", _DIAMOND, x=8, y=9, overflow="visible"), marked))
    signs.append((line("8", "8", 0, 17, INK, 1.5, stroke_dasharray="4 3"), chart.day_name))
    return key(signs)
