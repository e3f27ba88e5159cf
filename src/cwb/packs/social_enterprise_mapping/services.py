"""What social enterprises can provide, by the industry that they state first."""

from __future__ import annotations

import pandas as pd

from cwb.packs.account.listed import none_listed
from cwb.packs.exhibits import bars, industry, with_rest
from cwb.packs.market.industry import NOT_STATED
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, measure
from cwb.packs.questions import ORGANISATION, always, share
from cwb.packs.social_enterprise_mapping.bodies import (
    SURE,
    as_far_as_placed,
    ask_registers,
    counts_by,
    here,
    local_and_sure,
    nearby,
    unplaced,
    whose,
)

_SECTIONS = 12
_COUNTS = ["certain_or_likely", "possible"]


@measure(
    Definition(
        "se_service_known_share", "Social enterprises whose service is stated", "share", "share",
        "Social enterprises of grades A and B that state an industry divided by all of grades A and B.",
        excluded="Bodies whose place is not known.",
        version=2,
    ),
    question="What can they provide?",
    needs=("organisations",),
    main=("se_service_known_share",),
    columns=(
        Column("section", "Industry"),
        Column("certain_or_likely", "Certain or likely", "count"),
        Column("possible", "Possible (C)", "count"),
    ),
)  # fmt: skip
def services(data: PackData) -> Result:
    """What social enterprises known to be local do, by the section of the first SIC code that they give.

    One row per section, most first, the rest as one row, those that state none last: `section`, `certain_or_likely` (A and B), `possible`
    (C); either None where none is listed and one of no known place is, or a register is not at hand in full. Societies and charities that
    are no companies give no code: not stated, which is not "none".
    """
    has_section, sure = always("section IS NOT NULL"), local_and_sure(data)
    answers = ask_registers(
        data, share("se_service_known_share", of=sure, where=has_section, by=None, per=ORGANISATION)
    )
    graded = nearby(data).where("is_local", "grade IS NOT NULL")
    sql = f"""SELECT section, sum(CASE WHEN {SURE} THEN 1 ELSE 0 END) AS certain_or_likely,
        sum(CASE WHEN {SURE} THEN 0 ELSE 1 END) AS possible
        FROM {graded.source} WHERE {graded.condition} GROUP BY section ORDER BY section"""
    found = pd.DataFrame(data.rows(sql), columns=["section", *_COUNTS]).astype(dict.fromkeys(_COUNTS, "int64"))
    sections = [None if pd.isna(section) else section for section in found["section"]]
    for name, of_grade in zip(_COUNTS, (SURE, "grade = 'C'"), strict=True):
        more = counts_by(data, unplaced(data).where(of_grade), "section")
        found[f"more_{name}"] = [more.get(section, 0) for section in sections]
    named = found[found["section"].notna()]
    named = named.sort_values([*_COUNTS, "section"], ascending=[False, False, True], ignore_index=True)
    named = with_rest(named, _SECTIONS, "section", "sections")
    last = found[found["section"].isna()].assign(section=NOT_STATED)
    rows = pd.concat([named, last], ignore_index=True)
    for name in _COUNTS:
        is_known = rows[f"more_{name}"] == 0 if none_listed(data) == 0 else False
        rows[name] = rows[name].where((rows[name] > 0) | is_known)
    return Result.of(answers, rows[["section", *_COUNTS]], sql)


@services.shown
def exhibit(m: Measured) -> Shown:
    return Shown(
        title=f"The service is stated for {m['se_service_known_share']} of {whose(m.data)}",
        subtitle=f"Organisations of grades A and B by the industry they state first{as_far_as_placed(m.data, SURE)}. {here(m)}",
        chart=bars(m.table["section"].map(industry), m.table["certain_or_likely"], "count"),
        says=(
            "Charities and societies that are no companies state no industry. Not stated does not mean that they do nothing.",
        ),
        caption="Social enterprises by service",
    )
