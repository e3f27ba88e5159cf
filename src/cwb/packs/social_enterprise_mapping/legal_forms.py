"""Which legal forms social enterprises have."""

from __future__ import annotations

import pandas as pd

from cwb.packs.account.listed import none_listed
from cwb.packs.exhibits import bars, palette
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, measure
from cwb.packs.questions import ORGANISATION, largest
from cwb.packs.social_enterprise_mapping.bodies import (
    OF_ANY_FORM,
    SURE,
    as_far_as_placed,
    ask_registers,
    counts_by,
    here,
    local_and_sure,
    may_be_more,
    nearby,
    unplaced,
)
from cwb.reference import table

_GRADES = {"A": "certain", "B": "likely", "C": "possible"}
_COLUMNS = ["legal_form", *_GRADES.values(), "rule"]


@measure(
    Definition(
        "se_largest_form_share", "Share of the most frequent legal form", "share", "largest",
        "Social enterprises of grades A and B in their most frequent legal form divided by all of grades A and B.",
        excluded="Bodies whose place is not known.",
        version=2,
    ),
    question="Which legal forms do they have?",
    needs=("organisations",),
    columns=(
        Column("legal_form", "Legal form"),
        Column("certain", "Certain (A)", "count"),
        Column("likely", "Likely (B)", "count"),
        Column("possible", "Possible (C)", "count"),
        Column("rule", "Mostly because"),
    ),
)  # fmt: skip
def legal_forms(data: PackData) -> Result:
    """Social enterprises known to be local, by legal form and grade.

    One row per legal form, most first: `legal_form`, `certain` (A), `likely` (B), `possible` (C), `rule` (why, for the form's largest
    part). A number is None where none is listed and one of no known place is, and likely or possible where a register is not at hand in
    full. Bodies of grade C are shown and count in no total of the pack.
    """
    sure = local_and_sure(data)
    answers = ask_registers(
        data,
        largest("se_largest_form_share", of=sure, group="legal_form", by=None, per=ORGANISATION, is_share=True),
    )
    graded = nearby(data).where("is_local", "grade IS NOT NULL")
    sql = f"""SELECT legal_form, grade, rule, count(*) AS organisations FROM {graded.source} WHERE {graded.condition}
        GROUP BY legal_form, grade, rule ORDER BY legal_form, organisations DESC, rule"""
    found = pd.DataFrame(data.rows(sql), columns=["legal_form", "grade", "rule", "organisations"])
    counts = found.pivot_table("organisations", "legal_form", "grade", "sum", fill_value=0)
    counts = counts.reindex(columns=list(_GRADES), fill_value=0).astype("int64")
    forms = counts.set_axis(list(_GRADES.values()), axis="columns").reset_index()
    titles = dict(table("social_enterprise_rules")[["id", "title"]].itertuples(index=False, name=None))
    forms["rule"] = forms["legal_form"].map(found.groupby("legal_form")["rule"].first()).map(titles)
    forms["sure"] = forms["certain"] + forms["likely"]
    forms = forms.sort_values(
        ["sure", "possible", "legal_form"], ascending=[False, False, True], ignore_index=True
    )
    # Grade A is by legal form alone: of a form that has it no body has another, nor one of other forms that.
    for name in ("likely", "possible") if none_listed(data) is None else ():
        forms[name] = forms[name].where((forms[name] > 0) | (forms["certain"] > 0))
    for grade, name in _GRADES.items():
        more = counts_by(data, unplaced(data).where(f"grade = '{grade}'"), "legal_form")
        if grade == "A":
            more |= counts_by(data, nearby(data).where(OF_ANY_FORM), "legal_form")
        forms[name] = forms[name].where((forms[name] > 0) | ~forms["legal_form"].isin(list(more)))
    leader = answers.leaders["se_largest_form_share"]
    facts = {"largest": " and ".join(leader.possibly)}
    return Result.of(answers, forms[_COLUMNS], sql, facts=facts)


@legal_forms.shown
def exhibit(m: Measured) -> Shown:
    share, forms = m["se_largest_form_share"], m.facts["largest"]
    title = "No certain or likely social enterprise is known to be local"
    if share.value is not None:
        known = "known " * may_be_more(m.data)
        title = f"{forms}: {share}{' each' if ' and ' in forms else ''} of {known}certain and likely social enterprises"
    sizes = m.table["certain"].fillna(0) + m.table["likely"].fillna(0)
    drawn, sure = m.table[sizes > 0], "Certain or likely"
    return Shown(
        title=title,
        subtitle=f"Organisations of grades A and B by legal form{as_far_as_placed(m.data, SURE)}. {here(m)}",
        chart=bars(
            drawn["legal_form"], sizes[sizes > 0], "count", groups=[sure] * len(drawn), places=palette(sure)
        ),
        says=(
            "Legal form is what a register states; it says what may be done with profits, not how well it is done.",
        ),
        caption="Social enterprises by legal form and grade",
    )
