"""Reviews of contracts and what was decided, as the form of insourcing asks for them: the register of reviews and the roadmap.

One row per contract and service. Columns: `contract_reference`, `service`, `review_begun_date`, `test_value`, `test_social`,
`test_economy`, `test_readiness` (the two parts of the public interest test: strong, weak or not known), `contract_cost_gbp` and
`in_house_cost_gbp` (a year), `transition_gbp`, `posts_fte`, `decision`, `decided_date`, `decided_role`, `reason`,
`start_in_house_date`, `first_sold_date`, `case_study_address`, `case_study_date`, and the source columns. Refused: no reference or
service, an unknown decision, a cost or posts below nought, decided before its review began, or before the contract began where the
register knows the contract. A file with a column of persons is refused whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from cwb.base.database import parquet_sql
from cwb.base.references import same_reference
from cwb.sources.constraints import given, one_of
from cwb.sources.fields import (
    DAY,
    NUMBER,
    POUNDS,
    RAW,
    TEXT,
    Field,
    Rule,
    below_nought,
    choice,
    missing,
    not_listed,
)
from cwb.sources.report import RawFile
from cwb.sources.source import Job
from cwb.sources.table_texts import Read
from cwb.sources.tables import TableSource

NOT_YET = "not yet"
IN_HOUSE = ("insource", "mixed", "shared service", "co-operative or mutual")
OUTSIDE = ("re-procure", "extend", "stop")
DECISIONS = (*IN_HOUSE, *OUTSIDE, NOT_YET)
ANSWERS = ("strong", "weak", "not known")
TESTS = ("test_value", "test_social", "test_economy", "test_readiness")


@dataclass(frozen=True, kw_only=True)
class Reviews(TableSource):
    """The form, held against the contracts register, which is read before it."""

    def read(self, job: Job, file: RawFile, given: Read | None = None) -> Read:
        begun = _first_days(job)
        return TableSource.read(replace(self, rules=(*self.rules, _before_it_began(begun))), job, file, given)


def _first_days(job: Job) -> dict[str, date]:
    """Reference of a contract → the first day that the register has of it."""
    register = job.table("contracts")
    if not register.is_file():
        return {}
    sql = f"""SELECT upper(trim(contract_reference)) AS reference, min(start_date) AS first_day FROM {parquet_sql(register)}
        WHERE contract_reference IS NOT NULL GROUP BY 1"""
    return dict(job.con.execute(sql).fetchall())


def _before_it_began(begun: dict[str, date]) -> Rule:
    def broken(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
        pairs = zip(values["contract_reference"], values["decided"], strict=True)
        early = [
            bool(day and reference and day < begun.get(same_reference(reference), date.min))
            for reference, day in pairs
        ]
        return pd.Series(early, values.index, dtype=bool)

    remedy = "Correct the day, or the reference; the contracts register has the day on which the contract began."
    return Rule(broken, "decided before the contract began", remedy, "decided")


def _before_its_review(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
    pairs = zip(values["review_begun"], values["decided"], strict=True)
    return pd.Series([bool(begun and day and day < begun) for begun, day in pairs], values.index, dtype=bool)


SOURCE = Reviews(
    name="insourcing",
    title="insourcing (reviews of contracts)",
    absent="no register of reviews and decisions on insourcing was supplied",
    turn=2,
    has_form=True,
    roles_only=True,
    fields={
        "contract_reference": Field(("contract reference",), RAW),
        "service": Field(("service",), TEXT),
        "review_begun": Field(("review begun on",), DAY, stored="review_begun_date"),
        "test_value": Field(("test part 1: value",), choice(*ANSWERS)),
        "test_social": Field(("test part 1: social value", "part 1: social value"), choice(*ANSWERS)),
        "test_economy": Field(("test part 1: economy", "part 1: economy"), choice(*ANSWERS)),
        "test_readiness": Field(("test part 2: readiness",), choice(*ANSWERS)),
        "contract_cost": Field(("contract cost a year",), POUNDS, stored="contract_cost_gbp"),
        "in_house_cost": Field(("in-house cost a year",), POUNDS, stored="in_house_cost_gbp"),
        "transition": Field(("transition cost",), POUNDS, stored="transition_gbp"),
        "posts": Field(("posts (fte)",), NUMBER, stored="posts_fte"),
        "decision": Field(("decision",), choice(*DECISIONS)),
        "decided": Field(("decided on",), DAY, stored="decided_date"),
        "decided_role": Field(("decided by (role)",), TEXT),
        "reason": Field(("reason",), TEXT),
        "start_in_house": Field(("start in house",), DAY, stored="start_in_house_date"),
        "first_sold": Field(("first sold externally on",), DAY, stored="first_sold_date"),
        "case_study_address": Field(("case study address",)),
        "case_study": Field(("case study on",), DAY, stored="case_study_date"),
    },
    required=("contract_reference", "service", "decision"),
    marks=frozenset({"test_value", "test_readiness", "start_in_house", "in_house_cost"}),
    key=("contract_reference", "service"),
    rules=(
        missing("contract_reference", "no contract reference", "Give the reference of the register.", "service"),
        missing("service", "no service", "Name the service.", "contract_reference"),
        not_listed("decision", "the decision", DECISIONS),
        *below_nought("contract_cost", "in_house_cost", "transition", "posts"),
        Rule(
            _before_its_review,
            "decided before its review began",
            "Correct one of the two days.",
            "decided",
        ),
    ),
    checks=(
        *given("contract_reference", "service", "decision"),
        one_of("decision", *DECISIONS),
        *(check for test in TESTS for check in (one_of(test, *ANSWERS),)),
    ),
)
