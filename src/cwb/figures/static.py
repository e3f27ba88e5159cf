"""Charts as SVG for the pack: drawn by Altair and vl-convert, without a browser and without a network.

The SVG has one name (that of its figure) and nothing else in it is announced; ids are made unique to the figure,
so that many drawings can stand in one page.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

import altair as alt
import pandas as pd
import vl_convert

from cwb.figures.charts import Areas, Bars, Chart, Lines, Ranges, Stack, wrap
from cwb.figures.palette import FAINT, INK, NAVY, PAPER, SEQUENCE, TINTS, text_on

FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
WIDTH = 680
LABELS = 215
_ROW = 34
_SIZE = 14
_SVG = "http://www.w3.org/2000/svg"


def draw(chart: Chart, name: str, identity: str) -> str:
    """The SVG of a chart. `name` is what assistive technology reads; `identity` makes its ids unique."""
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
            made = _areas(chart)
    config = made.configure(font=FONT, background=PAPER, padding=4).configure_view(stroke=None)
    config = config.configure_axis(
        labelFontSize=_SIZE, labelColor=INK, domain=False, ticks=False, grid=False, title=None
    )
    svg = vl_convert.vegalite_to_svg(config.to_dict(validate=False), vl_version=_vl_version())
    return _named(svg, name, identity)


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


def _axis(labels: list[str]) -> alt.Y:
    # Lines of a label are parted by a character that no name holds.
    axis = alt.Axis(labelExpr="split(datum.label, '\u241e')", labelLimit=LABELS, labelPadding=8, minExtent=LABELS, maxExtent=LABELS)
    return alt.Y("label:N", sort=labels, axis=axis, scale=alt.Scale(paddingInner=0.35, paddingOuter=0.2))


def _key(label: str, seen: dict[str, int]) -> str:
    """A label as an axis value: wrapped, and unlike every other (withheld names may recur)."""
    text = "\u241e".join(wrap(label))
    seen[text] = seen.get(text, 0) + 1
    return text + "\u200b" * (seen[text] - 1)


def _bars(chart: Bars) -> alt.LayerChart:
    seen: dict[str, int] = {}
    rows = pd.DataFrame(
        [
            {
                "label": _key(bar.label, seen),
                "start": bar.start,
                "value": bar.value,
                "text": bar.text,
                "group": bar.group,
                "low": bar.low,
                "high": bar.high,
                "end": max(bar.start, bar.value, bar.high or 0.0, 0.0),
            }
            for bar in chart.bars
        ]
    )
    order = list(rows["label"])
    y = _axis(order)
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
    return alt.layer(*layers).properties(width=plot, height=_ROW * len(rows))


def _stack(chart: Stack) -> alt.LayerChart:
    seen: dict[str, int] = {}
    rows = []
    for label, parts in chart.bars:
        key, start = _key(label, seen), 0.0
        for position, (part, share, text) in enumerate(parts):
            rows.append(
                {
                    "label": key,
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
    y = _axis(list(dict.fromkeys(frame["label"])))
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
        alt.layer(bars, texts)
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
    every = max(1, round(len(labels) / 7))
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
    ends = alt.Chart(frame[frame["order"].isin([0])]).mark_text(
        align="left", dy=-12, dx=-4, fontSize=_SIZE, font=FONT
    )
    return alt.layer(
        base.mark_line(strokeWidth=3).encode(x=x, y=y, color=colour),
        base.mark_point(filled=True, size=60, opacity=1).encode(
            x=x,
            y=y,
            color=colour,
            shape=alt.Shape("series:N", scale=alt.Scale(domain=names, range=["circle", "square", "diamond"][: len(names)]), legend=None),
        ),
        ends.encode(x=x, y=y, text="text:N", color=colour),
        last.mark_text(align="left", dx=10, dy=-4, fontSize=_SIZE, fontWeight="bold", font=FONT).encode(
            x=x, y=y, text="series:N", color=colour
        ),
        last.mark_text(align="left", dx=10, dy=13, fontSize=_SIZE, font=FONT).encode(
            x=x, y=y, text="text:N", color=colour
        ),
    ).properties(width=WIDTH - 190, height=300)


def _ranges(chart: Ranges) -> alt.LayerChart:
    seen: dict[str, int] = {}
    frame = pd.DataFrame(
        [
            {"label": _key(label, seen), "value": value, "low": low, "high": high, "text": text}
            for label, value, low, high, text in chart.rows
        ]
    )
    y = _axis(list(frame["label"]))
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
    ).properties(width=plot, height=(_ROW + 10) * len(frame))


def _areas(chart: Areas) -> alt.LayerChart:
    values = {code: (name, share, text) for code, name, share, text in chart.rows}
    shares = sorted(share for _, share, _ in values.values())
    cuts = (shares[len(shares) // 3], shares[2 * len(shares) // 3]) if shares else (0.0, 0.0)
    features, labels = [], []
    for row in chart.outlines.itertuples():
        name, share, text = values.get(row.lad_code, (row.lad_code, 0.0, ""))
        features.append(
            {
                "type": "Feature",
                "geometry": _rounded(row.geometry),
                "properties": {"name": name, "fill": TINTS[(share >= cuts[0]) + (share >= cuts[1])]},
            }
        )
        spot = row.geometry.representative_point()
        if row.geometry.geom_type == "MultiPolygon":
            spot = max(row.geometry.geoms, key=lambda part: part.area).representative_point()
        labels.append({"x": spot.x, "y": spot.y, "name": wrap(name, 13), "text": text})
    west, south, east, north = chart.outlines.total_bounds
    width, height = WIDTH, int(WIDTH * (north - south) / (east - west))
    collection = {"type": "FeatureCollection", "features": features}
    shapes = (
        alt.Chart(alt.InlineData(values=features))
        .mark_geoshape(stroke=INK, strokeWidth=1)
        .encode(color=alt.Color("properties.fill:N", scale=None))
        .project(type="identity", reflectY=True, fit=collection)
    )
    x = alt.X("x:Q", scale=alt.Scale(domain=[west, east], nice=False, zero=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[south, north], nice=False, zero=False), axis=None)
    names = alt.Chart(pd.DataFrame(labels)).mark_text(
        fontSize=13, font=FONT, color=INK, dy=-7, lineHeight=13, baseline="bottom"
    )
    numbers = alt.Chart(pd.DataFrame(labels)).mark_text(
        fontSize=15, font=FONT, fontWeight="bold", color=INK, dy=6
    )
    return alt.layer(
        shapes, names.encode(x=x, y=y, text="name:N"), numbers.encode(x=x, y=y, text="text:N")
    ).properties(width=width, height=height)


def _rounded(geometry: object) -> dict[str, object]:
    """Geometry as GeoJSON in whole metres: the drawing is no finer."""

    def whole(part: object) -> object:
        if isinstance(part, tuple | list):
            if part and isinstance(part[0], int | float):
                return [round(part[0]), round(part[1])]
            return [whole(p) for p in part]
        return part

    shape = geometry.__geo_interface__  # type: ignore[attr-defined]
    return {"type": shape["type"], "coordinates": whole(shape["coordinates"])}
