"""Contracts of several bodies that end near each other in one category, and what could be done together."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from cwb.dataset import Dataset
from cwb.evidence import Finding, Result, Undefined, Workbench, measure
from cwb.matching import normalise_name
from cwb.measures.demand import horizon
from cwb.measures.gap_analysis.lines import line_grade
from cwb.measures.rules import ABOVE, band, routes
from cwb.measures.supply import STRONG, WORKABLE, Supply
from cwb.places import LOCAL_RINGS
from cwb.reference import table
from cwb.rows import records

LEGAL = "For legal confirmation"
_DIGITS = 3
_ROUTES_SHOWN = 3


def bodies_by_name(data: Dataset) -> dict[str, tuple[str, str]]:
    """Every spelling of a buyer, normalised → (body, kind). The council is one of the bodies."""
    council = data.settings.council
    names = {normalise_name(name): (council.name, "council") for name in (council.name, *council.buyer_names)}
    for anchor in data.settings.anchors:
        names |= {
            normalise_name(spelling): (anchor.name, anchor.kind) for spelling in (anchor.name, *anchor.spellings)
        }
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
    ordered = contracts.assign(group=contracts["cpv_code"].str[:_DIGITS]).sort_values(
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


def _clusters(data: Dataset) -> list[pd.DataFrame]:
    contracts = ending_contracts(data)
    if contracts.empty:
        raise Undefined("no contract with a CPV code and an end within the horizon was supplied")
    found = clusters(contracts, data.settings.collaboration.window_months)
    if not found:
        raise Undefined("no contracts of two bodies in one category end near each other within the horizon")
    return found


@measure("aligned_group_count", "aligned_contract_count", "aligned_annual_value", needs=())
def aligned(data: Dataset, bench: Workbench) -> Result:
    """Contracts of two bodies or more in one category that end within the window of each other.

    One row per contract, by category and end: `category`, `body`, `title`, `reference`, `end_date`, `annual_gbp`, `origin`.
    The category is the CPV group (three digits). Contracts without a CPV code or an end are left out.
    """
    found = _clusters(data)
    names = _categories()
    every = pd.concat(found)
    made = every.assign(
        category=[_category(code, names) for code in every["cpv_code"]],
        end_date=[f"{pd.Timestamp(day):%d %b %Y}" for day in every["end_date"]],
    )
    made["annual_gbp"] = made["annual_gbp"].astype("float64")
    sources = data.source_names(("contracts", "anchor_contracts", "awards"))
    columns = ["category", "body", "title", "reference", "end_date", "annual_gbp", "origin"]
    return made[columns].reset_index(drop=True), [
        bench.finding("aligned_group_count", len(found), sources=sources),
        bench.finding("aligned_contract_count", len(every), of=len(ending_contracts(data)), sources=sources),
        bench.finding(
            "aligned_annual_value",
            float(made["annual_gbp"].sum()),
            n=int(made["annual_gbp"].notna().sum()),
            sources=sources,
        ),
    ]


def _pounds(
    bench: Workbench, finding_id: str, values: pd.Series, sources: tuple[str, ...], **parts: Any
) -> Finding:
    """A sum of pounds that is not known, and not nothing, where no contract states a value and a term."""
    if values.notna().any():
        return bench.finding(
            finding_id, float(values.sum()), n=int(values.notna().sum()), sources=sources, **parts
        )
    return bench.finding(finding_id, undefined="no contract states both a value and a term", sources=sources)


def _categories() -> dict[str, str]:
    return dict(table("cpv_to_sic")[["cpv_prefix", "cpv_name"]].itertuples(index=False, name=None))


def _category(code: str, names: dict[str, str]) -> str:
    return next((names[code[:n]] for n in range(_DIGITS, 1, -1) if code[:n] in names), f"CPV {code[:_DIGITS]}")


@measure("option_count", "option_annual_value", "option_shift", needs=())
def options(data: Dataset, bench: Workbench) -> Result:
    """What could be bought together, ranked: largest combined annual value first, of those with a local market.

    One row per group of `aligned`: `category`, `bodies` (names), `annual_gbp` (combined), `first_end`, `last_end`, `start_by` (the
    first end less the settings' lead time: when a joint procurement must start), `capable` and `social` (local suppliers and
    social enterprises able to serve; None without a register), `grade`, `band` (combined value against the strictest of the
    bodies' thresholds), `routes` (for each kind of body), `lead` (the body that buys most of it), `shift_gbp` (what would stay
    local each year if the share `gap.shift` of what is not local now moved, where the local market is workable or strong),
    `standing`. Every route needs confirmation.
    """
    side = data.once("supply", Supply)
    names, has_register = _categories(), len(side.organisations) > 0
    rows = [_option(data, side, part, names, has_register) for part in _clusters(data)]
    order = {"Strong": 0, "Workable": 0, "Thin": 1, "Not known": 1, "Not mapped": 1, "None": 2}
    made = pd.DataFrame(rows)
    for column in ("annual_gbp", "shift_gbp"):
        made[column] = made[column].astype("float64")
    made = made.assign(rank=made["grade"].map(order)).sort_values(
        ["rank", "annual_gbp", "category"], ascending=[True, False, True], ignore_index=True
    )
    sources = (
        *data.source_names(("contracts", "anchor_contracts", "awards")),
        *data.source_names(("organisations",)),
    )
    return made.drop(columns="rank"), [
        bench.finding("option_count", len(made), sources=sources),
        bench.finding("option_annual_value", float(made["annual_gbp"].sum()), sources=sources),
        bench.finding(
            "option_shift", float(made["shift_gbp"].sum()), of=float(made["annual_gbp"].sum()), sources=sources
        ),
    ]


def _option(
    data: Dataset, side: Supply, part: pd.DataFrame, names: dict[str, str], has_register: bool
) -> dict[str, Any]:
    code = str(part["cpv_code"].mode().iloc[0])
    annual = part["annual_gbp"].astype("float64")
    by_body = annual.groupby(part["body"]).sum(min_count=1).dropna()
    crossing = data.bridge.find(code)
    line = {
        "sic_codes": crossing.codes, "seller_codes": (), "annual_gbp": float(annual.sum()) if annual.notna().any() else None, "cpv_code": code,
        "category": None,
    }  # fmt: skip
    found = side.capable(line)
    first, last = min(part["end_date"]), max(part["end_date"])
    start_by = (pd.Timestamp(first) - pd.DateOffset(months=data.settings.collaboration.lead_months)).date()
    kind = "works" if code.startswith("45") else "services"
    value = float(part["value_gbp"].astype("float64").sum()) or None
    bands = {
        body_kind: band(value, "not stated", kind, None, body_kind, start_by)
        for body_kind in sorted(set(part["kind"]))
    }
    strictest = min(bands.values(), key=lambda b: b.threshold_gbp or float("inf"))
    away = annual[part["is_local"].map(lambda flag: flag is False).astype(bool)]
    grade = line_grade(data, side, found, bool(crossing.codes))
    shift = data.settings.gap.shift * float(away.sum()) if grade in (WORKABLE, STRONG) else 0.0
    return {
        "category": _category(code, names),
        "bodies": "; ".join(sorted(set(part["body"]))),
        "contracts": len(part),
        "annual_gbp": float(annual.sum()) if len(by_body) else None,
        "first_end": f"{pd.Timestamp(first):%b %Y}",
        "last_end": f"{pd.Timestamp(last):%b %Y}",
        "start_by": f"{start_by:%b %Y}",
        "capable": found.count if has_register else None,
        "social": found.social_ab if has_register else None,
        "grade": grade,
        "band": strictest.name,
        "routes": "; ".join(
            f"{body_kind}: {', '.join(_named(bands[body_kind].name, body_kind, start_by)) or 'open competition'}"
            for body_kind in bands
        ),
        "lead": str(by_body.sort_values(ascending=False, kind="stable").index[0]) if len(by_body) else "Not known",
        "shift_gbp": shift if len(by_body) else None,
        "standing": LEGAL,
    }


def _named(band_name: str, kind: str, day: date) -> list[str]:
    found = routes(band_name if band_name else ABOVE, None, kind, day)
    return [r["label"] + (" (if light touch)" if r["if_light_touch"] else "") for r in found][:_ROUTES_SHOWN]
