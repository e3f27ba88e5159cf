"""Returns of social value from contracts that are not on the portal: one row a measure, contract and quarter.

Columns: `contract_reference`, `measure`, `unit`, `committed_quantity` (of the whole contract), `delivered_quantity` (of the
period), `period_from`, `period_to`, `is_local`, `is_only_this` (the figure is of this contract and period alone), `is_commitment` (it
was promised in the contract), `has_evidence`, `is_checked` (a role that checked it is given), and the source columns; who supplied
and who checked are not kept. Refused: no contract, one that the register does not list where a register was supplied, no
measure, no unit, a period that ends before it begins, a question of the form without yes or no. A file with a column of persons
is refused whole. The two questions are those of Essex County Council's form (formats-strategy.md 2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cwb.base.references import same_reference
from cwb.sources.constraints import given
from cwb.sources.datasets.contract_performance import PERIOD_RULES
from cwb.sources.fields import DAY, FLAG, LAST_DAY, NUMBER, TEXT, Field, Kind, Rule, below_nought, missing
from cwb.sources.report import FileReport, RawFile
from cwb.sources.source import Job
from cwb.sources.tables import TableSource
from cwb.sources.unread import states_nothing

# Whether a cell says anything: evidence may name persons, and only that there is some is needed.
STATED = Kind(
    pa.bool_(), lambda text: not states_nothing(text) and str(text).strip().lower() not in ("no", "none")
)


@dataclass(frozen=True, kw_only=True)
class _Returns(TableSource):
    """Returns, of contracts that the register lists where there is one. The register is stored a turn before."""

    def store(self, job: Job, files: Sequence[RawFile]) -> list[FileReport]:
        return TableSource.store(replace(self, rules=(*self.rules, *_listed(job))), job, files)


def _listed(job: Job) -> tuple[Rule, ...]:
    """The rule that a return is of a contract of the register; none where no register was supplied."""
    register = job.table("contracts")
    if not register.is_file():
        return ()
    references = pq.read_table(register, columns=["contract_reference"])["contract_reference"].to_pylist()
    known = {same_reference(reference) for reference in references if reference}

    def broken(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
        return ~values["contract_reference"].map(same_reference).isin(known)

    return (
        Rule(
            broken,
            "the contracts register lists no such contract",
            "Write the reference as the register has it, or add the contract to the register.",
            "contract_reference",
        ),
    )


SOURCE = _Returns(
    name="social_value_returns",
    absent="no contract outside the portal returned the form “social value returns”",
    has_form=True,
    roles_only=True,
    turn=2,
    fields={
        "contract_reference": Field(("contract reference",)),
        "supplier": Field(("supplier name",), TEXT, stored=None),
        "measure": Field(("measure",), TEXT),
        "unit": Field(("unit",), TEXT),
        "committed_quantity": Field(("committed quantity",), NUMBER),
        "delivered_quantity": Field(("delivered quantity",), NUMBER),
        "period_from": Field(("period from",), DAY),
        "period_to": Field(("period to",), LAST_DAY),
        "is_local": Field(("local",), FLAG),
        "is_only_this": Field(("relates only to this contract and period",), FLAG),
        "is_commitment": Field(("was a commitment in the contract",), FLAG),
        "evidence": Field(("evidence",), STATED, stored="has_evidence"),
        "checked": Field(("checked by (role)",), STATED, stored="is_checked"),
    },
    required=("contract_reference", "measure", "unit", "period_from", "period_to", "is_only_this", "is_commitment"),
    marks=frozenset({"is_only_this", "is_commitment"}),
    key=("contract_reference", "measure", "unit", "period_from", "period_to"),
    rules=(
        missing("contract_reference", "no contract", "Give the reference of the contract.", "measure"),
        missing("measure", "no measure", "Say what was promised or done.", "contract_reference"),
        Rule(
            lambda _, values: values["committed_quantity"].notna() & values["unit"].isna(),
            "a target without a unit", "Say what is counted: people, hours, tonnes.", "measure",
        ),
        missing("unit", "no unit", "Say what is counted: people, hours, tonnes, £.", "measure"),
        missing("is_only_this", "whether it is of this contract and period alone is not stated", "Write yes or no.", "is_only_this"),
        missing("is_commitment", "whether the contract promised it is not stated", "Write yes or no.", "is_commitment"),
        *below_nought("committed_quantity"),
        *PERIOD_RULES,
    ),
    checks=given(
        "contract_reference", "measure", "unit", "period_from", "period_to", "is_only_this", "is_commitment", "has_evidence", "is_checked"
    ),
)  # fmt: skip
