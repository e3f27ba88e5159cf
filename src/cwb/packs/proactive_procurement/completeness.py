"""Which of the items that the Transparency Code asks for are filled in the contracts register."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cwb.charts.wording import mid_sentence
from cwb.evidence.relation import Relation
from cwb.lines.register_cells import BLANK, FILLED
from cwb.packs.exhibits import bars, counted, listed, plural, range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.proactive_procurement.covered import register_limit
from cwb.packs.questions import CONTRACT, Fact, Question, Thing, always, count, number, share

ITEM = Thing("item", "item", "items")
_IS_FILLED = always(f"state = '{FILLED}'")


@measure(
    Definition(
        "register_field_share", "Contracts register filled in", "share", "share",
        "Filled cells of the contracts register divided by all its cells, over the thirteen items that the Transparency Code asks "
        "of every contract. An item that no row states counts as blank. The register is that of today, whatever the period.",
        excluded="The registration number, which is asked of voluntary bodies alone; rows of the register that could not be read.",
    ),
    Definition(
        "register_field_present_share", "Contracts register filled in, of items that some row states", "share", "share",
        "Filled cells divided by all cells of those of the thirteen items that some row of the register's file states.",
        excluded="Items that no row of a file fills.",
    ),
    Definition(
        "register_under_5000", "Register rows below the limit", "count", "count",
        "Contracts on the register whose stated value is below the amount over which the Code asks for them.",
        excluded="Whether a value that is not stated is below it is not known.",
    ),
    question="How complete is the contracts register?",
    needs=("register_cells", "contract_lines"),
    main=("register_field_share",),
    columns=(
        Column("department", "Department"),
        Column("contracts", "Contracts", "count"),
        Column("filled", "Cells filled", "count"),
        Column("cells", "Cells", "count"),
        Column("filled_share", "Share filled", "share"),
        Column("most_blank", "Blank most often"),
    ),
)  # fmt: skip
def register_completeness(data: PackData) -> Result:
    """Filled and blank cells of the register by department.

    One row per department, least complete first: `department`, `contracts` (rows of the register), `filled`, `cells`,
    `filled_share`, `most_blank` (the item that is blank most often, of those that some row states).
    """
    cells = Relation("register_cells", ("register_cells",))
    present = cells.where("is_present")
    below = Fact(
        f"value_gbp < {register_limit(data)}",
        "the values of contracts are known",
        "Values on the register would settle it.",
    )
    answers = ask(
        data,
        _by_item(share("register_field_share", of=cells, where=_IS_FILLED, by="cells", per=ITEM)),
        _by_item(share("register_field_present_share", of=present, where=_IS_FILLED, by="cells", per=ITEM)),
        count(
            "register_under_5000", of=Relation("contract_lines", ("contract_lines",)), where=below, per=CONTRACT
        ),
    )
    sql = f"""SELECT coalesce(department, 'Not stated') AS department, item, is_present, sum(cells) AS cells,
        sum(CASE WHEN state = '{FILLED}' THEN cells ELSE 0 END) AS filled FROM register_cells
        GROUP BY department, item, is_present ORDER BY department, item"""
    rows = pd.DataFrame(data.rows(sql))
    absent = sorted({row.item for row in rows.itertuples()} - {r.item for r in rows.itertuples() if r.is_present})
    return Result.of(
        answers, _by_department(rows), sql, facts={"absent": listed([mid_sentence(one) for one in absent])}
    )


def _by_item(question: Question) -> Question:
    """An item's filled cells are one thing, and its blank ones another."""
    return replace(question, group="state")


def _by_department(rows: pd.DataFrame) -> pd.DataFrame:
    found = []
    for department, own in rows.groupby("department"):
        by_item = own.groupby("item")[["cells", "filled"]].sum()
        there = own[own["is_present"]].groupby("item")[["cells", "filled"]].sum()
        blank = (there["cells"] - there["filled"]).sort_index()
        worst = f"{blank.idxmax()}" if len(blank) and blank.max() > 0 else ""
        cells, filled = int(by_item["cells"].sum()), int(by_item["filled"].sum())
        found.append([department, int(by_item["cells"].max()), filled, cells, filled / cells, worst])
    columns = ["department", "contracts", "filled", "cells", "filled_share", "most_blank"]
    return pd.DataFrame(found, columns=columns).sort_values(["filled_share", "department"], ignore_index=True)


@register_completeness.shown
def exhibit(m: Measured) -> Shown:
    filled, present, below = (
        m[name] for name in ("register_field_share", "register_field_present_share", "register_under_5000")
    )
    absent = m.facts["absent"]
    # A heading without a cell below it is no different from none: which of both it is, the rows do not tell.
    lacks = f" No row of the register states {absent}: that counts as {BLANK}." if absent else ""
    limit = number(float(register_limit(m.data)), "gbp")
    return Shown(
        title=f"{filled} of what the Transparency Code asks for is filled in",
        subtitle=f"Filled cells of the contracts register of today, of the items that every contract needs, least complete first. {m.data.settings.council.name}",
        chart=bars(
            m.table["department"],
            m.table["filled_share"] * 100,
            "count",
            texts=[f"{share:.1%}" for share in m.table["filled_share"]],
        ),
        says=(
            f"Of the items that some row states {present} is filled{range_text(present)}.{lacks} A filled cell may still be wrong.",
            f"{counted(below, 'contract', 'contracts')} on the register "
            f"{'has' if below.value == 1 else 'have'} a stated value below {limit}: the Code asks for what is above it, and to list them is allowed."
            if below.value
            else f"No contract on the register has a stated value below {limit}; above it the Code asks for a row.",
        ),
        caption=f"{plural(f'{len(m.table)}', 'department')} of the register by filled cells",
        most_rows=10,
    )
