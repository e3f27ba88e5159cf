"""How many planned purchases find a local market."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cwb.packs.account.register_dates import old_registers
from cwb.packs.exhibits import bars, or_why, range_text
from cwb.packs.market.grading import PURCHASE, Grade, graded_relation, has_grade, is_served
from cwb.packs.market.horizon import ahead
from cwb.packs.market.missing import as_far_as_known, may_be_more
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import always, as_float, count, number, share

_BY_GRADE = {
    "lines_none": Grade.NONE, "lines_thin": Grade.THIN, "lines_workable": Grade.WORKABLE, "lines_strong": Grade.STRONG,
}  # fmt: skip


@measure(
    Definition(
        "lines_none", "Purchases without a local market", "count", "count",
        "Planned purchases for which no local supplier that could be large enough was found in an industry that supplies them, nor one "
        "that has supplied the same. High: those too whose local market is not known.",
        version=4,
    ),
    Definition(
        "lines_thin", "Purchases with a thin local market", "count", "count",
        "Planned purchases with fewer local suppliers that are large enough than a workable market needs. High: those too whose local "
        "market is not known.",
        version=4,
    ),
    Definition(
        "lines_workable", "Purchases with a workable local market", "count", "count",
        "Planned purchases with as many local suppliers that are large enough as a workable market needs, and that are not strong. "
        "High: those too whose local market is not known.",
        version=4,
    ),
    Definition(
        "lines_strong", "Purchases with a strong local market", "count", "count",
        "Planned purchases with as many local suppliers that are large enough as a strong market needs, enough of which we "
        "have paid as much in one year as a year of the purchase costs. High: those too whose local market is not known.",
        version=4,
    ),
    Definition(
        "lines_not_mapped", "Purchases whose industry is not known", "count", "count",
        "Planned purchases whose CPV or ProClass code or category leads to no industry and that nobody known "
        "has supplied.",
        version=2,
    ),
    Definition(
        "lines_served_share", "Purchases with a workable local market or better", "share", "share",
        "Planned purchases graded workable or strong divided by all. High: those whose industry or register is "
        "not known are too. Not known where a source of planned purchases was not supplied.",
        version=2,
    ),
    question="How many purchases find a local market?",
    needs=(),
    main=("lines_served_share",),
    columns=(
        Column("grade", "Local market"),
        Column("lines", "Purchases", "count"),
        Column("value_gbp", "Value over whole terms, as far as stated (£)", "gbp"),
        Column("below", "Below the threshold", "count"),
    ),
)  # fmt: skip
def grades(data: PackData) -> Result:
    """How many purchases find no, a thin, a workable or a strong local market.

    One row per grade, strongest first: `grade`, `lines`, `value_gbp` (None where none states a value), `below` (lines surely
    below the threshold). The rule is
    `cwb.packs.market.grading.grade_of`; without a register only strong markets are known.
    """
    lines = graded_relation(data)
    sql = f"""SELECT grade, count(*) AS lines, sum(value_gbp) AS value, sum(CASE WHEN is_below THEN 1 ELSE 0 END) AS below
        FROM {lines.source} GROUP BY grade ORDER BY grade"""
    found = sorted(data.rows(sql), key=lambda row: list(Grade).index(row["grade"]))
    rows = [[row["grade"], row["lines"], as_float(row["value"]), int(row["below"])] for row in found]
    is_not_mapped = always(f"grade = '{Grade.NOT_MAPPED}'")
    old = old_registers(data)
    answers = ask(
        data,
        *(
            count(name, of=lines, where=has_grade(data, grade), per=PURCHASE, caveats=old)
            for name, grade in _BY_GRADE.items()
        ),
        count("lines_not_mapped", of=lines, where=is_not_mapped, per=PURCHASE),
        share("lines_served_share", of=lines, where=is_served(data), by=None, per=PURCHASE, caveats=old),
    )
    is_share_known = answers["lines_served_share"].value is not None
    known = as_far_as_known(data, answers, (*_BY_GRADE, "lines_not_mapped", "lines_served_share"))
    # Where a source of purchases is missing the least of each grade is shown, and no share.
    least = next((name for name in _BY_GRADE if known[name].value is not None), "") if is_share_known else ""
    return replace(Result.of(known, rows, sql), reason_of=least)


@grades.shown
def exhibit(m: Measured) -> Shown:
    served, rule = m["lines_served_share"], m.data.settings.gap
    texts = [f"{r.lines:,}{_worth(r.value_gbp)}" for r in m.table.itertuples()]
    title = f"{served} of planned purchases find a workable or strong local market"
    if served.value is None:
        known = [f"{grade.lower()} {m[name]}" for name, grade in _BY_GRADE.items() if m[name].value is not None]
        title = f"Planned purchases by local market: {', '.join(reversed(known))}"
    in_all = f"In all {served} find a workable market or better{range_text(served)}."
    return Shown(
        title=title,
        subtitle=f"Number and stated value of purchases by grade of the local market. {ahead(m.data)}",
        chart=bars(m.table["grade"], m.table["lines"], "count", texts),
        says=(
            f"The rule: no local supplier that could be large enough, nor one that has supplied the same, is none; fewer than {rule.workable} that are large enough, thin; "
            f"{rule.strong} or more, and at least {rule.proven} that we have paid as much in one year as a year of the purchase "
            f"costs, strong; what is between, workable. {or_why(served, in_all, 'The share of all planned purchases that find a workable market')}",
            *may_be_more(m.data),
            f"Large enough is who turns over so much that a year of the contract is at most "
            f"{number(rule.turnover_part, 'share')} of it. Turnover is known of few: where a firm's accounts, a charity's "
            "income and our payments leave it open, the firm counts by the share of United Kingdom businesses like it that are "
            "large enough. The section on our choices shows the least and the most. Of a purchase without a value or a term the market may not be known.",
            *old_registers(m.data),
        ),
        caption="Planned purchases by grade of the local market",
    )


def _worth(value: float | None) -> str:
    return f", {number(value, 'gbp')}" if value is not None and not pd.isna(value) else ""
