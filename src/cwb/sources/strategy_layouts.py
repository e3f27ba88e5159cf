"""Headings of what anchors, suppliers and the procurement team fill in: initiatives, emissions, plans, checklists."""

from __future__ import annotations

from cwb.sources.layout import Layout

INITIATIVES = Layout(
    source="initiatives",
    fields={
        "year": ("year", "financial year"),
        "title": ("what was tried", "initiative", "title"),
        "bodies": ("bodies", "anchors", "partners"),
        "status": ("status", "standing"),
        "outcome": ("outcome", "what moved", "result"),
    },
    required=("year", "title"),
    marks=frozenset({"what was tried", "initiative"}),
)

SUPPLIER_EMISSIONS = Layout(
    source="supplier_emissions",
    fields={
        "contract_reference": ("contract reference", "contract"),
        "supplier_name": ("supplier name", "supplier"),
        "company_number": ("company number",),
        "year": ("year", "financial year", "reporting year"),
        "method": ("method",),
        "kgco2e": ("emissions (kgco2e)", "kgco2e", "emissions kgco2e", "emissions"),
        "tco2e": ("emissions (tco2e)", "tco2e", "emissions tco2e"),
        "supplier_tco2e": ("supplier total emissions (tco2e)", "organisation emissions (tco2e)"),
        "turnover": ("supplier turnover", "turnover"),
        "quantity": ("quantity",),
        "unit": ("unit",),
        "factor": ("factor (kgco2e per unit)", "factor"),
        "is_assured": ("assured", "verified"),
        "is_baseline": ("baseline", "is baseline"),
        "planned_share": ("planned reduction by 2030", "planned reduction"),
        "scopes": ("scopes covered", "scopes"),
        "ghg_category": ("ghg category", "scope and category", "category"),
        "evidence": ("evidence", "source"),
    },
    required=("year", "method", ("contract_reference", "supplier_name")),
    marks=frozenset({"method", "supplier_tco2e", "kgco2e"}),
)

CARBON_PLANS = Layout(
    source="carbon_plans",
    fields={
        "supplier_name": ("supplier name", "supplier"),
        "company_number": ("company number",),
        "plan_url": ("plan url", "plan address", "url"),
        "retrieved": ("retrieved", "retrieved on", "checked on"),
        "commitment_year": ("net zero commitment year", "commitment year", "net zero year"),
        "baseline_year": ("baseline year",),
        "baseline_tco2e": ("baseline total (tco2e)", "baseline tco2e"),
        "current_year": ("current reporting year", "current year"),
        "current_tco2e": ("current total (tco2e)", "current tco2e"),
        "target_year": ("target year",),
        "target_share": ("target reduction", "target"),
        "sign_off_role": ("signed off by (role)", "sign-off role"),
        "sign_off_date": ("signed off on", "sign-off date"),
        "is_parent_plan": ("parent company plan", "parent plan"),
        "scope_1_tco2e": ("scope 1 (tco2e)", "scope 1"),
        "scope_2_tco2e": ("scope 2 (tco2e)", "scope 2"),
        "scope_3_tco2e": ("scope 3 (tco2e)", "scope 3"),
        "scope_3_categories": ("scope 3 categories", "scope 3 categories covered"),
        "target_text": ("target in words", "target text"),
        "checks_passed": ("checks passed", "checks"),
    },
    required=("supplier_name", "commitment_year"),
    marks=frozenset({"commitment_year", "baseline_tco2e"}),
)

CHECKLISTS = Layout(
    source="checklists",
    fields={
        "reference": ("procurement reference", "reference"),
        "title": ("procurement", "title"),
        "started": ("started on", "procurement date", "date"),
        "is_completed": ("checklist completed", "completed"),
        "commitments": ("commitments touched", "commitments"),
    },
    required=("reference", "is_completed"),
    marks=frozenset({"is_completed", "commitments"}),
)

ALL = (INITIATIVES, SUPPLIER_EMISSIONS, CARBON_PLANS, CHECKLISTS)
