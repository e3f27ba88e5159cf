"""Contracts of all bodies that end within the horizon, and the groups of them that end near each other in one category."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from cwb.base.rows import records
from cwb.dataset import Dataset
from cwb.matching import normalise_name
from cwb.measures.demand import horizon
from cwb.measures.workbench import Undefined
from cwb.sources.places import LOCAL_RINGS

DIGITS = 3


def bodies_by_name(data: Dataset) -> dict[str, tuple[str, str]]:
    """Every spelling of a buyer, normalised → (body, kind). The council is one of the bodies."""
    council = data.settings.council
    names = {normalise_name(name): (council.name, "council") for name in (council.name, *council.buyer_names)}
    for anchor in data.settings.anchors:
        names |= {normalise_name(spelling): (anchor.name, anchor.kind) for spelling in anchor.names}
    return names


def ending_contracts(data: Dataset) -> pd.DataFrame:
    """Contracts of all bodies whose last day lies after the period and within the horizon, each once.

    Columns: `body`, `kind`, `title`, `reference`, `cpv_code`, `end_date`, `annual_gbp` (None without value or term),
    `value_gbp`, `is_local` (None where the place is not known), `origin`. From registers, extensions included, and from award
    notices; a notice whose supplier and end a register has told already is left out.
    """
    return data.once("ending_contracts", _ending)


def _ending(data: Dataset) -> pd.DataFrame:
    first, last = horizon(data)
    names = bodies_by_name(data)
    by_id = {
        identity: (anchor.name, anchor.kind) for anchor in data.settings.anchors for identity in anchor.buyer_ids
    }
    council = (data.settings.council.name, "council")
    made: dict[tuple[str, str], dict[str, Any]] = {}
    told: set[tuple[str, str, date]] = set()
    for source in ("contracts", "anchor_contracts", "awards"):
        frame = data.table(source)
        for row in records(frame):
            body = (
                council
                if source == "contracts"
                else names.get(normalise_name(row.get("body") or row.get("buyer_name")))
            )
            body = body or by_id.get(row.get("buyer_id") or "")
            ends = [pd.Timestamp(row[c]).date() for c in ("end_date", "extension_date") if row.get(c)]
            if body is None or not ends or not first < max(ends) <= last or not row["cpv_code"]:
                continue
            supplier = str(row.get("supplier_key") or row["supplier_name"])
            if source == "awards" and (body[0], supplier, max(ends)) in told:
                continue
            if source != "awards":
                told.add((body[0], supplier, max(ends)))
            # A contract with several suppliers stands in several rows, its value in each.
            key = (body[0], str(row.get("award_key") or row.get("contract_reference") or row["title"]))
            contract = _contract(body, row, source, max(ends))
            if key in made:
                made[key]["is_local"] = _either(made[key]["is_local"], contract["is_local"])
            else:
                made[key] = contract
    columns = [
        "body",
        "kind",
        "title",
        "reference",
        "cpv_code",
        "end_date",
        "annual_gbp",
        "value_gbp",
        "is_local",
        "origin",
    ]
    return pd.DataFrame(list(made.values()), columns=columns)


def _either(one: bool | None, other: bool | None) -> bool | None:
    """Whether a contract has a local supplier: yes if one is, not known if none is and one's place is not known."""
    if one or other:
        return True
    return None if one is None or other is None else False


def _contract(body: tuple[str, str], row: dict[str, Any], source: str, end: date) -> dict[str, Any]:
    value = row.get("value_gbp")
    start = pd.Timestamp(row["start_date"]).date() if row.get("start_date") else None
    years = (end - start).days / 365.25 if start else None
    annual = row.get("annual_value_gbp") or (
        value / max(years, 1.0) if value is not None and years and years > 0 else None
    )
    ring = row.get("ring")
    return {
        "body": body[0], "kind": body[1], "title": row["title"], "reference": row.get("contract_reference") or row.get("notice_id"),
        "cpv_code": row["cpv_code"], "end_date": end, "annual_gbp": annual, "value_gbp": value,
        "is_local": None if ring in (None, "unknown") else ring in LOCAL_RINGS,
        "origin": "award notice" if source == "awards" else "register",
    }  # fmt: skip


def clusters(contracts: pd.DataFrame, window_months: int) -> list[pd.DataFrame]:
    """Groups of contracts in one CPV group (three digits) of at least two bodies whose ends lie within the window.

    Contracts are taken in the order of their ends; a new group begins when the next end is later than the window after the
    group's first.
    """
    found = []
    ordered = contracts.assign(group=contracts["cpv_code"].str[:DIGITS]).sort_values(
        ["group", "end_date", "body", "title"]
    )
    for _, own in ordered.groupby("group", sort=True):
        start = 0
        ends = [pd.Timestamp(day) for day in own["end_date"]]
        for n in range(1, len(own) + 1):
            if n == len(own) or ends[n] > ends[start] + pd.DateOffset(months=window_months):
                part = own.iloc[start:n]
                if part["body"].nunique() > 1:
                    found.append(part)
                start = n
    return found


def groups(data: Dataset) -> list[pd.DataFrame]:
    """The groups of the period, none where contracts were supplied and none of two bodies end near each other."""
    contracts = ending_contracts(data)
    if contracts.empty:
        raise Undefined("no contract with a CPV code and an end within the horizon was supplied")
    return clusters(contracts, data.settings.collaboration.window_months)
