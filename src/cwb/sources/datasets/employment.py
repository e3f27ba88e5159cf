"""Jobs, training and work experience of programmes and of developers' employment and skills plans, by site and quarter.

One row per site or programme, measure and period. Columns: `scheme`, `planning_reference`, `kind` ("s106", "contract",
"programme"), `build_gbp`, `plan_start`, `plan_end`, `measure` (of `MEASURES`), `target` (of the whole plan; of local labour a share, "25%"),
`delivered`, `cumulative`, `residents` (residents of the home district among the delivered), `basis` (of `BASES`), `period_from`, `period_to`,
`also_reported` (the contract whose return has the same people), `has_evidence`, `is_least` (written as "over 50"), `scheme_key`, and the source
columns; developers are not kept. Refused: no scheme, an unknown kind, measure or basis, a job without a basis, no number, more
residents than persons, a period that ends before it begins. A file with a column of persons is refused whole. Measures: Crawley's
form, the construction industry's client guidance, the strategy's own list (formats-strategy.md 2).
"""

from __future__ import annotations

import re

import pandas as pd
import pyarrow as pa

from cwb.base.values import parse_number
from cwb.sources.constraints import given, one_of
from cwb.sources.datasets.contract_performance import PERIOD_RULES
from cwb.sources.datasets.social_value_returns import STATED
from cwb.sources.fields import (
    DAY,
    LAST_DAY,
    NUMBER,
    POUNDS,
    TEXT,
    Field,
    Kind,
    Rule,
    below_nought,
    choice,
    coded,
    missing,
    not_listed,
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
_OTHERS = (
    "local labour share", "local supply chain £", "school work", "community engagement", "training attendances", "CSCS cards",
    "donations £",
)  # fmt: skip
MEASURES = (*_CODED, *_OTHERS)
JOBS = ("jobs: apprentices", "jobs: new entrants", "jobs: graduates")
PLACEMENTS = ("work placements in education", "work placements not in education")
_LISTED = choice(*MEASURES, *(other for others in _CODED.values() for other in others))
_NAME = {other: name for name, others in _CODED.items() for other in others}
_LEAST = re.compile(r"(?:over|more than|at least|>=?)\s*(.*)|(.*)\+", re.IGNORECASE)
_BASIS = choice(*BASES)


def _measure(text: str | None) -> str | None:
    found = _LISTED.parse(text)
    return _NAME.get(str(found), str(found)) if found else None


def _plain(text: str | None) -> str | None:
    """ "over 50" and "50+" as 50: what is written of a number that is only known to be no less."""
    found = _LEAST.fullmatch((text or "").strip())
    return text if found is None else (found[1] or found[2]).strip()


def _target(text: str | None) -> float | None:
    """ "25%" as 0.25, a number as it is."""
    found = parse_number((text or "").strip().rstrip("%"))
    return found / 100 if found is not None and "%" in (text or "") else found


def _more_residents(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
    both = (
        values["residents"].notna()
        & values["delivered"].notna()
        & values["basis"].isin(["persons", "starts", "FTE"])
    )
    return both & (values["residents"].where(both) > values["delivered"].where(both))


def _with_key(values: pd.DataFrame, texts: pd.DataFrame) -> pd.DataFrame:
    written = [_LEAST.fullmatch((text or "").strip()) is not None for text in texts["delivered"]]
    return values.assign(is_least=written, scheme_key=[str(scheme).upper() for scheme in values["scheme"]])


SOURCE = TableSource(
    name="employment",
    title="employment (jobs, training and skills plans)",
    absent="nobody returned the form “employment” of jobs, training and skills plans",
    has_form=True,
    roles_only=True,
    fields={
        "scheme": Field(("scheme", "site"), TEXT),
        "planning_reference": Field(("planning reference",)),
        "kind": Field(("kind",), choice(*KINDS)),
        "developer": Field(("developer or contractor",), TEXT, stored=None),
        "build": Field(("build value",), POUNDS, stored="build_gbp"),
        "plan_start": Field(("plan start",), DAY),
        "plan_end": Field(("plan end",), LAST_DAY),
        "measure": Field(("measure",), coded(_measure)),
        "target": Field(("target",), Kind(pa.float64(), _target)),
        "delivered": Field(("delivered in period",), Kind(pa.float64(), lambda text: parse_number(_plain(text)))),
        "cumulative": Field(("cumulative",), NUMBER),
        "residents": Field(("of whom residents", "of whom stevenage residents"), NUMBER),
        "basis": Field(("basis",), coded(lambda text: "pounds" if (text or "").strip() == "£" else _BASIS.parse(text or "?"))),
        "period_from": Field(("period from",), DAY),
        "period_to": Field(("period to",), LAST_DAY),
        "also_reported": Field(("also reported under",)),
        "evidence": Field(("evidence",), STATED, stored="has_evidence"),
    },
    required=("scheme", "kind", "measure", "delivered", "basis", "period_from", "period_to"),
    marks=frozenset({"plan_start", "basis", "scheme"}),
    key=("scheme", "measure", "basis", "period_from", "period_to"),
    rules=(
        missing("scheme", "no scheme", "Name the site or programme.", "measure"),
        not_listed("kind", "the kind", KINDS),
        not_listed("measure", "the measure", MEASURES),
        Rule(
            lambda texts, values: values["measure"].isin(JOBS) & texts["basis"].isna(),
            "a job without a basis", "Say whether persons, starts or full-time equivalents (FTE) are counted.", "measure",
        ),
        not_listed("basis", "the basis", BASES),
        missing("delivered", "no number of what was delivered", "Give it as a number; 0 where it is none.", "delivered"),
        *below_nought("delivered", "cumulative", "target", "residents"),
        Rule(_more_residents, "more residents than persons", "Count residents among those who are counted.", "residents"),
        *PERIOD_RULES,
    ),
    checks=(
        *given("scheme", "kind", "measure", "delivered", "basis", "period_from", "period_to"),
        one_of("measure", *MEASURES), one_of("basis", *BASES),
    ),
    added={"is_least": pa.bool_(), "scheme_key": pa.string()},
    last=_with_key,
)  # fmt: skip
