"""Each anchor's spend, like for like: what it comes to, how much of it is local, and what it shares with the others."""

from __future__ import annotations

import pandas as pd

from cwb.base.privacy import WITHHELD
from cwb.council.periods import Period
from cwb.dataset import Dataset
from cwb.evidence.facts import IS_LOCAL
from cwb.evidence.finding import Finding
from cwb.evidence.questions import share
from cwb.evidence.relation import Relation
from cwb.measures.gap_analysis.supply_side import NOT_STATED, first_section
from cwb.measures.shares import split
from cwb.measures.workbench import Result, Undefined, Workbench, measure
from cwb.packs.measure import ask
from cwb.sources.places import ring_labels

_SHOWN = 15


def publication_threshold(data: Dataset) -> float:
    """The highest amount over which any of the bodies with spend publishes: what all are cut to."""
    stated = {anchor.name: anchor.threshold_gbp for anchor in data.settings.anchors}
    return max([data.settings.council.threshold_gbp, *(stated.get(body) or 0.0 for body in _present(data))])


def unstated_thresholds(data: Dataset) -> list[str]:
    """Bodies whose payments are at hand and of which the settings do not say over which amount they publish."""
    stated = {anchor.name for anchor in data.settings.anchors if anchor.threshold_gbp is not None}
    return sorted(_present(data) - stated)


def _present(data: Dataset) -> set[str]:
    return {str(body) for body in data.anchor_lines["body"].unique()} if len(data.anchor_lines) else set()


def body_names(data: Dataset) -> list[str]:
    """The council, the anchors of the settings, then any other body whose payments were supplied."""
    known = [data.settings.council.name, *(anchor.name for anchor in data.settings.anchors)]
    found = data.anchor_lines["body"].unique() if len(data.anchor_lines) else ()
    return [*known, *sorted(str(body) for body in found if body not in known)]


def like_for_like(data: Dataset, period: Period | None = None, threshold: float | None = None) -> pd.DataFrame:
    """Payments of the council and of every anchor in a period, all cut to one threshold, one row per ledger line.

    Columns: `body`, `amount_gbp`, `ring`, `supplier_key`, `who` (the organisation, else the supplier), `display_name`,
    `section`. A payment under the threshold is left out whatever body published it, credits by their size. Lines of one
    transaction to one supplier on one day are one payment: it is split into lines when several budgets bear it (formats.md 10).
    """
    least = publication_threshold(data) if threshold is None else threshold
    own = data.spend(period).assign(body=data.settings.council.name)
    lines = [frame for frame in (own, data.anchor_spend(period)) if len(frame)]
    if not lines:
        return pd.DataFrame(
            columns=["body", "amount_gbp", "ring", "supplier_key", "who", "display_name", "section"]
        )
    columns = [
        "body", "amount_gbp", "ring", "supplier_key", "org_id", "display_name", "match_status", "transaction_number",
        "payment_date",
    ]  # fmt: skip
    made = pd.concat([frame[columns].astype({"amount_gbp": "float64"}) for frame in lines], ignore_index=True)
    made = made[_paid_at_once(made).abs() >= least].reset_index(drop=True)
    made["who"] = made["org_id"].where(made["match_status"] == "matched").fillna(made["supplier_key"])
    sic = data.table("suppliers").set_index("supplier_key")["sic_codes"]
    made["section"] = first_section(made["supplier_key"].map(sic))
    return made


def _paid_at_once(lines: pd.DataFrame) -> pd.Series:
    """Of each line the pounds of its whole payment; a line without a transaction number is a payment of its own."""
    key = ["body", "supplier_key", "payment_date", "transaction_number"]
    whole = lines.groupby(key, dropna=False)["amount_gbp"].transform("sum")
    return whole.where(lines["transaction_number"].notna(), lines["amount_gbp"])


@measure("anchor_spend_total", "anchor_local_share", "anchor_body_count", "anchor_threshold", needs=())
def bodies(data: Dataset, bench: Workbench) -> Result:
    """Spend of the council and each anchor, like for like.

    One row per body, most spend first, bodies without a file last: `body`, `kind`, `threshold_gbp` (own), `pounds_gbp` (over
    the common threshold), `local_gbp`, `away_gbp`, `unknown_gbp`, `local_share`, `share_low`, `share_high`, `coverage`,
    `suppliers`, `standing`. A body whose payments were supplied and that the settings do not name has a row too. A body that publishes nothing has a row that says so. The share of all is pounds over pounds.
    """
    lines = like_for_like(data)
    if lines.empty:
        raise Undefined("no spending file of the council or of an anchor holds a payment of this period")
    kinds: dict[str, tuple[str, float | None]] = {
        data.settings.council.name: ("council", data.settings.council.threshold_gbp)
    }
    kinds |= {anchor.name: (anchor.kind, anchor.threshold_gbp) for anchor in data.settings.anchors}
    kinds = {name: kinds.get(name, ("not in the settings", None)) for name in body_names(data)}
    rows = []
    for body, (kind, threshold) in kinds.items():
        own = lines[lines["body"] == body]
        row = {"body": body, "kind": kind, "threshold_gbp": threshold}
        if own.empty:
            rows.append(row | {"standing": "No spending file supplied for this period"})
            continue
        parts = split(own)
        bounds = parts.bounds
        rows.append(
            row
            | {
                "pounds_gbp": parts.total, "local_gbp": parts.local, "away_gbp": parts.away, "unknown_gbp": parts.unknown,
                "local_share": parts.local / parts.total if parts.total else None, "share_low": bounds["low"],
                "share_high": bounds["high"], "coverage": bounds["coverage"], "suppliers": own["who"].nunique(),
                "standing": "Spending file supplied",
            }
        )  # fmt: skip
    columns = ["body", "kind", "threshold_gbp", "pounds_gbp", "local_gbp", "away_gbp", "unknown_gbp", "local_share",
               "share_low", "share_high", "coverage", "suppliers", "standing"]  # fmt: skip
    made = pd.DataFrame(rows, columns=columns).sort_values(
        "pounds_gbp", ascending=False, na_position="last", ignore_index=True
    )
    everyone = split(lines)
    unstated = [name for name in unstated_thresholds(data) if name in set(lines["body"])]
    caveats = (f"Over which amount these publish is not stated: {', '.join(unstated)}.",) if unstated else ()
    sources = data.source_names(("spend", "anchor_spend"))
    present = int(made["pounds_gbp"].notna().sum())
    missing = "; ".join(made.loc[made["pounds_gbp"].isna(), "body"])
    silent = (f"No spending file of this period was supplied by: {missing}.",) if missing else ()
    return made, [
        bench.finding("anchor_spend_total", everyone.total, sources=sources),
        local_share(data),
        bench.finding("anchor_body_count", present, of=len(made), sources=sources, caveats=silent),
        bench.finding("anchor_threshold", publication_threshold(data), caveats=caveats),
    ]


def comparable_payments(data: Dataset) -> Relation:
    """Lines of the council and the anchors that are part of a payment over the common threshold, credits by their size."""
    least = f"{publication_threshold(data):.2f}"
    columns = (
        "payee_key, supplier_key, organisation_key, display_name, amount_gbp, payment_gbp, is_local, financial_year, "
        "quarter_number, source_file, source_sheet, source_row"
    )
    both = f"(SELECT {columns} FROM spend_lines UNION ALL SELECT {columns} FROM anchor_lines)"
    return Relation(
        both, ("spend_lines", "anchor_lines"), (f"payment_gbp >= {least} OR payment_gbp <= -{least}",), data.period
    )


def local_share(data: Dataset) -> Finding:
    """The local share of all bodies, like for like."""
    question = share("anchor_local_share", of=comparable_payments(data), where=IS_LOCAL)
    return ask(data.kernel, question)["anchor_local_share"]


def _two_bodies(data: Dataset) -> pd.DataFrame:
    lines = like_for_like(data)
    if lines.empty or lines["body"].nunique() < 2:
        raise Undefined("fewer than two bodies have a spending file for this period")
    return lines


@measure("shared_supplier_count", "shared_supplier_spend", "shared_supplier_share", needs=())
def shared_suppliers(data: Dataset, bench: Workbench) -> Result:
    """Suppliers that more than one body pays, like for like.

    One row per supplier, most bodies then most pounds first, up to fifteen: `supplier`, `place`, `bodies` (number), `who_pays`
    (names), `pounds_gbp`, then one column of pounds per body, named `body_0`, `body_1` … in the order of the settings. Names
    that may be individuals' are left out of the rows and counted.
    """
    lines = _two_bodies(data)
    named = lines.dropna(subset=["who"])
    grouped = named.groupby("who").agg(
        supplier=("display_name", "first"),
        ring=("ring", "first"),
        bodies=("body", "nunique"),
        pounds_gbp=("amount_gbp", "sum"),
    )
    shared = grouped[grouped["bodies"] > 1]
    names = body_names(data)
    paid = named.pivot_table(index="who", columns="body", values="amount_gbp", aggfunc="sum")
    made = (
        shared[shared["supplier"] != WITHHELD]
        .sort_values(["bodies", "pounds_gbp", "supplier"], ascending=[False, False, True])
        .head(_SHOWN)
    )
    made = made.assign(place=made["ring"].map(ring_labels(data.settings)))
    for n, body in enumerate(names):
        made[f"body_{n}"] = paid[body].reindex(made.index) if body in paid else None
    made["who_pays"] = [
        "; ".join(body for body in names if body in paid and pd.notna(paid.at[who, body])) for who in made.index
    ]
    total, sources = float(lines["amount_gbp"].sum()), data.source_names(("spend", "anchor_spend"))
    spend = float(shared["pounds_gbp"].sum())
    columns = ["supplier", "place", "bodies", "who_pays", "pounds_gbp", *(f"body_{n}" for n in range(len(names)))]
    return made.reset_index()[columns], [
        bench.finding("shared_supplier_count", len(shared), of=len(grouped), sources=sources),
        bench.finding("shared_supplier_spend", spend, of=total, sources=sources),
        bench.share("shared_supplier_share", spend, total, sources=sources),
    ]


@measure("shared_category_count", "shared_category_spend", needs=())
def shared_categories(data: Dataset, bench: Workbench) -> Result:
    """Industries in which more than one body buys, by the industry that the supplier states first.

    One row per industry, most pounds first: `section`, `bodies`, `pounds_gbp`, `share`, `local_gbp`, `leaving_gbp`, `unknown_gbp`,
    `local_share` (of known place). Bodies classify their spend each in its own way; the supplier's industry is what they have
    in common. Suppliers without a match are "Industry not stated".
    """
    lines = _two_bodies(data)
    rows = []
    for section, own in lines.groupby("section", sort=True):
        parts = split(own)
        known = parts.local + parts.away
        rows.append(
            {
                "section": section, "bodies": own["body"].nunique(), "pounds_gbp": parts.total, "local_gbp": parts.local,
                "leaving_gbp": parts.away, "unknown_gbp": parts.unknown, "local_share": parts.local / known if known else None,
            }
        )  # fmt: skip
    made = pd.DataFrame(rows).sort_values(["pounds_gbp", "section"], ascending=[False, True], ignore_index=True)
    made = made.assign(share=made["pounds_gbp"] / made["pounds_gbp"].sum())
    stated = made[made["section"] != NOT_STATED]
    shared = stated[stated["bodies"] > 1]
    sources = data.source_names(("spend", "anchor_spend"))
    return made, [
        bench.finding("shared_category_count", len(shared), of=len(made), sources=sources),
        bench.finding(
            "shared_category_spend",
            float(shared["pounds_gbp"].sum()),
            of=float(made["pounds_gbp"].sum()),
            sources=sources,
        ),
    ]
