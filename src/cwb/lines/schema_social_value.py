"""The schemas of the forms of social value: the portal's export, returns of other contracts, jobs and skills plans.

Columns have the names of the sources' own. What a contract's term and band are is joined from the register for a period, in
`cwb.packs.social_value.register`: whether it has ended, and which threshold holds, depend on the day.
"""

from __future__ import annotations

from cwb.lines.columns import SOURCE, flag, pounds, reference, text, written
from cwb.lines.table import Column, ShownBy, Table
from cwb.sources.datasets.employment import BASES, KINDS, MEASURES
from cwb.sources.datasets.social_value import STATUSES, THEMES

_QUANTITY = "DECIMAL(18,4)"
_PERIOD = (
    Column("period_from", "DATE", "first day of the period", needed=True),
    Column("period_to", "DATE", "last day of the period", needed=True),
)


def _quantity(name: str, meaning: str, needed: bool = False) -> Column:
    # As the unit or basis says: of people among others, so that it leaves no table.
    return Column(name, _QUANTITY, meaning, "people", needed=needed)


SOCIAL_VALUE = Table(
    "social_value",
    "one measure of one contract and period, from the portal's export",
    (
        *SOURCE,
        reference("contract_reference", "reference of the contract"),
        written("title", "title of the contract", shown_by=ShownBy.TITLE),
        reference("measure_reference", "reference of the measure"),
        text("theme", "theme", THEMES, needed=True),
        written("outcome", "outcome, as the export has it"),
        written("measure", "measure, as the export has it"),
        written("unit", "what is counted"),
        flag("is_local_value", "local economic value, which is never added to the other", needed=True),
        _quantity("target_quantity", "promised over the whole contract"),
        _quantity("delivered_quantity", "delivered in the period"),
        pounds("target_gbp", "promised over the whole contract, in pounds as the portal values it"),
        pounds("delivered_gbp", "delivered in the period, in pounds as the portal values it"),
        text("proxy_version", "version of the values that the portal multiplies by"),
        *_PERIOD,
        text("evidence_status", "status of the evidence; NULL: not stated", STATUSES),
        Column("attribution_share", "DECIMAL(9,6)", "part that the contract brought about", "0 to 1"),
    ),
)
RETURNS = Table(
    "social_value_returns",
    "one measure of one contract outside the portal and period",
    (
        *SOURCE,
        reference("contract_reference", "reference of the contract"),
        written("measure", "what was promised or done"),
        written("unit", "what is counted"),
        _quantity("committed_quantity", "promised over the whole contract"),
        _quantity("delivered_quantity", "delivered in the period"),
        *_PERIOD,
        flag("is_local", "local"),
        flag("is_only_this", "the figure is of this contract and period alone", needed=True),
        flag("is_commitment", "the contract promised it", needed=True),
        flag("has_evidence", "there is evidence", needed=True),
        flag("is_checked", "a role that checked it is given", needed=True),
    ),
)
EMPLOYMENT = Table(
    "employment",
    "one measure of one site or programme and period: jobs, training, work experience",
    (
        *SOURCE,
        text("scheme_key", "site or programme, to tell one from another", needed=True),
        written("scheme", "site or programme, as a pack may show it"),
        reference("planning_reference", "reference of the planning application"),
        text("kind", "kind", KINDS, needed=True),
        pounds("build_gbp", "value of the building work"),
        Column("plan_start", "DATE", "first day of the plan"),
        Column("plan_end", "DATE", "last day of the plan"),
        text("measure", "measure", MEASURES, needed=True),
        _quantity("target", "target of the whole plan; of local labour a share"),
        _quantity("delivered", "delivered in the period", needed=True),
        _quantity("cumulative", "delivered since the plan began, as stated"),
        _quantity("residents", "residents of the home district among the delivered"),
        text("basis", "what is counted", BASES, needed=True),
        *_PERIOD,
        reference("also_reported", "contract whose return has the same people"),
        flag("has_evidence", "there is evidence", needed=True),
        flag("is_least", "the number is only known to be no less", needed=True),
    ),
)
SOCIAL_VALUE_FORMS = (SOCIAL_VALUE, RETURNS, EMPLOYMENT)
