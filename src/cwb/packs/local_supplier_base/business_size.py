"""How large suppliers are, and how many are social enterprises, as the vendor list or the notices state it."""

from __future__ import annotations

import pandas as pd

from cwb.packs.exhibits import POUNDS, SHARE, SUPPLIERS, Stack, or_why, range_text, ratio
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import IS_SME, IS_VCSE, Finding, always, number, share

NOT_KNOWN = "Not known"
_YES_NO: dict[object, str] = {True: "Yes", False: "No", None: NOT_KNOWN}
_SIZES: dict[object, str] = {size: size.capitalize() for size in ("micro", "small", "medium", "large")} | {
    None: NOT_KNOWN
}
_QUESTIONS = (
    ("Business size", "size", _SIZES),
    ("Small or medium business (SME)", "is_sme", _YES_NO),
    ("Voluntary, community or social enterprise (VCSE)", "is_vcse", _YES_NO),
)


@measure(
    Definition(
        "sme_share", "Share with small and medium businesses", "share", "share",
        "Spend with suppliers stated to be SMEs, or of a size below large, divided by all spend; large suppliers are left out. High: "
        "all that is not stated is with SMEs.",
        version=2,
    ),
    Definition(
        "vcse_share", "Share with listed voluntary, community and social enterprises", "share", "share",
        "Spend with suppliers that the vendor list or a notice calls a voluntary, community or social enterprise (VCSE), divided "
        "by all spend. High: all that is not stated is with VCSEs.",
    ),
    Definition(
        "size_known_share", "Spend whose supplier's size is known", "share", "share",
        "Share of spend with suppliers whose size band is stated.",
    ),
    question="How large are our suppliers, and how many are social enterprises?",
    main=("sme_share", "vcse_share"),
    columns=(Column("question", "Question"), Column("answer", "Answer"), POUNDS, SHARE, SUPPLIERS),
)  # fmt: skip
def business_size(data: PackData) -> Result:
    """Spend by business size, and with SMEs and VCSEs, what is not known shown as such.

    One row per question and answer: `question`, `answer`, `pounds_gbp`, `share`, `suppliers` (these None where none is known
    to be so, and of others it is not stated).
    """
    lines = data.spend()
    answers = ask(
        data,
        share("sme_share", of=lines, where=IS_SME),
        share("vcse_share", of=lines, where=IS_VCSE),
        share("size_known_share", of=lines, where=always("size IS NOT NULL")),
    )
    sql = f"""SELECT size, is_sme, is_vcse, sum(amount_gbp) AS pounds, count(DISTINCT supplier_key) AS suppliers
        FROM {lines.source} WHERE {lines.condition} GROUP BY size, is_sme, is_vcse ORDER BY size, is_sme, is_vcse"""
    found = data.rows(sql)
    all_spend = sum(row["pounds"] for row in found)
    rows: list[list[object]] = []
    for question, column, choices in _QUESTIONS:
        is_all_known = all(row[column] is not None for row in found)
        for key, choice in choices.items():
            chosen = [row for row in found if row[column] == key]
            if not chosen and not is_all_known:
                # Some of those of which nothing is stated may be such.
                rows.append([question, choice, None, None, None])
                continue
            pounds, suppliers = (sum(row[name] for row in chosen) for name in ("pounds", "suppliers"))
            rows.append([question, choice, float(pounds), ratio(pounds, all_spend), suppliers])
    return Result.of(answers, rows, sql)


@business_size.shown
def exhibit(m: Measured) -> Shown:
    sme, vcse = m["sme_share"], m["vcse_share"]
    known = [("Small or medium business (SME)", sme), ("Voluntary, community or social enterprise (VCSE)", vcse)]
    bars = tuple((question, _parts(m.table, question)) for question, finding in known if finding.is_stated)
    return Shown(
        title=_title(sme, vcse),
        subtitle=f"Share of spend by what the vendor list or the notices state. {m.where}",
        chart=Stack(bars),
        says=(
            or_why(sme, f"SMEs: {sme}{range_text(sme)}.", "The share with SMEs"),
            or_why(vcse, f"VCSEs: {vcse}{range_text(vcse)}.", "The share with VCSEs"),
            f"What is not stated is not known, and not a no. A size band is stated for {m['size_known_share']} of spend.",
            "Listed VCSEs are those that the vendor list or a notice calls so. The share with social enterprises in pack 03 is "
            "another number: of bodies that public registers show to be one, which leave out many charities and add co-operatives.",
        ),
        caption="Spend by business size, SME and VCSE",
    )


def _title(sme: Finding, vcse: Finding) -> str:
    if sme.is_stated and vcse.is_stated:
        return f"{sme} of spend is with small and medium businesses, {vcse} with listed VCSEs"
    if sme.is_stated:
        return f"{sme} of spend is with small and medium businesses; with listed VCSEs is not known"
    return f"{vcse} of spend is with listed VCSEs; with small and medium businesses is not known"


def _parts(table: pd.DataFrame, question: str) -> tuple[tuple[str, float, str], ...]:
    answers = table[(table["question"] == question) & table["share"].notna()]
    return tuple((row.answer, row.share, number(row.share, "share")) for row in answers.itertuples())
