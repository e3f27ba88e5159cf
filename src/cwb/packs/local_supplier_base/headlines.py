"""What pack 01 may tell on the first page."""

from __future__ import annotations

from cwb.evidence.data import PackData
from cwb.lines.categories import NOT_CATEGORISED
from cwb.packs.exhibits import counted
from cwb.packs.headline import Find, Headline
from cwb.packs.local_supplier_base.concentration import TEN
from cwb.packs.local_supplier_base.leakage import leakage
from cwb.packs.track import Direction


def _home(data: PackData, find: Find) -> str:
    paid = counted(find("home_supplier_count"), "supplier we paid is", "suppliers we paid are")
    return f"{paid} in {data.settings.home_name}."


def _leak(data: PackData, find: Find) -> str:
    category = leakage(data).facts.get("surely", "")
    pounds = f"{find('largest_leak_spend')} in {data.period.short_label}"
    if category and category != NOT_CATEGORISED:
        return f"Most money leaves for {category}: {pounds}."
    if category == NOT_CATEGORISED:
        return f"Of what leaves, most is not categorised: {pounds}."
    return f"The largest sum that leaves for one kind of purchase is {pounds}."


def _largest(_: PackData, find: Find) -> str:
    suppliers, share = find("supplier_count"), find("top_ten_share")
    paid = f"We paid {counted(suppliers, 'supplier', 'suppliers')}"
    if suppliers.value is not None and suppliers.value <= TEN:
        return f"{paid}; together they have {share} of spend."
    return f"{paid}; the ten largest have {share} of spend."


HEADLINES = (
    Headline(
        finding="local_share_without_one_offs",
        exhibit="charts_a_and_b",
        subject="How much of what we buy again and again stays local",
        says="{local_share_without_one_offs} of what we buy again and again stays local.",
        moved="more/less of what we buy again and again stays local",
    ),
    Headline(
        finding="local_share",
        exhibit="charts_a_and_b",
        subject="How much of our spend stays local",
        says="{local_share} of all that we spend stays local.",
        moved="more/less of our spend stays local",
        instead_of="local_share_without_one_offs",
    ),
    Headline(
        finding="home_supplier_count",
        exhibit="home_suppliers",
        subject="How many suppliers we have in our own district",
        says=_home,
        moved="more/fewer suppliers of our own district share in it",
    ),
    Headline(
        finding="largest_leak_spend",
        exhibit="leakage",
        subject="Where most money leaves the local area",
        says=_leak,
        better=Direction.DOWN,
        stake="largest_leak_spend",
    ),
    Headline(
        finding="award_local_value_share",
        exhibit="awards",
        subject="How much of new contracts went to local firms",
        says="{award_local_value_share} of the value of new contracts went to local firms.",
        moved="more/less of the value of our new contracts goes to local firms",
    ),
    Headline(
        finding="sme_share",
        exhibit="business_size",
        subject="How much goes to small and medium firms",
        says="{sme_share} of spend goes to small and medium firms.",
        moved="small and medium firms have a larger/smaller share",
    ),
    Headline(
        finding="top_ten_share",
        exhibit="concentration",
        subject="How much of our spend the largest suppliers have",
        says=_largest,
        better=Direction.DOWN,
    ),
)
