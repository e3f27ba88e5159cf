"""Exhibits that every pack has and that are no measure: its first numbers, assumptions, definitions, sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cwb.charts.figure import Figure
from cwb.charts.tables import Column
from cwb.charts.tiles import Tile
from cwb.evidence.data import PackData
from cwb.evidence.definitions import definition
from cwb.evidence.finding import Finding
from cwb.packs.track import Track
from cwb.reference import table


def _months(data: PackData) -> str:
    """That the ledger does not hold every month of the period, where it holds some."""
    held, wanted = data.months_held()
    return f". The ledger holds {held} of the period's {wanted} months" if 0 < held < wanted else ""


def scorecard(data: PackData, found: Mapping[str, Track], title: str, says: tuple[str, ...]) -> Figure:
    """A pack's first exhibit: the numbers that members ask for, each with its range or the reason why it is not known, where it
    came from and what it is to be; then what is remarked on them."""
    tiles = tuple(_tile(track) for track in found.values())
    rows = pd.DataFrame(
        [
            {
                "label": tile.label,
                "value": tile.value,
                "note": tile.note,
                "direction": tile.direction,
                "then": "; ".join(f"{what} {value}" for what, value in tile.then),
            }
            for tile in tiles
        ]
    )
    return Figure(
        id="scorecard",
        title=title,
        subtitle=f"{data.settings.council.name}, {data.period.label}. Local means {data.settings.local.name}{_months(data)}",
        table=rows,
        columns=(
            Column("label", "Measure"),
            Column("value", "Value"),
            Column("note", "Range, or why it is not known"),
            Column("direction", "Direction"),
            Column("then", "Compared with"),
        ),
        caption="The numbers of this pack in short",
        source=f"{data.settings.council.name}; each number is explained below",
        pack=data.pack,
        findings=(
            *(track.now for track in found.values()),
            *(change for track in found.values() for change in track.findings),
        ),
        says=says,
        tiles=tiles,
    )


def _tile(track: Track) -> Tile:
    now = track.now
    return Tile(
        label=now.label,
        value=now.signed,
        note=now.bounds if now.value is not None else f"not known: {now.undefined}",
        direction=track.told,
        then=track.then if track.is_followed or track.target else (),
        trend=tuple((point.label, point.value, point.text) for point in track.trend),
    )


def assumptions(data: PackData) -> Figure:
    """What the pack takes for granted, rated red, amber or green by how much it could move the figures."""
    rows = table("assumptions")
    rows = rows[rows["pack"].isin([data.pack, "every"])].assign(
        rating=lambda frame: frame["rating"].str.capitalize()
    )
    return Figure(
        id="assumptions",
        title=f"{len(rows)} assumptions, rated by how far they could move the figures",
        subtitle="Green: hardly. Amber: somewhat. Red: much",
        table=rows,
        columns=(Column("assumption", "Assumption"), Column("rating", "Rating"), Column("why", "Why")),
        caption="Assumptions and their ratings",
        source="cwb, table of assumptions",
        pack=data.pack,
    )


def definitions(data: PackData, findings: Sequence[Finding]) -> Figure:
    """Every finding of the pack with its definition, what is left out, and its value."""
    rows = pd.DataFrame(
        [
            {
                "label": finding.label,
                "value": finding.signed,
                "definition": definition(finding.id).text,
                "excluded": definition(finding.id).excluded,
                "id": finding.id,
            }
            for finding in findings
        ]
    )
    return Figure(
        id="definitions",
        title=f"{len(rows)} numbers, each with its definition",
        subtitle=f"{data.settings.council.name}, {data.period.label}",
        table=rows,
        columns=(
            Column("label", "Number"),
            Column("value", "Value"),
            Column("definition", "Definition"),
            Column("excluded", "Left out"),
            Column("id", "Id in findings.json"),
        ),
        caption="Definitions of all numbers in this pack",
        source="cwb, definitions of the measures",
        pack=data.pack,
    )


def sources(data: PackData) -> Figure:
    """Every raw file with its publisher, licence and the beginning of its hash, as in manifest.json."""
    rows = [
        {
            "file": report.file,
            "what": report.source.replace("_", " "),
            "publisher": _publisher(report.sidecar),
            "sha256": report.sha256[:16],
        }
        for report in data.lineage.reports
    ]
    supplied = {report.source for report in data.lineage.reports}
    defaults = {"postcodes", "boundaries"} - supplied
    rows += [
        {"file": data.lineage.sources[kind], "what": kind, "publisher": "", "sha256": ""}
        for kind in sorted(defaults)
    ]
    return Figure(
        id="sources",
        title=f"{len(rows)} sources, every file with its hash",
        subtitle="The whole SHA-256 of every file is in manifest.json beside this pack",
        table=pd.DataFrame(rows),
        columns=(
            Column("file", "File"),
            Column("what", "What it is"),
            Column("publisher", "Publisher, date and licence"),
            Column("sha256", "SHA-256 begins"),
        ),
        caption="Sources and their hashes",
        source="data/raw",
        pack=data.pack,
    )


def _publisher(sidecar: Mapping[str, str]) -> str:
    parts = [sidecar.get(key, "") for key in ("publisher", "retrieved", "licence")]
    return ", ".join(text for text in parts if text)
