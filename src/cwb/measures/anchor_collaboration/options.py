"""Contracts of several bodies that end near each other in one category, and what could be done together."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import pandas as pd

from cwb.dataset import Dataset
from cwb.evidence.finding import Finding
from cwb.measures.anchor_collaboration.ending import DIGITS, ending_contracts, groups
from cwb.measures.demand import kind_of
from cwb.measures.gap_analysis.lines import line_grade
from cwb.measures.rules import ABOVE, BANDS, UNKNOWN_VALUE, Band, band, light_touch, routes
from cwb.measures.supply import STRONG, WORKABLE, Supply
from cwb.measures.workbench import Result, Workbench, measure
from cwb.reference import table

TOGETHER = "all, acting together"
OPEN, LATE = "Open", "Too late to start together: extend, or align the next term"


@measure("aligned_group_count", "aligned_contract_count", "aligned_annual_value", needs=())
def aligned(data: Dataset, bench: Workbench) -> Result:
    """Contracts of two bodies or more in one category that end within the window of each other.

    One row per contract, groups to which partners bring most first, then by end: `category`, `body`, `title`, `reference`, `end_date`, `annual_gbp`, `origin`.
    The category is the CPV group (three digits). Contracts without a CPV code or an end are left out.
    """
    found = groups(data)
    found.sort(key=_brought, reverse=True)
    every = pd.concat(found) if found else ending_contracts(data).head(0)
    made = every.assign(
        category=[_category(code) for code in every["cpv_code"]],
        end_date=[f"{pd.Timestamp(day):%d %b %Y}" for day in every["end_date"]],
    )
    made["annual_gbp"] = made["annual_gbp"].astype("float64")
    sources = data.source_names(("contracts", "anchor_contracts", "awards"))
    columns = ["category", "body", "title", "reference", "end_date", "annual_gbp", "origin"]
    return made[columns].reset_index(drop=True), [
        bench.finding("aligned_group_count", len(found), sources=sources),
        bench.finding("aligned_contract_count", len(every), of=len(ending_contracts(data)), sources=sources),
        _pounds(bench, "aligned_annual_value", made["annual_gbp"], sources),
    ]


def _brought(group: pd.DataFrame) -> float:
    """What all bodies but the largest buyer bring to a group, in pounds a year."""
    by_body = group["annual_gbp"].astype("float64").groupby(group["body"]).sum()
    return float(by_body.sum() - by_body.max())


def _pounds(
    bench: Workbench, finding_id: str, values: pd.Series, sources: tuple[str, ...], **parts: Any
) -> Finding:
    """A sum of pounds that is not known, and not nothing, where there are contracts and none states a value and a term."""
    if values.notna().any() or values.empty:
        return bench.finding(
            finding_id, float(values.sum()), n=int(values.notna().sum()), sources=sources, **parts
        )
    return bench.finding(finding_id, undefined="no contract states both a value and a term", sources=sources)


@cache
def _categories() -> dict[str, str]:
    return dict(table("cpv_to_sic")[["cpv_prefix", "cpv_name"]].itertuples(index=False, name=None))


def _category(code: str) -> str:
    names = _categories()
    return next((names[code[:n]] for n in range(DIGITS, 1, -1) if code[:n] in names), f"CPV {code[:DIGITS]}")


@measure(
    "option_count", "option_late_count", "option_annual_value", "option_partner_value", "option_shift", needs=()
)
def options(data: Dataset, bench: Workbench) -> Result:
    """What could be bought together, ranked: what can still be started, with a local market, by what the partners bring.

    One row per group of `aligned`: `category`, `ends` ("May to Sep 2027"), `bodies` (names), `annual_gbp` (combined), `lead` (the
    body that buys most of it), `partner_gbp` (what the others bring: a group in which one body buys nearly all is no joint
    purchase), `start_by` (the first end less the settings' lead time), `standing` (open, or too late: the start lies within
    the period or before it), `capable` and `social` (local suppliers and social enterprises able to serve; None without a
    register), `grade`, `band` (combined value against the strictest of the bodies' thresholds), `shift_gbp` (what would stay
    local each year if the share `gap.shift` of what is not local now moved, where the local market is workable or strong).
    The findings are of the open ones; those too late are counted apart.
    """
    rows = data.once("options", _options)
    made = pd.DataFrame(rows, columns=_OPTION_COLUMNS)
    for column in ("annual_gbp", "partner_gbp", "shift_gbp"):
        made[column] = made[column].astype("float64")
    made = made.assign(late=made["standing"] == LATE, rank=made["grade"].map(_RANK).fillna(2)).sort_values(
        ["late", "rank", "partner_gbp", "category", "ends"],
        ascending=[True, True, False, True, True],
        ignore_index=True,
    )
    still = made[~made["late"]]
    sources = (
        *data.source_names(("contracts", "anchor_contracts", "awards")),
        *data.source_names(("organisations",)),
    )
    whole = float(still["annual_gbp"].sum())
    return made.drop(columns=["rank", "late"]), [
        bench.finding("option_count", len(still), of=len(made), sources=sources),
        bench.finding("option_late_count", len(made) - len(still), of=len(made), sources=sources),
        _pounds(bench, "option_annual_value", still["annual_gbp"], sources),
        _pounds(bench, "option_partner_value", still["partner_gbp"], sources, of=whole),
        _pounds(bench, "option_shift", still["shift_gbp"], sources, of=whole),
    ]


_RANK = {"Strong": 0, "Workable": 0, "Thin": 1, "Not known": 1, "Not mapped": 1, "None": 2}
_OPTION_COLUMNS = [
    "category", "ends", "bodies", "annual_gbp", "lead", "partner_gbp", "start_by", "standing", "capable", "social", "grade",
    "band", "shift_gbp", "bands", "is_light_touch", "is_health", "day",
]  # fmt: skip


def _options(data: Dataset) -> list[dict[str, Any]]:
    side = data.once("supply", Supply)
    return [_option(data, side, part) for part in groups(data)]


def _option(data: Dataset, side: Supply, part: pd.DataFrame) -> dict[str, Any]:
    code = str(part["cpv_code"].mode().iloc[0])
    annual = part["annual_gbp"].astype("float64")
    by_body = annual.groupby(part["body"]).sum(min_count=1).dropna().sort_values(ascending=False, kind="stable")
    crossing = data.bridge.find(code)
    has_register = len(side.organisations) > 0
    line = {
        "sic_codes": crossing.codes, "seller_codes": (), "annual_gbp": float(annual.sum()) if annual.notna().any() else None,
        "cpv_code": code, "category": None,
    }  # fmt: skip
    found = side.capable(line)
    first, last = pd.Timestamp(min(part["end_date"])), pd.Timestamp(max(part["end_date"]))
    start_by = (first - pd.DateOffset(months=data.settings.collaboration.lead_months)).date()
    # What should have begun already can begin on the day after the period at the soonest, under the rules of that day.
    day = max(start_by, data.period.end + timedelta(days=1))
    kind = kind_of(code)
    is_light = light_touch(code) if kind == "services" else False
    values = part["value_gbp"].astype("float64")
    bands = {body_kind: _band(values, kind, is_light, body_kind, day) for body_kind in sorted(set(part["kind"]))}
    strictest = min(bands.values(), key=lambda b: b.threshold_gbp or float("inf"))
    away = annual[part["is_local"].map(lambda flag: flag is False).astype(bool)]
    grade = line_grade(data, side, found, bool(crossing.codes))
    shift = data.settings.gap.shift * float(away.sum()) if grade in (WORKABLE, STRONG) else 0.0
    return {
        "category": _category(code),
        "ends": f"{first:%b %Y}" if f"{first:%b %Y}" == f"{last:%b %Y}" else f"{first:%b %Y} to {last:%b %Y}",
        "bodies": "; ".join(sorted(set(part["body"]))),
        "annual_gbp": float(annual.sum()) if len(by_body) else None,
        "lead": str(by_body.index[0]) if len(by_body) else "Not known",
        "partner_gbp": float(by_body.iloc[1:].sum()) if len(by_body) else None,
        "start_by": f"{start_by:%b %Y}",
        "standing": OPEN if start_by > data.period.end else LATE,
        "capable": found.count if has_register else None,
        "social": found.social_ab if has_register else None,
        "grade": grade,
        "band": strictest.name,
        "shift_gbp": shift if len(by_body) else None,
        "bands": {body_kind: own.name for body_kind, own in bands.items()},
        "is_light_touch": is_light,
        "is_health": code.startswith("851"),
        "day": day,
    }


def _band(values: pd.Series, kind: str | None, is_light: bool | None, body_kind: str, day: date) -> Band:
    """The band of the combined value. Where a contract states none, the sum is a least value: above stands, below does not."""
    total = float(values.sum()) or None
    made = band(total, "not stated", kind, is_light, body_kind, day)
    return made if values.notna().all() or made.name == ABOVE else Band(UNKNOWN_VALUE, made.threshold_gbp)


@measure("option_route_count", needs=())
def option_routes(data: Dataset, bench: Workbench) -> Result:
    """The routes by which each kind of body could take part in the open options: their rules differ.

    One row per kind of body and band, before them one for all acting together: `kind`, `band`, `options` (how many open ones), `routes`.
    Of routes for light touch services it is said "if". Source: `reference/routes.csv`, in force on the day of the start. For
    legal confirmation, every one.
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    seen: set[str] = set()
    still = [option for option in data.once("options", _options) if option["standing"] == OPEN]
    joint: dict[str, None] = {}
    for option in still:
        for kind, name in option["bands"].items():
            row = rows.setdefault((kind, name), {"kind": kind, "band": name, "options": 0, "routes": {}})
            row["options"] += 1
            for route in routes(name, option["is_light_touch"], kind, option["day"], option["is_health"], True):
                label = route["label"] + (", if light touch" if route["if_light_touch"] else "")
                own = joint if route["needs"] == "several buyers" else row["routes"]
                own[label + (", above the threshold" if own is joint and route["band"] == "above" else "")] = None
                seen.add(route["route"])
    told = [{"kind": TOGETHER, "band": "any", "options": len(still), "routes": joint}] if still else []
    told += sorted(rows.values(), key=lambda row: (row["kind"], BANDS.index(row["band"])))
    made = pd.DataFrame(told, columns=["kind", "band", "options", "routes"])
    made["routes"] = made["routes"].map("; ".join)
    return made, [bench.finding("option_route_count", len(seen))]
