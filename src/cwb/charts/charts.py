"""The data of a chart before it is drawn: rows with their labels. Both drawings use these and nothing else."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import geopandas as gpd


@dataclass(frozen=True)
class Bar:
    """One bar: from `start` (0 for plain bars) to `value`; `text` is its printed value, `low`/`high` its range.

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
    """One line per series over the same ordered labels, from zero, in `unit`; a series of `targets` is dashed."""

    series: tuple[tuple[str, tuple[Point, ...]], ...]
    unit: str = "share"
    targets: tuple[str, ...] = ()
    kind: str = "Line chart"


@dataclass(frozen=True)
class Ranges:
    """A dot per label on a scale in `unit`, with the range within which unknowns could move it where `low` and `high` differ:
    (label, value, low, high, text). The first row is what the others are compared with."""

    rows: tuple[tuple[str, float, float, float, str], ...]
    unit: str = "share"
    kind: str = "Dot and range chart"


@dataclass(frozen=True)
class Pairs:
    """Two dots per label, joined, from zero: (label, (value, text) of the first, (value, text) of the second)."""

    rows: tuple[tuple[str, tuple[float, str], tuple[float, str]], ...]
    names: tuple[str, str]
    kind: str = "Chart of pairs"


@dataclass(frozen=True)
class Matrix:
    """A value for each label (row) and column, darker for more; None where there is none: (label, cells of (value, text))."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[float, str] | None, ...]], ...]
    kind: str = "Table chart"


@dataclass(frozen=True)
class Span:
    """One row of a timeline: a window from `opens` to `closes`, then the way to `end` and, where it is later, to `last_end`; `mark` is a
    day of its own, None where there is none. `text` is printed."""

    label: str
    opens: date
    closes: date
    end: date
    last_end: date
    text: str
    mark: date | None = None


@dataclass(frozen=True)
class Timeline:
    """Windows over the same years, a row each. `names` are what the window, the way to the end, the way to the last end and the mark
    are called, `day` is the one from which it is looked at, and `day_name` what that is called."""

    rows: tuple[Span, ...]
    day: date
    names: tuple[str, str, str, str]
    day_name: str
    kind: str = "Timeline"


@dataclass(frozen=True)
class Areas:
    """A map: outlines in EPSG:27700 with `lad_code`; (lad_code, name, value, text) for each, the text printed inside, the value
    None where it is not known. `measures` is what the tints stand for; `own` is outlined and does not set the tints; `origin` says
    whose outlines they are, where the map is shown."""

    outlines: gpd.GeoDataFrame
    rows: tuple[tuple[str, str, float | None, str], ...]
    measures: str
    unit: str
    own: str | None = None
    origin: str = ""
    kind: str = "Map"


Chart = Bars | Stack | Lines | Ranges | Pairs | Matrix | Timeline | Areas


def is_empty(chart: Chart) -> bool:
    """Whether there is nothing to draw: no bar, no point, no cell, no area."""
    match chart:
        case Bars() | Stack():
            return not chart.bars
        case Lines():
            return not any(points for _, points in chart.series)
        case Ranges() | Pairs() | Matrix() | Timeline() | Areas():
            return not chart.rows


def tints_from(chart: Areas) -> tuple[float, float]:
    """Where the second and the third tint of a map begin: round numbers near a third and two thirds of the greatest value,
    its own district's left out; endless where none is above zero."""
    most = max((value for code, _, value, _ in chart.rows if value is not None and code != chart.own), default=0.0)
    if most <= 0:
        return math.inf, math.inf
    power = 10.0 ** math.floor(math.log10(most / 3))
    step = max(size for size in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8) if size * power <= most / 3 * 1.000001) * power
    return round(step, 12), round(2 * step, 12)


def scale(low: float, high: float, parts: int = 4) -> tuple[float, ...]:
    """Round numbers, evenly spaced, from at most `low` to at least `high`: about as many steps as `parts`."""
    if high <= low:
        low, high = min(low, 0.0), max(high, 0.0) or (1.0 if low >= 0 else 0.0)
    rough = (high - low) / parts
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * size for size in (1, 2, 2.5, 5, 10) if power * size >= rough * 0.999999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(round(number * step, 10) for number in range(first, last + 1))


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
        case Pairs():
            first, second = (name.lower() for name in chart.names)
            parts = [f"{label}: {first} {one[1]}, {second} {two[1]}" for label, one, two in chart.rows]
        case Matrix():
            parts = [
                f"{label}: "
                + ", ".join(f"{name} {cell[1]}" for name, cell in zip(chart.columns, cells, strict=True) if cell)
                for label, cells in chart.rows
            ]
        case Timeline():
            parts = [f"{row.label} {row.text}" for row in chart.rows]
        case Areas():
            parts = [f"{name} {text}" for _, name, _, text in chart.rows]
    shown = "; ".join(parts[:15])
    return f"{chart.kind}. {shown}."
