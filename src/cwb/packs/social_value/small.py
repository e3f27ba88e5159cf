"""What contracts outside the portal return: those below the threshold and short works, evaluated in-house."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from cwb.base.references import same_reference
from cwb.base.rows import Row
from cwb.evidence.headcounts import hidden
from cwb.packs.exhibits import counted, or_why, plural, quantity, range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import (
    CONTRACT,
    PLACE,
    ZERO,
    Fact,
    Relation,
    Thing,
    always,
    count,
    exactly,
    share,
    share_among,
)
from cwb.packs.social_value.register import register
from cwb.packs.social_value.returns import added, counts_people
from cwb.packs.social_value.spans import add_up_once, apart

_RETURN = Thing("", "measure", "returns")
_IS_SMALL = Fact(
    "is_small",
    "which contracts are outside the portal's scope is known",
    "Value, subject and last day of each contract on the register would settle it.",
)
_IS_LISTED = Fact("is_small_listed")
_HAS_RETURN = Fact(
    "has_return",
    _IS_SMALL.known,
    "Value, subject, last day and reference of each contract on the register would settle it.",
)


@measure(
    Definition(
        "sv_small_count", "Small contracts that return social value", "count", "count",
        "Contracts below the threshold and short works with a return whose period ends in the period.",
        excluded="Contracts that are in the portal's scope.",
    ),
    Definition(
        "sv_small_share", "Small contracts begun that return social value", "share", "share",
        "Contracts below the threshold and short works, of at least the value that must be on the register, that begin in the period and have a return of it "
        "divided by all of these. Those whose value, subject or term leave it open bound it.",
    ),
    Definition(
        "sv_small_verified_share", "Returns that were checked", "share", "share",
        "Returns of the period with evidence and a role that checked it divided by all.",
    ),
    question="What do smaller contracts return?",
    needs=("social_value_returns",),
    main=("sv_small_count", "sv_small_verified_share"),
    columns=(
        Column("measure", "Measure"),
        Column("unit", "Unit"),
        Column("contracts", "Contracts", "count"),
        Column("delivered", "Delivered in the period"),
        Column("apart", "Returns of more than this contract", "count"),
        Column("extra", "Returns of what was not promised", "count"),
    ),
)  # fmt: skip
def small(data: PackData) -> Result:
    """Returns of the period from contracts outside the portal, or perhaps outside, by measure and unit.

    One row per measure and unit, most contracts first: `measure`, `unit`, `contracts`, `delivered` (of this contract and period alone, no
    period twice), `apart` (rows that are of more than the contract and period, and are added to nothing), `extra` (rows that the contract
    had not promised).
    """
    period = data.period
    lines = Relation(
        "social_value_returns", ("social_value_returns",),
        (f"period_to BETWEEN DATE '{period.start}' AND DATE '{period.end}'",),
    )  # fmt: skip
    if not data.count(lines):
        raise Undefined(f"no return is of {period.label}")
    contracts = register(data)
    begun = contracts.where("is_begun", "is_small_listed IS NOT FALSE")
    why = data.why_not("contract_lines")
    if why is None and not data.count(begun):
        why = "no contract of the register that may be small begins in the period"
    answers = ask(
        data,
        count("sv_small_count", contracts.where("has_return"), _IS_SMALL, per=CONTRACT),
        share_among("sv_small_share", begun, _IS_LISTED, _HAS_RETURN, by=None, per=CONTRACT).unless(why),
        share("sv_small_verified_share", lines, always("has_evidence AND is_checked"), by=None, per=_RETURN),
    )
    may_be_small = contracts.where("is_small IS NOT FALSE", "reference IS NOT NULL")
    small_ones = {
        r["reference"]
        for r in data.rows(f"SELECT reference FROM {may_be_small.source} WHERE {may_be_small.condition}")
    }
    sql = f"SELECT * FROM {lines.source} WHERE {lines.condition} ORDER BY {PLACE}"
    found = data.rows(sql)
    by_measure: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in found:
        if same_reference(row["contract_reference"]) in small_ones:
            by_measure[row["measure"], row["unit"]].append(row)
    table = sorted(
        (_row(*key, of) for key, of in by_measure.items()), key=lambda row: (-row[2], row[0], row[1] or "")
    )
    others = len(found) - sum(map(len, by_measure.values()))
    return Result.of(answers, table, sql, facts={"others": f"{others:,}"} if others else None)


def _row(measure: str, unit: str, rows: list[Row]) -> tuple[str, str, int, str, int, int]:
    return (
        measure,
        unit,
        len({same_reference(row["contract_reference"]) for row in rows}),
        _shown(_delivered(rows), unit),
        sum(not row["is_only_this"] for row in rows),
        sum(not row["is_commitment"] for row in rows),
    )


@exactly
def _delivered(rows: list[Row]) -> tuple[Decimal, bool] | None:
    """What returns of one measure, each of its contract and period alone, add up to, and whether others overlap them, so that it is the
    least; None where none states it."""
    by_contract: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["is_only_this"] and row["delivered_quantity"] is not None:
            by_contract[same_reference(row["contract_reference"])].append(row)
    if not by_contract:
        return None
    parts = [apart(add_up_once(own)[0], "delivered_quantity") for own in by_contract.values()]
    return sum((added(sure, "delivered_quantity") for sure, _ in parts), ZERO), any(others for _, others in parts)


def _shown(found: tuple[Decimal, bool] | None, unit: str | None) -> str:
    if found is None:
        return "not known"
    delivered, is_least = found
    # Of one measure and unit: nothing adds it to others.
    (shown,) = hidden([delivered]) if counts_people(unit) else (delivered,)
    if isinstance(shown, str):
        # Fewer than 5 that are told for certain may be many.
        return "not known" if is_least else shown
    return f"at least {quantity(delivered)}" if is_least else quantity(delivered)


@small.shown
def exhibit(m: Measured) -> Shown:
    many, share, checked = m["sv_small_count"], m["sv_small_share"], m["sv_small_verified_share"]
    aside, extra = (int(m.table[name].sum()) for name in ("apart", "extra"))
    says = [
        or_why(share, f"Of such contracts that began in the period, {share} have a return{range_text(share)}.", "How many of those begun have a return"),
        f"With evidence and a role that checked it: {checked} of returns.",
    ]  # fmt: skip
    if aside:
        of_one = "tells of more than its own contract and period: its quantity is"
        of_many = "tell of more than their own contract and period: their quantities are"
        says.append(f"{plural(f'{aside:,}', 'return')} {of_one if aside == 1 else of_many} not counted.")
    if extra:
        says.append(f"{plural(f'{extra:,}', 'return')} of what the contract had not promised.")
    if n := m.facts.get("others"):
        says.append(f"{plural(n, 'return')} of contracts that are not small: in no row.")
    return Shown(
        title=or_why(
            many,
            f"{counted(many, 'small contract returns', 'small contracts return')} social value outside the portal",
            "How many small contracts return social value",
        ) if many.value is not None else "How many small contracts return social value is not known",
        subtitle=f"Returns of contracts outside the portal's scope. {m.where}",
        says=tuple(says),
        caption="Returns of small contracts by measure and unit",
        paper=Paper.SENTENCES,
    )  # fmt: skip
