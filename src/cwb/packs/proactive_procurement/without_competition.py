"""What was bought without competition: direct awards that add up, waivers of the council's own rules, and breaches of them."""

from __future__ import annotations

from cwb.base.days import in_year_to
from cwb.packs.exhibits import counted, or_why, plural, range_text, silent
from cwb.packs.market.rules import threshold
from cwb.packs.measure import Definition, Measured, PackData, Paper, Result, Shown, Undefined, ask, measure
from cwb.packs.proactive_procurement.covered import FINDING_COLUMNS, finding_rows
from cwb.packs.questions import Fact, Relation, Thing, at_least, count, number, total

TENDER = Thing("", "title", "procurements")
DIRECT = Thing("organisation_key", "display_name", "suppliers")


@measure(
    Definition(
        "direct_over_count", "Suppliers with direct awards over the threshold", "count", "count",
        "Suppliers whose direct awards of the twelve months to the period's end come to more than the lowest threshold for open competition together. "
        "The supplier is that of the contract's reference on the register; without one a direct award is of a supplier that is not known. "
        "Where a direct award states no value, what others come to may be known to be over it, and is not known to be under it.",
        excluded="Procurements without a day of award.",
        version=2,
    ),
    Definition(
        "waiver_count", "Waivers", "count", "count",
        "Procurements awarded in the period by waiver of the council's own rules.",
        excluded="Waivers without a day of award; breaches.",
    ),
    Definition(
        "waiver_gbp", "Value of waivers", "gbp", "total",
        "Award values of these waivers: the least, where one states none.",
        version=2,
    ),
    Definition(
        "breach_count", "Breaches", "count", "count",
        "Procurements awarded in the period that are listed as a breach of the council's own rules.",
        excluded="Breaches without a day of award.",
    ),
    Definition(
        "breach_gbp", "Value of breaches", "gbp", "total",
        "Award values of these breaches: the least, where one states none.",
        version=2,
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
            answers.findings[name] = at_least(answers[name], "The value of each award would settle it.", none)
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
    return Shown(
        title=f"{counted(waived, 'waiver', 'waivers')} and {counted(broken, 'breach', 'breaches')} of our own rules in the period",
        subtitle=f"Waivers, breaches and direct awards of the list of procurements; direct awards of twelve months. {m.where}",
        says=(
            " ".join(
                (
                    or_why(waived_gbp, f"Waivers come to {waived_gbp}.", "What waivers come to"),
                    or_why(broken_gbp, f"Breaches come to {broken_gbp}.", "What breaches come to"),
                    f"A waiver was allowed beforehand, a breach was not. {m.facts['caveats']}".strip(),
                )
            ),
            f"{or_why(direct, over, 'How many suppliers have such direct awards')} Several direct awards to one supplier can be right: a "
            "sole owner of rights, or an emergency. It is for legal confirmation.",
        ),
        caption="Bought without competition",
        paper=Paper.SENTENCES,
    )
