"""How far the local share depends on choices that could have been made otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import pandas as pd

from cwb.evidence.bounded import Bounded, Sums, coverage_of, exactly
from cwb.evidence.facts import IS_HOME, IS_LOCAL, IS_LOCAL_BY_NUMBER, IS_LOCAL_BY_OFFICE, IS_LOCAL_IF_REVIEWED
from cwb.packs.exhibits import Ranges, or_why
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import POUNDS, SUPPLIER, Fact, Leg, add_up, derived, is_enough_known, number, share

GROSS = "coalesce(gross_gbp, amount_gbp)"
_KNOWN_RULE = "The weight of the rows that are in divided by the weight of those that are in or out: the unknown are left out."


@dataclass(frozen=True)
class Choice:
    """Another way to answer: the fact and pounds that it takes, and what it does with what is not known."""

    label: str
    fact: Fact
    by: str = POUNDS
    unknown: str = "bounds"


@measure(
    Definition(
        "local_share_registered", "Local share by registered office", "share", "share",
        "Local share of all spend when a supplier's place is its registered office at Companies House. "
        "Suppliers on no register, and withheld names, are of unknown place, and count as spend.",
        version=2,
    ),
    Definition(
        "local_share_known", "Local share of spend of known place", "share", "derived",
        "Spend with local suppliers divided by spend whose place is known.",
        excluded="Suppliers whose place is not known.",
    ),
    Definition(
        "local_share_gross", "Local share of spend with VAT", "share", "share",
        "Local share of all spend when amounts include VAT where the file states it.",
    ),
    question="How far does the answer depend on our choices?",
    main=("local_share_known",),
    columns=(
        Column("choice", "Choice"),
        Column("local_share", "Local share", "share"),
        Column("share_low", "Low", "share"),
        Column("share_high", "High", "share"),
        Column("without_one_offs", "Without one-offs", "share"),
    ),
)  # fmt: skip
def sensitivity(data: PackData) -> Result:
    """The local share under other choices.

    One row per choice: `choice`, `local_share`, `share_low`, `share_high`, `without_one_offs`. A choice under which too
    little is known has no row.
    """
    lines = data.spend()
    has_gross = data.count(lines.where("gross_gbp IS NOT NULL")) > 0
    has_register = data.has("organisations")
    choices = [
        Choice("As reported: paying address, unknown place counted as not local", IS_LOCAL),
        Choice("Suppliers of unknown place left out", IS_LOCAL, unknown="left out"),
        Choice("All suppliers of unknown place taken as local", IS_LOCAL, unknown="local"),
        *([Choice("Registered office instead of paying address", IS_LOCAL_BY_OFFICE)] if has_register else []),
        Choice("Doubtful matches taken as right", IS_LOCAL_IF_REVIEWED),
        Choice("Only matches by registration number", IS_LOCAL_BY_NUMBER),
        *([Choice("With VAT where stated", IS_LOCAL, by=GROSS)] if has_gross else []),
        Choice(f"Only {data.settings.home_name} counted as local", IS_HOME),
    ]
    recurrent = data.recurrent() if data.has_one_offs() else None
    legs = [Leg(lines.condition, choice.by, choice.fact) for choice in choices]
    legs += [Leg(recurrent.condition, choice.by, choice.fact) for choice in choices] if recurrent else []
    found = add_up(data.engine, lines.source, SUPPLIER, legs)[None]
    rows = []
    for place, choice in enumerate(choices):
        all_spend = found[place]
        if not is_enough_known(data, all_spend):
            continue
        ends = (all_spend.low, all_spend.high) if choice.unknown == "bounds" else ()
        low, high = (float(end / all_spend.all) for end in ends) if ends else (None, None)
        rest = found[place + len(choices)] if recurrent else None
        rest_share = _share(choice, rest) if rest and is_enough_known(data, rest) else None
        rows.append([choice.label, _share(choice, all_spend), low, high, rest_share])
    table = pd.DataFrame(rows, columns=["choice", "local_share", "share_low", "share_high", "without_one_offs"])
    for end in ("share_low", "share_high"):
        table[end] = table[end].astype("float64").fillna(table["local_share"])
    no_register = None if has_register else "no register of organisations was supplied"
    no_gross = None if has_gross else "no file of the period states amounts with VAT"
    answers = ask(
        data,
        derived("local_share_known", of=lines, rule=_KNOWN_RULE, compute=known_part, where=IS_LOCAL),
        share("local_share_registered", of=lines, where=IS_LOCAL_BY_OFFICE).unless(no_register),
        share("local_share_gross", of=lines, where=IS_LOCAL, by=GROSS).unless(no_gross),
    )
    reason_of = "" if table["local_share"].notna().any() else "local_share_known"
    return replace(Result.of(answers, table), reason_of=reason_of)


@exactly
def _share(choice: Choice, sums: Sums) -> float | None:
    top, bottom = sums.true, sums.all
    if choice.unknown == "left out":
        bottom = sums.all - sums.unknown
    elif choice.unknown == "local":
        top = sums.true + sums.unknown
    return float(top / bottom) if bottom > 0 else None


@exactly
def known_part(rows: pd.DataFrame) -> Bounded:
    """The part that is in of all that is known; what is not known is left out, and lowers the coverage."""
    of = {part: sum(part_rows["weight"], Decimal(0)) for part, part_rows in rows.groupby("part")}
    size = {
        part: sum((abs(w) for w in part_rows["weight"]), Decimal(0)) for part, part_rows in rows.groupby("part")
    }
    known = of.get("in", Decimal(0)) + of.get("out", Decimal(0))
    coverage = coverage_of(size.get("unknown", Decimal(0)), sum(size.values(), Decimal(0)))
    if known <= 0:
        return Bounded(None, None, None, coverage)
    value = of.get("in", Decimal(0)) / known
    return Bounded(value, value, value, coverage)


@sensitivity.shown
def exhibit(m: Measured) -> Shown:
    shares = m.table["local_share"].dropna()
    low, high = number(float(shares.min()), "share"), number(float(shares.max()), "share")
    registered = m["local_share_registered"]
    office = f"By registered office instead of paying address it is {registered}."
    return Shown(
        title=f"The local share lies between {low} and {high} under other choices",
        subtitle=f"Local share of all spend under each choice, with the range that unknown places allow. {m.where}",
        chart=Ranges(
            tuple(
                (r["choice"], r["local_share"], r["share_low"], r["share_high"], number(r["local_share"], "share"))
                for r in m.table.to_dict("records")
            )
        ),
        says=(
            f"{or_why(registered, office, 'By registered office it')} Of spend whose place is known, "
            f"{m['local_share_known']} is local.",
        ),
        caption="The local share under other choices",
    )
