"""How suppliers were matched to organisations on registers, and by what evidence."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pandas as pd

from cwb.entities.remarks import match_remarks
from cwb.packs.account.register_dates import old_registers
from cwb.packs.exhibits import bars, or_why, palette, sentence_case
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import (
    FILE,
    IS_MATCHED,
    IS_UNDER_REVIEW,
    ONE,
    Bounded,
    Finding,
    Question,
    Relation,
    Unanswerable,
    derived,
    exactly,
    share,
)

_EVIDENCE = 10
_REMARKS = 5
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
    Definition(
        "register_at_hand", "Part of the companies register at hand", "share", "derived",
        "Companies that the registers at hand list divided by the number from which the settings take the register to be "
        "whole, at most 1. Below 1 no match rests on a name alone.",
    ),
    question="How were suppliers matched to organisations?",
    main=("matched_spend_share",),
    pack="every",
    columns=(
        Column("evidence", "Evidence"),
        Column("status", "Status"),
        Column("suppliers", "Suppliers", "count"),
        Column("pounds_gbp", "Pounds (£)", "gbp"),
        Column("share", "Share of spend", "share"),
    ),
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
        _register_at_hand(data),
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
    remarks = data.cached("match remarks", lambda one: match_remarks(one.settings))[:_REMARKS]
    facts = {f"remark {place}": text for place, text in enumerate(remarks, 1)}
    return Result.of(answers, table.assign(status=table["status"].map(_STATUS)), sql, facts=facts)


_COMPANIES = """(SELECT source_file, '' AS source_sheet, 1 AS source_row, count(*) AS companies FROM organisations
    WHERE company_number IS NOT NULL GROUP BY source_file)"""


def _register_at_hand(data: PackData) -> Question | Unanswerable:
    """Of each register's file how many companies it lists, over how many a whole register has."""
    whole = data.settings.matching.whole_register
    question = derived(
        "register_at_hand", of=Relation(_COMPANIES, ("organisations",)),
        rule=f"Add up the weights (companies) of the rows and divide by {whole:,}; at most 1.",
        compute=_of_whole(Decimal(whole)), by="companies", per=FILE,
    )  # fmt: skip
    companies = data.relation("organisations").where("company_number IS NOT NULL")
    is_there = data.has("organisations") and data.count(companies) > 0
    return question.unless(None if is_there else "no register of companies was supplied")


def _of_whole(whole: Decimal) -> Callable[[pd.DataFrame], Bounded]:
    @exactly
    def compute(rows: pd.DataFrame) -> Bounded:
        listed = sum(rows["weight"], start=Decimal(0))
        value = min(listed / whole, ONE) if whole else ONE
        return Bounded(value, value, value, ONE)

    return compute


@matches.shown
def exhibit(m: Measured) -> Shown:
    matched, review, suppliers = (
        m[name] for name in ("matched_spend_share", "review_spend_share", "matched_supplier_share")
    )
    largest, at_hand = (
        m.table.sort_values("pounds_gbp", ascending=False, kind="stable").head(_EVIDENCE),
        m["register_at_hand"],
    )
    by_number = or_why(
        suppliers, f"{suppliers} of suppliers are matched.", "The share of suppliers that are matched"
    )
    title = (
        f"{matched} of spend is with organisations known by number or found on a register"
        if matched.is_stated
        else "How much of spend is with known organisations is not known"
    )
    return Shown(
        title=title,
        subtitle=f"Spend by how its supplier was matched, and by what evidence. {m.where}",
        chart=bars(
            [_named(r.evidence, r.status) for r in largest.itertuples()],
            largest["pounds_gbp"],
            "gbp",
            groups=largest["status"],
            places=palette(*_STATUS.values()),
        ),
        says=(
            f"{by_number} {review} of spend waits for an analyst's decision; nothing is taken from those matches. "
            "Names that are plainly a person's are never matched.",
            _register_sentence(at_hand),
            *m.facts.values(),
            *suppliers.caveats,
        ),
        caption="Suppliers by how they were matched to organisations",
    )


def _named(evidence: str, status: str) -> str:
    """The evidence, with the status where matches of the same evidence have two."""
    return sentence_case(evidence) + (f" ({status.lower()})" if status == _STATUS["review"] else "")


def _register_sentence(at_hand: Finding) -> str:
    """What part of the companies register was there to be matched with, and what follows."""
    if not at_hand.is_stated:
        return or_why(at_hand, "", "What part of the companies register is at hand")
    if at_hand.value == 1:
        return "The whole companies register is at hand: a name that is the same, or nearly so, is matched."
    return (
        f"The registers at hand list {at_hand} of the companies that a whole register has, so no supplier is matched by its "
        "name alone: the company of that name may be missing."
    )
