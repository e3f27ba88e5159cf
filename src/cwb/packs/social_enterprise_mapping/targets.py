"""Which planned purchases could be targeted at social enterprises, and by which route."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from cwb.charts.wording import counted, range_text, sentence_case, silent
from cwb.council.periods import long_date
from cwb.packs.market.demand import BODY
from cwb.packs.market.grading import PURCHASE, GradedPurchase, graded, graded_relation, has_social, surely_social
from cwb.packs.market.horizon import ahead
from cwb.packs.market.missing import as_far_as_known, may_be_more
from cwb.packs.market.rules import act_since, routes, thresholds_in_pounds
from cwb.packs.market.supply import supply_of
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import as_float, count, total
from cwb.packs.social_enterprise_mapping.geographies import LEGAL

# Routes of the dated table that are open to social enterprises in particular; lots and engagement help all small firms.
_FOR_SOCIAL = ("reserve-vcse", "quotes", "section-33", "light-touch")
_NAMED = 3
_MOST_ROWS = 40


@measure(
    Definition(
        "se_target_count", "Purchases that could be targeted", "count", "count",
        "Planned purchases that at least one local social enterprise of grade A or B is capable of serving and "
        "to which a listed route is open on the day. High: also those for which there is only one of grade C, "
        "of which the industry is not known, or for which a register that might list one is missing.",
        version=5,
    ),
    Definition(
        "se_target_value", "Value of purchases that could be targeted", "gbp", "total",
        "Sum of the stated values of such purchases over their whole terms, with the same range.",
        excluded="Purchases without a stated value.",
        version=5,
    ),
    question="Which planned purchases could be targeted, and by which route?",
    needs=("organisations",),
    main=("se_target_count",),
    columns=(
        Column("title", "Purchase"),
        Column("tender_date", "Expected, or present contract ends"),
        Column("value_gbp", "Value (£)", "gbp"),
        Column("band", "Threshold band"),
        Column("social", "Social enterprises known", "count"),
        Column("candidates", "Some candidates", on_paper=False),
        Column("routes", "Possible routes", on_paper=False),
        Column("status", "Status", csv_only=True),
    ),
)  # fmt: skip
def targets(data: PackData) -> Result:
    """Planned purchases that at least one local social enterprise of grade A or B could serve, with the lawful routes.

    One row per purchase, most social enterprises first, then largest: `title`, `tender_date`, `value_gbp`, `band`,
    `social`, `candidates` (up to three, those we know first), `routes`, `status` (always "For legal confirmation"). A
    purchase to which no listed route is open is left out. A route that needs a light touch service is named "if light
    touch" where the pipeline does not say. Routes hold on the day on which the procurement begins. Where only a body of grade C is in
    the industry, or none is known to supply the purchase, it is not known whether one could serve it.
    """
    open_to = {row.purchase.number: names for row in graded(data) if (names := _routes(row))}
    chosen = [row for row in graded(data) if row.has_social and row.purchase.number in open_to]
    chosen.sort(
        key=lambda row: (-surely_social(row.found), -(row.purchase.value_gbp or Decimal(0)), row.purchase.title)
    )
    side = supply_of(data)
    rows = [
        [
            p.title, f"{p.tender_date:%b %Y}", as_float(p.value_gbp), p.band.name, surely_social(row.found),
            "; ".join(side.names(row.found, _NAMED, social_only=True)), open_to[p.number], LEGAL,
        ]
        for row in chosen
        if (p := row.purchase)
    ]  # fmt: skip
    purchases, listed = graded_relation(data), ", ".join(f"'{number}'" for number in ("", *open_to))
    could = replace(has_social(data), sql=f"has_social AND purchase IN ({listed})")
    without = sum(row.purchase.value_gbp is None for row in chosen)
    caveats = silent(without, "such purchase states", "such purchases state")
    no_value = None if without < len(chosen) else "no such purchase states a value"
    value_of = total("se_target_value", purchases, could, "coalesce(value_gbp, 0)", PURCHASE, caveats=caveats)
    answers = ask(
        data, count("se_target_count", of=purchases, where=could, per=PURCHASE), value_of.unless(no_value)
    )
    return Result.of(as_far_as_known(data, answers, ("se_target_count", "se_target_value")), rows)


def _routes(row: GradedPurchase) -> str:
    """The routes for social enterprises that are open to a purchase on the day on which its procurement begins."""
    bought = row.purchase
    found = routes(bought.band.name, bought.is_light_touch, BODY, bought.begins_date)
    return "; ".join(route.name for route in found if route.route in _FOR_SOCIAL)


@targets.shown
def exhibit(m: Measured) -> Shown:
    count, value = m["se_target_count"], m["se_target_value"]
    purchases = counted(count, "planned purchase", "planned purchases")
    worth = f", worth {value}," if value.value is not None else ""
    unsure = (
        f" Where it is not known who could supply a purchase, there may be more{range_text(count)}."
        if count.bounds
        else ""
    )
    title = f"{sentence_case(purchases)}{worth} could be targeted at social enterprises"
    return Shown(
        title=title if count.value else "No planned purchase is known to suit a local social enterprise",
        subtitle=f"Purchases that a local social enterprise could serve and to which a lawful route is open. {ahead(m.data)}",
        says=(
            "Every route is for legal confirmation: which one is lawful depends on facts that no file holds. Routes are "
            "those in force on the day on which the procurement begins. Competitions for supported employment providers (section "
            f"32) are left out, for no file tells who is one, and so are purchases that begin before "
            f"{long_date(act_since())}, under the regulations of then.{unsure}",
            *may_be_more(m.data),
            *filter(None, (thresholds_in_pounds("council", m.data.period.end),)),
        ),
        caption="Planned purchases that could be targeted at social enterprises",
        most_rows=_MOST_ROWS,
    )
