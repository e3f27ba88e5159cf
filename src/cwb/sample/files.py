"""Write the sample as publishers write: a different layout each year, some of them awkward on purpose."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pandas as pd
import xlsxwriter

from cwb.base.rows import plain
from cwb.council.config import Settings
from cwb.sample import (
    agreements_files,
    duty_files,
    kept_files,
    pipeline_files,
    registers,
    strategy_files,
)
from cwb.sample.cells import write_csv, yes_no
from cwb.sample.ledger import Project
from cwb.sample.suppliers import CATEGORIES

_REDACTED = "REDACTED PERSONAL DATA"


def write_files(
    settings: Settings,
    vendors: pd.DataFrame,
    lines: pd.DataFrame,
    projects: list[Project],
    agreements: pd.DataFrame,
    bodies: pd.DataFrame,
    seed: int,
) -> list[Path]:
    """Write every raw file and return their paths."""
    # Missing values as None: the writers below put nothing in such a cell.
    vendors, lines, agreements = (plain(f) for f in (vendors, lines, agreements))
    raw = settings.raw
    year = settings.baseline_period.start_year
    written: list[Path] = []
    written += _monthly_csv(raw / "spend", lines, year, settings.council.name)
    written += _workbook(raw / "spend", lines, year + 1)
    written += _quarterly_gross(raw / "spend", lines, year + 2, settings.council.name)
    written += _half_year(raw / "spend", lines, year + 3)
    written.append(_vendors(raw / "vendors" / "vendor_list.csv", vendors))
    bodies = plain(bodies)
    written += [
        registers.write_companies(raw / "companies" / "BasicCompanyData-extract.csv", bodies),
        registers.write_mutuals(raw / "mutuals" / "SocietyList.csv", bodies),
        registers.write_charities(raw / "charities" / "publicextract.charity.json", bodies),
        registers.write_coops(raw / "coops" / "coops_uk_organisations.csv", bodies),
        registers.write_business_counts(raw / "business_counts" / "nomis_uk_business_counts.csv", settings, seed),
        pipeline_files.write_pipeline(raw / "pipeline" / "procurement_pipeline.csv", settings, agreements, seed),
        pipeline_files.write_planning_notices(raw / "notices" / "planning_notices.json", settings, seed),
    ]
    written.append(_one_offs(raw / "one_offs" / "approved_one_offs.csv", projects))
    written.append(
        agreements_files.write_register(
            raw / "contracts" / "contracts_register.csv", agreements, settings.council.name
        )
    )
    # The anchors that must publish a register do; the others are known by their notices alone.
    written += [
        agreements_files.write_register(
            raw / "anchor_contracts" / anchor.slug / "contracts_register.csv",
            agreements,
            anchor.name,
            anchor.aliases,
        )
        for anchor in settings.anchors
        if anchor.kind in ("council", "nhs")
    ]
    written.append(agreements_files.write_contracts_finder(raw / "awards" / "contracts_finder.csv", agreements))
    written.append(agreements_files.write_find_a_tender(raw / "notices" / "find_a_tender.json", agreements))
    written.append(
        duty_files.write_contract_notices(raw / "notices" / "contract_notices.json", settings, agreements)
    )
    written += strategy_files.write_anchor_spend(raw / "anchor_spend", settings, vendors, seed)
    written += [
        strategy_files.write_initiatives(raw / "initiatives" / "initiatives.csv", settings),
        strategy_files.write_decisions(raw / "decisions" / "decisions.csv", settings),
        strategy_files.write_deflators(raw / "deflators" / "GDP_Deflators_illustrative.xlsx", settings),
        strategy_files.write_supplier_emissions(
            raw / "supplier_emissions" / "contract_reports.csv", lines, settings, seed
        ),
        strategy_files.write_carbon_plans(
            raw / "carbon_plans" / "carbon_reduction_plans.csv", vendors, settings, seed
        ),
        *strategy_files.write_checklists(raw / "checklists", settings, seed),
    ]
    written += kept_files.write_kept(settings, vendors, lines, agreements, seed)
    for path in written:
        _sidecar(path)
    return written


def _sidecar(path: Path) -> None:
    (path.parent / f"{path.name}.source.toml").write_text(
        'publisher = "cwb sample"\nurl = ""\nretrieved = ""\n'
        'licence = "Fictional data, free to use"\ncitation = "Illustrative council, written by cwb sample"\n',
        encoding="utf-8",
    )


def _month_starts(year: int) -> list[date]:
    return [date(year + (m > 12), (m - 1) % 12 + 1, 1) for m in range(4, 17)]


def _monthly_csv(folder: Path, lines: pd.DataFrame, year: int, council: str) -> list[Path]:
    """The baseline year: the LGA/ESD headings, one file a month in cp1252; titles, bare CR, a month delivered twice."""
    header = [
        "Organisation name", "Directorate / service where expenditure occurred", "Supplier (beneficiary) name",
        "Local supplier (beneficiary) internal reference", "Date", "Transaction number", "Net Amount",
        "Irrecoverable VAT", "Purpose of spend (summary)",
        "Procurement classification: Council's procurement category name",
        "Procurement classification: CPV code", "Contract reference",
    ]  # fmt: skip
    starts = _month_starts(year)
    written = []
    for index, (start, after) in enumerate(pairwise(starts)):
        month = lines[(lines["date"] >= start) & (lines["date"] < after)]
        body: list[list[object]] = [
            [
                council, "Corporate", r.supplier_name or _REDACTED, r.supplier_id or "", f"{r.date:%d/%m/%Y}",
                r.transaction_number, f"{r.amount:,.2f}" if index % 3 == 0 else f"{r.amount:.2f}", "0.00",
                r.purpose, r.category, CATEGORIES[r.category][0], r.contract_reference or "",
            ]
            for r in month.itertuples()
        ]  # fmt: skip
        top: list[list[object]] = (
            [[f"{council}: payments to suppliers, {start:%B %Y}"], []] if index in (1, 6) else []
        )
        rows: list[list[object]] = [*top, list(header), *body]
        newline = "\r" if index == 4 else "\r\n"
        name = f"payments_{start:%Y-%m}.csv"
        written.append(write_csv(folder / name, rows, "cp1252", newline))
        if index == 5:
            written.append(write_csv(folder / f"Copy of {name}", rows, "cp1252", newline))
    return written


def _workbook(folder: Path, lines: pd.DataFrame, year: int) -> list[Path]:
    """The second year: one workbook, a sheet a month, real Excel dates, blank rows on top of some sheets."""
    header = [
        "Directorate", "Expense Type", "Payment Date", "Supplier ID", "Supplier Name", "Transaction No",
        "Net Value", "CPV Code", "Contract Ref", "Narrative",
    ]  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"payments_{year}-{(year + 1) % 100:02d}.xlsx"
    book = xlsxwriter.Workbook(str(path))
    # A fixed date of creation, so that the same seed gives the same bytes.
    book.set_properties({"created": datetime(2024, 1, 1), "author": "cwb sample"})
    day_format = book.add_format({"num_format": "dd/mm/yyyy"})
    starts = _month_starts(year)
    for index, (start, after) in enumerate(pairwise(starts)):
        sheet = book.add_worksheet(f"{start:%b %y}")
        first = 2 if index % 4 == 0 else 0
        sheet.write_row(first, 0, header)
        month = lines[(lines["date"] >= start) & (lines["date"] < after)]
        for offset, r in enumerate(month.itertuples(), start=first + 1):
            sheet.write_row(offset, 0, ["Corporate", r.category])
            sheet.write_datetime(offset, 2, datetime.combine(r.date, datetime.min.time()), day_format)
            sheet.write_row(
                offset,
                3,
                [r.supplier_id or "", r.supplier_name or "REDCATED", r.transaction_number, r.amount,
                 CATEGORIES[r.category][0], r.contract_reference or "", r.purpose],
            )  # fmt: skip
    book.close()
    return [path]


def _quarterly_gross(folder: Path, lines: pd.DataFrame, year: int, council: str) -> list[Path]:
    """The third year: gross, VAT and net columns, a spacer column, a total row, quarterly, UTF-8 with BOM."""
    header = [
        "Authority Name", "Date of Payment", "DocumentNo", "Gross", "VAT", "Net", "", "Vendor Name", "Vendor ID",
        "Service Area", "GL Description", "CPV Code", "Contract Ref",
    ]  # fmt: skip
    starts = _month_starts(year)
    written = []
    for quarter in range(4):
        part = lines[(lines["date"] >= starts[3 * quarter]) & (lines["date"] < starts[3 * quarter + 3])]
        body: list[list[object]] = []
        total = 0
        for n, r in enumerate(part.itertuples()):
            net = round(r.amount * 100)
            vat = 0 if n % 5 == 0 else round(net / 5)
            total += net
            body.append(
                [
                    council, f"{r.date:%Y-%m-%d}", r.transaction_number, f"{(net + vat) / 100:.2f}",
                    f"{vat / 100:.2f}", f"{net / 100:.2f}", "", r.supplier_name or _REDACTED, r.supplier_id or "",
                    "Corporate", r.category, CATEGORIES[r.category][0], r.contract_reference or "",
                ]
            )  # fmt: skip
        body.append(["Total", "", "", "", "", f"{total / 100:.2f}", "", "", "", "", "", "", ""])
        name = f"payments_{year}-{(year + 1) % 100:02d}-Q{quarter + 1}.csv"
        written.append(write_csv(folder / name, [header, *body], "utf-8-sig"))
    return written


def _half_year(folder: Path, lines: pd.DataFrame, year: int) -> list[Path]:
    """The current year: two quarters, dates as 05-Apr-26, credits in brackets; one row with a date still to come."""
    header = [
        "Body Name", "Expenditure Category", "Service Label", "Payment Date", "Supplier Name", "Supplier ID",
        "Transaction No.", "Net Amount(£)", "CPV", "Contract Ref", "Narrative",
    ]  # fmt: skip
    starts = _month_starts(year)
    written = []
    for quarter in range(2):
        part = lines[(lines["date"] >= starts[3 * quarter]) & (lines["date"] < starts[3 * quarter + 3])]
        body: list[list[object]] = [
            [
                "Corporate", r.category, "General", f"{r.date:%d-%b-%y}", r.supplier_name or _REDACTED,
                r.supplier_id or "", r.transaction_number,
                f"({-r.amount:,.2f})" if r.amount < 0 else f"{r.amount:,.2f}", CATEGORIES[r.category][0],
                r.contract_reference or "", r.purpose,
            ]
            for r in part.itertuples()
        ]  # fmt: skip
        if quarter == 1:
            body.append(
                ["Corporate", "Information technology", "General", "TBC", "Awaiting approval", "", "", "1,250.00",
                 "72000000", "", "Accrual without a payment date"]
            )  # fmt: skip
        name = f"payments_{year}-{(year + 1) % 100:02d}-Q{quarter + 1}.csv"
        written.append(write_csv(folder / name, [header, *body], "cp1252"))
    return written


def _vendors(path: Path, vendors: pd.DataFrame) -> Path:
    header = [
        "Supplier ID",
        "Supplier name",
        "Postcode",
        "Company number",
        "Charity number",
        "SME",
        "VCSE",
        "Business size",
    ]
    rows = [
        [v.supplier_id, v.listed_name, v.postcode or "", v.listed_number or "",
         (v.charity_number or "") if v.listed_number or v.company_number is None else "", yes_no(v.is_sme),
         yes_no(v.is_vcse), v.size or ""]
        for v in vendors.itertuples()
    ]  # fmt: skip
    return write_csv(path, [header, *rows])


def _one_offs(path: Path, projects: list[Project]) -> Path:
    header = [
        "Project", "Kind", "Reason", "Approved by (role)", "Approved on", "Financial year", "Match on",
        "Match value", "Expected amount",
    ]  # fmt: skip
    rows = [
        [p.name, p.kind, p.reason, "Section 151 officer", f"30/06/{p.period[:4]}", p.period,
         "contract reference", p.reference, f"{p.amount:.2f}"]
        for p in projects
    ]  # fmt: skip
    return write_csv(path, [header, *rows])
