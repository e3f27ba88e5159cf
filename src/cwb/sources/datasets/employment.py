"""Jobs, training and work experience of programmes and of developers' employment and skills plans, by site and quarter.

One row per site or programme, measure and period; developers are not kept. Measures: Crawley's form, the construction industry's
client guidance, the strategy's own list (formats-strategy.md 2).
"""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from cwb.base.values import parse_number
from cwb.sources.datasets.contract_performance import ENDS_FIRST, PERIOD
from cwb.sources.datasets.social_value_returns import STATED
from cwb.sources.fields import (
    COMPARED_REFERENCE,
    DAY,
    FLAG,
    LAST_DAY,
    POUNDS,
    QUANTITY,
    RAW,
    TARGET,
    TEXT,
    Field,
    Rule,
    choice,
    computed,
)
from cwb.sources.tables import TableSource

KINDS = ("s106", "contract", "programme")
BASES = ("persons", "starts", "FTE", "weeks", "events", "pounds")
# By the codes of the construction industry's guidance, then what the strategy names besides.
_CODED = {
    "work placements in education": ("1a",),
    "work placements not in education": ("1b",),
    "jobs: apprentices": ("2a", "apprentices", "apprenticeships", "apprentice starts"),
    "jobs: new entrants": ("2b", "new entrants"),
    "jobs: graduates": ("2c", "graduates"),
    "careers events": ("3",),
    "training weeks on site": ("4a", "4b", "4c", "training weeks"),
    "qualifying the workforce": ("5a", "5b", "5c", "5d"),
    "training plans": ("6",),
    "case studies": ("7",),
}
_LABOUR = "local labour share"
_OTHERS = (
    _LABOUR, "local supply chain £", "school work", "community engagement", "training attendances", "CSCS cards",
    "donations £",
)  # fmt: skip
MEASURES = (*_CODED, *_OTHERS)
JOBS = ("jobs: apprentices", "jobs: new entrants", "jobs: graduates")
PLACEMENTS = ("work placements in education", "work placements not in education")
_NAMES = {other: name for name, others in _CODED.items() for other in others}
_LEAST = re.compile(r"(?:over|more than|at least|>=?)\s*(.*)|(.*)\+", re.IGNORECASE)
_BASIS = choice(*BASES)


def _basis(text: str | None) -> object:
    return "pounds" if (text or "").strip() == "£" else _BASIS.parse(text)


def _plain(text: str | None) -> str | None:
    """ "over 50" and "50+" as 50: what is written of a number that is only known to be no less."""
    found = _LEAST.fullmatch((text or "").strip())
    return text if found is None else (found[1] or found[2]).strip()


def _more_residents(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
    both = (
        values["residents"].notna()
        & values["delivered"].notna()
        & values["basis"].isin(["persons", "starts", "FTE"])
    )
    return both & (values["residents"].where(both) > values["delivered"].where(both))


def _is_share(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
    """0.62 in place of 62 residents of 100 workers: under a measure of that name it is easily written."""
    delivered = values["delivered"].astype("float64")
    return (values["measure"] == _LABOUR) & (delivered > 0) & (delivered < 1)


def _with_key(values: pd.DataFrame, texts: pd.DataFrame) -> pd.DataFrame:
    written = [_LEAST.fullmatch((text or "").strip()) is not None for text in texts["delivered"]]
    return values.assign(is_least=written, scheme_key=[str(scheme).upper() for scheme in values["scheme"]])


SOURCE = TableSource(
    name="employment",
    row="one measure of one site or programme and period: jobs, training, work experience",
    title="employment (jobs, training and skills plans)",
    absent="nobody returned the form “employment” of jobs, training and skills plans",
    has_form=True,
    roles_only=True,
    fields={
        "scheme": Field(("scheme", "site"), TEXT, "site or programme, as a pack may show it").needed(
            "no scheme", "Name the site or programme."
        ),
        "planning_reference": Field(
            ("planning reference",), COMPARED_REFERENCE, "reference of the planning application"
        ),
        "kind": Field(("kind",), choice(*KINDS), "kind").listed("the kind"),
        "developer": Field(("developer or contractor",), TEXT, stored=None),
        "build": Field(("build value",), POUNDS, "value of the building work", "build_gbp"),
        "plan_start": Field(("plan start",), DAY, "first day of the plan"),
        "plan_end": Field(("plan end",), LAST_DAY, "last day of the plan"),
        "measure": Field(("measure",), choice(*MEASURES, also=_NAMES), "measure").listed("the measure"),
        "target": Field(
            ("target",),
            replace(QUANTITY, parse=TARGET.parse),
            "target of the whole plan; of local labour a share",
            from_nought=True,
        ),
        "delivered": Field(
            ("delivered in period",),
            replace(QUANTITY, parse=lambda text: parse_number(_plain(text))),
            "delivered in the period",
            from_nought=True,
        ).needed("no number of what was delivered", "Give it as a number; 0 where it is none."),
        "cumulative": Field(
            ("cumulative",), QUANTITY, "delivered since the plan began, as stated", from_nought=True
        ),
        "residents": Field(
            ("of whom residents", "of whom stevenage residents"),
            QUANTITY,
            "residents of the home district among the delivered",
            from_nought=True,
        ),
        "basis": Field(("basis",), replace(_BASIS, parse=_basis), "what is counted").listed("the basis"),
        **PERIOD,
        "also_reported": Field(
            ("also reported under",), COMPARED_REFERENCE, "contract whose return has the same people"
        ),
        "evidence": Field(("evidence",), STATED, "there is evidence", "has_evidence"),
        "is_least": computed(FLAG, "the number is only known to be no less", is_always_given=True),
        "scheme_key": computed(RAW, "site or programme, to tell one from another", is_always_given=True),
    },
    marks=frozenset({"plan_start", "basis", "scheme"}),
    key=("scheme", "measure", "basis", "period_from", "period_to"),
    rules=(
        Rule(
            lambda texts, values: values["measure"].isin(JOBS) & texts["basis"].isna(),
            "a job without a basis",
            "Say whether persons, starts or full-time equivalents (FTE) are counted.",
            "basis",
        ),
        Rule(
            _is_share,
            "a share of workers in place of their number",
            "Give how many workers there are, and how many of them are residents.",
            "delivered",
        ),
        Rule(
            _more_residents,
            "more residents than persons",
            "Count residents among those who are counted.",
            "residents",
        ),
        ENDS_FIRST,
    ),
    last=_with_key,
)
