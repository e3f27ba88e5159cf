"""What leads from Chart A to Chart B: each approved project, line by line."""

from __future__ import annotations

import pandas as pd

from cwb.charts.tables import Column
from cwb.packs.exhibits import plural, ratio, taken_out
from cwb.packs.local_supplier_base.charts_a_and_b import PROJECT, charts_a_and_b
from cwb.packs.measure import Definition, Measured, PackData, Result, Shown, Undefined, ask, measure, undefined
from cwb.packs.questions import PLACE, Relation, Row, as_float, change, number

_COLUMNS = (
    "step", "kind", "reason", "approving_role", "approved_gbp", "found_gbp", "found_local_gbp", "remaining_gbp",
    "remaining_local_share",
)  # fmt: skip


@measure(
    Definition(
        "one_off_difference", "One-offs found less approved", "gbp", "change",
        "Spend that the approved list finds in the ledger less the amounts that were approved.",
    ),
    question="Which projects are taken out for Chart B?",
    needs=("spend_lines", "one_offs"),
    columns=(
        Column("step", "Step"),
        Column("kind", "Kind"),
        Column("reason", "Reason"),
        Column("approving_role", "Approved by"),
        Column("approved_gbp", "Approved, whole year (£)", "gbp", missing=""),
        Column("found_gbp", "Found in the ledger (£)", "gbp", missing=""),
        Column("found_local_gbp", "Of which known to be local (£)", "gbp", missing=""),
        Column("remaining_gbp", "Spend left (£)", "gbp"),
        Column("remaining_local_share", "Local share of it", "share"),
    ),
)  # fmt: skip
def bridge(data: PackData) -> Result:
    """From Chart A to Chart B, line by line.

    One row per step: `step` ("All spend", each project, "Without one-offs"), `kind`, `reason`, `approving_role`,
    `approved_gbp` (whole year, as approved), `found_gbp` (in the period's lines), `found_local_gbp`, `remaining_gbp`,
    `remaining_local_share` (None where the local share is not known).
    """
    approved = data.approved_one_offs()
    projects = data.rows(
        f"""SELECT project, min(kind) AS kind, min(reason) AS reason, min(approving_role) AS approving_role,
        sum(approved_gbp) AS approved_gbp FROM one_offs WHERE {approved.condition}
        GROUP BY project ORDER BY sum(approved_gbp) DESC, project"""
    )
    if not projects:
        raise Undefined(data.one_offs_missing() or "")
    spend = _sums(data)
    facts = {"found": "", "approved": ""}
    sql: tuple[str, ...] = ()
    if data.period.quarter:
        # Approval is for a whole year: a quarter's difference says nothing.
        findings = undefined(data, ("one_off_difference",), "projects are approved for a whole year")
    else:
        found = _found_and_approved(data)
        question = change(
            "one_off_difference", now=found.where("is_found"), then=found.where("NOT is_found"), per=PROJECT
        )
        answers = ask(data, question)
        findings, sql = answers.findings, tuple(answers.sql)
        facts = {
            "found": number(float(answers.sums["one_off_difference"].all), "gbp"),
            "approved": number(float(answers.sums["one_off_difference:then"].all), "gbp"),
        }
    return Result(findings, _finish(data, projects, spend), facts, sql)


def _sums(data: PackData) -> dict[str | None, Row]:
    lines = data.spend()
    rows = data.rows(
        f"""SELECT CASE WHEN {data.is_one_off} THEN project END AS project, sum(amount_gbp) AS pounds,
        sum(CASE WHEN is_local THEN amount_gbp ELSE 0 END) AS local
        FROM {lines.source} WHERE {lines.condition} GROUP BY 1 ORDER BY 1"""
    )
    return {row["project"]: row for row in rows}


def _found_and_approved(data: PackData) -> Relation:
    """What the ledger holds of each project beside what was approved for it."""
    return Relation(
        f"""(SELECT project, amount_gbp, TRUE AS is_found, {PLACE} FROM spend_lines
             WHERE financial_year = {data.period.start_year} AND {data.is_one_off}
             UNION ALL SELECT project, approved_gbp, FALSE, {PLACE} FROM one_offs
             WHERE {data.approved_one_offs().condition})""",
        ("spend_lines", "one_offs"),
    )


def _finish(data: PackData, projects: list[Row], spend: dict[str | None, Row]) -> pd.DataFrame:
    charts = charts_a_and_b(data)
    is_known = charts["local_share"].is_stated
    is_known_after = is_known and charts["local_share_without_one_offs"].is_stated
    remaining = sum(row["pounds"] for row in spend.values())
    local = sum(row["local"] for row in spend.values())

    def step(name: str, is_stated: bool) -> dict[str, object]:
        share = ratio(local, remaining) if is_stated else None
        return {"step": name, "remaining_gbp": as_float(remaining), "remaining_local_share": share}

    rows = [step("All spend", is_known)]
    for project in projects:
        found = spend.get(project["project"], {"pounds": 0, "local": 0})
        remaining, local = remaining - found["pounds"], local - found["local"]
        texts = {name: project[name] for name in ("kind", "reason", "approving_role")}
        pounds = {
            "approved_gbp": as_float(project["approved_gbp"]),
            "found_gbp": as_float(found["pounds"]),
            "found_local_gbp": as_float(found["local"]) if is_known else None,
        }
        rows.append(step(project["project"], is_known_after) | texts | pounds)
    rows.append(step("Without one-offs", charts["local_share_without_one_offs"].is_stated))
    return pd.DataFrame(rows, columns=list(_COLUMNS))


@bridge.shown
def exhibit(m: Measured) -> Shown:
    rows = m.table.to_dict("records")
    first, *projects, last = rows
    amounts = [first["remaining_gbp"], *(row["found_gbp"] for row in projects), last["remaining_gbp"]]
    says = []
    if not pd.isna(first["remaining_local_share"]) and not pd.isna(last["remaining_local_share"]):
        says.append(
            f"The local share goes from {number(first['remaining_local_share'], 'share')} to "
            f"{number(last['remaining_local_share'], 'share')} as these projects leave."
        )
    says.append(
        f"The list finds {m.facts['found']} in the ledger against {m.facts['approved']} approved."
        if m["one_off_difference"].value is not None
        else "Amounts are approved for a whole year, so a quarter's are not compared with them."
    )
    return Shown(
        title=f"Without {plural(f'{len(projects)}', 'approved project')} spend is {number(last['remaining_gbp'], 'gbp')} in place of "
        f"{number(first['remaining_gbp'], 'gbp')}",
        subtitle=f"Capital and one-off projects taken out of spend, line by line. {m.where}",
        chart=taken_out([row["step"] for row in rows], amounts),
        says=(" ".join(says),),
        caption="From Chart A to Chart B, project by project",
    )
