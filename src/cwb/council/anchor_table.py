"""The list of anchor institutions as a table: one row per spelling of a body's name, kept by hand in a spreadsheet.

Columns: `Body`, `Kind` (council, nhs, university, college, police, business, other), `Spelling` (as a notice or register has it), `Buyer
id` (as a notice gives it), `Publishes over (£)`. A body has as many rows as it has spellings; kind and amount need only be
in one of them.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TypedDict

from cwb.base.errors import ConfigError, Fault
from cwb.base.values import parse_number
from cwb.council.sections import ANCHOR_KINDS

HEADINGS = ("Body", "Kind", "Spelling", "Buyer id", "Publishes over (£)")
_NAME_A_KIND = f"Write {', '.join(ANCHOR_KINDS)}."


class AnchorEntry(TypedDict, total=False):
    """One anchor as `[[anchors]]` of the settings states it."""

    name: str
    kind: str
    aliases: list[str]
    buyer_ids: list[str]
    threshold_gbp: float | None


def read_anchor_table(path: Path) -> list[AnchorEntry]:
    """Anchors as `[[anchors]]` of the settings has them; raise `ConfigError` with every fault of the file at once."""
    name = path.name
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            rows, headings = list(reader), reader.fieldnames or []
    except FileNotFoundError:
        remedy = "`cwb template anchors` writes one."
        raise ConfigError(Fault("the table of anchors is missing", remedy, name)) from None
    except csv.Error as error:
        raise ConfigError(
            Fault(f"the table cannot be read ({error})", "Save it again as CSV UTF-8.", name)
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(Fault("the table is UTF-8 text", "Save it as CSV UTF-8.", name)) from None
    missing = [h for h in HEADINGS[:3] if h not in headings]
    if missing:
        raise ConfigError(
            Fault(f"no column {', '.join(missing)}", f"The first row is {', '.join(HEADINGS)}.", name)
        )
    faults: list[Fault] = []
    anchors: dict[str, AnchorEntry] = {}
    for number, row in enumerate(rows, start=2):
        body, kind, spelling, buyer_id, amount = ((row.get(h) or "").strip() for h in HEADINGS)
        if not body:
            faults.append(Fault("no body", "Name it.", name, row=number, column="Body"))
            continue
        anchor = anchors.setdefault(body, {"name": body, "aliases": [body], "buyer_ids": []})
        if kind and kind.lower() not in ANCHOR_KINDS:
            faults.append(_kind_fault(name, number, kind, "this kind of body is not known", _NAME_A_KIND))
        elif kind and anchor.setdefault("kind", kind.lower()) != kind.lower():
            rule = f"{body} is a {anchor['kind']} above"
            faults.append(_kind_fault(name, number, kind, rule, "Give one kind to a body."))
        for values, value in ((anchor["aliases"], spelling), (anchor["buyer_ids"], buyer_id)):
            if value and value not in values:
                values.append(value)
        if amount:
            anchor["threshold_gbp"] = parse_number(amount.removeprefix("£"), least=0)
            if anchor["threshold_gbp"] is None:
                remedy = "Write it as 25000."
                faults.append(
                    Fault("not an amount of pounds", remedy, name, row=number, column=HEADINGS[4], value=amount)
                )
    if not any(fault.column == "Kind" for fault in faults):
        without = [body for body, anchor in anchors.items() if "kind" not in anchor]
        faults += [Fault(f"{body} has no kind", _NAME_A_KIND, name, column="Kind") for body in without]
    if faults:
        raise ConfigError(faults)
    return list(anchors.values())


def _kind_fault(file: str, row: int, kind: str, rule: str, remedy: str) -> Fault:
    return Fault(rule, remedy, file, row=row, column="Kind", value=kind)
