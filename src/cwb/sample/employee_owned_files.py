"""Companies of the illustrative council that may be employee-owned; fictional owners, among them one that ceased and a person."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cwb.sample.cells import headed, write_csv

_CORPORATE, _MOST = (
    "corporate-entity-person-with-significant-control",
    "ownership-of-shares-75-to-100-percent-as-trust",
)


def write_employee_owned(path: Path, vendors: pd.DataFrame) -> Path:
    """A few companies: confirmed, a sign alone, looked at and not, a sign that ceased, another owner, and rows that are refused."""
    numbers = (
        vendors.dropna(subset=["company_number"]).sort_values("supplier_name")["company_number"].tolist()[10:70:8]
    )
    rows: list[list[object]] = [
        *headed("employee_owned"),
        [numbers[0], "Oakfield Employee Ownership Trust", _MOST, _CORPORATE, "01/09/2021", "", "yes", "Procurement officer", "03/06/2026"],
        [numbers[1], "Larch EOT Trustee Limited", _MOST, _CORPORATE, "12/02/2023", "", "yes", "Procurement officer", "03/06/2026"],
        [numbers[2], "Rowan Employees Trustees Ltd", "ownership-of-shares-50-to-75-percent", _CORPORATE, "05/11/2024", "", "", "", ""],
        [numbers[3], "Hazel Trustees Limited", _MOST, _CORPORATE, "20/03/2019", "", "no", "Procurement officer", "04/06/2026"],
        [numbers[4], "Elm Employee Ownership Trust", _MOST, _CORPORATE, "01/04/2020", "31/03/2025", "", "", ""],
        [numbers[5], "Birch Holdings plc", "ownership-of-shares-75-to-100-percent", _CORPORATE, "01/04/2018", "", "", "", ""],
        [numbers[6], "", _MOST, "individual-person-with-significant-control", "01/04/2018", "", "", "", ""],
        ["not known", "Ash EOT Limited", _MOST, _CORPORATE, "01/04/2022", "", "", "", ""],
    ]  # fmt: skip
    return write_csv(path, rows)
