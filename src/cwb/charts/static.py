"""Charts for the pack, drawn without scripts, a browser or a network: HTML for the words, SVG for what is drawn.

A chart is one box with one name; nothing else in it is announced. The stylesheet puts labels beside their bars, on a
narrow page above them.
"""

from __future__ import annotations

import html

from cwb.base.characters import printable
from cwb.charts.bars import draw_bars, draw_stack
from cwb.charts.charts import Areas, Bars, Chart, Lines, Matrix, Pairs, Ranges, Stack
from cwb.charts.dots import draw_pairs, draw_ranges
from cwb.charts.lines import draw_lines
from cwb.charts.maps import draw_map
from cwb.charts.matrix import draw_matrix


def draw(chart: Chart, name: str) -> str:
    """The markup of a chart. `name` is what assistive technology reads."""
    match chart:
        case Bars():
            drawing = draw_bars(chart)
        case Stack():
            drawing = draw_stack(chart)
        case Lines():
            drawing = draw_lines(chart)
        case Ranges():
            drawing = draw_ranges(chart)
        case Pairs():
            drawing = draw_pairs(chart)
        case Matrix():
            drawing = draw_matrix(chart)
        case Areas():
            drawing = draw_map(chart)
    label = html.escape(printable(name), quote=True)
    return f'<div class="chart" role="img" aria-label="{label}"><div aria-hidden="true">{drawing}</div></div>'
