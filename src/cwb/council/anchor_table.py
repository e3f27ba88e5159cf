"""The list of anchor institutions as a table: one row per spelling of a body's name, kept by hand in a spreadsheet.

Columns: `Body`, `Kind` (council, nhs, university, college, police, other), `Spelling` (as a notice or register has it), `Buyer
id` (as a notice gives it), `Publishes over (£)`. A body has as many rows as it has spellings; kind and amount need to stand
in one of them.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from cwb.base.errors import ConfigError, Fault
from cwb.base.values import parse_number
from cwb.council.sections import ANCHOR_KINDS

HEADINGS = ("Body", "Kind", "Spelling", "Buyer id", "Publishes over (£)")


def read_anchor_table(path: Path) -> list[dict[str, Any]]:
    """Anchors as `[[anchors]]` of the settings has them; raise `ConfigError` with every fault of the file at once."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            rows, headings = list(reader), reader.fieldnames or []
    except FileNotFoundError:
        raise ConfigError(
            Fault(
                file=path.name, rule="the table of anchors is missing", remedy="`cwb template anchors` writes one."
            )
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(
            Fault(file=path.name, rule="the table is UTF-8 text", remedy="Save it as CSV UTF-8.")
        ) from None
    faults: list[Fault] = []
    missing = [h for h in HEADINGS[:3] if h not in headings]
    if missing:
        remedy = f"The first row is {', '.join(HEADINGS)}."
        raise ConfigError(Fault(file=path.name, rule=f"no column {', '.join(missing)}", remedy=remedy))
    bodies: dict[str, dict[str, Any]] = {}
    for number, row in enumerate(rows, start=2):
        body, kind, spelling, buyer_id, amount = ((row.get(h) or "").strip() for h in HEADINGS)
        if not body:
            faults.append(Fault(file=path.name, row=number, column="Body", rule="no body", remedy="Name it."))
            continue
        own = bodies.setdefault(body, {"name": body, "aliases": [body], "buyer_ids": []})
        if kind and kind.lower() not in ANCHOR_KINDS:
            faults.append(
                Fault(
                    file=path.name, row=number, column="Kind", value=kind, rule="this kind of body is not known",
                    remedy=f"Write {', '.join(ANCHOR_KINDS)}.",
                )
            )  # fmt: skip
        elif kind and own.setdefault("kind", kind.lower()) != kind.lower():
            faults.append(
                Fault(
                    file=path.name, row=number, column="Kind", value=kind, rule=f"{body} is a {own['kind']} above",
                    remedy="Give one kind to a body.",
                )
            )  # fmt: skip
        for name, value in (("aliases", spelling), ("buyer_ids", buyer_id)):
            if value and value not in own[name]:
                own[name].append(value)
        if amount:
            own["threshold_gbp"] = parse_number(amount.removeprefix("£"), least=0)
            if own["threshold_gbp"] is None:
                faults.append(
                    Fault(
                        file=path.name, row=number, column=HEADINGS[4], value=amount, rule="not an amount of pounds",
                        remedy="Write it as 25000.",
                    )
                )  # fmt: skip
    faults += [
        Fault(
            file=path.name, column="Kind", rule=f"{body} has no kind", remedy=f"Write {', '.join(ANCHOR_KINDS)}."
        )
        for body, own in bodies.items()
        if "kind" not in own and not any(fault.column == "Kind" for fault in faults)
    ]
    if faults:
        raise ConfigError(faults)
    return list(bodies.values())
