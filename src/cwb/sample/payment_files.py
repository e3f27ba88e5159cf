"""What accounts payable and services of the illustrative council keep: invoices with their days, and comparisons with others. All of
it fictional, and awkward where real files are."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from cwb.council.config import Settings
from cwb.sample.cells import headed, write_csv, yes_no

_VAT = 1.2


def write_invoices(path: Path, settings: Settings, lines: pd.DataFrame, vendors: pd.DataFrame, seed: int) -> Path:
    """An invoice for each payment of three quarters: most paid in time, some late, some in dispute; a few without a day of
    receipt, some credit notes, one paid before it came, some not yet paid, one of nobody, one without an amount, one whose
    day of payment is no day."""
    rng = np.random.default_rng(seed + 71)
    first_day = date(settings.baseline_period.start_year + 3, 1, 1)
    paid = lines[(lines["date"] >= first_day) & lines["supplier_id"].notna()]
    is_sme = dict(zip(vendors["supplier_id"], vendors["is_sme"], strict=True))
    rows = headed("invoices")
    last = max(paid["date"])
    for n, line in enumerate(paid.itertuples()):
        is_late, is_disputed = rng.random() < 0.08, rng.random() < 0.015
        days = int(rng.integers(31, 100)) if is_late or is_disputed else int(min(rng.gamma(3.2, 5.5), 30))
        received = line.date - timedelta(days=days)
        invoiced = received - timedelta(days=int(rng.integers(0, 12)))
        told = received + timedelta(days=5)
        due = invoiced + timedelta(days=30) if n % 3 else None
        is_open = line.date > last - timedelta(days=20) and rng.random() < 0.1
        rows.append(
            [line.supplier_id, f"INV-{n:06d}", "" if n % 41 == 0 else f"{received:%d/%m/%Y}", f"{invoiced:%d/%m/%Y}",
             f"{due:%d/%m/%Y}" if due else "", "" if is_open else f"{line.date:%d/%m/%Y}",
             f"({-line.amount * _VAT:.2f})" if line.amount < 0 else f"{line.amount * _VAT:.2f}", line.contract_reference or "",
             "Yes" if line.contract_reference else "" if n % 7 == 0 else "No", "Yes" if is_disputed else "No" if n % 5 else "",
             f"{told:%d/%m/%Y}" if is_disputed and n % 2 else "", yes_no(is_sme.get(line.supplier_id))]
        )  # fmt: skip
    first = rows[1]
    rows += [
        [first[0], "INV-EARLY", f"{last:%d/%m/%Y}", f"{last:%d/%m/%Y}", "", f"{last - timedelta(days=3):%d/%m/%Y}", "240.00",
         "", "No", "No", "", ""],
        ["", "INV-NOBODY", f"{last:%d/%m/%Y}", "", "", "", "99.00", "", "", "", "", ""],
        [first[0], "INV-NOTHING", f"{last:%d/%m/%Y}", "", "", "", "to follow", "", "", "", "", ""],
        [first[0], "INV-SOON", f"{last:%d/%m/%Y}", "", "", "next run", "75.00", "", "", "", "", ""],
        [first[0], "INV-NODAY", "", "", "", f"{last:%d/%m/%Y}", "60.00", "", "", "", "", ""],
    ]  # fmt: skip
    return write_csv(path, rows)


def write_benchmarks(path: Path, settings: Settings) -> Path:
    """Comparisons of six services: two like for like and new, one old, one of unlike things, one without a number."""
    first = settings.baseline_period.start_year
    rows: list[list[object]] = [
        *headed("benchmarks"),
        ["Housing repairs", "Cost of a void repair", "£", "2,840", "2,610", "District councils of the county", f"{first + 2}-{(first + 3) % 100:02d}", "Yes", "Benchmarking club"],
        ["Street cleaning", "Cost for each household", "£", "31.40", "33.90", "Family group of fifteen", f"{first + 2}/{(first + 3) % 100:02d}", "Yes", "Benchmarking club"],
        ["Grounds maintenance", "Cost for each hectare", "£", "4,120", "3,300", "Neighbouring district", f"{first + 2}-{(first + 3) % 100:02d}", "No", "Own inquiry"],
        ["Leisure centres", "Visits for each resident", "visits", "7.1", "6.4", "Family group of fifteen", f"{first - 1}-{first % 100:02d}", "Yes", "Own inquiry"],
        ["Debt collection", "Cost for each case", "£", "not yet told", "18", "Neighbouring district", f"{first + 3}-{(first + 4) % 100:02d}", "Yes", "Own inquiry"],
        ["Printing", "Cost of a page", "£", "0.06", "0.05", "County council", f"{first + 3}-{(first + 4) % 100:02d}", "Yes", "Own inquiry"],
    ]  # fmt: skip
    return write_csv(path, rows)


def write_meetings(path: Path, settings: Settings, lines: pd.DataFrame) -> Path:
    """Review meetings with some of the suppliers paid most, each with a contract, one without; and one more than two years ago."""
    year = settings.baseline_period.start_year + 3
    paid = lines[(lines["date"] >= date(year - 1, 10, 1)) & lines["contract_reference"].notna()]
    largest = paid.groupby("supplier_id")["amount"].sum().sort_values(ascending=False, kind="stable").index[:20]
    of_supplier = paid.groupby("supplier_id")["contract_reference"].min()
    rows: list[list[object]] = [["Date", "Kind", "Title", "Item", "Contract or tender reference", "Outcome"]]
    for n, supplier in enumerate(largest):
        if n % 3 != 1:
            met = date(year - 1, 11, 4) + timedelta(days=17 * n)
            rows.append(
                [
                    f"{met:%d/%m/%Y}",
                    "Supplier meeting",
                    f"Contract review {n + 1}",
                    "I5.3",
                    of_supplier[supplier],
                    "Actions agreed",
                ]
            )
    rows.append([f"12/05/{year}", "Supplier meeting", "Market day with several suppliers", "I5.3", "", ""])
    rows.append(
        [
            f"12/05/{year - 2}",
            "Supplier meeting",
            "Contract review of an earlier year",
            "I5.3",
            of_supplier[largest[1]],
            "",
        ]
    )
    return write_csv(path, rows)
