"""What is about to be bought: the council's pipeline, contracts that end, and notices of purchases to come.

One row per planned purchase. Columns: `line` (a name of its own), `origin` ("Pipeline", "Contract that ends",
"Notice"), `reference`, `title`, `description`, `category`, `cpv_code`, `kind`, `tender_date`, `start_date`,
`end_date`, `value_gbp` (whole term, as stated), `value_basis`, `annual_gbp` (None without a term), `is_light_touch`,
`is_committed`, `suits_sme`, `suits_vcse`, `band`, `threshold_gbp`, `sic_codes` (tuple), `seller_codes` (tuple),
`confidence`, `via`.

A purchase told by several sources counts once: a contract that a pipeline line replaces is told by that line, and a
notice of the same title too. Left out: what is past on the last day of the period, and what lies beyond the horizon.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from cwb.base.rows import records
from cwb.dataset import Dataset
from cwb.matching import normalise_name
from cwb.measures.rules import band, light_touch
from cwb.measures.workbench import Undefined

PIPELINE, ENDING, NOTICE = "Pipeline", "Contract that ends", "Notice"
PLANNING_NOTICES = ("UK1", "UK2", "UK3", "UK4")
_BODY = "council"


def horizon(data: Dataset) -> tuple[date, date]:
    """The last day of the period, and the day up to which demand is looked at."""
    first = data.period.end
    last: date = (
        pd.Timestamp(first) + pd.DateOffset(months=data.settings.gap.horizon_months) + pd.offsets.MonthEnd(0)
    ).date()
    return first, last


def planned_purchases(data: Dataset) -> pd.DataFrame:
    """Everything that is to be bought within the horizon; raise `Undefined` where no source was supplied."""
    if not any(data.has(name) for name in ("pipeline", "contracts", "notices")):
        raise Undefined("no pipeline, contracts register or notices were supplied")
    lines = _pipeline(data)
    replaced = {str(line["replaces"]).strip().upper() for line in lines if line.get("replaces")}
    titles = {normalise_name(line["title"]) for line in lines}
    lines += [n for n in _notices(data) if normalise_name(n["title"]) not in titles]
    told = titles | {normalise_name(line["title"]) for line in lines}
    lines += [
        c
        for c in _ending(data)
        if str(c["reference"]).strip().upper() not in replaced and normalise_name(c["title"]) not in told
    ]
    return _finished(data, lines)


def left_out(data: Dataset) -> dict[str, int]:
    """How many lines of the pipeline are past or beyond the horizon, so that its rows add up."""
    rows = data.table("pipeline")
    if rows.empty:
        return {"past": 0, "beyond": 0}
    first, last = horizon(data)
    days = pd.to_datetime(rows["tender_date"]).dt.date
    return {"past": int((days <= first).sum()), "beyond": int((days > last).sum())}


def _pipeline(data: Dataset) -> list[dict[str, Any]]:
    rows = data.table("pipeline")
    if rows.empty:
        return []
    first, last = horizon(data)
    days = pd.to_datetime(rows["tender_date"]).dt.date
    keys = ("title", "description", "category", "cpv_code", "kind", "value_gbp", "value_basis", "tender_date",
            "start_date", "end_date", "is_light_touch", "is_committed")  # fmt: skip
    return [
        {key: row[key] for key in keys}
        | {"origin": PIPELINE, "reference": row["pipeline_reference"], "replaces": row["contract_reference"]}
        for row in records(rows[(days > first) & (days <= last)])
    ]


def _notices(data: Dataset) -> list[dict[str, Any]]:
    """The council's own planning and tender notices still open on the day; of one purchase the newest notice."""
    rows = data.table("notices")
    rows = rows[rows["notice_type"].isin(PLANNING_NOTICES)] if len(rows) else rows
    rows = rows[data.is_own(rows)] if len(rows) else rows
    if rows.empty:
        return []
    first, last = horizon(data)
    published = pd.to_datetime(rows["notice_date"]).dt.date
    rows = rows[published <= first].sort_values(["ocid", "notice_date", "notice_id"])
    rows = rows.drop_duplicates("ocid", keep="last")
    made = []
    for row in records(rows):
        # A tender notice is open until its bids are due; a planning notice until its tender is expected.
        due = row["bids_until"] if row["notice_type"] == "UK4" else row["tender_date"]
        if row["title"] is None or due is None or not first < _day(due) <= last:
            continue
        keys = ("title", "cpv_code", "kind", "value_gbp", "value_basis", "start_date", "end_date", "is_light_touch",
                "suits_sme", "suits_vcse")  # fmt: skip
        made.append(
            {key: row[key] for key in keys} | {"origin": NOTICE, "reference": row["notice_id"], "tender_date": due}
        )
    return made


def _ending(data: Dataset) -> list[dict[str, Any]]:
    """Contracts of the register in force whose last day, extensions included, lies within the horizon."""
    rows = data.table("contracts")
    if rows.empty:
        return []
    first, last = horizon(data)
    ends = pd.concat([pd.to_datetime(rows[c]) for c in ("end_date", "extension_date")], axis=1).max(axis=1).dt.date
    starts = pd.to_datetime(rows["start_date"]).dt.date
    rows = rows.assign(last_day=ends)[(starts <= first) & ends.notna() & (ends > first) & (ends <= last)]
    made: dict[str, dict[str, Any]] = {}
    for row in records(rows):
        # A contract with several suppliers stands in several rows.
        key = f"{row['contract_reference'] or row['title']}"
        made.setdefault(
            key,
            {
                "origin": ENDING,
                "reference": row["contract_reference"],
                "title": row["title"],
                "description": row["description"],
                "category": row["category"],
                "cpv_code": row["cpv_code"],
                "proclass_code": row["proclass_code"],
                "value_gbp": row["value_gbp"],
                "annual_gbp": row["annual_value_gbp"],
                "value_basis": "not stated",
                "tender_date": row["last_day"],
                "start_date": row["start_date"],
                "end_date": row["last_day"],
            },
        )
    return list(made.values())


def _day(value: Any) -> date:
    day: date = pd.Timestamp(value).date()
    return day


def kind_of(cpv: str | None) -> str | None:
    """Goods, services or works, as the CPV division says (45 works; below it, and 48, goods)."""
    if not cpv:
        return None
    division = int(cpv[:2])
    return "works" if division == 45 else "goods" if division < 45 or division == 48 else "services"


def _annual(line: dict[str, Any]) -> float | None:
    if line.get("annual_gbp") is not None:
        return float(line["annual_gbp"])
    if line.get("value_gbp") is None or not line.get("start_date") or not line.get("end_date"):
        return None
    years = (_day(line["end_date"]) - _day(line["start_date"])).days / 365.25
    return float(line["value_gbp"]) / max(years, 1.0) if years > 0 else None


COLUMNS = (
    "line", "origin", "reference", "title", "description", "category", "cpv_code", "kind", "tender_date", "start_date",
    "end_date", "value_gbp", "value_basis", "annual_gbp", "is_light_touch", "is_committed", "suits_sme", "suits_vcse",
    "band", "threshold_gbp", "sic_codes", "seller_codes", "confidence", "via",
)  # fmt: skip


def _finished(data: Dataset, lines: list[dict[str, Any]]) -> pd.DataFrame:
    made = []
    for line in lines:
        kind = line.get("kind") or kind_of(line.get("cpv_code"))
        crossing = data.bridge.find(line.get("cpv_code"), line.get("proclass_code"), line.get("category"))
        day = _day(line["tender_date"])
        is_light = (
            False if kind in ("works", "goods") else light_touch(line.get("cpv_code"), line.get("is_light_touch"))
        )
        basis = line.get("value_basis") or "not stated"
        stands = band(line.get("value_gbp"), basis, kind, is_light, _BODY, day)
        made.append(
            line
            | {
                "kind": kind,
                "is_light_touch": is_light,
                "tender_date": day,
                "annual_gbp": _annual(line),
                "band": stands.name,
                "threshold_gbp": stands.threshold_gbp,
                "sic_codes": crossing.codes,
                "seller_codes": crossing.sellers,
                "confidence": crossing.confidence,
                "via": crossing.via,
            }
        )
    table = pd.DataFrame(made, columns=[c for c in COLUMNS if c != "line"]).astype(object)
    table = table.where(table.notna(), None)
    # By pounds, then by title: the same order on every machine.
    table = table.assign(size=table["value_gbp"].astype(float).fillna(-1.0))
    table = table.sort_values(["size", "title", "tender_date"], ascending=[False, True, True], ignore_index=True)
    table.insert(0, "line", [f"{n:03d}" for n in range(1, len(table) + 1)])
    for column in ("value_gbp", "annual_gbp", "threshold_gbp"):
        table[column] = table[column].astype("float64")
    return table.drop(columns="size")
