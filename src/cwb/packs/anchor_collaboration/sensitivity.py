"""The anchors' picture under other choices."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cwb.charts.tables import Column
from cwb.lines.agreements import REGISTER
from cwb.packs.anchor_collaboration.contracts import Contract, clusters, ending_contracts, why_no_groups
from cwb.packs.anchor_collaboration.doubtful import of_contracts_known
from cwb.packs.anchor_collaboration.payments import local_share, local_sums, payments, threshold
from cwb.packs.choices import least_and_most
from cwb.packs.exhibits import counted, dots
from cwb.packs.measure import Definition, Measured, PackData, Result, Shown, Undefined, ask, measure, undefined
from cwb.packs.questions import CONTRACT, always, as_table

_FINDINGS = ("option_count_least", "option_count_most")
_REPORTED = "As reported"


@dataclass(frozen=True)
class ContractUnderChoice(Contract):
    """A contract under one choice: whether a group of contracts begins with it."""

    choice: str
    is_first: bool


@measure(
    Definition(
        "option_count_least", "Groups of contracts, least", "count", "derived",
        "The least number of groups of aligned contracts under the choices shown.",
    ),
    Definition(
        "option_count_most", "Groups of contracts, most", "count", "derived",
        "The greatest number of groups of aligned contracts under the choices shown.",
    ),
    question="How far does the picture depend on choices?",
    needs=(),
    columns=(
        Column("choice", "Choice"),
        Column("options", "Groups of contracts", "count", missing=""),
        Column("local_share", "Local share of all bodies", "share", missing=""),
    ),
)  # fmt: skip
def sensitivity(data: PackData) -> Result:
    """How options and the local share of all bodies move under other choices.

    One row per choice: `choice`, `options` (groups of contracts; None where the choice is about spend alone, and
    for nought where that is not known), `local_share`
    (of all bodies; None where it is about contracts alone, or too few places are known).
    """
    reason, contracts, window = (
        why_no_groups(data),
        ending_contracts(data),
        data.settings.collaboration.window_months,
    )
    named = tuple(contract for contract in contracts if contract.origin == REGISTER)
    more = 2 * threshold(data)
    firsts = {
        _REPORTED: _firsts(contracts, window),
        **{f"Ends within {n} months of each other": _firsts(contracts, n) for n in (window // 2, 2 * window)},
        "Registers alone, without award notices": _firsts(named, window),
    }
    shares = {
        _REPORTED: _share(data, None),
        "All payments, each body over its own threshold": _share(data, 0),
        f"Payments over £{more:,.0f}": _share(data, more),
    }
    if reason and all(known is None for known in shares.values()):
        raise Undefined(f"{reason}, and no local share of payments is known")
    counts = {} if reason else {choice: len(first_keys) for choice, first_keys in firsts.items()}
    rows = [[choice, counts.get(choice), shares.get(choice)] for choice in {**counts, **shares}]
    table = pd.DataFrame(rows, columns=["choice", "options", "local_share"], dtype=object)
    if reason:
        return Result(undefined(data, _FINDINGS, reason), table)
    every = [
        ContractUnderChoice(**vars(contract), choice=choice, is_first=contract.contract_key in first_keys)
        for choice, first_keys in firsts.items()
        for contract in contracts
    ]
    lines = data.add_table("contracts_by_choice", as_table(ContractUnderChoice, every), ("agreement_lines",))
    answers = ask(data, *least_and_most(*_FINDINGS, lines, always("is_first"), CONTRACT))
    answers.findings = of_contracts_known(data, answers.findings)
    if answers[_FINDINGS[0]].value is None:
        # Where others may be aligned no group that is known is not none.
        table["options"] = table["options"].replace(0, None)
    return Result.of(answers, table)


def _firsts(contracts: tuple[Contract, ...], window_months: int) -> set[str]:
    """The first contract of each group."""
    return {group.contracts[0].contract_key for group in clusters(contracts, window_months)}


def _share(data: PackData, least: float | None) -> float | None:
    return local_share(data, local_sums(data, payments(data, least)).get(None))


@sensitivity.shown
def exhibit(m: Measured) -> Shown:
    least, most = (m[name] for name in _FINDINGS)
    title = f"Between {least} and {most} groups of contracts under other choices"
    drawn = m.table[m.table["options"].notna()]
    if least.value is None:
        has_share = m.table["local_share"].notna().any()
        of = "The local share of all bodies" if has_share else "Groups of contracts that are known,"
        title = f"{of} under other choices"
        if not has_share and drawn.empty:
            title = "Groups of contracts are not known under any choice"
    elif least.value == most.value or not least.is_stated:
        title = f"{counted(least, 'group', 'groups')} of contracts under every choice"
    says = [*least.caveats]
    if m.table["local_share"].nunique() > 1:
        says.append("The local share moves with the amount over which payments are compared.")
    if most.value:
        says.append(
            "A shorter window parts a group in two, so that there can be more groups and fewer contracts in them."
        )
    return Shown(
        title=title,
        subtitle=f"Groups of contracts, and local share of all bodies, under each choice. {m.where}",
        chart=dots(drawn["choice"], drawn["options"], "count") if len(drawn) else None,
        says=(" ".join(says),) if says else (),
        caption="Groups of contracts and local share under other choices",
    )
