"""Which kinds of raw files each line-level table comes from."""

from __future__ import annotations

# The sources of each line-level table; the first is the one whose absence is reported.
_SOURCES = {
    "spend_lines": ("spend", "pass_through"),
    "register_cells": ("contracts",),
    "pass_through_lines": ("spend", "anchor_spend", "pass_through"),
    "award_lines": ("awards", "notices"),
    "contract_lines": ("contracts",),
    "anchor_lines": ("anchor_spend", "pass_through"),
    "agreement_lines": ("contracts", "anchor_contracts", "awards", "notices"),
    "one_offs": ("one_offs",),
    "organisations": ("companies", "mutuals", "charities", "coops"),
    "pipeline_lines": ("pipeline",),
    "notices": ("notices",),
    "notice_contracts": ("notices",),
    "notice_results": ("notices",),
    "notice_lots": ("notices",),
    "emission_factors": ("factors",),
    "report_lines": ("supplier_emissions",),
    "plan_lines": ("carbon_plans",),
    "checklist_lines": ("checklists",),
    "registry_lines": ("modern_slavery",),
    "review_lines": ("contracts", "insourcing"),
    "insourcing_lines": ("insourcing",),
    "insourcing_money": ("savings", "insourcing"),
    "income_lines": ("income",),
    "invoice_lines": ("invoices", "contracts", "tenders"),
    "checklist_answers": ("checklists",),
}


# Tables of lines of one kind, which any of their sources gives. The others are of their first source, joined with the rest.
_UNITED = frozenset({"pass_through_lines", "award_lines", "organisations"})


def givers_of(table: str) -> tuple[str, ...]:
    """The kinds of raw files any of which alone gives a line-level table its rows."""
    return sources_of(table) if table in _UNITED else sources_of(table)[:1]


def sources_of(table: str) -> tuple[str, ...]:
    """The kinds of raw files that a line-level table comes from."""
    return _SOURCES.get(table, (table,))
