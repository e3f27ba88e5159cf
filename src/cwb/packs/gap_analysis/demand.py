"""What the council is about to buy."""

from __future__ import annotations

from cwb.charts.wording import mid_sentence
from cwb.packs.exhibits import as_reason, bars, counted, or_why, palette, silent
from cwb.packs.market.demand import SOURCES, Origin
from cwb.packs.market.grading import PURCHASE, graded_relation
from cwb.packs.market.horizon import ahead, horizon
from cwb.packs.market.missing import as_far_as_known, may_be_more
from cwb.packs.market.rules import BANDS, thresholds_in_pounds
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import Thing, always, as_float, bound_below, count, share, total

VALUE = "coalesce(value_gbp, 0)"
_EVERY_VALUE = "The value of each planned purchase would settle it."
_PIPELINE_LINE = Thing("", "title", "lines of the pipeline")


@measure(
    Definition(
        "demand_count", "Planned purchases", "count", "count",
        "Purchases of the pipeline, contracts that end and the council's planning and tender notices whose "
        "expected day lies in the months looked ahead after the period, each counted once. At least so many where one of "
        "these sources was not supplied; a share of all planned purchases is then not known.",
        excluded="Purchases before or after the months looked ahead, and contracts that do not state their end.",
        version=3,
    ),
    Definition(
        "demand_value", "Value of planned purchases", "gbp", "total",
        "Sum of the stated values of planned purchases over their whole terms: at least that where one states none.",
        excluded="Purchases without a stated value.",
        version=3,
    ),
    Definition(
        "demand_valued_share", "Planned purchases with a value", "share", "share",
        "Planned purchases that state a value divided by all.",
        version=3,
    ),
    Definition(
        "pipeline_past_count", "Pipeline lines out of date", "count", "count",
        "Lines of the pipeline expected on or before the last day of the period.",
    ),
    question="What are we about to buy?",
    needs=(),
    columns=(
        Column("origin", "Source"),
        Column("band", "Threshold band"),
        Column("lines", "Purchases", "count"),
        Column("value_gbp", "Value over whole terms, as far as stated (£)", "gbp"),
    ),
)  # fmt: skip
def demand(data: PackData) -> Result:
    """What is to be bought within the horizon, by where it is published and by threshold band.

    One row per origin and band: `origin`, `band`, `lines`, `value_gbp` (whole terms, as stated; None where none is). Lines
    past or beyond the horizon are counted in no row; a finding says how many of the pipeline are past.
    """
    lines = graded_relation(data).with_sources(*SOURCES)
    sql = f"""SELECT origin, band, count(*) AS lines, sum(value_gbp) AS value, count(value_gbp) AS valued
        FROM {lines.source} GROUP BY origin, band ORDER BY origin, band"""
    found = data.rows(sql)
    found.sort(key=lambda row: (list(Origin).index(row["origin"]), BANDS.index(row["band"])))
    rows = [
        {name: row[name] for name in ("origin", "band", "lines")} | {"value_gbp": as_float(row["value"])}
        for row in found
    ]
    without = sum(row["lines"] - row["valued"] for row in found)
    caveats = silent(without, "purchase states", "purchases state")
    no_value = None if any(row["valued"] for row in found) else "no line states a value"
    is_past = always(f"tender_date <= DATE '{horizon(data)[0]}'")
    past = count("pipeline_past_count", of=data.relation("pipeline_lines"), where=is_past, per=_PIPELINE_LINE)
    answers = ask(
        data,
        count("demand_count", of=lines, per=PURCHASE),
        share("demand_valued_share", of=lines, where=always("value_gbp IS NOT NULL"), by=None, per=PURCHASE),
        total("demand_value", of=lines, by=VALUE, per=PURCHASE, caveats=caveats).unless(no_value),
        past.unless(data.why_not("pipeline_lines")),
    )
    if without:
        bound_below(answers, _EVERY_VALUE, as_reason(caveats), "demand_value")
    planned = ("demand_count", "demand_valued_share", "demand_value")
    return Result.of(as_far_as_known(data, answers, planned), rows, sql)


@demand.shown
def exhibit(m: Measured) -> Shown:
    planned_count, value, past = m["demand_count"], m["demand_value"], m["pipeline_past_count"]
    labels = [f"{r.origin}: {mid_sentence(r.band).split(':')[0]}" for r in m.table.itertuples()]
    planned = counted(planned_count, "purchase is planned or falls due", "purchases are planned or fall due")
    valued = m["demand_valued_share"]
    of_all = f"Of all planned purchases {valued} state a value; all come to {value} over their whole terms."
    if valued.value is None:
        of_all = f"Their values come to {value} over their whole terms."
    worth = or_why(value, of_all, "What they are worth")
    gone = counted(past, "line of the pipeline is dated", "lines of the pipeline are dated")
    if past.value:
        worth += f" {gone} before the end of the period and left out: bring the pipeline up to date."
    ending = m.table.loc[m.table["origin"] == Origin.ENDING, "lines"].sum()
    ends = "is a contract that ends" if ending == 1 else "are contracts that end"
    of_these = f"{ending:,} of these {ends}: nobody has decided yet what comes after. " if ending else ""
    return Shown(
        title=planned + (f", worth {value}" if value.value is not None else ""),
        subtitle=f"Number of purchases by where they are listed and by threshold band when the procurement begins. {ahead(m.data)}",
        chart=bars(
            labels,
            m.table["lines"],
            "count",
            groups=m.table["origin"],
            places=palette(*m.table["origin"].unique()),
        ),
        says=(
            of_these + worth,
            *may_be_more(m.data),
            *filter(None, (thresholds_in_pounds("council", m.data.period.end),)),
            "A contract that a line of the pipeline replaces is counted once, as that line; so is a notice of the same title.",
            "Thresholds include VAT. An amount stated without VAT, or that does not say, is taken as between itself and itself with "
            "VAT at the standard rate. A procurement begins when the pipeline or notice says; a tender notice when it is "
            f"published; for a contract that ends {m.data.settings.collaboration.lead_months} months before its last day, but "
            "not before the period has ended.",
        ),
        caption="Planned purchases by origin and threshold band",
    )
