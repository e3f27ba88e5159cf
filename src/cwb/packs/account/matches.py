"""How suppliers were matched to organisations on registers, and by what evidence."""

from __future__ import annotations

import pandas as pd

from cwb.packs.account.register_dates import old_registers
from cwb.packs.exhibits import bars, or_why, palette, sentence_case
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import IS_MATCHED, IS_UNDER_REVIEW, share

_EVIDENCE = 10
_STATUS = {"matched": "Matched", "review": "Waits for a decision", "no match": "Not matched"}


@measure(
    Definition(
        "matched_spend_share", "Spend matched to organisations", "share", "share",
        "Spend of the period with suppliers whose match to an organisation on a register stands (number given; "
        "same name and place; probable from the accepted probability; decided) divided by all spend. High: "
        "every match under review stands too.",
        excluded="Individuals, who are never matched; withheld names.",
        version=2,
    ),
    Definition(
        "review_spend_share", "Spend under review", "share", "share",
        "Spend with suppliers whose best candidate waits for an analyst's decision divided by all spend.",
    ),
    Definition(
        "matched_supplier_share", "Suppliers matched to organisations", "share", "share",
        "Suppliers paid in the period whose match stands divided by all suppliers paid.",
        excluded="Withheld and missing names.",
    ),
    question="How were suppliers matched to organisations?",
    main=("matched_spend_share",),
    pack="every",
)  # fmt: skip
def matches(data: PackData) -> Result:
    """How the suppliers paid in the period were matched to organisations on registers, and by what evidence.

    One row per status and kind of evidence, most spend first: `status`, `evidence`, `suppliers`, `pounds_gbp`, `share`.
    Withheld and missing names have a row, and count in no number of suppliers.
    """
    lines = data.spend()
    answers = ask(
        data,
        share("matched_spend_share", of=lines, where=IS_MATCHED),
        share("review_spend_share", of=lines, where=IS_UNDER_REVIEW),
        share(
            "matched_supplier_share", of=lines.where("supplier_key IS NOT NULL"), where=IS_MATCHED, by=None,
            caveats=old_registers(data),
        ),
    )  # fmt: skip
    all_spend = answers.sums["matched_spend_share"].all
    if all_spend <= 0:
        raise Undefined("there is no spend to match")
    sql = f"""SELECT match_status, match_evidence, count(DISTINCT supplier_key) AS suppliers, sum(amount_gbp) AS pounds
        FROM {lines.source} WHERE {lines.condition} GROUP BY match_status, match_evidence
        ORDER BY match_status, match_evidence"""
    rows = [
        {
            "status": row["match_status"],
            "evidence": row["match_evidence"],
            "suppliers": row["suppliers"],
            "pounds_gbp": float(row["pounds"]),
            "share": float(row["pounds"] / all_spend),
        }
        for row in data.rows(sql)
    ]
    order = list(_STATUS)
    rows.sort(key=lambda row: (order.index(row["status"]), -row["pounds_gbp"], row["evidence"]))
    table = pd.DataFrame(rows)
    return Result.of(answers, table.assign(status=table["status"].map(_STATUS)), sql)


@matches.shown
def exhibit(m: Measured) -> Shown:
    matched, review, suppliers = (
        m[name] for name in ("matched_spend_share", "review_spend_share", "matched_supplier_share")
    )
    largest = m.table.head(_EVIDENCE)
    by_number = or_why(
        suppliers, f"{suppliers} of suppliers are matched.", "The share of suppliers that are matched"
    )
    title = (
        f"{matched} of spend is with known organisations, by a given number or a register"
        if matched.is_stated
        else "How much of spend is with known organisations is not known"
    )
    return Shown(
        title=title,
        subtitle=f"Spend by how its supplier was matched, and by what evidence. {m.where}",
        chart=bars(
            largest["evidence"].map(sentence_case),
            largest["pounds_gbp"],
            "gbp",
            groups=largest["status"],
            places=palette(*_STATUS.values()),
        ),
        says=(
            f"{by_number} {review} of spend waits for an analyst's decision; nothing is taken from those matches. "
            "Names that are plainly a person's are never matched.",
            *suppliers.caveats,
        ),
        columns=(
            Column("evidence", "Evidence"),
            Column("status", "Status"),
            Column("suppliers", "Suppliers", "count"),
            Column("pounds_gbp", "Pounds (£)", "gbp"),
            Column("share", "Share of spend", "share"),
        ),
        caption="Suppliers by how they were matched to organisations",
    )
