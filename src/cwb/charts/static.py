"""Charts as SVG for the pack: drawn by Altair and vl-convert, without a browser and without a network.

The SVG has one name (that of its figure) and nothing else in it is announced; ids are made unique to the figure,
so that one page can hold many drawings.
"""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import vl_convert
from altair.utils.schemapi import debug_mode

from cwb.base.characters import printable, printable_tree
from cwb.charts.charts import Areas, Bars, Chart, Flows, Lines, Point, Ranges, Stack, wrap
from cwb.charts.flows import draw_flows
from cwb.charts.maps import draw_map
from cwb.charts.palette import FAINT, FONT, INK, NAVY, PAPER, SEQUENCE, WIDTH, text_on
from cwb.charts.svg import chart_of, named

LABELS = 215
_ROW = 34
_SIZE = 14


def draw(chart: Chart, name: str, identity: str) -> str:
    """The SVG of a chart. `name` is what assistive technology reads; `identity` makes its ids unique."""
    # Altair checks every part against its JSON schema, which takes longer than drawing; vl-convert reads the result.
    with debug_mode(False):
        match chart:
            case Bars():
                drawing = _bars(chart)
            case Stack():
                drawing = _stack(chart)
            case Lines():
                drawing = _lines(chart)
            case Ranges():
                drawing = _ranges(chart)
            case Areas():
                drawing = draw_map(chart)
            case Flows():
                drawing = draw_flows(chart)
        # Set here and not by `configure_…`, each of which copies the whole chart.
        drawing.config = _config()
        # The drawing program ends the whole process on a control character in a label.
        spec = printable_tree(drawing.to_dict(validate=False))
    return named(vl_convert.vegalite_to_svg(spec, vl_version=_vl_version()), printable(name), identity)


def _config() -> alt.Config:
    axis = alt.AxisConfig(labelFontSize=_SIZE, labelColor=INK, domain=False, ticks=False, grid=False, title=None)
    return alt.Config(font=FONT, background=PAPER, padding=4, view=alt.ViewConfig(stroke=None), axis=axis)


def _vl_version() -> str:
    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


def _axis(keys: list[str]) -> alt.Y:
    """Rows in the order given. The axis only keeps the room: its labels are drawn by `_labels`."""
    axis = alt.Axis(labelExpr="''", minExtent=LABELS, maxExtent=LABELS)
    return alt.Y("key:N", sort=keys, axis=axis, scale=alt.Scale(paddingInner=0.35, paddingOuter=0.2))


def _x(field: str, scale: alt.Scale) -> alt.X:
    return alt.X(f"{field}:Q", scale=scale, axis=None)


def _labels(keys: list[str], labels: list[str], y: alt.Y) -> list[alt.Chart]:
    """Row labels in one or two lines, centred on their bars (an axis would hang the second line below)."""
    by_shift: dict[int, list[dict[str, str]]] = {}
    for key, label in zip(keys, labels, strict=True):
        for line, shift in _spread(wrap(label)):
            by_shift.setdefault(shift, []).append({"key": key, "line": line})
    return [
        chart_of(lines)
        .mark_text(align="right", baseline="middle", dx=-8, dy=shift, fontSize=_SIZE, color=INK, font=FONT)
        .encode(y=y, x=alt.XValue(0), text=alt.Text("line:N"))
        for shift, lines in sorted(by_shift.items())
    ]


def _spread(lines: list[str]) -> list[tuple[str, int]]:
    return [(lines[0], 0)] if len(lines) == 1 else [(lines[0], -8), (lines[1], 8)]


def _bars(chart: Bars) -> alt.LayerChart:
    row, labels = -1, list[str]()
    rows: list[dict[str, Any]] = []
    for bar in chart.bars:
        if not bar.joins:
            row += 1
            labels.append(bar.label)
        rows.append(
            {
                "key": f"{row:03d}",
                "start": bar.start,
                "value": bar.value,
                "text": bar.text,
                "group": bar.group,
                "low": bar.low,
                "high": bar.high,
                "end": max(bar.start, bar.value, bar.high or 0.0, 0.0),
            }
        )
    keys = list(dict.fromkeys(bar["key"] for bar in rows))
    y = _axis(keys)
    top = max(bar["end"] for bar in rows) or 1.0
    bottom = min(0.0, *(bar.start for bar in chart.bars), *(bar.value for bar in chart.bars))
    longest = max(len(bar.text) for bar in chart.bars)
    plot = WIDTH - LABELS
    # Room on the right for the longest printed value, so that no label is cut.
    room = top * (longest * 8.2 + 14) / max(plot - longest * 8.2 - 14, 80)
    scale = alt.Scale(domain=[bottom, top + room], nice=False, zero=True)
    groups = list(chart.groups)
    colour = alt.Color(
        "group:N",
        scale=alt.Scale(domain=groups, range=[SEQUENCE[chart.groups[g]] for g in groups]),
        legend=alt.Legend(orient="top", title=None, labelFontSize=_SIZE, symbolType="square", labelLimit=320)
        if len(groups) > 1
        else None,
    )
    base = chart_of(rows)
    x = _x("start", scale)
    layers = [
        base.mark_bar().encode(y=y, x=x, x2=alt.X2("value:Q"), color=colour),
        base.mark_text(align="left", dx=6, fontSize=_SIZE, color=INK, font=FONT).encode(
            y=y, x=_x("end", scale), text=alt.Text("text:N")
        ),
        chart_of([{"x": 0.0}]).mark_rule(color=FAINT, strokeWidth=1).encode(x=_x("x", scale)),
    ]
    known = [bar for bar in rows if bar["low"] is not None and bar["high"] is not None]
    if known:
        layers.append(
            chart_of(known)
            .mark_rule(color=INK, strokeWidth=2)
            .encode(y=y, x=_x("low", scale), x2=alt.X2("high:Q"))
        )
    return alt.layer(*layers, *_labels(keys, labels, y), width=plot, height=_ROW * len(keys))


def _stack(chart: Stack) -> alt.LayerChart:
    rows: list[dict[str, Any]] = []
    keys = [f"{number:03d}" for number in range(len(chart.bars))]
    for key, (_, parts) in zip(keys, chart.bars, strict=True):
        start = 0.0
        for position, (part, share, text) in enumerate(parts):
            rows.append(
                {
                    "key": key,
                    "part": part,
                    "start": start,
                    "end": start + share,
                    "middle": start + share / 2,
                    # A value is printed where it fits; the others are in the table and in the name.
                    "text": text if share >= 0.075 else "",
                    "ink": text_on(SEQUENCE[position]),
                    "position": position,
                }
            )
            start += share
    names = list(dict.fromkeys(row["part"] for row in rows))
    y = _axis(keys)
    scale = alt.Scale(domain=[0, 1], nice=False)
    colour = alt.Color(
        "part:N",
        scale=alt.Scale(domain=names, range=list(SEQUENCE[: len(names)])),
        legend=alt.Legend(orient="top", title=None, labelFontSize=_SIZE, symbolType="square"),
    )
    bars = (
        chart_of(rows)
        .mark_bar(stroke=PAPER, strokeWidth=1)
        .encode(y=y, x=_x("start", scale), x2=alt.X2("end:Q"), color=colour)
    )
    texts = (
        chart_of(rows)
        .mark_text(fontSize=_SIZE, fontWeight="bold", font=FONT)
        .encode(
            y=y,
            x=_x("middle", scale),
            text=alt.Text("text:N"),
            color=alt.Color("ink:N", scale=None),
        )
    )
    return alt.layer(
        bars,
        texts,
        *_labels(keys, [label for label, _ in chart.bars], y),
        resolve=alt.Resolve(scale=alt.ScaleResolveMap(color="independent")),
        width=WIDTH - LABELS,
        height=46 * len(chart.bars),
    )


def _lines(chart: Lines) -> alt.LayerChart:
    rows: list[dict[str, Any]] = [
        {"series": name, "order": i, "last": len(points) - 1, "x": point.x, "y": point.y, "text": point.text}
        for name, points in chart.series
        for i, point in enumerate(points)
    ]
    names = [name for name, _ in chart.series]
    labels = list(dict.fromkeys(row["x"] for row in rows))
    top = max(row["y"] for row in rows) * 1.18 or 1.0
    every = max(1, math.ceil(len(labels) / 5))
    shown = labels[(len(labels) - 1) % every :: every]
    colour = alt.Color("series:N", scale=alt.Scale(domain=names, range=list(SEQUENCE[: len(names)])), legend=None)
    x = alt.X("x:O", sort=labels, axis=alt.Axis(values=shown, labelAngle=0, labelFontSize=_SIZE - 1))
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(format=".0%", tickCount=5, grid=True, gridColor="#d0d4d8"),
    )
    base = chart_of(rows)
    last = chart_of([row for row in rows if row["order"] == row["last"]])
    # The first value is printed on the side that the line does not take.
    firsts = [
        chart_of([{"x": points[0].x, "y": points[0].y, "text": points[0].text}])
        .mark_text(align="center", dy=18 if _rises(points) else -16, fontSize=_SIZE, font=FONT)
        .encode(x=x, y=y, text=alt.Text("text:N"), color=alt.ColorValue(INK))
        for _, points in chart.series
        if points
    ]
    return alt.layer(
        base.mark_line(strokeWidth=3).encode(x=x, y=y, color=colour),
        base.mark_point(filled=True, size=60, opacity=1).encode(
            x=x,
            y=y,
            color=colour,
            shape=alt.Shape(
                "series:N",
                scale=alt.Scale(domain=names, range=["circle", "square", "diamond"][: len(names)]),
                legend=None,
            ),
        ),
        *firsts,
        last.mark_text(align="left", dx=10, dy=-4, fontSize=_SIZE, fontWeight="bold", font=FONT).encode(
            x=x, y=y, text=alt.Text("series:N"), color=alt.ColorValue(INK)
        ),
        last.mark_text(align="left", dx=10, dy=13, fontSize=_SIZE, font=FONT).encode(
            x=x, y=y, text=alt.Text("text:N"), color=alt.ColorValue(INK)
        ),
        width=WIDTH - 190,
        height=300,
    )


def _rises(points: tuple[Point, ...]) -> bool:
    return len(points) > 1 and points[1].y > points[0].y


def _ranges(chart: Ranges) -> alt.LayerChart:
    rows = [
        {"key": f"{n:03d}", "value": value, "low": low, "high": high, "text": text}
        for n, (_, value, low, high, text) in enumerate(chart.rows)
    ]
    keys = [f"{n:03d}" for n in range(len(rows))]
    y = _axis(keys)
    top = max(max(value, high) for _, value, _, high, _ in chart.rows) or 1.0
    longest = max(len(row[4]) for row in chart.rows)
    plot = WIDTH - LABELS
    room = top * (longest * 8 + 20) / max(plot - longest * 8 - 20, 80)
    scale = alt.Scale(domain=[0, top + room], nice=False, zero=True)
    base = chart_of(rows)

    return alt.layer(
        chart_of([{"x": 0.0}]).mark_rule(color=FAINT).encode(x=_x("x", scale)),
        base.mark_rule(color=NAVY, strokeWidth=5, opacity=0.45).encode(
            y=y, x=_x("low", scale), x2=alt.X2("high:Q")
        ),
        base.mark_point(filled=True, size=130, color=NAVY, opacity=1).encode(y=y, x=_x("value", scale)),
        base.mark_text(align="left", dx=12, fontSize=_SIZE, color=INK, font=FONT).encode(
            y=y, x=_x("high", scale), text=alt.Text("text:N")
        ),
        *_labels(keys, [row[0] for row in chart.rows], y),
        width=plot,
        height=(_ROW + 10) * len(rows),
    )
