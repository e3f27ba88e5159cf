"""Empty forms to send to those who publish nothing: an anchor without a spending file, a supplier, a service.

Each is a CSV file with the headings that our readers take. Payments have the titles of the LGA/ESD Spend schema (2019).
"""

from __future__ import annotations

import csv
from pathlib import Path

from cwb.base.errors import CwbError, Fault
from cwb.base.progress import written
from cwb.council.anchor_table import HEADINGS
from cwb.sources.layout import Layout
from cwb.sources.register_layouts import PIPELINE
from cwb.sources.strategy_layouts import CARBON_PLANS, CHECKLISTS, INITIATIVES, SUPPLIER_EMISSIONS

_PAYMENTS = (
    "Organisation name", "Directorate / service where expenditure occurred", "Supplier (beneficiary) name",
    "Supplier registered company number", "Supplier registered charity number", "Date", "Transaction number", "Net Amount",
    "Irrecoverable VAT", "Purpose of spend (summary)", "Procurement classification: CPV code", "Contract reference",
)  # fmt: skip


def _headings(layout: Layout) -> tuple[str, ...]:
    return tuple(aliases[0].capitalize() for aliases in layout.fields.values())


def templates() -> dict[str, tuple[str, ...]]:
    """Name of each form → its headings."""
    return {
        "anchors": HEADINGS,
        "anchor-spend": _PAYMENTS,
        "pipeline": _headings(PIPELINE),
        "initiatives": _headings(INITIATIVES),
        "supplier-emissions": _headings(SUPPLIER_EMISSIONS),
        "carbon-plans": _headings(CARBON_PLANS),
        "checklists": _headings(CHECKLISTS),
    }


def write_template(name: str, folder: Path) -> Path:
    """Write an empty form into a folder and return its path; raise `CwbError` for an unknown name or a file that is there."""
    known = templates()
    if name not in known:
        raise CwbError(Fault(rule="this form is not known", value=name, remedy=f"Choose from {', '.join(known)}."))
    path = folder / f"{name}.csv"
    if path.exists():
        raise CwbError(
            Fault(file=path.name, rule="a file of this name is there", remedy="Move it, or name another folder.")
        )
    with written(path) as part, part.open("w", encoding="utf-8-sig", newline="") as handle:
        csv.writer(handle).writerow(known[name])
    return path
