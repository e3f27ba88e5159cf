"""What anchors, suppliers and the procurement team would send the illustrative council; all of it fictional.

The price index is fictional too: HM Treasury's real workbook takes its place in `data/raw/deflators`.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter

from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.council.sections import BUSINESS, Anchor
from cwb.sample.cells import headed, write_csv
from cwb.sample.ledger import amounts, payment_span
from cwb.sample.suppliers import CATEGORIES
from cwb.sources.datasets.checklists import commitments_of

_COMMITMENTS = ("Spend locally", "Social value", "Net zero by 2030", "Fair work", "Less waste")
# Since then the checklist has a column for each commitment; the last of the answers leaves it blank.
_FORM_SINCE = date(2025, 4, 1)
_ANSWERS, _HOW_OFTEN = ("touched", "Not touched", "n/a", ""), (0.42, 0.33, 0.17, 0.08)
_LINES_A_YEAR = 900


def write_initiatives(path: Path, settings: Settings) -> Path:
    first = settings.baseline_period.start_year
    rows: list[list[object]] = [
        *headed("initiatives"),
        [
            f"{first}-{(first + 1) % 100:02d}",
            "Baseline measured",
            settings.council.name,
            "Done",
            "Charts A and B published",
        ],
        [
            f"{first + 1}-{(first + 2) % 100:02d}",
            "Meet-the-buyer day with other anchors",
            "Council, college",
            "Done",
            "Forty firms came",
        ],
        [
            f"{first + 2}-{(first + 3) % 100:02d}",
            "Joint quotes for window cleaning",
            "Council, university",
            "Done",
            "Two local firms won",
        ],
        [f"{first + 3}-{(first + 4) % 100:02d}", "Shared pipeline of all anchors", "All anchors", "Under way", ""],
    ]
    return write_csv(path, rows)


def write_decisions(path: Path, settings: Settings) -> Path:
    """Decisions done, overdue and not yet due, without a finding, and as people fill in forms: "yes" for a day, a name for a role."""
    first = settings.baseline_period.start_year
    rows = headed("decisions")
    for year, day, decision, role, due, done, finding, outcome in (
        (2, "10/07", "Send the shared pipeline to local firms", "Head of procurement", "31/10", "20/10", "home_supplier_count",
         "Nineteen firms asked for more"),
        (3, "12/05", "Split the next contract for IT support into lots", "Head of IT", "31/08", "",
         "local_share_without_one_offs", ""),
        (3, "09/06", "Meet with the other anchor institutions each quarter", "Chief executive", "31/12", "30/06", "",
         "The first two meetings were held"),
        (3, "09/06", "Ask payees without a postcode for one", "Jane Doe", "31/07", "yes", "unknown_place_share", ""),
        (3, "08/09", "Ask the largest suppliers for carbon plans", "Head of procurement", "30/11", "", "plan_spend_share", ""),
        (3, "08/09", "Report on grants to charities", "Head of communities", "in spring", "", "grants_paid", ""),
    ):  # fmt: skip
        of = first + year
        rows.append(
            [f"{day}/{of}", decision, role, f"{due}/{of}" if due[0].isdigit() else due,
             f"{done}/{of}" if done[:1].isdigit() else done, finding, outcome]
        )  # fmt: skip
    return write_csv(path, rows)


def write_anchor_spend(folder: Path, settings: Settings, vendors: pd.DataFrame, seed: int) -> list[Path]:
    """Each anchor's payments in the layout of its kind, over its threshold; one of them publishes nothing."""
    rng = np.random.default_rng(seed + 10)
    written = []
    chosen = vendors[(vendors["kind"] != "individual") & (vendors["ring"] != "unknown")]
    for anchor in settings.anchors:
        if anchor.kind in ("university", BUSINESS):
            continue  # outside the Transparency Code
        for step in range(4):
            period = Period(settings.baseline_period.start_year + step)
            # The year that is not over stops where the council's own ledger does.
            last = Period(period.start_year, 2).end if step == 3 else None
            written.append(_one_year(folder, anchor, chosen, period, last, rng))
    return written


def _one_year(
    folder: Path,
    anchor: Anchor,
    vendors: pd.DataFrame,
    period: Period,
    last: date | None,
    rng: np.random.Generator,
) -> Path:
    near = vendors["ring"].isin(["home", "local"]).to_numpy()
    weights = vendors["weight"].to_numpy(dtype=float) * np.where(
        near, 0.8 if anchor.kind == "college" else 0.35, 1.0
    )
    count, part = (_LINES_A_YEAR // 2, 0.5) if last else (_LINES_A_YEAR, 1.0)
    picked = vendors.iloc[rng.choice(len(vendors), size=count, p=weights / weights.sum())]
    pounds = {"council": 62e6, "nhs": 38e6, "college": 7e6}.get(anchor.kind, 10e6)
    values = amounts(rng, count, round(part * pounds * (0.97 + 0.03 * rng.random()), 2))
    days = payment_span(period, last)
    dates = [days[i] for i in sorted(rng.integers(len(days), size=count))]
    least = anchor.threshold_gbp or 0.0
    slug = "-".join(anchor.name.lower().replace(",", "").split())
    path = folder / slug / f"payments_{period}.csv"
    if anchor.kind == "nhs":
        header = ["Department Family", "Entity", "Date", "Expense Type", "Expense Area", "Supplier", "Transaction Number",
                  "AP Amount (£)"]  # fmt: skip
        body = [
            [
                "Health",
                anchor.name,
                f"{d:%d/%m/%Y}",
                v.category,
                "Corporate",
                v.supplier_name,
                700_000 + n,
                f"{a:,.2f}",
            ]
            for n, (d, v, a) in enumerate(zip(dates, picked.itertuples(), values, strict=True))
            if abs(a) >= least
        ]
        return write_csv(path, [header, *body])
    header = ["Organisation Name", "Organisation Code", "Service / Division Code", "Dept. where expenditure incurred",
              "Beneficiary ID", "Supplier (Beneficiary)", "Procurement (Merchant Category)",
              "Purpose of Expenditure (Expenditure Category)", "Date", "Transaction Number", "Net Amount",
              "Irrecoverable VAT"]  # fmt: skip
    rows: list[list[object]] = []
    for n, (d, v, a) in enumerate(zip(dates, picked.itertuples(), values, strict=True)):
        if abs(a) < least:
            continue
        code, name = f"{3000 + n % 40} A{n % 9}", "Corporate"
        # The contents of the two columns are swapped between files, as seen in the county's own.
        pair = [name, code] if period.start_year % 2 else [code, name]
        rows.append(
            [
                anchor.name,
                "",
                *pair,
                f"B{n}",
                v.supplier_name,
                v.category,
                v.category,
                f"{d:%d/%m/%Y}",
                900_000 + n,
                f"{a:.2f}",
                "0.00",
            ]
        )
    rows.append(["Total", "", "", "", "", "", "", "", "", "", f"{sum(float(str(r[10])) for r in rows):.2f}", ""])
    return write_csv(path, [header, *rows], "cp1252")


def write_deflators(path: Path, settings: Settings) -> Path:
    """A workbook in HM Treasury's layout: title rows, financial years, a second block with calendar years."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": pd.Timestamp("2024-01-01").to_pydatetime(), "author": "cwb sample"})
    sheet = book.add_worksheet("GDP deflators")
    for row, text in enumerate(
        ("GDP deflators at market prices (fictional index of the sample)", "", "Illustrative, not HM Treasury's")
    ):
        sheet.write(row, 0, text)
    sheet.write_row(
        5, 0, ["Financial year", "GDP deflator", "Per cent change", "", "Calendar year", "GDP deflator"]
    )
    index = 80.0
    first = settings.baseline_period.start_year - 8
    for n in range(14):
        year = first + n
        index *= 1.06 if year in (2022, 2023) else 1.024
        sheet.write_row(
            6 + n, 0, [f"{year}-{(year + 1) % 100:02d}", round(index, 3), 0.0, "", year, round(index * 0.992, 3)]
        )
    sheet.write(21, 0, "Sources and footnotes:")
    sheet.write(22, 0, f"Outturn to {first + 10}-{(first + 11) % 100:02d}; a forecast after it")
    book.close()
    return path


def write_supplier_emissions(path: Path, lines: pd.DataFrame, settings: Settings, seed: int) -> Path:
    """Reports of some large contracts in several years, by every method; one without a figure, one with a slip in its year."""
    rng = np.random.default_rng(seed + 11)
    header = ["Contract reference", "Supplier", "Year", "Method", "Emissions (tCO2e)", "Supplier total emissions (tCO2e)",
              "Turnover", "Assured", "Baseline", "Planned reduction by 2030", "Evidence"]  # fmt: skip
    base = settings.baseline_period.start_year
    under_contract = lines[lines["contract_reference"].notna() & lines["project"].isna()]
    spent = (
        under_contract.groupby(["contract_reference", "supplier_name"])["amount"]
        .sum()
        .sort_values(ascending=False)
    )
    rows: list[list[object]] = []
    for n, ((reference, supplier), pounds) in enumerate(spent.head(16).items()):
        yearly = float(pounds) / 3.5
        start = yearly * float(rng.uniform(0.12, 0.4)) / 1000
        planned = f"{int(rng.choice([20, 35, 50, 60]))}%"
        for step in range(2 if n % 4 == 3 else 3):
            year = f"{base + step}/{(base + step + 1) % 100:02d}"
            if n % 5 == 4:
                turnover = yearly * 40
                rows.append(
                    [
                        reference,
                        supplier,
                        year,
                        "Hybrid",
                        "",
                        f"{start * 40 * 0.97**step:.1f}",
                        f"{turnover:.0f}",
                        "No",
                        "",
                        planned,
                        "Annual report",
                    ]
                )
            else:
                method = "Average data" if n % 7 == 5 else "Supplier-specific"
                rows.append([reference, supplier, year, method, f"{start * float(rng.uniform(0.88, 0.99)) ** step:.2f}", "", "",
                             "Yes" if n % 3 == 0 else "No", "Yes" if step == 0 else "", planned, "Contract report"])  # fmt: skip
    rows.append([rows[0][0], rows[0][1], "twenty", "Supplier-specific", "10", "", "", "", "", "", ""])
    rows.append(
        [rows[0][0], rows[0][1], f"{base}/{(base + 1) % 100:02d}", "Supplier-specific", "", "", "", "", "", "", ""]
    )
    return write_csv(path, [header, *rows])


def write_carbon_plans(path: Path, vendors: pd.DataFrame, settings: Settings, seed: int) -> Path:
    rng = np.random.default_rng(seed + 12)
    header = ["Supplier name", "Company number", "Plan URL", "Retrieved", "Net zero commitment year", "Baseline year",
              "Baseline total (tCO2e)", "Current reporting year", "Current total (tCO2e)", "Target year", "Target reduction",
              "Signed off by (role)", "Signed off on", "Parent company plan"]  # fmt: skip
    companies = vendors[vendors["company_number"].notna() & vendors["size"].isin(["medium", "large"])].sort_values(
        "weight", ascending=False
    )
    last = date(settings.baseline_period.start_year + 3, 9, 1)
    rows = []
    for v in companies.head(70).itertuples():
        signed = last - timedelta(days=int(rng.integers(20, 900)))
        base = float(rng.lognormal(7, 1))
        rows.append(
            [v.supplier_name, v.company_number, "https://example.org/carbon-reduction-plan", f"{last:%d/%m/%Y}",
             int(rng.choice([2030, 2040, 2045, 2050, 2060], p=[0.2, 0.25, 0.2, 0.3, 0.05])), 2019, f"{base:.0f}", signed.year - 1,
             f"{base * float(rng.uniform(0.6, 1.05)):.0f}", 2030, "50%", "Director", f"{signed:%d/%m/%Y}" if rng.random() < 0.92 else "",
             "Yes" if rng.random() < 0.3 else "No"]
        )  # fmt: skip
    return write_csv(path, [header, *rows])


def write_checklists(folder: Path, settings: Settings, seed: int) -> list[Path]:
    """Two lists: the earlier with one cell for all commitments, the later with a column for each, some of it blank or not in the
    form's words."""
    rng, answering = np.random.default_rng(seed + 13), np.random.default_rng(seed + 14)
    heads = ["Procurement reference", "Procurement", "Started on", "Checklist completed"]
    commitments = [f"{item} {words}" for item, words in commitments_of(settings.council.home_district).items()]
    earlier: list[list[object]] = [[*heads, "Commitments touched"]]
    later: list[list[object]] = [[*heads, *commitments]]
    categories = list(CATEGORIES)
    for n in range(140):
        started = settings.baseline_period.start + timedelta(days=int(rng.integers(0, 1270)))
        done = str(rng.choice(["Yes", "No", ""], p=[0.62, 0.26, 0.12]))
        touched = [c for c in _COMMITMENTS if rng.random() < 0.4] if done == "Yes" else []
        row: list[object] = [f"PROC-{n:03d}", categories[n % len(categories)], f"{started:%d/%m/%Y}", done]
        answers = answering.choice(_ANSWERS, size=len(commitments), p=_HOW_OFTEN).tolist()
        if started < _FORM_SINCE:
            earlier.append([*row, "; ".join(touched)])
        else:
            later.append([*row, *(answers if done == "Yes" else [""] * len(commitments))])
    # Not one of the form's words: told as not read, and the rest of its row stands.
    first = next(row for row in later[1:] if row[3] == "Yes")
    first[-1] = "partly"
    return [
        write_csv(folder / "sustainability_checklists.csv", earlier),
        write_csv(folder / "sustainability_checklists_by_commitment.csv", later),
    ]
