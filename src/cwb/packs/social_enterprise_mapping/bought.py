"""Which social enterprises we buy from."""

from __future__ import annotations

from cwb.base.privacy import WITHHELD
from cwb.packs.exhibits import POUNDS, bars, counted, not_known, palette, range_text, sentence_case
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import IS_SOCIAL_ENTERPRISE, count, number, share, total
from cwb.sources.places import ring_labels

_SHOWN = 15


@measure(
    Definition(
        "se_spend", "Spend with social enterprises", "gbp", "total",
        "Spend of the period with suppliers matched to organisations of grades A and B. High: also all "
        "suppliers of which it is not known whether they are social enterprises: grade C, matches under review,"
        " no match, withheld names.",
        version=2,
    ),
    Definition(
        "se_spend_share", "Share of spend with social enterprises on registers", "share", "share",
        "Spend with social enterprises divided by all spend, with the same range.",
        version=2,
    ),
    Definition(
        "se_supplier_count", "Social enterprises paid", "count", "count",
        "Suppliers paid in the period that are matched to organisations of grades A and B. High: also named "
        "suppliers of which it is not known whether they are.",
        version=2,
    ),
    question="Which social enterprises do we buy from?",
    columns=(
        Column("supplier", "Supplier"),
        Column("grade", "Grade"),
        Column("legal_form", "Legal form"),
        Column("place", "Place"),
        POUNDS,
    ),
)  # fmt: skip
def bought(data: PackData) -> Result:
    """Spend of the period with social enterprises, wherever they are, by the grade of the organisation matched.

    One row per supplier of grade A or B, most spend first, up to fifteen, then the rest as one row: `supplier`, `grade`,
    `legal_form`, `place`, `pounds_gbp`. Names that may be individuals' are in the rest. Of suppliers of grade C, of matches
    under review and of suppliers matched to nothing it is not known whether they are social enterprises.
    """
    if not data.has("organisations"):
        raise Undefined(str(data.why_not("organisations")))
    lines = data.spend().with_sources("spend_lines", "organisations")
    answers = ask(
        data,
        total("se_spend", of=lines, where=IS_SOCIAL_ENTERPRISE),
        share("se_spend_share", of=lines, where=IS_SOCIAL_ENTERPRISE),
        count("se_supplier_count", of=lines.where("supplier_key IS NOT NULL"), where=IS_SOCIAL_ENTERPRISE),
    )
    sql = f"""WITH paid AS (SELECT supplier_key, sum(amount_gbp) AS pounds FROM {lines.source}
            WHERE {lines.condition} AND is_social_enterprise GROUP BY supplier_key)
        SELECT s.display_name, s.grade, s.legal_form, s.ring, p.pounds
        FROM paid p JOIN suppliers s ON s.supplier_key = p.supplier_key ORDER BY p.pounds DESC, p.supplier_key"""
    places = ring_labels(data.settings)
    paid = [
        [row["display_name"], row["grade"], row["legal_form"], places[row["ring"]], row["pounds"]]
        for row in data.rows(sql)
    ]
    shown = [row for row in paid if row[0] != WITHHELD]
    rest = [*shown[_SHOWN:], *(row for row in paid if row[0] == WITHHELD)]
    rows = [[*row[:-1], float(row[-1])] for row in shown[:_SHOWN]]
    if rest:
        rows.append(
            [
                f"All {len(rest)} others" if len(rest) > 1 else "One other",
                "",
                "",
                "",
                float(sum(row[-1] for row in rest)),
            ]
        )
    return Result.of(answers, rows, sql)


@bought.shown
def exhibit(m: Measured) -> Shown:
    spend, share, count = m["se_spend"], m["se_spend_share"], m["se_supplier_count"]
    title, says = "What part of spend is with social enterprises is not known", not_known(share, "The share")
    if share.value is not None:
        title = f"{sentence_case(counted(count, 'social enterprise', 'social enterprises'))} received {spend}, {share} of spend"
        says = (
            f"The share is {share}{range_text(share)}: suppliers of grade C, of matches under review and of none may be social "
            f"enterprises too. What kind of organisation they are is known for {number(share.coverage or 0, 'share')} of spend. "
            "The share with listed voluntary, community and social enterprises in pack 01 is another number: it goes by what the vendor list or a notice calls a supplier, "
            "and not by public registers."
        )
    drawn = m.table[m.table["grade"] != ""]
    return Shown(
        title=title,
        subtitle=f"Suppliers matched to organisations of grades A and B, wherever they are. {m.where}",
        chart=bars(
            drawn["supplier"],
            drawn["pounds_gbp"],
            "gbp",
            groups=[f"Grade {grade}" for grade in drawn["grade"]],
            places=palette("Grade A", "Grade B"),
        ),
        says=(says,),
        caption="Social enterprises that were paid in the period",
    )
