"""Whether the sustainability checklist is completed for the procurements of the period."""

from __future__ import annotations

from collections import Counter

from cwb.packs.exhibits import range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import Fact, Relation, Thing, count, number, share

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
    columns = "source_file, source_sheet, source_row, financial_year, quarter_number"
    added = ", ".join(f"min({column}) AS {column}" for column in columns.split(", "))
    source = f"""(SELECT {columns}, reference, is_completed FROM checklist_lines UNION ALL
        SELECT {columns}, contract_key AS reference, CAST(NULL AS BOOLEAN) AS is_completed
        FROM (SELECT *, row_number() OVER (ORDER BY contract_key) AS place FROM (
            SELECT contract_key, {added} FROM {begun.source} WHERE {begun.condition} GROUP BY contract_key) b) c
        WHERE place > {data.count(listed)})"""
    return Relation(source, ("checklist_lines", "contract_lines"), period=data.period, is_of_period=True)


@measure(
    Definition(
        "checklist_share", "Checklists completed", "share", "share",
        "Procurements begun in the period whose checklist is completed divided by all: those on the list, or "
        "the contracts of the register that begin in the period where these are more. High: those that are not "
        "on the list or do not say are completed.",
        excluded="Procurements without a date.",
        version=2,
    ),
    Definition(
        "checklist_count", "Procurements on the checklist", "count", "count",
        "Procurements begun in the period on the list.",
        excluded="Procurements without a date.",
    ),
    question="Is the sustainability checklist completed?",
    needs=("checklist_lines",),
    main=("checklist_share",),
)  # fmt: skip
def checklist(data: PackData) -> Result:
    """The sustainability checklist: completed procurements of the period, and which commitments they touched.

    One row per commitment, most first: `commitment`, `procurements` (completed ones that touched it). Divided by all
    procurements: those on the list, or the contracts of the register that begin in the period where these are more. One that
    is not on the list, or does not say whether it was completed, bounds the share. One without a date counts in no period.
    """
    listed = data.relation("checklist_lines")
    if not data.count(listed):
        raise Undefined(f"no procurement of {data.period.label} is on the list")
    answers = ask(
        data,
        share("checklist_share", _procurements(data, listed), IS_COMPLETED, by=None, per=PROCUREMENT),
        count("checklist_count", listed, per=PROCUREMENT),
    )
    sql = f"""SELECT commitments, count(*) AS n FROM {listed.source} WHERE {listed.condition} AND is_completed
        AND commitments IS NOT NULL GROUP BY commitments ORDER BY commitments"""
    touched: Counter[str] = Counter()
    for row in data.rows(sql):
        touched.update({name.strip(): row["n"] for name in row["commitments"].split(";") if name.strip()})
    rows = sorted(touched.items(), key=lambda item: (-item[1], item[0]))
    return Result.of(answers, rows, sql, columns=["commitment", "procurements"])


@checklist.shown
def exhibit(m: Measured) -> Shown:
    share, listed = m["checklist_share"], m["checklist_count"]
    return Shown(
        title=f"The checklist is completed for {share} of {number(share.of or 0, 'count')} procurements",
        subtitle=f"Completed checklists by the commitments that each touched. {m.where}",
        says=(
            f"Completed divided by procurements begun in the period: {share}{range_text(share)}; {listed} are on the list.",
        ),
        columns=(
            Column("commitment", "Commitment of the strategy"),
            Column("procurements", "Procurements that touched it", "count"),
        ),
        caption="Commitments touched by completed checklists",
    )
