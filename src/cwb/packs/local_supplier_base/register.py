"""What the contracts register says of contracts that start in the period."""

from __future__ import annotations

from cwb.packs.exhibits import PLACES, counted, range_sentence, sentence_case
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import CONTRACT, CONTRACT_VALUE, IS_LOCAL, as_float, count


@measure(
    Definition(
        "register_count", "Contracts on the register", "count", "count",
        "Number of contracts of the register that start in the period.",
        excluded="Rows without a start date.",
    ),
    Definition(
        "register_local_count", "Local contracts on the register", "count", "count",
        "Contracts of the register that start in the period and have a local supplier.",
    ),
    question="What does the contracts register say?",
    needs=("contract_lines",),
    columns=(
        Column("place", "Supplier's place"),
        Column("contracts", "Contracts", "count"),
        Column("value_gbp", "Value stated, over the whole term (£)", "gbp"),
        Column("without_value", "Without a value", "count"),
    ),
)  # fmt: skip
def register(data: PackData) -> Result:
    """Contracts of the register that start in the period.

    One row per place: `place`, `contracts`, `value_gbp` (whole term, as published; at least that where a contract states none),
    `without_value`. Rows of one reference and start are one contract, local when one of its suppliers is; where they state several
    values these are of lots, and add up.
    """
    lines = data.relation("contract_lines")
    if not data.count(lines):
        raise Undefined(f"no contract of the register starts in {data.period.label}")
    sql = f"""WITH contracts AS (
            SELECT contract_key, {CONTRACT_VALUE} AS value,
                CASE WHEN count(*) FILTER (WHERE is_local) > 0 THEN 1
                     WHEN count(*) FILTER (WHERE is_local IS NULL) > 0 THEN NULL ELSE 0 END AS is_local
            FROM contract_lines WHERE {lines.condition} GROUP BY contract_key)
        SELECT is_local, count(*) AS contracts, sum(value) AS value, count(value) AS valued FROM contracts GROUP BY is_local ORDER BY is_local"""
    found = {row["is_local"]: row for row in data.rows(sql)}
    rows = []
    for place, key in zip(PLACES, (1, 0, None), strict=True):
        row = found.get(key, {"contracts": 0, "value": 0, "valued": 0})
        rows.append([place, row["contracts"], as_float(row["value"]), row["contracts"] - row["valued"]])
    answers = ask(
        data,
        count("register_count", of=lines, per=CONTRACT),
        count("register_local_count", of=lines, where=IS_LOCAL, per=CONTRACT),
    )
    return Result.of(answers, rows, sql)


@register.shown
def exhibit(m: Measured) -> Shown:
    started, local = m["register_count"], m["register_local_count"]
    title = (
        f"{sentence_case(f'{local}')} of {counted(started, 'contract', 'contracts')} starting in the period went to local "
        "suppliers"
        if local.value is not None
        else f"{counted(started, 'contract starts', 'contracts start')} in the period; how many are local is not known"
    )
    return Shown(
        title=title,
        subtitle=f"Contracts of the council's register by their start date. {m.where}",
        says=(
            *range_sentence("How many went to local suppliers", local),
            "Register and notices overlap, so the two are never added together.",
        ),
        caption="Contracts of the register that start in the period",
    )
