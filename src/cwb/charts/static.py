"""Charts for the pack, drawn without scripts, a browser or a network: HTML for the words, SVG for what is drawn.

A chart is one box with one name; nothing else in it is announced. The stylesheet puts labels beside their bars, on a
narrow page above them.
"""

from __future__ import annotations

import html

from cwb.base.characters import printable
from cwb.charts.bars import draw_bars, draw_stack
from cwb.charts.charts import Areas, Bars, Chart, Lines, Matrix, Pairs, Ranges, Stack, Timeline
from cwb.charts.dots import draw_pairs, draw_ranges
from cwb.charts.lines import draw_lines
from cwb.charts.maps import draw_map
from cwb.charts.svg import span
from cwb.charts.timeline import draw_timeline


def draw(chart: Chart, name: str) -> str:
    """The markup of a chart, every character printable. `name` is what assistive technology reads."""
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
            drawing = _matrix(chart)
        case Timeline():
            drawing = draw_timeline(chart)
        case Areas():
            drawing = draw_map(chart)
    label = html.escape(name, quote=True)
    return printable(
        f'<div class="chart" role="img" aria-label="{label}"><div aria-hidden="true">{drawing}</div></div>'
    )


def _matrix(chart: Matrix) -> str:
    """Rows by columns with the value in each cell, darker for more; on a narrow page each cell names its column."""
    values = sorted(cell[0] for _, cells in chart.rows for cell in cells if cell)
    cuts = (values[len(values) // 3], values[2 * len(values) // 3]) if values else (0.0, 0.0)
    heads = f"{span('label', '')}{''.join(span('head', name) for name in chart.columns)}"
    lines = [f'<div class="line heads">{heads}</div>']
    for label, cells in chart.rows:
        line = span("label", label)
        for name, cell in zip(chart.columns, cells, strict=True):
            if cell is None:
                line += '<span class="cell none"></span>'
                continue
            value, words = cell
            tint = (value >= cuts[0]) + (value >= cuts[1])
            line += f'<span class="cell tint{tint}"><i>{html.escape(name)}</i> {html.escape(words)}</span>'
        lines.append(f'<div class="line">{line}</div>')
    return f'<div class="matrix">{"".join(lines)}</div>'
