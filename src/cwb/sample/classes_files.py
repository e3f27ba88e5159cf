"""The illustrative council's list of classes of spend that need no contract: ours, approved, and one row that nobody approved."""

from __future__ import annotations

from pathlib import Path

from cwb.council.config import Settings
from cwb.reference import table
from cwb.sample.cells import write_csv


def write_classes(path: Path, settings: Settings) -> Path:
    """Every row of our own list with its approval, a class of the council's own, and one that waits for approval."""
    day = f"01/04/{settings.baseline_period.start_year}"
    rows: list[list[object]] = [
        ["Class", "Recognised by", "Value", "Unless", "Under (£)", "Approved by (role)", "Approved on", "Valid from", "Valid to"]
    ]  # fmt: skip
    for row in table("contract_classes").rename(columns={"class": "class_name"}).itertuples():
        rows.append(
            [row.class_name, row.recognised_by.capitalize(), row.value, row.unless, row.under_gbp, "Monitoring officer", day, "", ""]
        )  # fmt: skip
    rows.append(
        [
            "Internal companies",
            "Supplier name",
            "council lettings company",
            "",
            "",
            "Monitoring officer",
            day,
            "",
            "",
        ]
    )
    rows.append(["Agency staff", "Words", "agency staff", "", "", "", "", "", ""])
    return write_csv(path, rows)
