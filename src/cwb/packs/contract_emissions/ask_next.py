"""Whom to ask for data next: the suppliers whose own figures would narrow the range of the total most."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from cwb.base.privacy import NOT_STATED, WITHHELD
from cwb.packs.contract_emissions.emissions import TONNES, known, of_factors
from cwb.packs.contract_emissions.factors import half_widths
from cwb.packs.contract_emissions.footprint import SPEND_BASED, footprint
from cwb.packs.exhibits import POUNDS, bars
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import SUPPLIER, ZERO, Bounded, coverage, exactly

_MOST = 10
_FINISHED = "spend-based, of a finished project"
_REPORTED_SCORE = 2  # a supplier's own figure, not assured
_RULE = (
    "The range is, over the texts in shared, the size of Σ weight × (high_factor − factor) of the rows that are in. Of the "
    "things that are named and have spend-based rows, the one whose own figure would narrow it most is taken, ten times over: "
    "its spend-based rows are moved into a text of its own, off by a fifth. The value is the part of the range that is gone."
)


@dataclass(frozen=True)
class Candidate:
    """One supplier to ask: what is spend-based of it, how much narrower the range gets on either side, what is left of it."""

    supplier: str
    pounds_gbp: Decimal
    kgco2e: Decimal
    score: int
    narrows_kgco2e: Decimal
    left_kgco2e: Decimal


@exactly
def order_of(rows: pd.DataFrame) -> tuple[Decimal, list[Candidate]]:
    """The range of the total on either side in kg, and the suppliers to ask, each chosen after those before it.

    £100 at 0.4 of A and £100 of B, one product off by half: 20 + 20 = 40 either way. A's own figure leaves 20 + 8 = 28.
    """
    widths: dict[str, Decimal] = defaultdict(Decimal)
    widths_of: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    about: dict[str, list[tuple[Decimal, Decimal, int]]] = defaultdict(list)
    for row in known(rows).itertuples():
        width = row.weight * (row.high_factor - row.factor)
        widths[row.shared] += width
        if row.method == SPEND_BASED and row.thing not in (WITHHELD, NOT_STATED):
            widths_of[row.thing][row.shared] += width
            about[row.thing].append((row.weight, row.weight * row.factor, int(row.score)))
    emits = {name: sum((kg for _, kg, _ in lines), ZERO) for name, lines in about.items()}
    left = first = sum((abs(width) for width in widths.values()), ZERO)
    chosen: list[Candidate] = []
    while widths_of and len(chosen) < _MOST:
        after = {
            name: left
            + sum((abs(widths[key] - width) - abs(widths[key]) for key, width in parts.items()), ZERO)
            + abs(emits[name]) * half_widths()[_REPORTED_SCORE]
            for name, parts in widths_of.items()
        }
        name = min(after, key=lambda name: (after[name], name))
        if after[name] >= left:
            break
        for key, width in widths_of.pop(name).items():
            widths[key] -= width
        pounds, score = sum((p for p, _, _ in about[name]), ZERO), min(s for _, _, s in about[name])
        chosen.append(Candidate(name, pounds, emits[name], score, left - after[name], after[name]))
        left = after[name]
    return first, chosen


@exactly
def _narrowed(rows: pd.DataFrame) -> Bounded:
    first, chosen = order_of(rows)
    if not first:
        return Bounded(None, None, None, coverage(rows))
    value = sum((one.narrows_kgco2e for one in chosen), ZERO) / first
    return Bounded(value, value, value, coverage(rows))


@measure(
    Definition(
        "ask_next_share", "What the next ten would settle", "share", "derived",
        "By how much narrower the range of the total would be if the ten suppliers that narrow it most reported.",
        excluded="Names that may be individuals'; what was paid for approved one-off projects, unless their contract still runs.",
        version=4,
    ),
    question="Whose data would tell us most?",
    main=("ask_next_share",),
    columns=(
        Column("supplier", "Supplier"),
        Column("narrows_kgco2e", "Narrows by (tCO2e)", "tonnes"),
        Column("left_kgco2e", "Range then, ± (tCO2e)", "tonnes"),
        TONNES,
        POUNDS,
        Column("score", "Score now", "count"),
    ),
)  # fmt: skip
def ask_next(data: PackData) -> Result:
    """The ten suppliers whose own data would narrow the range of the total most, each chosen after those before it.

    One row per supplier, in the order of asking: `supplier`, `pounds_gbp`, `kgco2e`, `score` (now), `narrows_kgco2e` (how much
    narrower the range of the total is on either side when it too reports, unassured: score 2), `left_kgco2e` (what is then
    left of it). Names that may be individuals' are left out, and approved one-off projects unless their contract still runs: a figure
    of what is over tells nothing of what is bought next.
    """
    lines, is_over = footprint(data), _is_over(data)
    question = of_factors(
        "ask_next_share",
        lines.with_sources(*lines.tables, "one_offs"),
        _RULE,
        _narrowed,
        SUPPLIER,
        # Within a year the key parts lines no further than `shared` does, and is another text.
        f"CASE WHEN {is_over} THEN factor_key ELSE shared END",
        columns=(("method", f"CASE WHEN {is_over} THEN '{_FINISHED}' ELSE method END"), "score"),
    )
    answers = ask(data, question)
    rows = answers["ask_next_share"].rows()
    _, order = order_of(rows)
    if not order and len(known(rows)):
        but = ", finished projects left out" if (rows["method"] == _FINISHED).any() else ""
        raise Undefined(f"no supplier's own figure would narrow the range{but}")
    cells = {name: [getattr(one, name) for one in order] for name in Candidate.__dataclass_fields__}
    table = pd.DataFrame(cells).astype({name: float for name in cells if name.endswith(("_gbp", "kgco2e"))})
    return Result.of(answers, table)


def _is_over(data: PackData) -> str:
    """SQL: what is spend-based of a finished project. Nobody is asked for it, so that it has a method of its own."""
    still_runs = f"contract_last_day > DATE '{data.report_day}'"
    return f"method = '{SPEND_BASED}' AND {data.is_one_off} AND ({still_runs}) IS NOT TRUE"


@ask_next.shown
def exhibit(m: Measured) -> Shown:
    share = m["ask_next_share"]
    who = "one more supplier" if len(m.table) == 1 else f"{len(m.table)} more suppliers"
    return Shown(
        title=f"Data of {who} would narrow the range of the total by {share}",
        subtitle=f"How much narrower the range gets on either side as each supplier reports, in this order. {m.where}",
        chart=bars(m.table["supplier"], m.table["narrows_kgco2e"], "kgco2e"),
        says=("Ask these first: the procurement team can send them the form for suppliers' emissions.",),
        caption="The next suppliers to ask",
    )
