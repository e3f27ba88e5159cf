"""The first exhibit of every pack: its first numbers."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cwb.charts.figure import Figure
from cwb.charts.tables import Column
from cwb.charts.tiles import Tile
from cwb.charts.wording import part_text
from cwb.evidence.data import PackData
from cwb.packs.track import Track


def _months(data: PackData) -> str:
    """That the ledger does not hold every month of the period, where it holds some."""
    held, wanted = data.months_held()
    return f". The ledger holds {held} of the period's {wanted} months" if 0 < held < wanted else ""


def scorecard(
    data: PackData, found: Mapping[str, Track], title: str, says: tuple[str, ...], on_place: bool
) -> Figure:
    """A pack's first exhibit: the numbers that members ask for, each with its range or the reason why it is not known, where it
    came from and what it is to be; then what is remarked on them. One that is `on_place` says what local means."""
    local = f". Local means {data.settings.local.name}" if on_place else ""
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
        subtitle=f"{data.settings.council.name}, {data.period.label}{local}{_months(data)}",
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
    part = part_text(now)
    known = ", ".join(filter(None, (now.bounds, f"for {part}" if part else "")))
    return Tile(
        label=now.label,
        value=now.signed,
        note=known if now.value is not None else now.missing.replace(", because", ":"),
        direction=track.movement,
        then=track.then if track.is_followed or track.target else (),
        trend=tuple((point.label, point.value, point.text) for point in track.trend),
    )
