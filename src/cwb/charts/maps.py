"""The map of districts: projected outlines, the value printed in each, no base map and no network."""

from __future__ import annotations

from typing import Any

import altair as alt
import shapely

from cwb.charts.charts import Areas, wrap
from cwb.charts.palette import FONT, INK, PAPER, TINTS, WIDTH
from cwb.charts.svg import chart_of


def draw_map(chart: Areas) -> alt.LayerChart:
    """Districts in three tints of one colour by share, darker for more; outlined, so that colour is not alone."""
    values = {code: (name, share, text) for code, name, share, text in chart.rows}
    shares = sorted(share for _, share, _ in values.values())
    cuts = (shares[len(shares) // 3], shares[2 * len(shares) // 3]) if shares else (0.0, 0.0)
    features: list[dict[str, Any]] = []
    labels: dict[tuple[float, bool], list[dict[str, Any]]] = {}
    for row in chart.outlines.itertuples():
        name, share, text = values.get(row.lad_code, (row.lad_code, 0.0, ""))
        features.append(
            {
                "type": "Feature",
                "geometry": _rounded(row.geometry),
                "properties": {"name": name, "fill": TINTS[(share >= cuts[0]) + (share >= cuts[1])]},
            }
        )
        largest = max(getattr(row.geometry, "geoms", [row.geometry]), key=lambda part: part.area)
        spot = shapely.maximum_inscribed_circle(largest, 200.0).coords[0]
        lines = [*wrap(name, 13), text]
        for number, line in enumerate(lines):
            place = (number - (len(lines) - 1) / 2) * 15
            labels.setdefault((place, line == text), []).append({"x": spot[0], "y": spot[1], "line": line})
    west, south, east, north = chart.outlines.total_bounds
    width, height = WIDTH, int(WIDTH * (north - south) / (east - west))
    collection = {"type": "FeatureCollection", "features": features}
    shapes = (
        chart_of(features)
        .mark_geoshape(stroke=INK, strokeWidth=1)
        .encode(color=alt.Color("properties.fill:N", scale=None))
    )
    # Not by `project`, which checks every corner of every outline against Altair's schema and takes as long as ten charts.
    shapes.projection = alt.Projection(type="identity", reflectY=True, fit=collection)
    x = alt.X("x:Q", scale=alt.Scale(domain=[west, east], nice=False, zero=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[south, north], nice=False, zero=False), axis=None)
    layers = []
    for (shift, last), lines in sorted(labels.items()):
        style = {"fontSize": 14 if last else 12, "fontWeight": "bold" if last else "normal", "font": FONT}
        for extra in ({"stroke": PAPER, "strokeWidth": 3, "color": PAPER}, {"color": INK}):
            text = chart_of(lines).mark_text(baseline="middle", dy=shift, **style, **extra)
            layers.append(text.encode(x=x, y=y, text=alt.Text("line:N")))
    return alt.layer(shapes, *layers, width=width, height=height)


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
