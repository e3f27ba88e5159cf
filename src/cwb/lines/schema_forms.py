"""The tables of forms that are taken as they are: what their columns are, the forms' own declarations say.

What a contract's term and band are is joined from the register for a period, in `cwb.packs.social_value.register`: whether it has
ended, and which threshold holds, depend on the day.
"""

from __future__ import annotations

from cwb.lines.columns import form_table
from cwb.sources.datasets import (
    activity,
    benchmarks,
    contract_performance,
    crosswalk,
    decisions,
    employee_owned,
    employment,
    initiatives,
    one_offs,
    savings,
    social_value,
    social_value_returns,
    strategy,
    tenders,
)

FORMS = (
    form_table(initiatives.SOURCE),
    form_table(decisions.SOURCE),
    form_table(one_offs.SOURCE, "financial_year"),
    form_table(crosswalk.SOURCE),
    form_table(tenders.SOURCE),
    form_table(savings.SOURCE, "financial_year"),
    form_table(activity.SOURCE),
    form_table(contract_performance.SOURCE),
    form_table(benchmarks.SOURCE),
    form_table(strategy.SOURCE),
    form_table(employee_owned.SOURCE, "company_number", "is_signal", "is_confirmed"),
    form_table(social_value.SOURCE),
    form_table(social_value_returns.SOURCE),
    form_table(employment.SOURCE, "scheme_key"),
)
