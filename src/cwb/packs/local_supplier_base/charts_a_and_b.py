"""Chart A, all spend, and Chart B, without capital and one-off projects: what share of each is local."""

from __future__ import annotations

from cwb.packs.exhibits import PLACES, POUNDS, SHARE, Stack, or_why, range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.one_offs import approved_later
from cwb.packs.questions import IS_LOCAL, Sums, Thing, number, share, total
from cwb.packs.remarks import suggested

PROJECT = Thing("project", "project", "projects")


@measure(
    Definition(
        "local_spend", "Spend with local suppliers", "gbp", "total",
        "Spend with suppliers whose place is in a district of the local area, the council's own district "
        "included.",
        excluded="Suppliers whose place is not known.",
    ),
    Definition(
        "local_share", "Local share of all spend (Chart A)", "share", "share",
        "Spend with local suppliers divided by all spend. Low: no supplier of unknown place is local. High: all"
        " of them are.",
    ),
    Definition(
        "one_off_spend", "Capital and one-off projects", "gbp", "total",
        "Spend on ledger lines that the approved list of capital and one-off projects finds.",
        excluded="Projects of other financial years.",
    ),
    Definition(
        "spend_without_one_offs", "Spend without one-offs", "gbp", "total",
        "All spend less capital and one-off projects.",
    ),
    Definition(
        "local_share_without_one_offs", "Local share without one-offs (Chart B)", "share", "share",
        "Local spend without one-offs divided by all spend without one-offs. Range as for Chart A.",
        excluded="Capital and one-off projects on the list, approved by the report's day.",
    ),
    question="What share of spend is local (Chart A and Chart B)?",
    main=("local_share", "local_share_without_one_offs"),
    columns=(Column("chart", "Chart"), Column("part", "Supplier's place"), POUNDS, SHARE),
)  # fmt: skip
def charts_a_and_b(data: PackData) -> Result:
    """Chart A (all spend) and Chart B (without capital and one-off projects), from one set of lines.

    One row per chart and part: `chart`, `part` (local, not local, not known), `pounds_gbp`, `share`. Chart B is undefined
    where no project of the period's year is on an approved list, and a chart whose share is not known has no rows.
    """
    lines, recurrent = data.spend(), data.recurrent()
    missing = data.one_offs_missing()
    one_offs = lines.where(data.is_one_off).with_sources(*recurrent.tables)
    later, undecided = approved_later(data), suggested(data)
    answers = ask(
        data,
        total("local_spend", of=lines, where=IS_LOCAL),
        share("local_share", of=lines, where=IS_LOCAL, caveats=undecided),
        total("one_off_spend", of=one_offs, per=PROJECT).unless(missing),
        total("spend_without_one_offs", of=recurrent, caveats=later).unless(missing),
        share("local_share_without_one_offs", of=recurrent, where=IS_LOCAL, caveats=(*undecided, *later)).unless(
            missing
        ),
    )
    rows = [
        row
        for chart, name in (
            ("Chart A: all spend", "local_share"),
            ("Chart B: without one-offs", "local_share_without_one_offs"),
        )
        if answers[name].is_stated
        for row in _parts(chart, answers.sums[name])
    ]
    return Result.of(answers, rows)


def _parts(chart: str, sums: Sums) -> list[list[object]]:
    parts = zip(PLACES, (sums.true, sums.false, sums.unknown), strict=True)
    return [[chart, part, float(pounds), float(pounds / sums.all)] for part, pounds in parts]


@charts_a_and_b.shown
def exhibit(m: Measured) -> Shown:
    rows = m.table
    a, b = m["local_share"], m["local_share_without_one_offs"]
    bars = tuple(
        (chart, tuple((r.part, r.share, number(r.share, "share")) for r in parts.itertuples()))
        for chart, parts in rows.groupby("chart", sort=True)
    )
    title = f"{a} of all spend is local" if a.is_stated else "How much of all spend is local is not known"
    if b.is_stated:
        title += f"; {b} without {'capital and one-off projects' if a.is_stated else 'one-offs'}"
    ends = f"{range_text(a)}, depending on those whose place is not known" if a.bounds else ""
    sentence_a = f"Chart A: {a} of all spend is with local suppliers{ends}."
    sentence_b = (
        f"Chart B: without {m['one_off_spend']} of capital and one-off projects on the approved list, {b} of "
        f"{m['spend_without_one_offs']} is local{range_text(b)}."
    )
    return Shown(
        title=title,
        subtitle=f"Share of spend by whether the supplier is in {m.data.settings.local.name}. {m.where}",
        chart=Stack(bars),
        says=(or_why(a, sentence_a, "Chart A"), or_why(b, sentence_b, "Chart B")),
        caption="Chart A and Chart B: pounds and shares by place",
    )
