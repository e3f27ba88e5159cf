"""The gap under other choices: the bridge, the area, who counts as capable."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cwb.council.sections import Gap
from cwb.entities.matching.kinds import BY_NUMBER
from cwb.packs.choices import least_and_most
from cwb.packs.exhibits import counted, dots
from cwb.packs.market.demand import SOURCES, Purchase, planned_purchases
from cwb.packs.market.grading import PURCHASE, is_served, market_of
from cwb.packs.market.horizon import ahead
from cwb.packs.market.industry import crosswalk_of
from cwb.packs.market.missing import as_far_as_known, may_be_more
from cwb.packs.market.supply import Supply, supply_of
from cwb.packs.market.turnover import Certainty
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import Relation, as_table, number

_REPORTED = "As reported"


@dataclass(frozen=True)
class Choice:
    """Another way to answer: who counts as supply, by which rule, and which bridges are trusted."""

    label: str
    supply: Supply
    rule: Gap
    is_sure_only: bool = False
    with_sellers: bool = False

    def is_served(self, purchase: Purchase) -> bool | None:
        """Whether the purchase finds a workable market or better; None where its industry or size is not
        known."""
        if self.is_sure_only and purchase.confidence != "high":
            return None
        found = self.supply.capable(purchase.need, self.with_sellers)
        return market_of(self.supply, found, purchase.need.is_mapped, self.rule).is_served


@dataclass(frozen=True)
class PurchaseUnderChoice:
    """A purchase under one choice: whether it finds a workable market or better."""

    purchase: str
    title: str
    choice: str
    is_served: bool | None
    source_file: str
    source_sheet: str | None
    source_row: int


def choices(data: PackData) -> tuple[Choice, ...]:
    """The choices, the one that the pack reports first."""
    main, rule = supply_of(data), data.settings.gap
    by_number = tuple(
        supplier if supplier.match_evidence in BY_NUMBER else replace(supplier, sic_codes=None)
        for supplier in main.known
    )
    reviewed = tuple(
        replace(supplier, sic_codes=supplier.sic_codes or supplier.candidate_sic_codes) for supplier in main.known
    )
    at_home = main.within(data.settings.council.home_district)
    return (
        Choice(_REPORTED, main, rule),
        Choice("Only product codes whose industry is sure", main, rule, is_sure_only=True),
        Choice("Wholesale and retail may supply goods too", main, rule, with_sellers=True),
        Choice(f"Only {data.settings.home_name} counts as local", at_home, rule),
        # Where no payment shows any supplier, that none could serve is no answer.
        *(
            (Choice("Only suppliers we know", replace(main, organisations=(), has_register=True), rule),)
            if main.known
            else ()
        ),
        Choice("Only matches by registration number", replace(main, known=by_number), rule),
        Choice("Doubtful matches taken as right", replace(main, known=reviewed), rule),
        Choice("Only firms that are surely large enough", replace(main, certainty=Certainty.SURE), rule),
        Choice("Every firm that may be large enough", replace(main, certainty=Certainty.POSSIBLE), rule),
        Choice("Twice as many suppliers needed", main, rule.model_copy(update={"workable": 2 * rule.workable})),
    )


@measure(
    Definition(
        "lines_served_least", "Purchases with a local market, least", "count", "derived",
        "The least number of purchases with a workable or strong local market under the choices of which enough"
        " is known.",
        version=3,
    ),
    Definition(
        "lines_served_most", "Purchases with a local market, most", "count", "derived",
        "The greatest number of purchases with a workable or strong local market under the choices of which "
        "enough is known.",
        version=3,
    ),
    question="How far does the gap depend on choices?",
    needs=("organisations",),
    main=("lines_served_least",),
    columns=(
        Column("choice", "Choice"),
        Column("served", "Workable or strong", "count"),
        Column("share", "Share", "share"),
        Column("none_or_thin", "None or thin", "count"),
        Column("not_known", "Not known", "count"),
    ),
)  # fmt: skip
def sensitivity(data: PackData) -> Result:
    """How many purchases find a workable or strong local market under other choices.

    One row per choice: `choice`, `served` (lines), `share` (of all lines), `none_or_thin` (lines), `not_known` (lines whose
    industry or size is not known under it). A choice under which too little is known has no row. Raises `Undefined` where the
    choice that the pack reports has none: there is nothing to compare others with.
    """
    purchases = planned_purchases(data)
    served = {choice.label: [choice.is_served(purchase) for purchase in purchases] for choice in choices(data)}
    floor = data.settings.evidence.floor_things * len(purchases)
    kept = {label: flags for label, flags in served.items() if len(flags) - flags.count(None) >= floor}
    if kept and _REPORTED not in kept:
        raise Undefined("too few local markets are known under the choices that the pack reports")
    rows = [
        [label, flags.count(True), flags.count(True) / len(flags), flags.count(False), flags.count(None)]
        for label, flags in kept.items()
    ]
    lines = _relation(data, purchases, kept or served)
    answers = ask(
        data, *least_and_most("lines_served_least", "lines_served_most", lines, is_served(data), PURCHASE)
    )
    left_out = "; ".join(label for label in served if label not in kept)
    known = as_far_as_known(data, answers, ("lines_served_least", "lines_served_most"))
    return Result.of(known, rows, facts={"left_out": left_out})


def _relation(data: PackData, purchases: tuple[Purchase, ...], served: dict[str, list[bool | None]]) -> Relation:
    """One row a purchase and choice."""
    rows = [
        PurchaseUnderChoice(p.number, p.title, label, flag, p.source_file, p.source_sheet, p.source_row)
        for label, flags in served.items()
        for p, flag in zip(purchases, flags, strict=True)
    ]
    table = as_table(PurchaseUnderChoice, rows)
    return data.add_table("purchases_by_choice", table, (*SOURCES, "organisations"))


@sensitivity.shown
def exhibit(m: Measured) -> Shown:
    fewest, greatest = m["lines_served_least"], m["lines_served_most"]
    texts = [f"{r.served:,} ({number(r.share, 'share')})" for r in m.table.itertuples()]
    left_out = f" Left out, for too little is known: {m.facts['left_out']}." if m.facts["left_out"] else ""
    is_spread = fewest.is_stated and greatest.is_stated and fewest.value != greatest.value
    spread = f"Between {fewest} and {greatest} purchases find a local market under other choices"
    return Shown(
        title=spread
        if is_spread
        else f"{counted(fewest, 'purchase finds', 'purchases find')} a local market under every choice",
        subtitle=f"Purchases with a workable or strong local market under each choice. {ahead(m.data)}",
        chart=dots(m.table["choice"], m.table["served"], "count", texts),
        says=(
            f"Which industries supply a product code is a judgement (version {crosswalk_of(m.data).version}), and no "
            f"official table.{left_out}",
            *may_be_more(m.data),
        ),
        caption="Purchases with a local market under other choices",
    )
