"""Which contracts of several anchors end near each other."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from cwb.charts.wording import counted, or_why, sentence_case
from cwb.packs.anchor_collaboration.contracts import (
    ANNUAL,
    GROUP,
    Contract,
    Group,
    ask_pounds,
    category_name,
    ending_contracts,
    groups,
)
from cwb.packs.anchor_collaboration.doubtful import of_contracts_known
from cwb.packs.market.horizon import ahead
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, ask, measure
from cwb.packs.questions import CONTRACT, always, as_table, count, total

_COLUMNS = ["category", "body", "title", "reference", "end_date", "annual_gbp", "origin"]


@dataclass(frozen=True)
class EndingContract(Contract):
    """A contract with its group; both columns are NULL where it is in none."""

    group_key: str | None
    group_name: str | None

    @classmethod
    def of(cls, contract: Contract, group: Group | None) -> EndingContract:
        key, name = (group.key, group.name) if group else (None, None)
        return cls(**vars(contract), group_key=key, group_name=name)


@measure(
    Definition(
        "aligned_group_count", "Groups of aligned contracts", "count", "count",
        "Groups of contracts of at least two bodies in one product group (the first three digits of CPV) that end within the window "
        "of the group's first.",
        excluded="Contracts without a product code or a last day, those that have not begun by the end of the period, and those that do not end in the months looked ahead.",
    ),
    Definition(
        "aligned_contract_count", "Aligned contracts", "count", "count",
        "Contracts in such groups.",
        excluded="Contracts without a product code or a last day, those that have not begun by the end of the period, and those that do not end in the months looked ahead.",
    ),
    Definition(
        "aligned_annual_value", "Aligned contracts a year", "gbp", "total",
        "Sum of the values a year of the contracts in such groups.",
        excluded="Contracts without a value or a term.",
    ),
    question="Which contracts of several anchors end near each other?",
    needs=(),
    main=("aligned_group_count",),
    columns=(
        Column("category", "Category"),
        Column("body", "Body"),
        Column("title", "Contract"),
        Column("end_date", "Ends"),
        Column("annual_gbp", "A year (£)", "gbp"),
        Column("origin", "Source"),
        Column("reference", "Reference", csv_only=True),
    ),
)  # fmt: skip
def aligned(data: PackData) -> Result:
    """Contracts of two bodies or more in one category that end within the window of each other. Those that state too little may make more
    groups, or join two.

    One row per contract, groups to which the smaller buyers add most first, then by end: `category` (CPV group, three digits), `body`,
    `title`, `reference`, `end_date`, `annual_gbp`, `origin`. Contracts without a CPV code or an end are left out.
    """
    found = sorted(groups(data), key=lambda group: group.partner_gbp or 0, reverse=True)
    group_of = {contract.contract_key: group for group in found for contract in group.contracts}
    every = [
        EndingContract.of(contract, group_of.get(contract.contract_key)) for contract in ending_contracts(data)
    ]
    lines = data.add_table("ending_contracts", as_table(EndingContract, every), ("agreement_lines",))
    grouped_lines = lines.where("group_key IS NOT NULL")
    answers = ask(
        data,
        count("aligned_group_count", of=grouped_lines, per=GROUP),
        count("aligned_contract_count", of=lines, where=always("group_key IS NOT NULL"), per=CONTRACT),
    )
    contracts = [contract for group in found for contract in group.contracts]
    value = total("aligned_annual_value", of=grouped_lines, by=ANNUAL, per=CONTRACT)
    findings = of_contracts_known(data, answers.findings | ask_pounds(data, contracts, value))
    return replace(Result.of(answers, pd.DataFrame(_rows(found), columns=_COLUMNS)), findings=findings)


def _rows(found: list[Group]) -> list[list[object]]:
    return [
        [
            category_name(c.cpv_code), c.body, c.title, c.reference, f"{c.last_day:%d %b %Y}",
            None if c.annual_gbp is None else float(c.annual_gbp), c.origin,
        ]
        for group in found
        for c in group.contracts
    ]  # fmt: skip


@aligned.shown
def exhibit(m: Measured) -> Shown:
    many, near, value = m["aligned_group_count"], m["aligned_contract_count"], m["aligned_annual_value"]
    months = m.data.settings.collaboration.window_months
    worth = or_why(value, f"Together they come to {value} a year.", "What they are worth")
    title = f"{near} contracts in {counted(many, 'group', 'groups')} end within {months} months of each other"
    if not many.is_stated:
        title = f"{near} contracts end within {months} months of each other"
    if near.value == 0:
        title = f"No contracts of two anchors end within {months} months of each other"
        worth = f"Contracts were supplied; no two bodies have one in the same product group that end within {months} months."
    return Shown(
        title=sentence_case(title),
        subtitle=f"Contracts of at least two anchors in one product group. {ahead(m.data)}",
        says=(worth, *many.caveats),
        caption="Contracts of several anchors that end near each other",
        paper=Paper.SENTENCES,
        most_rows=25,
    )
