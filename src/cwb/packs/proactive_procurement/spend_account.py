"""Every pound of the ledger once: from all spend to what was paid under a live contract of the register."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cwb.base.rows import Row
from cwb.charts.wording import mid_sentence
from cwb.lines.contract_cover import Cover
from cwb.packs.exhibits import POUNDS, SHARE, or_why, range_text, ratio, taken_out
from cwb.packs.local_supplier_base.total_spend import total_spend
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.proactive_procurement.covered import IS_LIVE, IS_UNCOVERED, NEEDS_NONE
from cwb.packs.questions import always, as_float, share, total

ALL, REST = "All spend", "Under a live contract"
# In the order in which they leave the account; what is left is under a live contract.
_STEPS = {
    Cover.CARD: "Purchase cards",
    Cover.CLASS: "No contract needed",
    Cover.NONE: "No contract found",
    Cover.UNSETTLED: "Supplier not stated, or its match under review",
    Cover.NOT_BEGUN: "Contract not begun on that day",
    Cover.ENDED: "Only contracts that had ended",
    Cover.OPEN: "Contract without a stated end",
}


@measure(
    Definition(
        "live_contract_spend", "Spend under a live contract", "gbp", "total",
        "Payments to suppliers that had a contract in force on the register on the day of payment. High: contracts of unknown end were "
        "in force, and so were those of suppliers that are not settled.",
        version=2,
    ),
    Definition(
        "live_contract_share", "Share of spend under a live contract", "share", "share",
        "Payments under a live contract divided by all payments of the ledger. High: as for those payments.",
        version=2,
    ),
    Definition(
        "exempt_spend", "Spend that needs no contract", "gbp", "total",
        "Payments by purchase card below the limit, and of the classes of spend that need no row on the register.",
    ),
    Definition(
        "uncovered_spend", "Spend without a contract", "gbp", "total",
        "Payments to suppliers of which no contract is on the register, by reference, number, name or match.",
        excluded="Cards and classes that need no contract.",
    ),
    question="How much of what we spend is under a contract of the register?",
    needs=("spend_lines", "contract_lines"),
    main=("live_contract_share",),
    columns=(
        Column("step", "Where the pounds stand"),
        POUNDS,
        SHARE,
        Column("lines", "Payment lines", "count"),
        Column("suppliers", "Named suppliers", "count", missing=""),
    ),
)  # fmt: skip
def spend_account(data: PackData) -> Result:
    """Every pound of the period's ledger in exactly one place.

    One row per place, in the order in which they leave the account: `step`, `pounds_gbp` (net; it sums to the ledger),
    `share`, `lines`, `suppliers` (those named; None where no line names one). The first row is all of it, the last what is left: paid
    under a live contract.
    """
    lines = data.spend()
    answers = ask(
        data,
        total("live_contract_spend", of=lines, where=IS_LIVE, within="cover"),
        replace(share("live_contract_share", of=lines, where=IS_LIVE), group="cover"),
        total("exempt_spend", of=lines, where=always(NEEDS_NONE), within="cover"),
        total("uncovered_spend", of=lines, where=IS_UNCOVERED, within="cover"),
    )
    sql = f"""SELECT cover, exempt_class, sum(amount_gbp) AS pounds, count(*) AS lines, count(DISTINCT supplier_key) AS suppliers
        FROM {lines.source} WHERE {lines.condition} GROUP BY cover, exempt_class ORDER BY cover, exempt_class"""
    is_own = any(report.kept for report in data.lineage.of("contract_classes"))
    return Result.of(answers, _rows(data.rows(sql)), sql, facts={"classes": OWN if is_own else OURS})


OWN = "The classes that need no contract are the list that the council approved."
OURS = (
    "The classes that need no contract are a proposal that no role has approved yet: the procurement team can list the council's own "
    "and have them approved."
)


def _rows(found: list[Row]) -> pd.DataFrame:
    """A class is a row of its own; the other places are one row each, also where nothing is there."""
    whole = sum(row["pounds"] for row in found)
    everyone = {"lines": sum(row["lines"] for row in found), "suppliers": None}
    rows = [_row(ALL, {"pounds": whole, **everyone}, whole)]
    for cover, step in _STEPS.items():
        own = [row for row in found if row["cover"] == cover]
        if cover == Cover.CLASS:
            own.sort(key=lambda row: -row["pounds"])
            rows += [_row(f"{step}: {mid_sentence(row['exempt_class'])}", row, whole) for row in own]
        else:
            rows += [_row(step, row, whole) for row in own]
    left = [row for row in found if row["cover"] == Cover.LIVE]
    rows.append(_row(REST, left[0] if left else {"pounds": 0, "lines": 0, "suppliers": 0}, whole))
    return pd.DataFrame(rows)


def _row(step: str, row: Row, whole: object) -> dict[str, object]:
    return {
        "step": step,
        "pounds_gbp": as_float(row["pounds"]),
        "share": ratio(row["pounds"], whole),  # type: ignore[arg-type]
        "lines": row["lines"],
        "suppliers": None if row["lines"] and not row["suppliers"] else row["suppliers"],
    }


@spend_account.shown
def exhibit(m: Measured) -> Shown:
    live, exempt, none = (m[name] for name in ("live_contract_share", "exempt_spend", "uncovered_spend"))
    passed_on = total_spend(m.data)["pass_through_spend"]
    return Shown(
        title=f"{live} of spend was under a live contract"
        if live.value is not None
        else "How much of spend was under a live contract is not known",
        subtitle=f"Every pound of the ledger once, from all spend to what was paid under a live contract. {m.where}",
        chart=taken_out(list(m.table["step"]), list(m.table["pounds_gbp"])),
        says=(
            f"{or_why(live, f'{live} of spend was under a live contract{range_text(live)}.', 'How much was under a live contract')} "
            f"{exempt} needs no contract, and for {none} no contract is on the register{range_text(none)}.",
            f"{m.facts['classes']} A contract is live from its first day to its last, possible extensions included. That a supplier "
            "has a contract does not show that a payment belongs to it.",
            or_why(
                passed_on,
                f"{passed_on} was decided to be money passed on: it is no spend, and in none of these rows.",
                "How much more is money passed on, and so in none of these rows",
            ),
        ),
        caption="Every pound of the ledger once",
    )
