"""How much, and where: totals, Chart A and Chart B with the bridge between them, rings and districts."""

from __future__ import annotations

import pandas as pd

from cwb.dataset import Dataset
from cwb.measures.shares import split
from cwb.measures.workbench import Result, Undefined, Workbench, measure
from cwb.places import HOME, LOCAL_RINGS, RINGS, UNKNOWN, district_names, ring_labels


@measure("total_spend", "payment_count", "supplier_count", "withheld_share")
def total_spend(data: Dataset, bench: Workbench) -> Result:
    """Spend of the period beside the same months of every other year.

    One row per year: `year`, `recurrent_gbp`, `one_off_gbp`, `total_gbp`, `suppliers`, `payments`. A year without
    a payment in these months has no row; `is_whole` is false for a year with months missing, `is_divided` for one
    without an approved list of one-offs, all of whose spend stands as recurrent.
    """
    rows = []
    for year in sorted({int(quarter[:4]) for quarter in data.periods_with_spend()}):
        period = type(data.period)(year, data.period.quarter)
        lines = data.spend(period)
        if lines.empty:
            continue
        one_off = float(lines.loc[lines["is_one_off"], "amount_gbp"].sum())
        total = float(lines["amount_gbp"].sum())
        rows.append(
            {
                "year": period.short_label,
                "recurrent_gbp": total - one_off,
                "one_off_gbp": one_off,
                "total_gbp": total,
                "suppliers": lines["supplier_key"].nunique(),
                "payments": len(lines),
                "is_whole": data.is_whole(period),
                "is_divided": data.has_one_offs(period),
            }
        )
    lines = data.spend()
    total = float(lines["amount_gbp"].sum())
    withheld = float(lines.loc[lines["supplier_key"].isna(), "amount_gbp"].sum())
    caveats = () if data.is_whole(data.period) else ("Some months of the period hold no payment.",)
    return pd.DataFrame(rows), [
        bench.finding("total_spend", total, n=len(lines), caveats=caveats),
        bench.finding("payment_count", len(lines)),
        bench.finding("supplier_count", lines["supplier_key"].nunique()),
        bench.share("withheld_share", withheld, total),
    ]


@measure(
    "local_spend",
    "local_share",
    "one_off_spend",
    "spend_without_one_offs",
    "local_share_without_one_offs",
)
def charts_a_and_b(data: Dataset, bench: Workbench) -> Result:
    """Chart A (all spend) and Chart B (without capital and one-off projects), from one set of lines.

    One row per chart and part: `chart`, `part` (local, not local, not known), `pounds_gbp`, `share`. Chart B is
    undefined where no project of the period's year is on an approved list.
    """
    lines = data.spend()
    everything, recurrent = split(lines), split(lines[~lines["is_one_off"]])
    approved = data.has_one_offs(data.period)
    charts = [("Chart A: all spend", everything)]
    if approved:
        charts.append(("Chart B: without one-offs", recurrent))
    rows = [
        {
            "chart": chart,
            "part": part,
            "pounds_gbp": pounds,
            "share": pounds / parts.total if parts.total else None,
        }
        for chart, parts in charts
        for part, pounds in (("Local", parts.local), ("Not local", parts.away), ("Not known", parts.unknown))
    ]
    findings = [
        bench.finding(
            "local_spend", everything.local, low=everything.local, high=everything.local + everything.unknown
        ),
        bench.share("local_share", everything.local, everything.total, **everything.bounds),
    ]
    if approved:
        sources = data.source_names(("spend", "one_offs"))
        findings += [
            bench.finding("one_off_spend", everything.total - recurrent.total, sources=sources),
            bench.finding("spend_without_one_offs", recurrent.total, sources=sources),
            bench.share(
                "local_share_without_one_offs",
                recurrent.local,
                recurrent.total,
                sources=sources,
                **recurrent.bounds,
            ),
        ]
    else:
        reason = f"no approved list of capital and one-off projects for {data.period.year.label} was supplied"
        findings += [
            bench.finding(name, undefined=reason)
            for name in ("one_off_spend", "spend_without_one_offs", "local_share_without_one_offs")
        ]
    return pd.DataFrame(rows), findings


@measure("one_off_difference", needs=("spend", "one_offs"))
def bridge(data: Dataset, bench: Workbench) -> Result:
    """From Chart A to Chart B, line by line.

    One row per step: `step` ("All spend", each project, "Without one-offs"), `kind`, `reason`, `approving_role`,
    `approved_gbp` (whole year, as approved), `found_gbp` (in the period's lines), `found_local_gbp`, `remaining_gbp`,
    `remaining_local_share`.
    """
    lines = data.spend()
    listed = data.table("one_offs")
    rules = listed[listed["period"] == str(data.period.year)]
    if rules.empty:
        raise Undefined(f"the approved list names no project for {data.period.year.label}")
    projects = rules.groupby("project", sort=False).agg(
        kind=("kind", "first"),
        reason=("reason", "first"),
        approving_role=("approving_role", "first"),
        approved_gbp=("expected_gbp", "sum"),
    )
    everything = split(lines)
    remaining, remaining_local = everything.total, everything.local
    rows = [_step("All spend", remaining, remaining_local)]
    found_all = 0.0
    for project, rule in projects.sort_values("approved_gbp", ascending=False, kind="stable").iterrows():
        own = split(lines[lines["project"] == project])
        remaining, remaining_local = remaining - own.total, remaining_local - own.local
        found_all += own.total
        rows.append(
            _step(str(project), remaining, remaining_local)
            | rule.to_dict()
            | {"found_gbp": own.total, "found_local_gbp": own.local}
        )
    rows.append(_step("Without one-offs", remaining, remaining_local))
    approved = float(projects["approved_gbp"].sum())
    if data.period.quarter:
        # Approval is for a whole year: a quarter's difference says nothing.
        difference = bench.finding("one_off_difference", undefined="projects are approved for a whole year")
    else:
        difference = bench.finding("one_off_difference", found_all - approved, n=found_all, of=approved)
    columns = [
        "step", "kind", "reason", "approving_role", "approved_gbp", "found_gbp", "found_local_gbp",
        "remaining_gbp", "remaining_local_share",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns), [difference]


def _step(name: str, remaining: float, local: float) -> dict[str, object]:
    return {
        "step": name,
        "remaining_gbp": remaining,
        "remaining_local_share": local / remaining if remaining else None,
    }


@measure("home_spend", "home_share", "unknown_place_share", "local_supplier_share")
def spend_by_ring(data: Dataset, bench: Workbench) -> Result:
    """Spend and suppliers by how near they are.

    One row per ring, nearest first: `ring`, `label`, `pounds_gbp`, `share`, `suppliers`, `supplier_share`. Lines
    without a supplier's name are in the pounds of "not known" and in no count of suppliers.
    """
    lines = data.spend()
    total = float(lines["amount_gbp"].sum())
    pounds = lines.groupby("ring")["amount_gbp"].sum()
    suppliers = lines.groupby("ring")["supplier_key"].nunique()
    count = int(suppliers.sum())
    labels = ring_labels(data.settings)
    rows = [
        {
            "ring": ring,
            "label": labels[ring],
            "pounds_gbp": float(pounds.get(ring, 0.0)),
            "share": float(pounds.get(ring, 0.0)) / total if total else None,
            "suppliers": int(suppliers.get(ring, 0)),
            "supplier_share": int(suppliers.get(ring, 0)) / count if count else None,
        }
        for ring in RINGS
    ]
    home, unknown = float(pounds.get(HOME, 0.0)), float(pounds.get(UNKNOWN, 0.0))
    local_suppliers = sum(int(suppliers.get(ring, 0)) for ring in LOCAL_RINGS)
    bounds = split(lines).bounds
    unknown_suppliers = int(suppliers.get(UNKNOWN, 0))
    return pd.DataFrame(rows), [
        bench.finding("home_spend", home, low=home, high=home + unknown),
        bench.share(
            "home_share",
            home,
            total,
            unknown=unknown,
            coverage=bounds["coverage"],
        ),
        bench.share("unknown_place_share", unknown, total),
        bench.share(
            "local_supplier_share",
            local_suppliers,
            count,
            unknown=unknown_suppliers,
        ),
    ]


@measure("top_district_share")
def spend_by_district(data: Dataset, bench: Workbench) -> Result:
    """Spend by district of the local area, most first.

    One row per district: `lad_code`, `district`, `pounds_gbp`, `share` (of all spend), `suppliers`.
    """
    lines = data.spend()
    total = float(lines["amount_gbp"].sum())
    names = district_names()
    local = lines[lines["lad_code"].isin(data.settings.local.districts)]
    grouped = local.groupby("lad_code").agg(
        pounds_gbp=("amount_gbp", "sum"), suppliers=("supplier_key", "nunique")
    )
    table = grouped.reindex(list(data.settings.local.districts)).fillna(0).reset_index(names="lad_code")
    table.insert(1, "district", table["lad_code"].map(names))
    table.insert(3, "share", table["pounds_gbp"] / total if total else None)
    table["suppliers"] = table["suppliers"].astype("int64")
    table = table.sort_values(["pounds_gbp", "district"], ascending=[False, True], ignore_index=True)
    top = table.iloc[0]
    finding = bench.share("top_district_share", float(top["pounds_gbp"]), total)
    return table, [finding], {"top_district": str(top["district"])}
