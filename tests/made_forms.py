"""Forms of made councils: a few rows of each, with ties, blanks, days at the edges of periods, and unknown flags."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from cwb.lines.schema import TABLES

Row = dict[str, Any]
FORMS = (
    "tenders", "savings", "activity", "contract_performance", "benchmarks", "social_value", "social_value_returns", "employment",
    "review_lines", "insourcing_lines", "insourcing_money", "income_lines", "invoice_lines",
)  # fmt: skip
COLUMNS = {table.name: table.columns for table in TABLES if table.name in FORMS}
# The two periods that made councils are looked at for, their edges, and days far away.
DAYS = tuple(
    date.fromisoformat(text)
    for text in ("2023-04-01", "2024-03-31", "2025-06-30", "2026-04-01", "2026-07-01", "2026-08-15", "2026-09-30", "2028-03-31")
)  # fmt: skip
AMOUNTS = tuple(Decimal(n) for n in (0, 50, 50, 100, 40_000))
TEXTS: dict[str, tuple[str | None, ...]] = {
    "contract_reference": ("C1", "C2", None), "reference": ("C1", "T1", None), "tender_reference": ("T1", "T2", "T3"),
    "contract_key": ("C1", "C2", "C3"), "route": ("open", "open", "selective", "limited", "direct award", "waiver", "breach"),
    "item": ("C7", "B5.1", None), "departments": ("Housing", "Planning; Housing", None), "department": ("Housing", "Planning", None),
    "rating": ("good", "approaching target"), "theme": ("work", "economy", "community", "planet"),
    "evidence_status": ("verified", "submitted", None), "measure_reference": ("M1", "M2"), "measure": ("Waste", "Waste recycled", "Advice"),
    "unit": ("tonnes", "hours"), "test_value": ("strong", "weak", None), "reason": ("too dear", None),
    "baseline_kind": ("last price paid", "budget"), "signed_role": ("Head of finance", None), "scheme_key": ("a", "b"),
    "basis": ("events", "pounds"), "supplier_id": ("1", "2"), "proxy_version": ("2024", "2025", None), "service": ("Grounds", "Post"),
}  # fmt: skip
OF_ONE_FORM: dict[tuple[str, str], tuple[str | None, ...]] = {
    ("tenders", "not_awarded"): ("Withdrawn", None, None),
    ("savings", "kind"): ("price", "avoided", "income", "insourcing"),
    ("activity", "kind"): (
        "training",
        "group meeting",
        "supplier meeting",
        "statement",
        "pipeline published",
        "debrief",
    ),
    ("employment", "kind"): ("s106",),
    ("employment", "measure"): ("school work", "local supply chain £"),
    ("review_lines", "decision"): ("insource", "extend", None),
    ("insourcing_lines", "decision"): ("insource", "mixed", "shared service", "extend", "stop", "not yet"),
    ("insourcing_money", "kind"): ("saving", "cost"),
    ("income_lines", "kind"): ("concession", "external trading"),
}


def _cell(draw: st.DrawFn, form: str, name: str, kind: str) -> object:
    if kind == "DATE":
        return draw(st.sampled_from((*DAYS, None)))
    if kind == "BOOLEAN":
        return draw(st.sampled_from((True, False, None)))
    if kind in ("INTEGER", "DOUBLE"):
        years = name in ("financial_year", "income_year", "year", "first_traded_year")
        return draw(st.sampled_from((2023, 2025, 2026) if years else (0, 1, 2, 8)))
    if kind.startswith("DECIMAL"):
        return draw(st.sampled_from((*AMOUNTS, None))) if name != "attribution_share" else None
    return draw(st.sampled_from(OF_ONE_FORM.get((form, name), TEXTS.get(name, (f"{name} 1", f"{name} 2")))))


def _row(draw: st.DrawFn, form: str, place: int) -> Row:
    row: Row = {column.name: _cell(draw, form, column.name, column.type) for column in COLUMNS[form]}
    return (
        row | {"source_file": f"{form}/form.csv", "source_sheet": None, "source_row": place} | _agreeing(form, row)
    )


def _agreeing(form: str, row: Row) -> Row:
    """The cells of a row that a reader or the lines would make of the others, and those that a kept row always has."""
    told: Row = {}
    first, last = row.get("period_from") or DAYS[4], row.get("period_to") or DAYS[6]
    if "period_from" in row:
        told |= {"period_from": min(first, last), "period_to": max(first, last)}
    if form == "employment":
        told |= {"delivered": row["delivered"] or Decimal(0), "is_least": bool(row["is_least"])}
    if form == "income_lines":
        told = {"income_gbp": row["income_gbp"] or Decimal(0)}
        told["net_gbp"] = told["income_gbp"] - (row["direct_cost_gbp"] or 0)
    if form == "insourcing_money":
        told = {name: row[name] or Decimal(0) for name in ("baseline_gbp", "new_gbp")}
        told["amount_gbp"] = told["baseline_gbp"] - told["new_gbp"]
    if form == "savings":
        told = {name: row[name] or Decimal(0) for name in ("baseline_gbp", "new_gbp")}
    if form == "tenders":
        told = {"sme_bids": row["sme_bids"] if row["sme_bids"] <= row["bids"] else None}
    if form == "review_lines":
        told = {"start_date": row["start_date"] or DAYS[0]}
        end = row["expiry_date"]
        told |= {"opens_date": end and end - timedelta(days=730), "closes_date": end and end - timedelta(days=548)}
    if form == "activity":
        told = {"activity_date": row["activity_date"] or DAYS[5]}
    if form == "invoice_lines":
        paid, received, payable = (row[name] for name in ("paid_date", "received_date", "payable_date"))
        year = paid and paid.year - (paid.month < 4)
        told = {
            "gross_gbp": row["gross_gbp"] or Decimal(1), "financial_year": year,
            "quarter_number": paid and (paid.month - 4) % 12 // 3 + 1,
            "days_to_pay": max((paid - received).days, 0) if paid and received else None,
            "days_late": max((paid - payable).days, 0) if paid and payable else None, "interest_percent": Decimal("11.75"),
        }  # fmt: skip
    return told


def draw_forms(draw: st.DrawFn) -> dict[str, list[Row]]:
    """Up to four rows of each form; some councils bring none of one."""
    return {form: [_row(draw, form, place) for place in range(2, draw(st.integers(2, 6)))] for form in FORMS}
