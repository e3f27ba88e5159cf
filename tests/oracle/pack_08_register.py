"""Pack 08, the contracts register: its cells, who buys together, and what the pipeline replaces."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

from oracle.answers import Answer, counted, part
from oracle.council import Council, Period
from oracle.forms import Row, day, months_before
from oracle.pack_07 import agreements, reviews
from oracle.places import number_of
from oracle.reading import day_of, plain, pounds_of, table

LIMIT = 5_000


def figures(council: Council, period: Period) -> dict[str, Answer]:
    return {**_register(council.raw), **_pipeline(council.raw, period), **_together(council, period)}


# The thirteen items of the Code, each under the headings of the two files.
ITEMS = (
    ("Contract Reference number / ID", "Contract reference"), ("Title of the Agreement", "Contract title"),
    ("Local authority directorate/service responsible", "Directorate"), ("Description of goods and services",),
    ("Supplier name",), ("Contract value",), ("Irrecoverable VAT",), ("Contract start date", "Start date"),
    ("End date",), ("Review date",), ("Tender type",), ("SME supplier",), ("VCSE supplier",),
)  # fmt: skip


def _register(raw: Path) -> dict[str, Answer]:
    """A file has an item where it has a column for it in which any row of the register is filled."""
    kept = [
        row
        for path in sorted((raw / "contracts").glob("*.csv"))
        for row in table(path)
        if row["Supplier name"] and day_of(row.get("Contract start date") or row.get("Start date"))
    ]
    filled = [[any(_states(row.get(name)) for name in names) for names in ITEMS] for row in kept]
    used = [any(row[at] for row in filled) for at in range(len(ITEMS))]
    has = [[used[at] and any(name in row for name in names) for at, names in enumerate(ITEMS)] for row in kept]
    values = [pounds_of(row["Contract value"]) for row in kept]
    return {
        "register_field_share": part(cell for row in filled for cell in row),
        "register_field_present_share": part(
            cell
            for row, own in zip(filled, has, strict=True)
            for cell, is_there in zip(row, own, strict=True)
            if is_there
        ),
        "register_under_5000": counted(None if one is None else one < LIMIT for one in values),
    }


def _states(cell: str | None) -> bool:
    return bool(cell) and cell not in ("TBC",)


def _pipeline(raw: Path, period: Period) -> dict[str, Answer]:
    """By the reference of the contract that a purchase replaces, or by a decision to stop or to bring it in-house; by its
    title it may be. The illustrative register states no category of a contract."""
    last = months_before(period.end, -18)
    planned = _planned(raw)
    replaced = {row["Current contract reference"].upper() for row in planned} - {""}
    titles = {plain(row["Procurement title"]) for row in planned}
    ended = {
        row["Contract reference"].upper()
        for row in reviews(raw)
        if row["Decision"].lower() in ("stop", "insource")
        and (found := day(row, "Decided on"))
        and found <= period.end
    }
    ending = [one for one in agreements(raw) if one.end and period.end < one.end <= last]
    return {
        "pipeline_cover_share": part(
            True if one.reference in replaced | ended else None if plain(one.title) in titles else False
            for one in ending
        )
    }


def _planned(raw: Path) -> list[Row]:
    """A sheet with a heading above its table; a line without a title is refused."""
    found = []
    for path in sorted((raw / "pipeline").glob("*.csv")):
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        first = next(at for at, line in enumerate(lines) if line.startswith("Reference,"))
        found += [row for row in csv.DictReader(lines[first:]) if row["Procurement title"]]
    return found


def _together(council: Council, period: Period) -> dict[str, Answer]:
    """Suppliers with the departments of their live contracts."""
    departments: dict[str, list[str]] = defaultdict(list)
    for path in sorted((council.raw / "contracts").glob("*.csv")):
        for row in table(path):
            start = day_of(row.get("Contract start date") or row.get("Start date"))
            end = day_of(row.get("Current expiry date")) or day_of(row["End date"])
            if row["Supplier name"] and start and end and start <= period.end <= end:
                number = number_of(row.get("Supplier registered company number"))
                key = council.directory.supplier(row["Supplier name"], number=number).key
                name = row.get("Local authority directorate/service responsible") or row.get("Directorate", "")
                departments[key].append(name)

    def are_several(names: list[str]) -> bool | None:
        known = {name for name in names if name}
        return True if len(known) > 1 else None if len(names) > 1 and "" in names else False

    return {"collaborate_supplier_count": counted(map(are_several, departments.values()))}
