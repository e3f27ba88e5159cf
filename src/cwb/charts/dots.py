"""Dots: a value with its range on a scale, and pairs of values joined."""

from __future__ import annotations

from cwb.charts.bars import NARROW, row
from cwb.charts.charts import Pairs, Ranges, scale
from cwb.charts.palette import INK, NAVY, PAPER, TEAL
from cwb.charts.svg import element, key, line, percent, span, text
from cwb.evidence.finding import number

_GRID = "#d0d4d8"


def _dot(at: float, colour: str, is_hollow: bool = False) -> str:
    fill = PAPER if is_hollow else colour
    return element("circle", cx=percent(at), cy="50%", r=6, fill=fill, stroke=colour, stroke_width=2.5)


def _rows(drawn: list[str], ticks: list[tuple[float, str]]) -> str:
    """The rows above the numbers of their scale."""
    ends = {0: "start", len(ticks) - 1: "end"}
    # Numbers that would collide on a narrow page are left out, but for the first, the last and one just between.
    shown = set(range(len(ticks)))
    if len(ticks) * (8 * max(len(words) for _, words in ticks) + 12) > NARROW or len({w for _, w in ticks}) < len(
        ticks
    ):
        shown = {0, len(ticks) - 1, *((len(ticks) // 2,) if len(ticks) in (5, 7) else ())}
    numbers = "".join(
        text(words, percent(at), 15, ends.get(place, "middle"), class_="tick")
        for place, (at, words) in enumerate(ticks)
        if place in shown
    )
    axis = f"{span('label', '')}{span('value', '')}{element('svg', numbers, class_='plot axis', height=20)}"
    return f'<div class="rows">{"".join(drawn)}{axis}</div>'


def draw_ranges(chart: Ranges) -> str:
    """A dot a row; a line through all rows marks the first, with which the others are compared."""
    ends = [end for _, value, low, high, _ in chart.rows for end in (value, low, high)]
    least, most = min(ends), max(ends)
    # Dots need not start at zero as bars must; where zero is near it is shown.
    ticks = scale(0.0 if 0 <= least < 0.5 * most else least, most)
    size = ticks[-1] - ticks[0]

    def at(value: float) -> float:
        # Half a dot stays free at both ends.
        return 0.02 + 0.96 * (value - ticks[0]) / size

    grid = "".join(line(percent(at(tick)), percent(at(tick)), "0", "100%", _GRID) for tick in ticks)
    first = at(chart.rows[0][1])
    grid += line(percent(first), percent(first), "0", "100%", INK, stroke_dasharray="4 3")
    drawn = [
        row(label, words, f"{grid}{_range(at(low), at(high)) if low < high else ''}{_dot(at(value), NAVY)}")
        for label, value, low, high, words in chart.rows
    ]
    return _rows(drawn, [(at(tick), number(tick, chart.unit)) for tick in ticks])


def _range(low: float, high: float) -> str:
    return line(percent(low), percent(high), "50%", "50%", INK, 3)


def draw_pairs(chart: Pairs) -> str:
    """The first value hollow, the second filled, joined from the one to the other; from zero."""
    most = max(max(one[0], two[0]) for _, one, two in chart.rows) or 1.0
    least = min(0.0, *(min(one[0], two[0]) for _, one, two in chart.rows))

    def at(value: float) -> float:
        return 0.02 + 0.96 * (value - least) / (most - least)

    zero = line(percent(at(0.0)), percent(at(0.0)), "0", "100%")
    drawn = [
        row(
            label,
            f"{one[1]} → {two[1]}",
            zero
            + line(percent(at(one[0])), percent(at(two[0])), "50%", "50%", INK, 2)
            + _dot(at(one[0]), TEAL, is_hollow=True)
            + _dot(at(two[0]), NAVY),
        )
        for label, one, two in chart.rows
    ]
    signs = [
        element("circle", cx=8, cy=9, r=5, fill=PAPER, stroke=TEAL, stroke_width=2.5),
        element("circle", cx=8, cy=9, r=6, fill=NAVY),
    ]
    return f'{key(list(zip(signs, chart.names, strict=True)))}<div class="rows">{"".join(drawn)}</div>'
