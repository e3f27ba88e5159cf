"""Suppliers and categories that two or more departments have live contracts for: what could be bought together inside the council."""

from __future__ import annotations

from cwb.council.periods import short_date
from cwb.packs.anchor_collaboration.contracts import category_name
from cwb.packs.exhibits import counted, not_known, or_why, range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import CONTRACT_VALUE, Fact, Relation, Thing, as_float, count

SUPPLIER = Thing("organisation_key", "display_name", "suppliers")
CATEGORY = Thing("buys", "buys", "categories")
_IS_SHARED = Fact(
    "CASE WHEN departments > 1 THEN TRUE WHEN blank = 1 AND contracts > 1 THEN NULL ELSE FALSE END",
    "which department has which contract is known",
    "The department of each contract on the register would settle it.",
)
_SHOWN = 10


@measure(
    Definition(
        "collaborate_supplier_count", "Suppliers of two departments or more", "count", "count",
        "Suppliers with live contracts of two or more departments on the period's last day. Where a department is not stated it is not known.",
        excluded="Contracts without a stated end.",
    ),
    Definition(
        "collaborate_category_count", "Categories of two departments or more", "count", "count",
        "Categories (the first three digits of the CPV code, else the council's own) with live contracts of two or more departments.",
        excluded="Contracts without a stated end, or without a category.",
    ),
    question="What do our departments buy separately from one another?",
    needs=("contract_lines",),
    main=("collaborate_category_count", "collaborate_supplier_count"),
    columns=(
        Column("category", "Category"),
        Column("departments", "Departments", "count"),
        Column("contracts", "Live contracts", "count"),
        Column("value_gbp", "Value over whole terms, as far as stated (£)", "gbp"),
        Column("first_end", "First end"),
    ),
)  # fmt: skip
def within_council(data: PackData) -> Result:
    """Categories of live contracts that more than one department has.

    One row per category, most departments then most contracts first: `category`, `departments`, `contracts`, `value_gbp` (whole
    terms, as published, of lots together; None where none states it), `first_end` (the first contract's last day, extensions included).
    """
    live = f"start_date <= DATE '{data.period.end}' AND last_day >= DATE '{data.period.end}'"
    if not data.count(Relation("contract_lines", ("contract_lines",)).where(live)):
        raise Undefined(f"no contract of the register is live at the end of {data.period.label}")
    by_category = _grouped("buys", live).where("buys IS NOT NULL")
    stated = Relation("contract_lines", ("contract_lines",)).where(live, "department IS NOT NULL")
    no_department = None if data.count(stated) else "no live contract of the register states its department"
    answers = ask(
        data,
        count("collaborate_supplier_count", of=_grouped("organisation_key", live), where=_IS_SHARED, per=SUPPLIER),
        count("collaborate_category_count", of=by_category, where=_IS_SHARED, per=CATEGORY)
        .if_empty("no live contract of the register states what it buys")
        .unless(no_department),
    )
    sql = f"""SELECT buys, max(departments) AS departments, max(contracts) AS contracts, sum(value_gbp) AS value_gbp,
            min(first_end) AS first_end
        FROM (SELECT buys, contract_key, max(departments) AS departments, max(contracts) AS contracts,
                {CONTRACT_VALUE} AS value_gbp, min(last_day) AS first_end
            FROM {by_category.source} l WHERE buys IS NOT NULL AND departments > 1 GROUP BY buys, contract_key) c
        GROUP BY buys ORDER BY departments DESC, contracts DESC, buys"""
    rows = [
        {
            "category": category_name(row["buys"]) if str(row["buys"]).isdigit() else row["buys"],
            "departments": row["departments"],
            "contracts": row["contracts"],
            "value_gbp": as_float(row["value_gbp"]),
            "first_end": short_date(row["first_end"]),
        }
        for row in data.rows(sql)
    ]
    return Result.of(answers, rows, sql)


def _grouped(key: str, live: str) -> Relation:
    """Live contracts with how many departments and contracts their group has, and whether one states no department."""
    return Relation(
        f"""(SELECT l.*, g.departments, g.contracts, g.blank FROM contract_lines l JOIN (
            SELECT {key} AS group_key, count(DISTINCT department) AS departments, count(DISTINCT contract_key) AS contracts,
                max(CASE WHEN department IS NULL THEN 1 ELSE 0 END) AS blank
            FROM contract_lines WHERE {live} GROUP BY {key}) g ON g.group_key = l.{key} WHERE {live})""",
        ("contract_lines",),
    )


@within_council.shown
def exhibit(m: Measured) -> Shown:
    suppliers, categories = m["collaborate_supplier_count"], m["collaborate_category_count"]
    shared = f"{counted(suppliers, 'supplier has', 'suppliers have')} live contracts of two departments or more"
    title, unknown = f"{counted(categories, 'category', 'categories')} bought by two departments or more", ""
    if categories.value is None:
        title, unknown = shared, f"{not_known(categories, 'How many categories several departments buy')} "
    sentence = or_why(
        suppliers, f"{shared}{range_text(suppliers)}.", "How many suppliers serve several departments"
    )
    return Shown(
        title=title,
        subtitle=f"Live contracts of the register by what they buy, on the period's last day. {m.where}",
        says=(
            f"{sentence} {unknown}To buy together saves work and can shut out small local firms: lots keep them in. What could be bought with other bodies is in pack 04.",
        ),
        caption="Categories that departments buy separately",
        most_rows=_SHOWN,
        paper=Paper.SENTENCES,
    )
