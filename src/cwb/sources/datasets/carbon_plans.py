"""Suppliers' carbon reduction plans: what each commits to, from when, and when it was signed off.

One row per plan. Columns: `supplier_name`, `company_number`, `plan_url`, `retrieved`, `commitment_year`, `baseline_year`,
`baseline_tco2e`, `current_year`, `current_tco2e`, `target_year`, `target_share` (0 to 1), `sign_off_role` (never a name),
`sign_off_date`, `is_parent_plan`, `scope_1_tco2e` to `scope_3_tco2e`, `scope_3_categories`, `target_text`,
`checks_passed`, and the source columns. A plan covers the supplier's whole organisation and is evidence of a strategy, not
of a contract's emissions (formats.md 7.5). Refused: no supplier, a year of commitment that cannot be read. A plan without
a year is kept: that it names none is what is known of it.
"""

from __future__ import annotations

from cwb.base.values import company_number
from cwb.sources.constraints import at_least, within
from cwb.sources.fields import DAY, FLAG, NOT_BELOW_NOUGHT, PART, TEXT, YEAR, Field, Rule, coded
from cwb.sources.tables import TableSource

SOURCE = TableSource(
    name="carbon_plans",
    absent="no register of carbon reduction plans was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "supplier_name": Field(("supplier name", "supplier"), TEXT).needed("no supplier", "Name the supplier."),
        "company_number": Field(("company number",), coded(company_number)),
        "plan_url": Field(("plan url", "plan address", "url"), TEXT),
        "retrieved": Field(("retrieved", "retrieved on", "checked on"), DAY),
        "commitment_year": Field(("net zero commitment year", "commitment year", "net zero year"), YEAR),
        "baseline_year": Field(("baseline year",), YEAR),
        "baseline_tco2e": Field(("baseline total (tco2e)", "baseline tco2e"), NOT_BELOW_NOUGHT),
        "current_year": Field(("current reporting year", "current year"), YEAR),
        "current_tco2e": Field(("current total (tco2e)", "current tco2e"), NOT_BELOW_NOUGHT),
        "target_year": Field(("target year",), YEAR),
        "target_share": Field(("target reduction", "target"), PART),
        "sign_off_role": Field(("signed off by (role)", "sign-off role"), TEXT),
        "sign_off_date": Field(("signed off on", "sign-off date"), DAY),
        "is_parent_plan": Field(("parent company plan", "parent plan"), FLAG),
        "scope_1_tco2e": Field(("scope 1 (tco2e)", "scope 1"), NOT_BELOW_NOUGHT),
        "scope_2_tco2e": Field(("scope 2 (tco2e)", "scope 2"), NOT_BELOW_NOUGHT),
        "scope_3_tco2e": Field(("scope 3 (tco2e)", "scope 3"), NOT_BELOW_NOUGHT),
        "scope_3_categories": Field(("scope 3 categories", "scope 3 categories covered"), TEXT),
        "target_text": Field(("target in words", "target text"), TEXT),
        "checks_passed": Field(("checks passed", "checks"), TEXT),
    },
    required=("commitment_year",),
    marks=frozenset({"baseline_tco2e", "commitment_year"}),
    key=("supplier_name", "company_number", "sign_off_date"),
    rules=(
        Rule(
            lambda texts, values: values["commitment_year"].isna() & texts["commitment_year"].notna(),
            "the year of commitment cannot be read",
            "Give the year, such as 2045, or leave it empty where the plan names none.",
            "commitment_year",
        ),
    ),
    checks=(
        within("commitment_year", "1990", "2100"),
        within("target_share", "0", "1"),
        at_least("baseline_tco2e", 0),
    ),
)
