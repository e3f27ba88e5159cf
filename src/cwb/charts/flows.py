"""Flows from bodies to suppliers, drawn as bands: a Sankey without a browser."""

from __future__ import annotations

from typing import Any

import altair as alt

from cwb.charts.charts import Flows, wrap
from cwb.charts.palette import FONT, INK, PAPER, SEQUENCE, WIDTH
from cwb.charts.svg import chart_of

_LEFT, _RIGHT = 215, 215  # room for the labels of both sides
_GAP = 0.035  # between nodes, as a part of the whole
_STEPS = 24
_ROW = 40


def draw_flows(chart: Flows) -> alt.LayerChart:
    """Bands as wide as what flows, sources on the left in the palette's order, targets on the right in ink."""
    sources = list(dict.fromkeys(source for source, _, _, _ in chart.links))
    targets = list(dict.fromkeys(target for _, target, _, _ in chart.links))
    total = sum(value for _, _, value, _ in chart.links)
    left, right = _stacked(chart, 0, sources, total), _stacked(chart, 1, targets, total)
    bands, used_left, used_right = [], dict(left), dict(right)
    for number, (source, target, value, _) in enumerate(chart.links):
        y0, y1, size = used_left[source], used_right[target], value / total
        used_left[source], used_right[target] = y0 + size, y1 + size
        for step in range(_STEPS + 1):
            t = step / _STEPS
            top = y0 + (y1 - y0) * t * t * (3 - 2 * t)
            bands.append({"link": number, "x": t, "top": top, "bottom": top + size, "source": source})
    height = max(_ROW * max(len(sources), len(targets)), 220)
    plot = WIDTH - _LEFT - _RIGHT
    lowest = max(*used_left.values(), *used_right.values())
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    scale = alt.Scale(domain=[0, lowest], reverse=True, nice=False, zero=False)
    colours = [SEQUENCE[n % len(SEQUENCE)] for n in range(len(sources))]
    flow = (
        chart_of(bands)
        .mark_area(opacity=0.75, stroke=PAPER, strokeWidth=0.5)
        .encode(
            x=x,
            y=alt.Y("top:Q", scale=scale, axis=None),
            y2=alt.Y2("bottom:Q"),
            detail=alt.Detail("link:N"),
            color=alt.Color("source:N", scale=alt.Scale(domain=sources, range=colours), legend=None),
        )
    )
    labels = [*_labels(chart, 0, sources, left, total, scale), *_labels(chart, 1, targets, right, total, scale)]
    return alt.layer(flow, *labels, width=plot, height=height)


def _stacked(chart: Flows, side: int, names: list[str], total: float) -> dict[str, float]:
    """Where each node begins."""
    at, places = 0.0, {}
    for name in names:
        places[name] = at
        at += sum(link[2] for link in chart.links if link[side] == name) / total + _GAP
    return places


def _labels(
    chart: Flows, side: int, names: list[str], places: dict[str, float], total: float, scale: alt.Scale
) -> list[alt.Chart]:
    by_shift: dict[int, list[dict[str, Any]]] = {}
    for name in names:
        size = sum(link[2] for link in chart.links if link[side] == name) / total
        lines = wrap(name, 26)
        for n, line in enumerate(lines):
            shift = int((n - (len(lines) - 1) / 2) * 15)
            by_shift.setdefault(shift, []).append({"y": places[name] + size / 2, "line": line})
    at = alt.XValue(0 if side == 0 else WIDTH - _LEFT - _RIGHT)
    align, dx = ("right", -8) if side == 0 else ("left", 8)
    return [
        chart_of(lines)
        .mark_text(align=align, baseline="middle", dx=dx, dy=shift, fontSize=13, color=INK, font=FONT)
        .encode(x=at, y=alt.Y("y:Q", scale=scale, axis=None), text=alt.Text("line:N"))
        for shift, lines in sorted(by_shift.items())
    ]
