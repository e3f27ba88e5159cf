"""Whether the sustainability checklist is completed for the procurements of the period."""

from __future__ import annotations

from cwb.packs.contract_emissions.commitments import SHARE, commitment_findings
from cwb.packs.exhibits import or_why, range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import PLACE, Fact, Relation, Thing, count, number, numbered, share

PROCUREMENT = Thing("reference", "reference", "procurements")
IS_COMPLETED = Fact(
    "is_completed",
    "whether the checklist was completed is known",
    "A list of all procurements that says of each whether its checklist is completed would settle it.",
)


def _procurements(data: PackData, listed: Relation) -> Relation:
    """Procurements of the list, and as many contracts of the register that begin in the period as there are more of them: of
    these it is not known whether the checklist was completed."""
    begun = data.relation("contract_lines")
    columns = f"{PLACE}, financial_year, quarter_number"
    lines = f"(SELECT {columns}, contract_key FROM {begun.source} WHERE {begun.condition})"
    source = f"""(SELECT {columns}, reference, is_completed FROM checklist_lines UNION ALL
        SELECT {columns}, contract_key AS reference, CAST(NULL AS BOOLEAN) AS is_completed
        FROM (SELECT *, row_number() OVER (ORDER BY contract_key) AS place
            FROM {numbered(lines, "contract_key")} b WHERE nth = 1) c
        WHERE place > {data.count(listed)})"""
    return Relation(source, ("checklist_lines", "contract_lines"), period=data.period, is_of_period=True)


@measure(
    Definition(
        "checklist_share", "Checklists completed", "share", "share",
        "Procurements begun in the period whose checklist is completed divided by all: those on the list, or "
        "the contracts of the register that begin in the period where these are more. High: those that are not "
        "on the list or do not say are completed. Without a register, how many there are is not known.",
        excluded="Procurements without a date.",
        version=3,
    ),
    Definition(
        "checklist_count", "Procurements on the checklist", "count", "count",
        "Procurements begun in the period on the list.",
        excluded="Procurements without a date.",
    ),
    Definition(
        SHARE, "Commitments touched by completed checklists", "share", "share",
        "Commitments that completed checklists of the period touch, divided by those that apply: each commitment of each checklist "
        "counts once. What is not stated may apply or not, and be touched or not.",
        excluded="What is answered does not apply, and commitments that a list names without a number.",
    ),
    question="Is the sustainability checklist completed?",
    needs=("checklist_lines",),
    main=("checklist_share", SHARE),
    columns=(
        Column("commitment", "Commitment of the strategy"),
        Column("touched", "Touched", "count"),
        Column("not_touched", "Not touched", "count", missing=""),
        Column("does_not_apply", "Does not apply", "count", missing=""),
        Column("not_stated", "Not stated", "count", missing=""),
        Column("share", "Touched where it applies", "share"),
        Column("range", "Range, or why it is not known"),
    ),
)  # fmt: skip
def checklist(data: PackData) -> Result:
    """The sustainability checklist: completed procurements of the period, and which commitments they touched.

    One row per commitment: `commitment`, then how many completed checklists say that they `touched` it, `not_touched`, that it
    `does_not_apply`, `not_stated`, and its `share` with the `range` in words; what a list names without a number has only those
    that touched it. The first share is divided by all procurements: those on the list, or the contracts of the register that begin in
    the period where these are more. One that is not on the list, or does not say whether it was completed, bounds it. One without a date
    counts in no period. A list by itself does not say how many are not on it: without a register the first share is undefined. Each commitment with a number has a finding of its own, `commitment_share_item_` and the number.
    """
    listed = data.relation("checklist_lines")
    if not data.count(listed):
        raise Undefined(f"no procurement of {data.period.label} is on the list")
    answers = ask(
        data,
        share("checklist_share", _procurements(data, listed), IS_COMPLETED, by=None, per=PROCUREMENT).unless(
            data.why_not("contract_lines")
        ),
        count("checklist_count", listed, per=PROCUREMENT),
    )
    findings, rows, sql = commitment_findings(data)
    return Result(answers.findings | findings, rows, sql=(*answers.sql, *sql))


@checklist.shown
def exhibit(m: Measured) -> Shown:
    share, listed, touched = m["checklist_share"], m["checklist_count"], m[SHARE]
    title = f"The checklist is completed for {share} of {number(share.of or 0, 'count')} procurements"
    if share.value is None:
        title = f"Completed checklists touch {touched} of the commitments that apply"
    return Shown(
        title=title,
        subtitle=f"Completed checklists by the commitments that each touched. {m.where}",
        says=(
            or_why(
                share,
                f"Completed divided by procurements begun in the period: {share}{range_text(share)}.",
                "For which part of the procurements begun in the period it is completed",
            )
            + f" On the list: {listed}.",
            or_why(
                touched,
                f"Completed checklists touch {touched} of the commitments that apply{range_text(touched)}.",
                "How far each commitment is touched where it applies",
            ),
        ),
        caption="Completed checklists by what they say of each commitment",
        paper=Paper.SENTENCES,
    )
