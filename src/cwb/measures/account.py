"""What every pack rests on: every file's rows and pounds, and how suppliers were matched to organisations."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from cwb.dataset import Dataset
from cwb.measures.workbench import Result, Undefined, Workbench, measure

_COUNTS = ("rows", "kept", "refused", "duplicates")
_SPEND = {
    "rows_in": "rows",
    "rows_kept": "kept",
    "rows_refused": "refused",
    "rows_duplicated": "duplicates",
    "pounds_in": "gbp_in",
    "pounds_kept": "gbp_kept",
    "pounds_refused": "gbp_refused",
    "pounds_duplicated": "gbp_duplicates",
}


@measure(*_SPEND, needs=())
def coverage(data: Dataset, bench: Workbench) -> Result:
    """Every raw file: rows and pounds in, kept, refused and delivered twice; in = kept + refused + duplicates.

    One row per file: `file`, `source`, `rows`, `kept`, `refused`, `duplicates`, `gbp_in`, `gbp_kept`, `gbp_refused`,
    `gbp_duplicates`, `vat_basis`, `reasons`. The findings add up the spending files alone.
    """
    rows = [
        {
            **{key: report[key] for key in ("file", "source", *_COUNTS)},
            **{key: report[key] for key in ("gbp_in", "gbp_kept", "gbp_refused", "gbp_duplicates")},
            "vat_basis": report["vat_basis"] or "",
            "reasons": _reasons(report["refusals"]),
        }
        for report in data.lineage.reports
    ]
    spend = data.lineage.of("spend")
    if not spend:
        findings = [bench.finding(name, undefined="no spending file was supplied") for name in _SPEND]
    else:
        findings = [
            bench.finding(name, float(sum(Decimal(str(report[key])) for report in spend)))
            for name, key in _SPEND.items()
        ]
    return pd.DataFrame(rows), findings


def _reasons(refusals: list[dict[str, object]]) -> str:
    counts: dict[str, int] = {}
    for refusal in refusals:
        counts[str(refusal["reason"])] = counts.get(str(refusal["reason"]), 0) + 1
    return "; ".join(f"{reason}: {count}" for reason, count in sorted(counts.items()))


def evidence_class(evidence: pd.Series) -> pd.Series:
    """The kind of evidence without what is particular to one supplier: "name, 0.97" is "name nearly the same"."""
    said = evidence.astype(object).map(
        lambda text: text if isinstance(text, str) else "the supplier is not stated"
    )
    said = said.str.replace(r"^number given, but.*", "number given, and the register has another name", regex=True)
    said = said.str.replace(r"^name, 0\.\d+$|^name, 1\.00$", "name nearly the same", regex=True)
    return said.str.replace(r",? [01]\.\d\d$", "", regex=True)


@measure("matched_spend_share", "review_spend_share", "matched_supplier_share")
def matches(data: Dataset, bench: Workbench) -> Result:
    """How the suppliers paid in the period were matched to organisations on registers, and by what evidence.

    One row per status and kind of evidence, most spend first: `status`, `evidence`, `suppliers`, `pounds_gbp`, `share`.
    Withheld and missing names have a row, and count in no number of suppliers.
    """
    lines = data.spend()
    total = float(lines["amount_gbp"].sum())
    named = lines["supplier_key"].notna()
    status = lines["match_status"].astype(object).where(named, "no match")
    kinds = lines["match_evidence"].drop_duplicates()
    classes = dict(zip(kinds, evidence_class(kinds), strict=True))
    evidence = lines["match_evidence"].map(classes).astype(object).where(named, "the supplier is not stated")
    table = (
        lines.assign(status=status, evidence=evidence)
        .groupby(["status", "evidence"], as_index=False)
        .agg(suppliers=("supplier_key", "nunique"), pounds_gbp=("amount_gbp", "sum"))
    )
    if table.empty or not total:
        raise Undefined("there is no spend to match")
    table["share"] = table["pounds_gbp"] / total
    order = {"matched": 0, "review": 1, "no match": 2}
    table = table.sort_values(
        ["status", "pounds_gbp"], ascending=[True, False], key=lambda c: c.map(order) if c.name == "status" else c
    ).reset_index(drop=True)
    pounds = table.groupby("status")["pounds_gbp"].sum()
    suppliers = table.groupby("status")["suppliers"].sum()
    matched, review = float(pounds.get("matched", 0.0)), float(pounds.get("review", 0.0))
    return table, [
        bench.share("matched_spend_share", matched, total, unknown=review),
        bench.share("review_spend_share", review, total),
        bench.share("matched_supplier_share", int(suppliers.get("matched", 0)), int(suppliers.sum())),
    ]
