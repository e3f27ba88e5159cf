"""The data of a chart before it is drawn: rows with their labels. Both drawings use these and nothing else."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import geopandas as gpd


@dataclass(frozen=True)
class Bar:
    """One bar: from `start` (0 for plain bars) to `value`; `text` is printed at its end, `low`/`high` as a range.

    A bar that `joins` is in the row of the bar before it and shares its label.
    """

    label: str
    value: float
    text: str
    group: str = ""
    start: float = 0.0
    low: float | None = None
    high: float | None = None
    joins: bool = False


@dataclass(frozen=True)
class Bars:
    """Horizontal bars from zero, in the order given. `groups` maps each group to its place in the palette."""

    bars: tuple[Bar, ...]
    groups: dict[str, int]
    kind: str = "Bar chart"


@dataclass(frozen=True)
class Stack:
    """Bars divided into parts of a whole: `parts` are (part, share, text) for each bar, in palette order."""

    bars: tuple[tuple[str, tuple[tuple[str, float, str], ...]], ...]
    kind: str = "Divided bar chart"


@dataclass(frozen=True)
class Point:
    x: str
    y: float
    text: str


@dataclass(frozen=True)
class Lines:
    """One line per series over the same ordered labels, named at its end; shares from zero."""

    series: tuple[tuple[str, tuple[Point, ...]], ...]
    kind: str = "Line chart"


@dataclass(frozen=True)
class Ranges:
    """A dot per label with the range within which unknowns could move it: (label, value, low, high, text)."""

    rows: tuple[tuple[str, float, float, float, str], ...]
    kind: str = "Dot and range chart"


@dataclass(frozen=True)
class Areas:
    """A map: outlines in EPSG:27700 with `lad_code`; (lad_code, name, share, text) for each, text printed inside."""

    outlines: gpd.GeoDataFrame
    rows: tuple[tuple[str, str, float, str], ...]
    kind: str = "Map"


@dataclass(frozen=True)
class Flows:
    """Pounds that flow from sources on the left to targets on the right: (source, target, value, text), all above zero."""

    links: tuple[tuple[str, str, float, str], ...]
    kind: str = "Flow chart"


Chart = Bars | Stack | Lines | Ranges | Areas | Flows


def is_empty(chart: Chart) -> bool:
    """Whether there is nothing to draw: no bar, no point, no area, no flow."""
    match chart:
        case Bars() | Stack():
            return not chart.bars
        case Lines():
            return not any(points for _, points in chart.series)
        case Ranges() | Areas():
            return not chart.rows
        case Flows():
            return not chart.links


def wrap(label: str, width: int = 32) -> list[str]:
    """A label in at most two lines of whole words; what does not fit ends with an ellipsis."""
    lines = textwrap.wrap(label, width, break_long_words=False) or [label]
    if len(lines) > 2:
        lines = [lines[0], textwrap.shorten(" ".join(lines[1:]), width, placeholder="…")]
    return [line if len(line) <= width + 6 else line[: width - 1] + "…" for line in lines]


def describe(chart: Chart) -> str:
    """What the chart shows, in words, for those who do not see it. Every number is one that the chart prints."""
    match chart:
        case Bars():
            parts = [f"{bar.label} {bar.text}" for bar in chart.bars if bar.text]
        case Stack():
            parts = [
                f"{label}: " + ", ".join(f"{part.lower()} {text}" for part, _, text in pieces)
                for label, pieces in chart.bars
            ]
        case Lines():
            parts = [
                f"{name}: from {points[0].text} in {points[0].x} to {points[-1].text} in {points[-1].x}"
                for name, points in chart.series
                if points
            ]
        case Ranges():
            parts = [f"{label} {text}" for label, _, _, _, text in chart.rows]
        case Areas():
            parts = [f"{name} {text}" for _, name, _, text in chart.rows]
        case Flows():
            parts = [f"{source} to {target} {text}" for source, target, _, text in chart.links]
    shown = "; ".join(parts[:15])
    return f"{chart.kind}. {shown}."
