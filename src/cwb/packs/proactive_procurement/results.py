"""How contracts perform by their own indicators: results in notices, or returned on the form."""

from __future__ import annotations

from cwb.base.days import in_year_to
from cwb.base.rows import Row
from cwb.council.periods import long_date
from cwb.packs.exhibits import range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import PLACE, Fact, Thing, share
from cwb.sources.datasets.contract_performance import RATINGS

RESULT = Thing("result_key", "indicator", "results")
IS_GOOD = Fact("rating = 'good'", "ratings are known")
_COLUMNS = dict.fromkeys(("contract", "indicator", "rating", "result_key"), str)


@measure(
    Definition(
        "performance_good_share", "Results of indicators rated good", "share", "share",
        "Results rated good divided by all results of the year to the report's day: those of contract performance notices, and those "
        "of the form that no notice at hand tells.",
        excluded="Results of periods that end later.",
    ),
    question="How do contracts perform by their own indicators?",
    needs=(),
    main=("performance_good_share",),
    columns=(
        Column("rating", "Rating"),
        Column("results", "Results", "count"),
        Column("contracts", "Contracts", "count"),
    ),
)  # fmt: skip
def results(data: PackData) -> Result:
    """Results of indicators whose period ended in the year to the report's day.

    One row per rating of regulation 39, best first: `rating`, `results`, `contracts`.
    """
    if not data.has("notice_results") and not data.has("contract_performance"):
        raise Undefined("neither results of indicators nor notices of them were supplied")
    rows = _results(data)
    if not rows:
        raise Undefined(f"no result is of the year to {long_date(data.report_day)}")
    tables = tuple(name for name in ("notice_results", "contract_performance") if data.has(name))
    lines = data.add_rows("results_of_indicators", _COLUMNS, rows, tables)
    answers = ask(data, share("performance_good_share", lines, IS_GOOD, by=None, per=RESULT))
    sql = f"SELECT rating, count(*) AS results, count(DISTINCT contract) AS contracts FROM {lines.source} GROUP BY rating"
    table = sorted(data.rows(sql), key=lambda row: RATINGS.index(row["rating"]))
    return Result.of(answers, table, sql)


def _results(data: PackData) -> list[Row]:
    """Results whose period ended in the year; a row of the form that names a notice at hand is that notice's."""
    last, within = data.report_day, in_year_to(data.report_day, "period_to")
    published = data.rows(
        f"""SELECT {PLACE}, notice_id, ocid, contract_id, indicator, rating, period_to FROM notice_results
            WHERE is_own AND notice_date <= DATE '{last}' AND {within} ORDER BY {PLACE}, contract_id, indicator"""
    )
    returned = data.rows(
        f"""SELECT {PLACE}, notice_id, contract_reference, indicator, rating, period_to
            FROM contract_performance WHERE {within} ORDER BY {PLACE}"""
    )
    notices = {row["notice_id"] for row in published}
    rows = [row | {"contract": f"{row['ocid']}/{row['contract_id']}"} for row in published]
    rows += [row | {"contract": row["contract_reference"]} for row in returned if row["notice_id"] not in notices]
    return [row | {"result_key": f"{row['contract']} {row['indicator']} {row['period_to']}"} for row in rows]


@results.shown
def exhibit(m: Measured) -> Shown:
    good = m["performance_good_share"]
    return Shown(
        title=f"{good} of results of indicators are good",
        subtitle=f"Results by rating, in the year to {long_date(m.data.report_day)}. {m.data.settings.council.name}",
        says=(f"{good} of results are rated good{range_text(good)}; the others stand in the table.",),
        caption="Results of performance indicators",
        paper=Paper.ALL_ROWS,
    )
