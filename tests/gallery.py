"""Every kind of chart with awkward data on one page, to be looked at: `make gallery`. No part of the product."""

from __future__ import annotations

import html
import sys
from datetime import date
from pathlib import Path

import geopandas as gpd
from shapely.geometry import box

from cwb.charts.charts import (
    Areas,
    Bar,
    Bars,
    Chart,
    Lines,
    Matrix,
    Pairs,
    Point,
    Ranges,
    Span,
    Stack,
    Timeline,
    describe,
)
from cwb.charts.static import draw
from cwb.publish.render import stylesheet

LONG = "Agricultural, forestry, horticultural, aquacultural and apicultural services (Hertfordshire and Luton) Limited"
WORD = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
HOSTILE = '<img src=x onerror=alert(1)> & "Sons"'
GROUPS = {"Local": 0, "Not local": 1, "Not known": 2, "Taken out": 3}


def _bars(*rows: tuple[str, float]) -> Bars:
    return Bars(tuple(Bar(label, value, f"£{value:,.0f}") for label, value in rows), {"": 0})


def _series(name: str, *values: float, first: int = 2015) -> tuple[str, tuple[Point, ...]]:
    return name, tuple(Point(f"Q2 {first + n}/{first + n - 1999}", y, f"{y:.0%}") for n, y in enumerate(values))


def _timeline(*rows: Span) -> Timeline:
    names = ("Window for review", "Until the current end", "Until the last possible end", "Decided")
    return Timeline(rows, date(2026, 9, 30), names, "30 September 2026")


def _map(*values: float | None, own: str | None = None) -> Areas:
    names = (LONG, "Three Rivers", "Stevenage", "Hertsmere")
    outlines = gpd.GeoDataFrame(
        {"lad_code": [f"E{n}" for n in range(4)]},
        geometry=[
            box(20_000 * (n % 2), 20_000 * (n // 2), 20_000 * (n % 2 + 1), 20_000 * (n // 2 + 1)) for n in range(4)
        ],
        crs=27700,
    )
    rows = tuple(
        (f"E{n}", names[n], value, "not known" if value is None else f"{value:,.0f}")
        for n, value in enumerate(values)
    )
    return Areas(outlines, rows, "Pounds per business", "count", own)


CHARTS: dict[str, Chart] = {
    "Long names": _bars((LONG, 1_200_000), (WORD, 800_000), (HOSTILE, 5)),
    "Negative": _bars(("Spend", 900), ("Credits", -1_200), ("Nothing", 0)),
    "One bar": _bars(("Alone", 1)),
    "All nothing": _bars(("One", 0), ("Two", 0)),
    "Forty bars": _bars(*((f"Supplier {n}", 40_000 - n * n) for n in range(40))),
    "Ties": _bars(("One", 7), ("Two", 7), ("Two", 7)),
    "Huge range": _bars(("All", 987_654_321), ("Least", 1)),
    "Groups": Bars(tuple(Bar(g, 9.0 - p, f"{9 - p}", g) for g, p in GROUPS.items()), GROUPS),
    "Bridge": Bars(
        (Bar("All", 10, "£10m", "Local"), Bar(LONG, 10, "−£3m", "Taken out", start=7), Bar("Rest", 7, "£7m", "Local")),
        {"Local": 0, "Taken out": 3},
    ),
    "Joined": Bars(
        (Bar("Year", 4, "", "Local"), Bar("Year", 9, "£9m", "Not local", start=4, joins=True)), {"Local": 0, "Not local": 1}
    ),
    "Ranges of bars": Bars(
        (Bar("Wide", 5, "5 tCO2e (1 to 9 tCO2e)", low=1, high=9), Bar("None", 3, "3 tCO2e", low=3, high=3)), {"": 0}
    ),
    "All unknown": Stack((("Size", (("Yes", 0.0, "0%"), ("No", 0.0, "0%"), ("Not known", 1.0, "100%"))),)),
    "Small parts": Stack(
        (
            (LONG, (("Yes", 0.01, "1.0%"), ("No", 0.98, "98%"), ("Not known", 0.01, "1.0%"))),
            ("Thirds", (("Yes", 0.333, "33%"), ("No", 0.333, "33%"), ("Not known", 0.334, "33%"))),
        )
    ),
    "Lines that cross": Lines((_series("All spend", 0.1, 0.6, 0.3, 0.5), _series(LONG, 0.6, 0.2, 0.4, 0.45))),
    "Lines that meet": Lines((_series("Now", 0.4, 0.3), _series("Target", 0.4, 0.5)), targets=("Target",)),
    "Many points": Lines((_series("Local share", *(0.3 + n % 7 / 50 for n in range(40))),)),
    "One point": Lines((_series("Local share", 0.3),)),
    "Flat at nothing": Lines((_series("Local share", 0.0, 0.0),)),
    "Dots": Ranges(
        (("As reported", 0.32, 0.32, 0.36, "32%"), (LONG, 0.13, 0.13, 0.14, "13%"), ("Same", 0.32, 0.32, 0.32, "32%"))
    ),
    "Dots far from nothing": Ranges(
        tuple((f"Choice {n}", x, x, x, f"{x / 1000:,.0f} tCO2e") for n, x in enumerate((3_545_000.0, 2_877_000.0, 4_212_000.0))),
        "kgco2e",
    ),
    "One dot": Ranges((("As reported", 5.0, 5.0, 5.0, "5"),), "count"),
    "Dots all nothing": Ranges((("As reported", 0.0, 0.0, 0.0, "0"), ("Other", 0.0, 0.0, 0.0, "0")), "count"),
    "Pairs": Pairs(
        ((LONG, (207.0, "207 tCO2e"), (219.0, "219 tCO2e")), ("Same", (50, "50"), (50, "50")), ("Less", (90, "90"), (0, "0"))),
        ("Baseline", "Latest report"),
    ),
    "Pairs of nothing": Pairs((("None", (0.0, "0"), (0.0, "0")),), ("Baseline", "Latest report")),
    "Matrix": Matrix(
        ("Hertfordshire County Council", "East and North Hertfordshire NHS Trust", WORD, "College"),
        ((LONG, ((1.0, "£1"), None, (9e8, "£900.0m"), (4.0, "£4"))), ("Tie", (None, None, (4.0, "£4"), (4.0, "£4")))),
    ),
    "Timeline": _timeline(
        Span(LONG, date(2025, 3, 31), date(2025, 9, 30), date(2027, 3, 31), date(2029, 3, 31), "closed 30 Sep 2025", date(2025, 6, 1)),
        Span("Before and after", date(2026, 8, 31), date(2027, 2, 28), date(2028, 8, 31), date(2028, 8, 31), "closes 28 Feb 2027"),
        Span(HOSTILE, date(2026, 2, 28), date(2026, 8, 29), date(2028, 2, 29), date(2038, 2, 28), "closed 29 Aug 2026", date(2026, 9, 1)),
    ),
    "Timeline of one": _timeline(
        Span("Alone", date(2026, 9, 1), date(2026, 9, 1), date(2026, 9, 1), date(2026, 9, 1), "closes 1 Sep 2026")
    ),
    "Map": _map(10, 20, 5_000, 30, own="E2"),
    "Map of ties": _map(7, 7, 7, None),
    "Map of nothing known": _map(None, None, None, None),
}  # fmt: skip


def page() -> str:
    """The gallery as one page, in the packs' own style."""
    figures = "".join(
        f"<figure class='exhibit'><h3>{name}</h3>"
        f"<div{' class=scroll tabindex=0' if isinstance(chart, Areas) else ''}>{draw(chart, f'{name}. {describe(chart)}')}</div>"
        f"<p class='source'>{html.escape(chart.kind)}</p></figure>"
        for name, chart in CHARTS.items()
    )
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Charts</title>'
        f'<meta name="viewport" content="width=device-width"><style>{stylesheet()}</style></head>'
        f"<body><main><h1>Charts with awkward data</h1>{figures}</main></body></html>"
    )


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page(), encoding="utf-8")
    print(f"Open {target}")
