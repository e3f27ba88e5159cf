"""Returns of social value from contracts that are not on the portal: one row a measure, contract and quarter.

Who supplied and who checked are not kept. The two questions are those of Essex County Council's form (formats-strategy.md 2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cwb.base.references import same_reference
from cwb.sources.datasets.contract_performance import ENDS_FIRST, PERIOD
from cwb.sources.fields import COMPARED_REFERENCE, FLAG, QUANTITY, TEXT, Field, Kind, Rule
from cwb.sources.report import FileReport, RawFile
from cwb.sources.source import Job
from cwb.sources.tables import TableSource
from cwb.sources.unread import states_nothing

# Whether a cell says anything: evidence may name persons, and only that there is some is needed.
STATED = Kind(
    pa.bool_(),
    lambda text: not states_nothing(text) and str(text).strip().lower() not in ("no", "none"),
    is_always_given=True,
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
    row="one measure of one contract outside the portal and period",
    absent="no contract outside the portal returned the form “social value returns”",
    has_form=True,
    roles_only=True,
    turn=2,
    fields={
        "contract_reference": Field(
            ("contract reference",), COMPARED_REFERENCE, "reference of the contract"
        ).needed("no contract", "Give the reference of the contract."),
        "supplier": Field(("supplier name",), TEXT, stored=None),
        "measure": Field(("measure",), TEXT, "what was promised or done").needed(
            "no measure", "Say what was promised or done."
        ),
        "unit": Field(("unit",), TEXT, "what is counted").needed(
            "no unit", "Say what is counted: people, hours, tonnes, £."
        ),
        "committed_quantity": Field(
            ("committed quantity",), QUANTITY, "promised over the whole contract", from_nought=True
        ),
        "delivered_quantity": Field(("delivered quantity",), QUANTITY, "delivered in the period"),
        **PERIOD,
        "is_local": Field(("local",), FLAG, "local"),
        "is_only_this": Field(
            ("relates only to this contract and period",), FLAG, "the figure is of this contract and period alone"
        ).needed("whether it is of this contract and period alone is not stated", "Write yes or no."),
        "is_commitment": Field(("was a commitment in the contract",), FLAG, "the contract promised it").needed(
            "whether the contract promised it is not stated", "Write yes or no."
        ),
        "evidence": Field(("evidence",), STATED, "there is evidence", "has_evidence"),
        "checked": Field(("checked by (role)",), STATED, "a role that checked it is given", "is_checked"),
    },
    marks=frozenset({"is_only_this", "is_commitment"}),
    key=("contract_reference", "measure", "unit", "period_from", "period_to"),
    rules=(
        Rule(
            lambda _, values: values["committed_quantity"].notna() & values["unit"].isna(),
            "a target without a unit",
            "Say what is counted: people, hours, tonnes.",
            "measure",
        ),
        ENDS_FIRST,
    ),
)
