"""What was bought without competition: direct awards that add up, waivers of the council's own rules, and breaches of them."""

from __future__ import annotations

from datetime import timedelta

from cwb.base.days import in_year_to, months_after
from cwb.packs.exhibits import counted, not_known, or_why, plural, range_text, silent
from cwb.packs.market.rules import threshold
from cwb.packs.measure import Definition, Measured, PackData, Paper, Result, Shown, Undefined, ask, measure
from cwb.packs.proactive_procurement.covered import FINDING_COLUMNS, finding_rows
from cwb.packs.questions import Fact, Finding, Relation, Thing, bound_below, count, number, total

TENDER = Thing("", "title", "procurements")
DIRECT = Thing("organisation_key", "display_name", "suppliers")
# A list with fewer procurements than others tell of does not say that there were no more.
_LEAST = (
    "The least, unless the list has as many procurements of that time as contracts of the register begin in it, and as many as notices "
    "of the council's tell of an award."
)
_SETTLES = "A list of all procurements would settle it."
_NONE = {
    "direct_over_count": "no supplier is sure to be over it by",
    "waiver_count": "no waiver is among",
    "waiver_gbp": "no waiver is among",
    "breach_count": "no breach is among",
    "breach_gbp": "no breach is among",
}


@measure(
    Definition(
        "direct_over_count", "Suppliers with direct awards over the threshold", "count", "count",
        "Suppliers whose direct awards of the twelve months to the period's end come to more than the lowest threshold for open competition together. "
        "The supplier is that of the contract's reference on the register; without one a direct award is of a supplier that is not known. "
        "Where a direct award states no value, what others come to may be known to be over it, and is not known to be under it. "
        f"{_LEAST}",
        excluded="Procurements without a day of award.",
        version=3,
    ),
    Definition(
        "waiver_count", "Waivers", "count", "count",
        f"Procurements of the list awarded in the period by waiver of the council's own rules. {_LEAST}",
        excluded="Waivers without a day of award; breaches.",
        version=2,
    ),
    Definition(
        "waiver_gbp", "Value of waivers", "gbp", "total",
        "Award values of these waivers: the least, where one states none, or there may be more of them.",
        version=3,
    ),
    Definition(
        "breach_count", "Breaches", "count", "count",
        f"Procurements awarded in the period that are listed as a breach of the council's own rules. {_LEAST}",
        excluded="Breaches without a day of award.",
        version=2,
    ),
    Definition(
        "breach_gbp", "Value of breaches", "gbp", "total",
        "Award values of these breaches: the least, where one states none, or there may be more of them.",
        version=3,
    ),
    question="What was bought without competition?",
    needs=("tenders",),
    main=("waiver_count", "direct_over_count"),
    columns=FINDING_COLUMNS,
)  # fmt: skip
def without_competition(data: PackData) -> Result:
    """Direct awards, waivers and breaches.

    One row per finding: `measure`, `value`, `of`, `range` (from least to most, or why it is not known).
    """
    limit = threshold("goods and services", "council", data.period.end)
    if limit is None:
        raise Undefined(f"the table of thresholds has none for {data.period.label}")
    awarded = Relation("tenders", ("tenders",)).where(
        f"awarded_date >= DATE '{data.period.start}' AND awarded_date <= DATE '{data.period.end}'"
    )
    waived, broken = (awarded.where(f"route = '{route}'") for route in ("waiver", "breach"))
    direct = _direct(data)
    over = Fact(
        f"CASE WHEN together_gbp > {limit} THEN TRUE WHEN is_unknown = 1 OR is_unvalued = 1 THEN NULL ELSE FALSE END",
        "whom direct awards went to, and what they are worth, is known",
        "The value and the contract's reference of each direct award, and its row on the register, would settle it.",
    )
    answers = ask(
        data,
        count("direct_over_count", of=direct, where=over, per=DIRECT),
        count("waiver_count", of=waived, per=TENDER, caveats=_silent(data, waived)),
        total("waiver_gbp", of=waived.where("award_gbp IS NOT NULL"), by="award_gbp", per=TENDER),
        count("breach_count", of=broken, per=TENDER, caveats=_silent(data, broken)),
        total("breach_gbp", of=broken.where("award_gbp IS NOT NULL"), by="award_gbp", per=TENDER),
    )
    for name, listed, kind in (("waiver_gbp", waived, "waiver"), ("breach_gbp", broken, "breach")):
        if _silent(data, listed):
            none = f"no {kind} of the period states a value"
            bound_below(answers, "The value of each award would settle it.", none, name)
    of_period = _whole_list(data, f"BETWEEN DATE '{data.period.start}' AND DATE '{data.period.end}'")
    first = months_after(data.period.end, -12) + timedelta(days=1)
    of_year = _whole_list(data, f"BETWEEN DATE '{first}' AND DATE '{data.period.end}'")
    for name in answers.findings:
        held, more = of_year if name == "direct_over_count" else of_period
        on_list = plural(f"{held:,}", "procurement")
        none = (
            f"{_NONE[name]} the {on_list} on the list of that time"
            if held
            else "the list has no procurement of that time"
        )
        if more:
            bound_below(answers, _SETTLES, f"{none}, and {more}", name)
    every = number(float(data.count(awarded)), "count")
    of = (
        plural(number(float(answers.sums["direct_over_count"].all), "count"), "supplier")
        + " with awards in twelve months",
        *[f"{plural(every, 'procurement')} awarded in the period", ""] * 2,
    )
    facts = {"caveats": " ".join((*_silent(data, waived), *_silent(data, broken)))}
    rows = finding_rows(zip(answers.findings.values(), of, strict=True))
    return Result.of(answers, rows, facts=facts)


def _silent(data: PackData, of: Relation) -> tuple[str, ...]:
    """How many state no value, and are in no sum."""
    return silent(data.count(of.where("award_gbp IS NULL")), "award states", "awards state")


def _whole_list(data: PackData, days: str) -> tuple[int, str]:
    """How many procurements of a time the list has, and why they may not be all; "" where nothing tells of more."""
    held = data.count(Relation("tenders", ("tenders",)).where(f"awarded_date {days}"))
    if not data.has("contract_lines"):
        return held, "no contracts register tells whether there were more"
    begun, published = (
        int(data.rows(f"SELECT count(DISTINCT {key}) AS n FROM {table} WHERE {where} AND {day} {days}")[0]["n"])
        for key, table, where, day in (
            ("contract_key", "contract_lines", "TRUE", "start_date"),
            ("award_key", "award_lines", "is_own", "award_date"),
        )
    )
    others = (
        (
            published,
            f"{plural(f'{published:,}', 'award')} of the council {'was' if published == 1 else 'were'} published",
        ),
        (begun, f"{plural(f'{begun:,}', 'contract')} of the register {'begins' if begun == 1 else 'begin'} in it"),
    )
    return held, " and ".join(text for many, text in others if many > held)


def _direct(data: PackData) -> Relation:
    """Awards of the twelve months with their supplier, what it was awarded directly, and whether it is not known whose a direct one is, or what
    one of its supplier's is worth."""
    end = data.period.end
    year = in_year_to(end, "awarded_date")
    awards = f"""SELECT t.source_file, t.source_sheet, t.source_row, t.title, t.route, t.award_gbp,
            coalesce(s.supplier, t.tender_reference) AS organisation_key, coalesce(s.display, 'Supplier not known') AS display_name,
            CASE WHEN s.supplier IS NULL AND t.route = 'direct award' THEN 1 ELSE 0 END AS is_unknown
        FROM tenders t LEFT JOIN (SELECT contract_reference AS reference, min(organisation_key) AS supplier, min(display_name) AS display
            FROM contract_lines GROUP BY contract_reference) s ON s.reference = t.contract_reference WHERE {year}"""
    return Relation(
        f"""(SELECT a.*, g.together_gbp, g.is_unvalued FROM ({awards}) a JOIN (SELECT organisation_key AS awarded_to,
                sum(CASE WHEN route = 'direct award' THEN award_gbp ELSE 0 END) AS together_gbp,
                max(CASE WHEN route = 'direct award' AND award_gbp IS NULL THEN 1 ELSE 0 END) AS is_unvalued
            FROM ({awards}) GROUP BY organisation_key) g ON g.awarded_to = a.organisation_key)""",
        ("tenders", "contract_lines"),
    )


@without_competition.shown
def exhibit(m: Measured) -> Shown:
    direct, waived, waived_gbp, broken, broken_gbp = m.findings.values()
    over = f"{counted(direct, 'supplier has', 'suppliers have')} direct awards that come to more than the lowest threshold in twelve months{range_text(direct)}."
    title = f"{counted(waived, 'waiver', 'waivers')} and {counted(broken, 'breach', 'breaches')} of our rules in the period"
    if waived.value is None:
        title = f"{counted(broken, 'breach', 'breaches')} in the period; how many waivers is not known"
    if broken.value is None:
        title = f"{counted(waived, 'waiver', 'waivers')} in the period; how many breaches is not known"
    if waived.value is None and broken.value is None:
        title = "How many waivers and breaches there were in the period is not known"
    return Shown(
        title=title,
        subtitle=f"Waivers, breaches and direct awards of the list of procurements; direct awards of twelve months. {m.where}",
        says=(
            " ".join(
                (
                    _come_to(waived, waived_gbp, "waivers"),
                    _come_to(broken, broken_gbp, "breaches"),
                    f"A waiver was allowed beforehand, a breach was not. {m.facts['caveats']}".strip(),
                )
            ),
            f"{or_why(direct, over, 'How many suppliers have direct awards over the lowest threshold in twelve months')} "
            "Several direct awards to one supplier can be right: a sole owner of rights, or an emergency. It is for legal confirmation.",
        ),
        caption="Bought without competition",
        paper=Paper.SENTENCES,
    )


def _come_to(many: Finding, pounds: Finding, what: str) -> str:
    """What those found come to; where it is not known whether there were any, why."""
    if many.value is None:
        return not_known(many, f"How many {what} there were")
    return or_why(pounds, f"{what.capitalize()} come to {pounds}.", f"What {what} come to")
