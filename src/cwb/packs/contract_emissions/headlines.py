"""What pack 05 may tell on the first page."""

from __future__ import annotations

from cwb.charts.wording import ends_text, is_one_way, part_text
from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding
from cwb.packs.headline import Find, Headline
from cwb.packs.track import Direction


def _emissions(data: PackData, find: Find) -> str:
    total, away = find("emissions_total"), find("pathway_distance")
    sentence = f"{_bought(total)} gave off about {total}"
    if not away.value:
        return f"{sentence}."
    line = f"the straight path to net zero in {data.settings.emissions.net_zero_year}"
    if not is_one_way(away):
        return f"{sentence}. Whether that is above {line} is not sure: the difference is {away.bounds}."
    if away.value > 0:
        return f"{_bought(away)} gave off {away}{ends_text(away)} more than {line}."
    ends = f"; the difference is {away.bounds}" if away.bounds else ""
    return f"{sentence}: {away:magnitude} below {line}{ends}."


def _bought(found: Finding) -> str:
    """What emits so much: purchases, or the part of them that is known."""
    part = part_text(found)
    return f"What {part} bought" if part else "Purchases"


HEADLINES = (
    Headline(
        finding="emissions_total",
        exhibit="emissions",
        subject="How much greenhouse gas our purchases give off",
        says=_emissions,
        better=Direction.DOWN,
        moved="our purchases give off more/less greenhouse gas",
        baseline="emissions_baseline",
        change="emissions_change",
    ),
    Headline(
        finding="plan_spend_share",
        exhibit="plans",
        subject="How much we spend with firms that have a current plan to cut carbon",
        says="{plan_spend_share} of spend is with firms that have a current plan to cut carbon.",
        moved="more/less of our spend is with firms that have a current plan to cut carbon",
    ),
)
