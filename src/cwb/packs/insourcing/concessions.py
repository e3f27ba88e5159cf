"""Concessions in force, as the contracts register, the list of income and the council's notices tell them, each once."""

from __future__ import annotations

from datetime import date

from cwb.base.rows import Row
from cwb.entities.matching.names import normalise_name
from cwb.packs.measure import PackData
from cwb.packs.proactive_procurement.notice_contracts import Contract, contracts_in_notices
from cwb.packs.questions import PLACE, Relation
from cwb.sources.datasets.income import CONCESSION

_TABLES = ("review_lines", "income_lines", "notice_contracts")


def concessions(data: PackData, year: int) -> Relation:
    """Contracts of the register in force on the period's last day, concessions with income in the year, and concessions of notices.

    Columns: `contract_key`, `name`, `is_concession` (NULL where the register states no type), `is_in_force` (as one; NULL also where the
    end, or the signing of what was awarded, is not known), and the source columns. A notice belongs to the contract of the register, or the
    unit of the list, that has its reference or its title, and the register's days then decide; without a register nobody knows whether it
    is in force.
    """
    today, has_register = data.period.end, data.has("review_lines")
    listed = data.rows(
        f"""SELECT {PLACE}, contract_key, title AS name,
            is_concession,
            CASE WHEN NOT is_concession THEN FALSE WHEN is_concession AND expiry_date IS NOT NULL THEN TRUE END AS is_in_force,
            CASE WHEN expiry_date IS NOT NULL THEN TRUE END AS is_known,
            start_date <= DATE '{today}' AND (expiry_date IS NULL OR expiry_date >= DATE '{today}') AS is_live
        FROM review_lines ORDER BY {PLACE}"""
    )
    earns = data.rows(
        f"""SELECT {PLACE}, contract_key, unit AS name, TRUE AS is_concession, TRUE AS is_in_force FROM income_lines
            WHERE kind = '{CONCESSION}' AND income_year = {year} AND income_gbp > 0 ORDER BY {PLACE}"""
    )
    of_name: dict[str, Row] = {}
    for row in (*earns, *sorted(listed, key=lambda row: bool(row["is_live"]))):
        of_name |= {normalise_name(str(row[name])): row for name in ("contract_key", "name") if row[name]}
    rows = [*(row for row in listed if row["is_live"]), *earns]
    for contract in contracts_in_notices(data):
        if not contract.facts["is_concession"]:
            continue
        names = [normalise_name(text) for name in ("reference", "title") if (text := contract.facts.get(name))]
        known = next((of_name[name] for name in names if name in of_name), None)
        in_force = _in_force(contract, today)
        if in_force and not has_register:
            # It may have ended early, or run on under another reference.
            in_force = None
        if known and "is_live" in known:
            in_force = (known["is_known"] or in_force) if known["is_live"] else False
        if in_force is not False:
            key = known["contract_key"] if known else contract.key
            rows.append({**contract.facts, "contract_key": key, "name": contract.name, "is_in_force": in_force})
    columns = {"contract_key": str, "name": str, "is_concession": bool, "is_in_force": bool}
    return data.add_rows("concessions", columns, rows, _TABLES)


def _in_force(contract: Contract, day: date) -> bool | None:
    """By the notices alone: an award may not have been signed, and a contract past its first end may have been extended."""
    start, last, first_end = contract.facts.get("start_date"), contract.last_day, contract.facts.get("end_date")
    if (start and start > day) or (last and last < day):
        return False
    ends = first_end or last
    return True if contract.is_detailed and start and ends and ends >= day else None
