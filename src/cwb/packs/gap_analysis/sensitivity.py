"""The gap under other choices: the bridge, the area, who counts as capable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

import pandas as pd
import pyarrow as pa

from cwb.charts.charts import Bar, Bars
from cwb.charts.tables import Column
from cwb.council.sections import Gap
from cwb.entities.matching.kinds import BY_NUMBER
from cwb.evidence.bounded import ONE, Bounded, coverage_of, exactly
from cwb.evidence.data import PackData
from cwb.evidence.definitions import Definition
from cwb.evidence.finding import number
from cwb.evidence.relation import Relation
from cwb.packs.choices import least_and_most
from cwb.packs.gap_analysis.demand import ahead
from cwb.packs.market.demand import SOURCES, Purchase, planned_purchases
from cwb.packs.market.grading import IS_SERVED, PURCHASE, Grade, grade_of
from cwb.packs.market.industry import bridge_of
from cwb.packs.market.supply import Supply, supply_of
from cwb.packs.measure import Measured, Result, Shown, ask, measure

_RULE = (
    "For each group (a choice) count the rows that are in, for high with the unknown rows of the group; value, low and high "
    "are the {} of these over the groups."
)


@dataclass(frozen=True)
class Choice:
    """Another way to answer: who counts as supply, by which rule, and which bridges are trusted."""

    label: str
    supply: Supply
    rule: Gap
    is_sure_only: bool = False
    with_sellers: bool = False

    def is_served(self, purchase: Purchase) -> bool | None:
        """Whether the purchase finds a workable market or better; None where its industry is not known."""
        if self.is_sure_only and purchase.confidence != "high":
            return None
        found = self.supply.capable(purchase.need, self.with_sellers)
        grade = grade_of(found, purchase.need.is_mapped, self.rule)
        return None if grade is Grade.NOT_MAPPED else bool(grade.is_served)


def choices(data: PackData) -> tuple[Choice, ...]:
    """The choices, the one that the pack reports first."""
    main, rule = supply_of(data), data.settings.gap
    by_number = tuple(
        own if own.match_evidence in BY_NUMBER else replace(own, sic_codes=None) for own in main.known
    )
    reviewed = tuple(replace(own, sic_codes=own.sic_codes or own.candidate_sic_codes) for own in main.known)
    at_home = main.within(data.settings.council.home_district)
    return (
        Choice("As reported", main, rule),
        Choice("Only bridges of high confidence", main, rule, is_sure_only=True),
        Choice("Wholesale and retail may supply goods too", main, rule, with_sellers=True),
        Choice(f"Only {data.settings.home_name} counts as local", at_home, rule),
        Choice("Only suppliers we know", replace(main, organisations=()), rule),
        Choice("Matches by a given number only", replace(main, known=by_number), rule),
        Choice("Matches under review taken", replace(main, known=reviewed), rule),
        Choice("Twice as many suppliers needed", main, rule.model_copy(update={"workable": 2 * rule.workable})),
    )


@measure(
    Definition(
        "lines_served_least", "Purchases with a local market, least", "count", "derived",
        "The least number of purchases with a workable or strong local market under the choices of which enough"
        " is known.",
        version=2,
    ),
    Definition(
        "lines_served_most", "Purchases with a local market, most", "count", "derived",
        "The greatest number of purchases with a workable or strong local market under the choices of which "
        "enough is known.",
        version=2,
    ),
    question="How far does the gap depend on choices?",
    needs=("organisations",),
    main=("lines_served_least",),
)  # fmt: skip
def sensitivity(data: PackData) -> Result:
    """How many purchases find a workable or strong local market under other choices.

    One row per choice: `choice`, `served` (lines), `share` (of all lines), `none_or_thin` (lines), `not_known` (lines whose
    industry is not known under it). A choice under which too little is known has no row.
    """
    purchases = planned_purchases(data)
    served = {choice.label: [choice.is_served(own) for own in purchases] for choice in choices(data)}
    floor = data.settings.evidence.floor_things * len(purchases)
    kept = {label: flags for label, flags in served.items() if len(flags) - flags.count(None) >= floor}
    rows = [
        {
            "choice": label,
            "served": flags.count(True),
            "share": flags.count(True) / len(flags),
            "none_or_thin": flags.count(False),
            "not_known": flags.count(None),
        }
        for label, flags in kept.items()
    ]
    lines = _relation(data, purchases, kept or served)
    asked = ask(data, *least_and_most("lines_served_least", "lines_served_most", lines, IS_SERVED, PURCHASE))
    facts = {"left_out": "; ".join(label for label in served if label not in kept)}
    return Result(asked.findings, pd.DataFrame(rows), facts, tuple(asked.sql))


def _relation(data: PackData, purchases: tuple[Purchase, ...], served: dict[str, list[bool | None]]) -> Relation:
    """One row a purchase and choice."""
    rows = [
        (own.number, own.title, label, flag, own.source_file, own.source_sheet, own.source_row)
        for label, flags in served.items()
        for own, flag in zip(purchases, flags, strict=True)
    ]
    names = ("purchase", "title", "choice", "is_served", "source_file", "source_sheet", "source_row")
    kinds = {"is_served": pa.bool_(), "source_row": pa.int64()}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in names])
    table = pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], schema)
    return data.add_table("purchases_by_choice", table, (*SOURCES, "organisations"))


def least(rows: pd.DataFrame) -> Bounded:
    """The least number of purchases served over the choices."""
    return _over_choices(rows, min)


def most(rows: pd.DataFrame) -> Bounded:
    """The greatest number of purchases served over the choices."""
    return _over_choices(rows, max)


@exactly
def _over_choices(rows: pd.DataFrame, of: Callable[[list[Decimal]], Decimal]) -> Bounded:
    served = [(own["part"] == "in").sum() for _, own in rows.groupby("group")]
    possible = [own["part"].isin(["in", "unknown"]).sum() for _, own in rows.groupby("group")]
    value, high = (of([Decimal(int(n)) for n in counts]) for counts in (served, possible))
    return Bounded(value, value, high, coverage_of(ONE * int((rows["part"] == "unknown").sum()), ONE * len(rows)))


@sensitivity.shown
def exhibit(m: Measured) -> Shown:
    fewest, greatest = m["lines_served_least"], m["lines_served_most"]
    bars = tuple(
        Bar(row["choice"], row["served"], f"{row['served']:,} ({number(row['share'], 'share')})")
        for row in m.table.to_dict("records")
    )
    left_out = f" Left out, for too little is known: {m.facts['left_out']}." if m.facts["left_out"] else ""
    spread = f"Between {fewest} and {greatest} purchases find a local market under other choices"
    return Shown(
        title=spread
        if fewest.value != greatest.value
        else f"{fewest} purchases find a local market under every choice",
        subtitle=f"Purchases with a workable or strong local market under each choice. {ahead(m.data)}",
        chart=Bars(bars, "count", {"": 0}),
        says=(
            f"The bridge from CPV codes to industries is version {bridge_of(m.data).version}: a dated judgement, not an "
            f"official table.{left_out}",
        ),
        columns=(
            Column("choice", "Choice"),
            Column("served", "Workable or strong", "count"),
            Column("share", "Share", "share"),
            Column("none_or_thin", "None or thin", "count"),
            Column("not_known", "Not known", "count"),
        ),
        caption="Purchases with a local market under other choices",
    )
