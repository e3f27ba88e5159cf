"""With whom: suppliers within the district, size and kind, categories that leak, concentration, coming and going."""

from __future__ import annotations

import pandas as pd

from cwb.base.privacy import WITHHELD
from cwb.dataset import Dataset
from cwb.evidence.finding import Finding
from cwb.measures.shares import split
from cwb.measures.workbench import Result, Undefined, Workbench, measure
from cwb.places import HOME, ring_labels

_TOP = 15
_CATEGORIES = 12
NOT_KNOWN = "Not known"


def _paid(lines: pd.DataFrame) -> set[str]:
    return set(lines["supplier_key"].dropna())


@measure("home_supplier_count", "home_supplier_count_baseline", "home_supplier_change")
def home_suppliers(data: Dataset, bench: Workbench) -> Result:
    """Suppliers within the council's own district, this period and the same months of the baseline year.

    One row per group: `group` (paid in both, only in the baseline, only now), `suppliers`, `pounds_now_gbp`,
    `pounds_baseline_gbp`. Undefined unless every month of both periods holds payments: counts of a part-year
    are not comparable.
    """
    now, before = data.spend(), data.spend(data.baseline)
    now, before = now[now["ring"] == HOME], before[before["ring"] == HOME]
    kept, only_before, only_now = (
        _paid(now) & _paid(before),
        _paid(before) - _paid(now),
        _paid(now) - _paid(before),
    )
    comparable = data.is_whole(data.period) and data.is_whole(data.baseline)
    rows = [
        {
            "group": group,
            "suppliers": len(keys),
            "pounds_now_gbp": float(now.loc[now["supplier_key"].isin(keys), "amount_gbp"].sum()),
            "pounds_baseline_gbp": float(before.loc[before["supplier_key"].isin(keys), "amount_gbp"].sum()),
        }
        for group, keys in (
            ("Paid in both periods", kept),
            (f"Paid only in {data.baseline.short_label}", only_before),
            (f"Paid only in {data.period.short_label}", only_now),
        )
        if data.period != data.baseline or group == "Paid in both periods"
    ]
    count = len(_paid(now))
    findings = [bench.finding("home_supplier_count", count, of=data.spend()["supplier_key"].nunique())]
    if comparable:
        findings += [
            bench.finding("home_supplier_count_baseline", len(_paid(before)), period=str(data.baseline)),
            bench.finding(
                "home_supplier_change", count - len(_paid(before)), n=len(only_now), of=len(only_before)
            ),
        ]
    else:
        reason = f"months are missing in {data.period.label} or in {data.baseline.label}"
        findings += [
            bench.finding(name, undefined=reason)
            for name in ("home_supplier_count_baseline", "home_supplier_change")
        ]
    return pd.DataFrame(rows), findings


@measure("sme_share", "vcse_share", "size_known_share")
def business_size(data: Dataset, bench: Workbench) -> Result:
    """Spend by business size, and with SMEs and VCSEs, what is not known shown as such.

    One row per question and answer: `question`, `answer`, `pounds_gbp`, `share`, `suppliers`.
    """
    lines = data.spend()
    total = float(lines["amount_gbp"].sum())
    sizes = lines["size"].astype(object).map(lambda s: s.capitalize() if isinstance(s, str) else NOT_KNOWN)
    answers = {
        "Business size": (sizes, ["Micro", "Small", "Medium", "Large", NOT_KNOWN]),
        "Small or medium business (SME)": (_flag(lines["is_sme"]), ["Yes", "No", NOT_KNOWN]),
        "Voluntary, community or social enterprise (VCSE)": (_flag(lines["is_vcse"]), ["Yes", "No", NOT_KNOWN]),
    }
    rows = []
    for question, (labels, order) in answers.items():
        for answer in order:
            own = lines[labels == answer]
            pounds = float(own["amount_gbp"].sum())
            rows.append(
                {
                    "question": question,
                    "answer": answer,
                    "pounds_gbp": pounds,
                    "share": pounds / total if total else None,
                    "suppliers": own["supplier_key"].nunique(),
                }
            )
    table = pd.DataFrame(rows)

    def stated(finding_id: str, question: str) -> Finding:
        own = table[table["question"] == question].set_index("answer")["pounds_gbp"]
        yes, unknown = float(own["Yes"]), float(own[NOT_KNOWN])
        coverage = 1 - unknown / total if total else None
        return bench.share(finding_id, yes, total, unknown=unknown, coverage=coverage)

    size_known = total - float(lines.loc[sizes == NOT_KNOWN, "amount_gbp"].sum())
    return table, [
        stated("sme_share", "Small or medium business (SME)"),
        stated("vcse_share", "Voluntary, community or social enterprise (VCSE)"),
        bench.share("size_known_share", size_known, total),
    ]


def _flag(flags: pd.Series) -> pd.Series:
    return flags.astype(object).map(lambda flag: {True: "Yes", False: "No"}.get(flag, NOT_KNOWN))


@measure("leaving_spend", "largest_leak_spend")
def leakage(data: Dataset, bench: Workbench) -> Result:
    """What is bought, and how much of it leaves the local area, one-offs left out.

    One row per category, largest leak first, the rest as one row: `category`, `pounds_gbp`, `local_gbp`,
    `leaving_gbp`, `unknown_gbp`, `local_share` (of spend whose place is known).
    """
    lines = data.spend()
    lines = lines[~lines["is_one_off"]]
    rows = []
    for category, own in lines.groupby("category_label", sort=True):
        parts = split(own)
        rows.append((category, parts.total, parts.local, parts.away, parts.unknown))
    columns = ["category", "pounds_gbp", "local_gbp", "leaving_gbp", "unknown_gbp"]
    table = pd.DataFrame(rows, columns=columns)
    if table.empty:
        raise Undefined("all spend of the period is one-off")
    table = table.sort_values(["leaving_gbp", "category"], ascending=[False, True], ignore_index=True)
    largest = table.iloc[0]
    if len(table) > _CATEGORIES:
        rest = table.iloc[_CATEGORIES:]
        table = table.iloc[:_CATEGORIES].copy()
        table.loc[len(table)] = [f"All {len(rest)} other categories", *rest[columns[1:]].sum()]
    known = table["local_gbp"] + table["leaving_gbp"]
    table["local_share"] = (table["local_gbp"] / known).where(known != 0)
    everything = split(lines)
    return (
        table,
        [
            bench.finding(
                "leaving_spend", everything.away, n=everything.away, of=everything.total, low=everything.away,
                high=everything.away + everything.unknown,
            ),
            bench.finding("largest_leak_spend", float(largest["leaving_gbp"]), of=everything.away),
        ],
        {
            "largest_leak": str(largest["category"]),
            "scheme": data.category_scheme,
            "base": "one-offs left out" if data.has_one_offs(data.period) else "one-offs included: no approved list",
        },
    )  # fmt: skip


@measure("top_ten_share", "suppliers_for_half")
def concentration(data: Dataset, bench: Workbench) -> Result:
    """The suppliers that are paid most.

    One row per supplier, most first, up to fifteen: `rank`, `supplier`, `place`, `pounds_gbp`, `share`, `cumulative`.
    Names that may be individuals' are left out, so that ranks may have gaps; ranks and running shares count them.
    Redacted lines have no rank; their pounds stay in the total.
    """
    lines = data.spend()
    total = float(lines["amount_gbp"].sum())
    by_supplier = (
        lines.dropna(subset=["supplier_key"])
        .groupby("supplier_key")
        .agg(supplier=("display_name", "first"), ring=("ring", "first"), pounds_gbp=("amount_gbp", "sum"))
        .reset_index()
    )
    ranked = by_supplier.sort_values(["pounds_gbp", "supplier_key"], ascending=[False, True], ignore_index=True)
    if ranked.empty:
        raise Undefined("no line of the period names its supplier")
    running = ranked["pounds_gbp"].cumsum()
    reached = running[running >= total / 2]
    ranked["rank"] = range(1, len(ranked) + 1)
    ranked["share"] = ranked["pounds_gbp"] / total if total else None
    ranked["cumulative"] = ranked["share"].cumsum()
    ranked["place"] = ranked["ring"].map(ring_labels(data.settings))
    shown = ranked[ranked["supplier"] != WITHHELD].head(_TOP)
    table = shown[["rank", "supplier", "place", "pounds_gbp", "share", "cumulative"]].reset_index(drop=True)
    half = (
        bench.finding("suppliers_for_half", int(reached.index[0]) + 1, of=len(ranked))
        if len(reached)
        else bench.finding("suppliers_for_half", undefined="named suppliers make less than half of spend")
    )
    return table, [bench.share("top_ten_share", float(ranked["pounds_gbp"].head(10).sum()), total), half]


@measure("suppliers_new", "suppliers_kept", "suppliers_lost")
def churn(data: Dataset, bench: Workbench) -> Result:
    """New, kept and lost suppliers against the same months of the year before.

    One row per group and place: `group`, `place` (local, not local, not known), `suppliers`, `pounds_gbp` (this
    period's, or for lost suppliers the year before's). Undefined unless both periods are whole.
    """
    previous = data.period.previous()
    if not (data.is_whole(data.period) and data.is_whole(previous)):
        raise Undefined(f"months are missing in {data.period.label} or in {previous.label}")
    now, before = data.spend(), data.spend(previous)
    groups = {
        "New": (now, _paid(now) - _paid(before)),
        "Kept": (now, _paid(now) & _paid(before)),
        "No longer paid": (before, _paid(before) - _paid(now)),
    }
    rows = []
    for group, (lines, keys) in groups.items():
        own = lines[lines["supplier_key"].isin(keys)]
        local = own["ring"].isin(["home", "local"])
        unknown = own["ring"] == "unknown"
        for place, part in (
            ("Local", own[local]),
            ("Not local", own[~local & ~unknown]),
            (NOT_KNOWN, own[unknown]),
        ):
            rows.append(
                {
                    "group": group,
                    "place": place,
                    "suppliers": part["supplier_key"].nunique(),
                    "pounds_gbp": float(part["amount_gbp"].sum()),
                }
            )
    counts = {group: len(keys) for group, (_, keys) in groups.items()}
    return pd.DataFrame(rows), [
        bench.finding("suppliers_new", counts["New"], of=len(_paid(now))),
        bench.finding("suppliers_kept", counts["Kept"], of=len(_paid(before))),
        bench.finding("suppliers_lost", counts["No longer paid"], of=len(_paid(before))),
    ]
