"""The map of districts: projected outlines, the value printed in each, no base map and no network."""

from __future__ import annotations

import math
import textwrap

import shapely
from shapely.geometry.base import BaseGeometry

from cwb.charts.charts import Areas, tints_from
from cwb.charts.palette import INK, PAPER, TINTS, WIDTH
from cwb.charts.svg import element, key, span, text
from cwb.evidence.finding import number

_TALLEST = 640  # so that heading, map and source stand on one page of A4


def draw_map(chart: Areas) -> str:
    """Districts in three tints of one colour, darker for more; outlined, so that colour is not alone."""
    values = {code: (name, value, words) for code, name, value, words in chart.rows}
    cuts = tints_from(chart)
    west, south, east, north = chart.outlines.total_bounds
    zoom = min(WIDTH / (east - west), _TALLEST / (north - south))

    def at(x: float, y: float) -> tuple[float, float]:
        return round((x - west) * zoom, 1), round((north - y) * zoom, 1)

    shapes, own, labels = list[str](), list[str](), list[str]()
    for row in chart.outlines.itertuples():
        name, value, words = values.get(row.lad_code, (row.lad_code, None, ""))
        is_own = row.lad_code == chart.own
        tint = PAPER if value is None or is_own else TINTS[(value >= cuts[0]) + (value >= cuts[1])]
        outline = "".join(
            "M" + "L".join("{:g} {:g}".format(*at(x, y)) for x, y in ring.coords[:-1]) + "Z"
            for part in _parts(row.geometry)
            for ring in (part.exterior, *part.interiors)
        )
        # The own district last: its wide outline lies over its neighbours'.
        shape = element(
            "path", d=outline, fill=tint, fill_rule="evenodd", stroke=INK, stroke_width=4 if is_own else 1
        )
        (own if is_own else shapes).append(shape)
        largest = max(_parts(row.geometry), key=lambda part: part.area)
        x, y = at(*shapely.maximum_inscribed_circle(largest, 200.0).coords[0])
        lines = [*textwrap.wrap(name, 11, break_long_words=False), words]
        for place, line in enumerate(lines):
            is_value = place == len(lines) - 1
            below = (place - (len(lines) - 1) / 2) * 15
            labels.append(
                text(line, f"{x:g}", y + 5 + below, "middle", font_weight="bold" if is_value else "normal")
            )
    width, height = round((east - west) * zoom) + 4, round((north - south) * zoom) + 4
    drawing = element(
        "svg", "".join((*shapes, *own, *labels)), width=width, height=height, viewBox=f"-2 -2 {width} {height}"
    )
    return _key(chart, cuts, values) + drawing


def _parts(geometry: BaseGeometry) -> list[BaseGeometry]:
    return list(getattr(geometry, "geoms", [geometry]))


def _key(chart: Areas, cuts: tuple[float, float], values: dict[str, tuple[str, float | None, str]]) -> str:
    """What the tints stand for, in the map's own unit; above it, what is measured."""
    known = [value for _, value, _ in values.values() if value is not None]
    if math.isinf(cuts[0]):
        entries = [(TINTS[0], number(0.0, chart.unit))] if known else []
    else:
        low, high = (number(cut, chart.unit) for cut in cuts)
        entries = [(TINTS[0], f"under {low}"), (TINTS[1], f"{low} to under {high}"), (TINTS[2], f"{high} or more")]
    signs = [(_square(fill, 1), words) for fill, words in entries]
    if chart.own in values:
        signs.append((_square(PAPER, 3), f"{values[chart.own][0]} itself, not shaded"))
    if len(known) < len(values):
        signs.append((_square(PAPER, 1), "not known"))
    return f"{span('measures', chart.measures)}{key(signs)}"


def _square(fill: str, width: float) -> str:
    return element("rect", x=2, y=2, width=12, height=12, fill=fill, stroke=INK, stroke_width=width)
