"""Reviews of contracts and what was decided, as the form of insourcing asks for them: the register of reviews and the roadmap.

One row per contract and service. Costs are those of a year. The public interest test has two parts, of three answers and of one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from cwb.base.database import parquet_sql
from cwb.base.references import same_reference
from cwb.sources.fields import COMPARED_REFERENCE, DAY, NUMBER, POUNDS, TEXT, Field, Rule, choice
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


def _answer(about: str, *headings: str) -> Field:
    return Field(headings, choice(*ANSWERS), f"answer of the public interest test: {about}")


SOURCE = Reviews(
    name="insourcing",
    title="insourcing (reviews of contracts)",
    absent="no register of reviews and decisions on insourcing was supplied",
    turn=2,
    has_form=True,
    roles_only=True,
    fields={
        "contract_reference": Field(
            ("contract reference",), COMPARED_REFERENCE, "reference of the contract"
        ).needed("no contract reference", "Give the reference of the register."),
        "service": Field(("service",), TEXT, "service").needed("no service", "Name the service."),
        "review_begun": Field(("review begun on",), DAY, "day on which the review began", "review_begun_date"),
        "test_value": _answer("value", "test part 1: value"),
        "test_social": _answer("social", "test part 1: social value", "part 1: social value"),
        "test_economy": _answer("economy", "test part 1: economy", "part 1: economy"),
        "test_readiness": _answer("readiness", "test part 2: readiness"),
        "contract_cost": Field(
            ("contract cost a year",), POUNDS, "cost of the contract a year", "contract_cost_gbp", from_nought=True
        ),
        "in_house_cost": Field(
            ("in-house cost a year",), POUNDS, "cost in house a year", "in_house_cost_gbp", from_nought=True
        ),
        "transition": Field(
            ("transition cost",), POUNDS, "cost of bringing it in house", "transition_gbp", from_nought=True
        ),
        "posts": Field(
            ("posts (fte)",),
            replace(NUMBER, line_type="DECIMAL(18,2)"),
            "posts, as full-time ones",
            "posts_fte",
            "people",
            from_nought=True,
        ),
        "decision": Field(("decision",), choice(*DECISIONS), "decision").listed("the decision"),
        "decided": Field(("decided on",), DAY, "day of the decision", "decided_date"),
        "decided_role": Field(("decided by (role)",), TEXT, "role that decided"),
        "reason": Field(("reason",), TEXT, "reason"),
        "start_in_house": Field(("start in house",), DAY, "first day in house", "start_in_house_date"),
        "first_sold": Field(
            ("first sold externally on",), DAY, "day on which it was first sold to others", "first_sold_date"
        ),
        "case_study_address": Field(("case study address",), TEXT, "where the case study is"),
        "case_study": Field(("case study on",), DAY, "day of the case study", "case_study_date"),
    },
    marks=frozenset({"test_value", "test_readiness", "start_in_house", "in_house_cost"}),
    key=("contract_reference", "service"),
    rules=(
        Rule(
            _before_its_review,
            "decided before its review began",
            "Correct one of the two days.",
            "decided",
        ),
    ),
)
