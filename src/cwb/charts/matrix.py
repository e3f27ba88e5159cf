"""A matrix: rows by columns with the value in each cell, darker for more. On a narrow page each cell names its column."""

from __future__ import annotations

import html

from cwb.charts.charts import Matrix
from cwb.charts.svg import span


def draw_matrix(chart: Matrix) -> str:
    """One line of cells a row below the columns' names."""
    values = sorted(cell[0] for _, cells in chart.rows for cell in cells if cell)
    cuts = (values[len(values) // 3], values[2 * len(values) // 3]) if values else (0.0, 0.0)
    heads = f"{span('label', '')}{''.join(span('head', name) for name in chart.columns)}"
    lines = [f'<div class="line heads">{heads}</div>']
    for label, cells in chart.rows:
        made = span("label", label)
        for name, cell in zip(chart.columns, cells, strict=True):
            if cell is None:
                made += '<span class="cell none"></span>'
                continue
            value, words = cell
            tint = (value >= cuts[0]) + (value >= cuts[1])
            made += f'<span class="cell tint{tint}"><i>{html.escape(name)}</i> {html.escape(words)}</span>'
        lines.append(f'<div class="line">{made}</div>')
    return f'<div class="matrix">{"".join(lines)}</div>'
