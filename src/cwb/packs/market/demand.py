"""What is about to be bought: the council's pipeline, contracts that end, and notices of purchases to come.

A purchase in several sources counts once: a contract that a pipeline line replaces counts as that line, and so does a
notice of the same title. Left out: what is past on the last day of the period, and what lies beyond the horizon.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from cwb.base.days import months_after, years_of_term
from cwb.base.privacy import TITLE_WITHHELD
from cwb.base.references import same_reference
from cwb.base.rows import PLACE, Row, place_of
from cwb.entities.matching.names import normalise_name
from cwb.packs.market.horizon import horizon
from cwb.packs.market.industry import Need, crosswalk_of
from cwb.packs.market.rules import Band, band, kind_of, light_touch, may_reserve_area, with_vat
from cwb.packs.measure import PackData, Undefined

SOURCES = ("pipeline_lines", "contract_lines", "notices")
PLANNING_NOTICES = ("UK1", "UK2", "UK3", "UK4")
_TENDER_NOTICE = "UK4"
# What a notice says of a line of the pipeline.
_PUBLISHED = ("notice_url", "bids_close", "begins")
# The kind of body whose purchases these are.
BODY = "council"


class Origin(StrEnum):
    """The source of a purchase."""

    PIPELINE = "Pipeline"
    ENDING = "Contract that ends"
    NOTICE = "Notice"


@dataclass(frozen=True)
class Purchase:
    """One planned purchase. `number` is a name of its own ("001" is the largest); `value_gbp` is of the whole term, as stated,
    and `tender_date` the day on which it is expected: of a contract that ends its last day, of an open tender the day on which
    bids close. `begins_date` is when its procurement begins, by the rule of `cwb.packs.market.rules`, and `band` is that of
    that day. `notice_url` is where it is published, of a line of the pipeline too, and `bids_close` until when bids are taken
    where they are.
    `confidence` and `via` say how its industry was found. The last three name the row it comes from."""

    number: str
    origin: Origin
    reference: str | None
    title: str
    cpv_code: str | None
    kind: str | None
    tender_date: date
    begins_date: date
    start_date: date | None
    value_gbp: Decimal | None
    is_light_touch: bool | None
    notice_url: str | None
    bids_close: date | None
    is_committed: bool | None
    suits_sme: bool | None
    suits_vcse: bool | None
    band: Band
    need: Need
    confidence: str
    via: str
    source_file: str
    source_sheet: str | None
    source_row: int

    @property
    def may_reserve(self) -> bool:
        """Whether it begins when a competition may be reserved to an area, if it is below the threshold."""
        return may_reserve_area(BODY, self.begins_date)


def planned_purchases(data: PackData) -> tuple[Purchase, ...]:
    """Everything that is to be bought within the horizon, largest first; raise `Undefined` where there is nothing."""
    if not any(data.has(name) for name in SOURCES):
        raise Undefined("no pipeline, contracts register or notices were supplied")
    found = data.cached("purchases", _planned)
    if not found:
        months = data.settings.gap.horizon_months
        raise Undefined(f"nothing that was supplied is to be bought within {months} months")
    return found


def _planned(data: PackData) -> tuple[Purchase, ...]:
    published = list(_notices(data))
    by_title = {normalise_name(notice["title"]): notice for notice in published}
    # A line of the pipeline that is also in a notice is that line, published.
    lines = [
        line | {name: notice[name] for name in _PUBLISHED if name in notice}
        if (notice := by_title.get(normalise_name(line["title"])))
        else line
        for line in _pipeline(data)
    ]
    replaced = {key for line in lines if (key := same_reference(line["contract_reference"]))}
    titles = {normalise_name(line["title"]) for line in lines}
    lines += [line for line in published if normalise_name(line["title"]) not in titles]
    known_titles = titles | {normalise_name(line["title"]) for line in lines}
    for line in _ending(data):
        is_replaced = line["title"] != TITLE_WITHHELD and normalise_name(line["title"]) in known_titles
        if not is_replaced and same_reference(line["reference"]) not in replaced:
            lines.append(line)
    purchases = [_purchase(data, line) for line in lines]
    # By pounds, then by title: the same order on every machine.
    purchases.sort(key=lambda p: (-p.value_gbp if p.value_gbp is not None else 1, p.title, p.tender_date))
    return tuple(replace(purchase, number=f"{n:03d}") for n, purchase in enumerate(purchases, start=1))


def _pipeline(data: PackData) -> Iterator[Row]:
    first, last = horizon(data)
    yield from data.rows(
        f"""SELECT *, pipeline_reference AS reference, '{Origin.PIPELINE}' AS origin FROM pipeline_lines
            WHERE tender_date > DATE '{first}' AND tender_date <= DATE '{last}'
            ORDER BY {PLACE}"""
    )


def _notices(data: PackData) -> Iterator[Row]:
    """The council's own planning and tender notices still open on the day, none that was withdrawn (by the report's day, where the
    settings give one) or of which every lot was awarded by then; of one purchase the newest notice."""
    first, last = horizon(data)
    day = data.settings.report.as_of
    later = f" OR withdrawn_date > DATE '{day}'" if day else ""
    kinds = ", ".join(f"'{kind}'" for kind in PLANNING_NOTICES)
    rows = data.rows(
        f"""SELECT *, notice_id AS reference, '{Origin.NOTICE}' AS origin FROM notices
            WHERE is_own AND notice_type IN ({kinds}) AND notice_date <= DATE '{first}'
                AND (is_withdrawn IS NULL OR NOT is_withdrawn{later})
                AND (awarded_date IS NULL OR awarded_date > DATE '{first}')
            ORDER BY ocid, notice_date, notice_id, {PLACE}"""
    )
    newest = {row["ocid"]: row for row in rows}
    # Of a tender published anew the first notice began the procurement.
    tendered = {row["ocid"]: row["notice_date"] for row in reversed(rows) if row["notice_type"] == _TENDER_NOTICE}
    for row in newest.values():
        # A tender notice is open until its bids are due; a planning notice until its tender is expected.
        is_open = row["notice_type"] == _TENDER_NOTICE
        due = row["bids_until"] if is_open else row["tender_date"]
        if row["title"] is not None and due is not None and first < due <= last:
            published = {"bids_close": due, "begins": tendered[row["ocid"]]} if is_open else {}
            yield row | {"tender_date": due} | published


def _ending(data: PackData) -> Iterator[Row]:
    """Contracts of the register in force whose last day, extensions included, lies within the horizon."""
    first, last = horizon(data)
    rows = data.rows(
        f"""SELECT *, contract_reference AS reference, '{Origin.ENDING}' AS origin FROM contract_lines
            WHERE start_date <= DATE '{first}' ORDER BY {PLACE}"""
    )
    seen = set()
    for row in rows:
        ends = row["last_day"]
        # A contract with several suppliers has several rows; its lots have titles or ends of their own.
        key = row["contract_reference"] or row["contract_key"], row["title"], ends
        if ends is not None and first < ends <= last and key not in seen:
            seen.add(key)
            begins = max(months_after(ends, -data.settings.collaboration.lead_months), first + timedelta(days=1))
            yield row | {"tender_date": ends, "end_date": ends, "begins": begins}


def _of_a_year(line: Row) -> tuple[Decimal | None, Decimal | None]:
    """Pounds of a year, and where they are not known the most that they may be.

    As stated, else the value over the years of its term, at least one. Without a term no year is known: it costs at most the value.
    """
    if line.get("annual_gbp") is not None:
        return Decimal(line["annual_gbp"]), None
    if line["value_gbp"] is None:
        return None, None
    value, start, end = Decimal(line["value_gbp"]), line["start_date"], line["end_date"]
    if not (start and end and start < end):
        return None, value
    return value / max(years_of_term(start, end), Decimal(1)), None


def _purchase(data: PackData, line: Row) -> Purchase:
    cpv, category = line["cpv_code"], line.get("own_category")
    kind = line.get("kind") or kind_of(cpv)
    found = crosswalk_of(data).find(cpv, line.get("proclass_code"), category)
    is_light = False if kind in ("works", "goods") else light_touch(cpv, line.get("is_light_touch"))
    begins = line.get("begins") or line["tender_date"]
    amount = with_vat(
        line["value_gbp"], line.get("value_gross_gbp"), line.get("value_basis") or "not stated", begins
    )
    return Purchase(
        number="",
        origin=Origin(line["origin"]),
        reference=line["reference"],
        title=line["title"],
        cpv_code=cpv,
        kind=kind,
        tender_date=line["tender_date"],
        begins_date=begins,
        start_date=line["start_date"],
        value_gbp=line["value_gbp"],
        is_light_touch=is_light,
        notice_url=line.get("notice_url"),
        bids_close=line.get("bids_close"),
        is_committed=line.get("is_committed"),
        suits_sme=line.get("suits_sme"),
        suits_vcse=line.get("suits_vcse"),
        band=band(amount, kind, is_light, BODY, begins),
        need=Need(found.codes, found.sellers, *_of_a_year(line), cpv, category),
        confidence=found.confidence,
        via=found.via,
        **place_of(line),
    )
