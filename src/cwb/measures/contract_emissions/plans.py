"""Suppliers' strategies, and our own checklist."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from cwb.dataset import Dataset
from cwb.evidence.finding import Finding
from cwb.evidence.questions import share
from cwb.evidence.relation import Fact, Relation
from cwb.matching import normalise_name
from cwb.measures.workbench import Result, Undefined, Workbench, measure
from cwb.packs.measure import ask

CURRENT, OLD, NOT_VALID, NOT_SIGNED, NONE = (
    "Valid and current", "Valid, but out of date", "Commits to net zero too late, or to no year", "Not signed off",
    "No plan known",
)  # fmt: skip


def standing(commitment: float, signed: object, last: pd.Timestamp, months: int, by_year: int = 2050) -> str:
    """What a plan is worth: it commits to net zero by a year, is signed off, and was so within so many months."""
    if pd.isna(commitment) or commitment > by_year:
        return NOT_VALID
    if signed is None or pd.isna(signed):
        return NOT_SIGNED
    day = pd.Timestamp(signed)
    return CURRENT if last - pd.DateOffset(months=months) <= day <= last else OLD


@measure("plan_supplier_share", "plan_spend_share", "plan_count", needs=("spend", "carbon_plans"))
def plans(data: Dataset, bench: Workbench) -> Result:
    """Suppliers paid in the period by whether they have a carbon reduction plan.

    One row per standing: `standing`, `suppliers`, `pounds_gbp`, `share` (of spend). "No plan known" is not "no plan": it is the
    unknown part, and bounds the shares from above. A plan is found by company number, else by the same name. A plan signed
    after the period does not count yet; where all were, the period is undefined: a register holds each supplier's latest
    plan and says nothing of the plans before it.
    """
    lines = data.spend()
    lines = lines[lines["supplier_key"].notna()]
    total, last = float(data.spend()["amount_gbp"].sum()), pd.Timestamp(data.period.end)
    listed = data.table("carbon_plans")
    months, by_year = data.settings.emissions.plan_months, data.settings.emissions.plan_commitment_year
    order = {name: n for n, name in enumerate((CURRENT, OLD, NOT_SIGNED, NOT_VALID, NONE))}
    told: dict[str, str] = {}
    signed = pd.to_datetime(listed["sign_off_date"])
    if signed.notna().any() and not (signed <= last).any():
        raise Undefined(f"every signed plan on the list was signed off after {data.period.label}")
    for row in listed[~(signed > last)].itertuples():
        found = standing(float(row.commitment_year), row.sign_off_date, last, months, by_year)
        for key in (row.company_number, normalise_name(row.supplier_name)):
            if isinstance(key, str) and key and order[found] < order[told.get(key, NONE)]:
                told[key] = found
    suppliers = data.table("suppliers").set_index("supplier_key")
    by_key = {}
    for key in lines["supplier_key"].unique():
        own = suppliers.loc[key]
        by_key[key] = told.get(str(own["company_number"])) or told.get(normalise_name(own["supplier_name"]), NONE)
    grouped = lines.assign(standing=lines["supplier_key"].map(by_key)).groupby("standing")
    made = grouped.agg(suppliers=("supplier_key", "nunique"), pounds_gbp=("amount_gbp", "sum")).reset_index()
    made["share"] = made["pounds_gbp"] / total if total else None
    made = made.sort_values("standing", key=lambda c: c.map(order), ignore_index=True)
    if made.empty:
        raise Undefined("no supplier of the period is named")
    return made, [
        *shares(data, by_key),
        bench.finding("plan_count", len(listed)),
    ]


def shares(data: Dataset, standing_of: dict[str, str]) -> list[Finding]:
    """Suppliers, and spend with suppliers, that have a current plan; one whose plan is not known may have one."""
    known = {key: found == CURRENT for key, found in standing_of.items() if found != NONE}
    rows = pa.table(
        {
            "planned_key": pa.array(list(known), pa.string()),
            "has_current_plan": pa.array(list(known.values()), pa.bool_()),
        }
    )
    plans = data.kernel.give("supplier_plans", rows, ("carbon_plans",))
    lines = data.kernel.spend()
    joined = f"(SELECT * FROM spend_lines LEFT JOIN {plans.source} ON planned_key = supplier_key)"
    paid = Relation(joined, ("spend_lines", "carbon_plans"), lines.conditions, lines.period)
    asked = ask(
        data.kernel,
        share("plan_supplier_share", of=paid.where("supplier_key IS NOT NULL"), where=_HAS_PLAN, by=None),
        share("plan_spend_share", of=paid, where=_HAS_PLAN),
    )
    return [asked["plan_supplier_share"], asked["plan_spend_share"]]


_HAS_PLAN = Fact(
    "has_current_plan",
    "suppliers' carbon plans are known",
    "Asking the largest suppliers for their carbon reduction plans (cwb template carbon-plans) would settle it.",
)


@measure("checklist_share", "checklist_count", needs=("checklists",))
def checklist(data: Dataset, bench: Workbench) -> Result:
    """The sustainability checklist: completed procurements of the period, and which commitments they touched.

    One row per commitment, most first: `commitment`, `procurements` (completed ones that touched it). Divided by all
    procurements: those on the list, or the contracts of the register that begin in the period where these are more. One that
    is not on the list, or does not say whether it was completed, bounds the share. One without a date counts in no period.
    """
    rows = data.table("checklists")
    started = pd.to_datetime(rows["started"])
    own = rows[started.between(pd.Timestamp(data.period.start), pd.Timestamp(data.period.end))]
    if own.empty:
        raise Undefined(f"no procurement of {data.period.label} is on the list")
    flags = own["is_completed"].astype(object)
    done, unknown = own[flags == True], int(flags.isna().sum())  # noqa: E712 - None is "not stated"
    begun = data.contracts()
    contracts = begun["contract_reference"].nunique() if len(begun) else 0
    everything = max(len(own), int(contracts))
    touched = done["commitments"].dropna().str.split(";").explode().str.strip()
    made = touched[touched != ""].value_counts().rename_axis("commitment").reset_index(name="procurements")
    made = made.sort_values(["procurements", "commitment"], ascending=[False, True], ignore_index=True)
    return made, [
        bench.share("checklist_share", len(done), everything, unknown=unknown + everything - len(own)),
        bench.finding("checklist_count", len(own), of=everything),
    ]
