"""The schemas of the tables from which emissions are computed: factors, price changes, suppliers' reports, plans and checklists."""

from __future__ import annotations

from cwb.lines.columns import PERIOD, SOURCE, flag, pounds, text
from cwb.lines.table import Column, Table

KILOGRAMS = "DECIMAL(28,9)"
EMISSION_FACTORS = Table(
    "emission_factors",
    "one product group in one year of one release of the Defra factors",
    (
        *SOURCE,
        text("release", "release", needed=True),
        text("code", "product group of the publisher, not SIC", needed=True),
        text("product", "name of the product group", needed=True),
        Column("factor_year", "INTEGER", "calendar year, whose prices it is in", "year", needed=True),
        Column("kgco2e_per_gbp", "DECIMAL(18,12)", "factor, basic prices, without VAT", "kgCO2e per £", needed=True),
    ),
)  # fmt: skip
DEFLATORS = Table(
    "deflators",
    "prices of one year",
    (
        *SOURCE,
        text("kind", "kind of year", ("financial", "calendar"), needed=True),
        Column("start_year", "INTEGER", "calendar year in which the year begins", "year", needed=True),
        Column("index_value", "DECIMAL(18,6)", "prices", "100 in the release's base year", needed=True),
        flag("is_forecast", "a forecast by the release's own words"),
        text("release", "release", needed=True),
    ),
)
REPORTS = Table(
    "report_lines",
    "one report of emissions for one financial year, of a contract or of all that a supplier supplies",
    (
        *SOURCE,
        Column("financial_year", "INTEGER", "calendar year in which the financial year begins", "year", needed=True),
        text("unit", "what it is about: the contract's reference, or a number for the supplier", needed=True),
        text("contract_reference", "reference of the contract; NULL for all that the supplier supplies"),
        text("display_name", "the supplier as a pack may show it", needed=True),
        text("method", "method", ("supplier-specific", "hybrid", "average-data"), needed=True),
        Column("kgco2e", KILOGRAMS, "emissions of what the council bought", "kgCO2e"),
        Column("supplier_kgco2e", KILOGRAMS, "all emissions of the supplier", "kgCO2e"),
        pounds("turnover_gbp", "the supplier's turnover of the year"),
        flag("is_assured", "assured by a third party"),
        flag("is_baseline", "marked as the contract's baseline"),
        flag("has_upstream", "the supplier's total has what it buys (scope 3) in it"),
        Column("planned_share", "DECIMAL(9,6)", "reduction planned by the year of net zero", "0 to 1 of the baseline"),
    ),
)  # fmt: skip
PLANS = Table(
    "plan_lines",
    "one supplier of the ledger and one carbon reduction plan of its; or a plan of nobody in the ledger",
    (
        *SOURCE,
        text("plan_key", "the plan", needed=True),
        text("display_name", "whose plan it is, as a pack may show it", needed=True),
        text("plan_supplier", "the supplier: same company number, or same name; NULL: nobody in the ledger"),
        Column("commitment_year", "INTEGER", "year of net zero; NULL: the plan names none", "year"),
        Column("sign_off_date", "DATE", "day of sign-off; NULL: not signed off"),
    ),
)
CHECKLISTS = Table(
    "checklist_lines",
    "one procurement of the sustainability checklist that has a date",
    (
        *SOURCE,
        *PERIOD,
        text("reference", "procurement", needed=True),
        flag("is_completed", "its checklist is completed"),
        text("commitments", "commitments of the strategy that it touched, by semicolons"),
    ),
)
