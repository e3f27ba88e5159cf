"""The council's own procurement pipeline: what it means to buy, when, and for how much.

One row per planned purchase. Columns: `pipeline_reference`, `title`, `description`, `department`, `kind` ("goods", "services", "works"),
`cpv_code`, `category`, `value_gbp` (whole term), `value_basis` ("including VAT", "excluding VAT", "not stated"), `tender_date` (a month or
quarter stands for its first day), `start_date`, `end_date`, `is_light_touch`, `is_committed` (bought already through a framework or
contract in force), `contract_reference` (of the contract it replaces), `purchase_key` (by which a later file tells the same purchase
again), `first_tender_date` (what the oldest of these files says), and the source columns. Named contacts are dropped on load. Refused: no title, no expected date, a date that cannot be read, a value
below nought.
"""

from __future__ import annotations

import re
from datetime import date

import pandas as pd

from cwb.base.references import same_reference
from cwb.base.values import cpv_code, parse_date
from cwb.council.periods import Period
from cwb.sources.constraints import at_least, dated
from cwb.sources.fields import (
    DAY,
    FLAG,
    RAW,
    STATED_POUNDS,
    TEXT,
    Field,
    coded,
    computed,
    day_of,
    negative,
    unstated,
    word,
)
from cwb.sources.tables import TableSource

_QUARTER = re.compile(r"Q([1-4])\D{0,3}(20\d\d)\s*[/-]\s*(?:20)?\d\d|(20\d\d)\s*[/-]\s*(?:20)?\d\d\D{0,3}Q([1-4])")


def planned_day(text: str | None, month_first: bool = False) -> date | None:
    """The day, or the first day of the month ("September 2026") or financial quarter ("Q3 2026/27") that is meant."""
    found = parse_date(text, month_first)
    if found:
        return found
    quarter = _QUARTER.search((text or "").upper())
    if not quarter:
        return None
    year, number = (quarter[2], quarter[1]) if quarter[1] else (quarter[3], quarter[4])
    return Period(int(year), int(number)).start


def _basis(text: str | None) -> str:
    basis = (text or "").lower()
    return "including VAT" if "inc" in basis else "excluding VAT" if "ex" in basis else "not stated"


def _with_key(kept: pd.DataFrame, _: pd.DataFrame) -> pd.DataFrame:
    """A purchase is told again under its reference, whatever has moved meanwhile; without one by its title and day."""
    keys = [
        same_reference(reference) or f"{title} {day}"
        for reference, title, day in zip(
            kept["pipeline_reference"], kept["title"], kept["tender_date"], strict=True
        )
    ]
    return kept.assign(purchase_key=pd.Series(keys, kept.index, dtype=object))


_KIND = word(goods="goods", supplies="goods", services="services", works="works")
_DAY = day_of(planned_day)

SOURCE = TableSource(
    name="pipeline",
    absent="no procurement pipeline was supplied",
    has_form=True,
    fields={
        "pipeline_reference": Field(("reference", "pipeline reference", "project reference", "ref"), TEXT),
        "title": Field((
            "title", "procurement title", "project", "contract title", "description of procurement",
        ), TEXT).needed("no title", "Say what is to be bought."),
        "description": Field(("description", "summary", "scope"), TEXT),
        "department": Field(("department", "directorate", "service", "service area"), TEXT),
        "kind": Field(("kind", "goods, services or works", "category type", "contract type", "type"), _KIND),
        "cpv_code": Field(("cpv code", "cpv"), coded(cpv_code)),
        "category": Field(("category", "proclass description", "procurement category"), TEXT),
        "value": Field(
            (
                "estimated total value",
                "estimated value",
                "total contract value",
                "estimated contract value",
                "indicative value",
                "value",
            ),
            STATED_POUNDS,
            stored="value_gbp",
        ),
        "value_basis": Field(("value basis", "vat", "inc or ex vat"), coded(_basis)),
        "tender_date": Field((
            "expected tender date", "procurement start date", "estimated procurement start",
            "anticipated tender date", "tender date", "advert date", "estimated date of tender",
        ), _DAY).needed("expected date cannot be read", "Write 01/09/2026, September 2026 or Q3 2026/27."),
        "start_date": Field((
            "expected contract start", "estimated contract start date", "contract start date",
            "expected start date", "anticipated start date",
        ), _DAY),
        "end_date": Field(("expected contract end", "estimated contract end date", "contract end date"), _DAY),
        "is_light_touch": Field(("light touch", "light touch regime"), FLAG),
        "is_committed": Field(("committed", "already committed", "framework call-off"), FLAG),
        "contract_reference": Field((
            "current contract reference", "replaces contract", "existing contract reference",
        )),
        "purchase_key": computed(RAW, "by which a later file tells the same purchase again"),
        "first_tender_date": computed(DAY, "the expected date by the oldest file that tells of the purchase"),
        "contact": Field(("how to register", "contact", "where it will be advertised"), stored=None),
    },
    marks=frozenset({"tender_date"}),
    key=("purchase_key",),
    first_stated={"first_tender_date": "tender_date"},
    money="value_gbp",
    rules=(
        unstated("tender_date", "no expected date", "Give the expected date, month or quarter.", "tender_date"),
        negative("value", "value is below nought", "Give the estimated value."),
    ),
    checks=(dated("tender_date"), at_least("value_gbp", 0)),
    last=_with_key,
)  # fmt: skip
