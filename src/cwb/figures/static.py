"""Charts as SVG for the pack: drawn by Altair and vl-convert, without a browser and without a network.

The SVG has one name (that of its figure) and nothing else in it is announced; ids are made unique to the figure,
so that many drawings can stand in one page.
"""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import altair as alt
import pandas as pd
import vl_convert
from altair.utils.schemapi import debug_mode

from cwb.figures.charts import Areas, Bars, Chart, Flows, Lines, Ranges, Stack, wrap
from cwb.figures.flows import draw_flows
from cwb.figures.maps import draw_map
from cwb.figures.palette import FAINT, FONT, INK, NAVY, PAPER, SEQUENCE, WIDTH, text_on

LABELS = 215
_ROW = 34
_SIZE = 14
_SVG = "http://www.w3.org/2000/svg"


def draw(chart: Chart, name: str, identity: str) -> str:
    """The SVG of a chart. `name` is what assistive technology reads; `identity` makes its ids unique."""
    # Altair checks every part against its JSON schema, which takes longer than drawing; vl-convert reads the result.
    with debug_mode(False):
        match chart:
            case Bars():
                made = _bars(chart)
            case Stack():
                made = _stack(chart)
            case Lines():
                made = _lines(chart)
            case Ranges():
                made = _ranges(chart)
            case Areas():
                made = draw_map(chart)
            case Flows():
                made = draw_flows(chart)
        config = made.configure(font=FONT, background=PAPER, padding=4).configure_view(stroke=None)
        config = config.configure_axis(
            labelFontSize=_SIZE, labelColor=INK, domain=False, ticks=False, grid=False, title=None
        )
        spec = config.to_dict(validate=False)
    return _named(vl_convert.vegalite_to_svg(spec, vl_version=_vl_version()), name, identity)


def _vl_version() -> str:
    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


def _named(svg: str, name: str, identity: str) -> str:
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(svg)
    width, height = float(root.attrib.pop("width")), float(root.attrib.pop("height"))
    root.attrib.clear()
    root.attrib |= {
        "viewBox": f"0 0 {width:g} {height:g}",
        "class": "chart",
        "role": "img",
        "aria-label": name,
        "focusable": "false",
    }
    for element in root.iter():
        if element is not root:
            for key in [k for k in element.attrib if k.startswith("aria-") or k in ("role", "class")]:
                del element.attrib[key]
        for key, value in list(element.attrib.items()):
            if key == "id":
                element.attrib[key] = f"{identity}-{value}"
            elif "url(#" in value:
                element.attrib[key] = value.replace("url(#", f"url(#{identity}-")
            elif key.endswith("href") and value.startswith("#"):
                element.attrib[key] = f"#{identity}-{value[1:]}"
    text = ElementTree.tostring(root, encoding="unicode")
    return re.sub(r"(\d+\.\d{2})\d+", r"\1", text)


def _axis(keys: list[str]) -> alt.Y:
    """Rows in the order given. The axis only keeps the room: its labels are drawn by `_labels`."""
    axis = alt.Axis(labelExpr="''", minExtent=LABELS, maxExtent=LABELS)
    return alt.Y("key:N", sort=keys, axis=axis, scale=alt.Scale(paddingInner=0.35, paddingOuter=0.2))


def _labels(keys: list[str], labels: list[str], y: alt.Y) -> list[alt.Chart]:
    """Row labels in one or two lines, centred on their bars (an axis would hang the second line below)."""
    lines = [
        {"key": key, "line": line, "shift": shift}
        for key, label in zip(keys, labels, strict=True)
        for line, shift in _spread(wrap(label))
    ]
    frame = pd.DataFrame(lines)
    return [
        alt.Chart(own)
        .mark_text(align="right", baseline="middle", dx=-8, dy=int(shift), fontSize=_SIZE, color=INK, font=FONT)
        .encode(y=y, x=alt.value(0), text="line:N")
        for shift, own in frame.groupby("shift")
    ]


def _spread(lines: list[str]) -> list[tuple[str, int]]:
    return [(lines[0], 0)] if len(lines) == 1 else [(lines[0], -8), (lines[1], 8)]


def _bars(chart: Bars) -> alt.LayerChart:
    row, labels, made = -1, [], []
    for bar in chart.bars:
        if not bar.joins:
            row += 1
            labels.append(bar.label)
        made.append(
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
    rows = pd.DataFrame(made)
    keys = list(dict.fromkeys(rows["key"]))
    y = _axis(keys)
    top = float(rows["end"].max()) or 1.0
    bottom = min(float(rows[["start", "value"]].min().min()), 0.0)
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
    base = alt.Chart(rows)
    x = alt.X("start:Q", scale=scale, axis=None)
    layers = [
        base.mark_bar().encode(y=y, x=x, x2="value:Q", color=colour),
        base.mark_text(align="left", dx=6, fontSize=_SIZE, color=INK, font=FONT).encode(
            y=y, x=alt.X("end:Q", scale=scale, axis=None), text="text:N"
        ),
        alt.Chart(pd.DataFrame({"x": [0.0]}))
        .mark_rule(color=FAINT, strokeWidth=1)
        .encode(x=alt.X("x:Q", scale=scale, axis=None)),
    ]
    if rows["low"].notna().any():
        known = alt.Chart(rows.dropna(subset=["low", "high"]))
        layers.append(
            known.mark_rule(color=INK, strokeWidth=2).encode(
                y=y, x=alt.X("low:Q", scale=scale, axis=None), x2="high:Q"
            )
        )
    return alt.layer(*layers, *_labels(keys, labels, y)).properties(width=plot, height=_ROW * len(keys))


def _stack(chart: Stack) -> alt.LayerChart:
    rows = []
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
                    # A value is printed where it fits; the others stand in the table and in the name.
                    "text": text if share >= 0.075 else "",
                    "ink": text_on(SEQUENCE[position]),
                    "position": position,
                }
            )
            start += share
    frame = pd.DataFrame(rows)
    names = list(dict.fromkeys(frame["part"]))
    y = _axis(keys)
    scale = alt.Scale(domain=[0, 1], nice=False)
    colour = alt.Color(
        "part:N",
        scale=alt.Scale(domain=names, range=list(SEQUENCE[: len(names)])),
        legend=alt.Legend(orient="top", title=None, labelFontSize=_SIZE, symbolType="square"),
    )
    bars = (
        alt.Chart(frame)
        .mark_bar(stroke=PAPER, strokeWidth=1)
        .encode(y=y, x=alt.X("start:Q", scale=scale, axis=None), x2="end:Q", color=colour)
    )
    texts = (
        alt.Chart(frame)
        .mark_text(fontSize=_SIZE, fontWeight="bold", font=FONT)
        .encode(
            y=y,
            x=alt.X("middle:Q", scale=scale, axis=None),
            text="text:N",
            color=alt.Color("ink:N", scale=None),
        )
    )
    return (
        alt.layer(bars, texts, *_labels(keys, [label for label, _ in chart.bars], y))
        .resolve_scale(color="independent")
        .properties(width=WIDTH - LABELS, height=46 * len(chart.bars))
    )


def _lines(chart: Lines) -> alt.LayerChart:
    rows = [
        {"series": name, "order": i, "x": point.x, "y": point.y, "text": point.text}
        for name, points in chart.series
        for i, point in enumerate(points)
    ]
    frame = pd.DataFrame(rows)
    names = [name for name, _ in chart.series]
    labels = list(dict.fromkeys(frame["x"]))
    top = float(frame["y"].max()) * 1.18 or 1.0
    every = max(1, math.ceil(len(labels) / 5))
    shown = labels[(len(labels) - 1) % every :: every]
    colour = alt.Color("series:N", scale=alt.Scale(domain=names, range=list(SEQUENCE[: len(names)])), legend=None)
    x = alt.X("x:O", sort=labels, axis=alt.Axis(values=shown, labelAngle=0, labelFontSize=_SIZE - 1))
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(format=".0%", tickCount=5, grid=True, gridColor="#d0d4d8"),
    )
    base = alt.Chart(frame)
    last = base.transform_filter("datum.order == datum.last")
    frame["last"] = frame.groupby("series")["order"].transform("max")
    # The first value stands on the side from which the line does not come.
    rising = frame.groupby("series")["y"].transform(lambda y: y.iloc[min(1, len(y) - 1)] > y.iloc[0])
    firsts = [
        alt.Chart(own)
        .mark_text(align="center", dy=18 if is_rising else -16, fontSize=_SIZE, font=FONT)
        .encode(x=x, y=y, text="text:N", color=alt.value(INK))
        for is_rising, own in frame[frame["order"] == 0].groupby(rising)
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
            x=x, y=y, text="series:N", color=alt.value(INK)
        ),
        last.mark_text(align="left", dx=10, dy=13, fontSize=_SIZE, font=FONT).encode(
            x=x, y=y, text="text:N", color=alt.value(INK)
        ),
    ).properties(width=WIDTH - 190, height=300)


def _ranges(chart: Ranges) -> alt.LayerChart:
    frame = pd.DataFrame(
        [
            {"key": f"{n:03d}", "value": value, "low": low, "high": high, "text": text}
            for n, (_, value, low, high, text) in enumerate(chart.rows)
        ]
    )
    keys = list(frame["key"])
    y = _axis(keys)
    top = float(frame[["value", "high"]].max().max()) or 1.0
    longest = max(len(text) for text in frame["text"])
    plot = WIDTH - LABELS
    room = top * (longest * 8 + 20) / max(plot - longest * 8 - 20, 80)
    scale = alt.Scale(domain=[0, top + room], nice=False, zero=True)
    base = alt.Chart(frame)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=None)

    return alt.layer(
        alt.Chart(pd.DataFrame({"x": [0.0]})).mark_rule(color=FAINT).encode(x=x("x")),
        base.mark_rule(color=NAVY, strokeWidth=5, opacity=0.45).encode(y=y, x=x("low"), x2="high:Q"),
        base.mark_point(filled=True, size=130, color=NAVY, opacity=1).encode(y=y, x=x("value")),
        base.mark_text(align="left", dx=12, fontSize=_SIZE, color=INK, font=FONT).encode(
            y=y, x=x("high"), text="text:N"
        ),
        *_labels(keys, [row[0] for row in chart.rows], y),
    ).properties(width=plot, height=(_ROW + 10) * len(frame))
