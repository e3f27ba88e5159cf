"""What the contracts register says of each contract for social value: its term, its band, whether it is small, whether it reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cwb.base.references import same_reference
from cwb.base.rows import PLACE, Row
from cwb.evidence.contract_values import CONTRACT_MOST, CONTRACT_VALUE
from cwb.evidence.relation import FIRST_LINE, Relation, numbered
from cwb.packs.market.rules import ABOVE, BELOW, SMALL, band, in_force, kind_of, light_touch, threshold, with_vat
from cwb.packs.measure import PackData

# Works that take less than this are short works, which are not in the portal's scope.
_SHORT_DAYS = 365


@dataclass(frozen=True)
class Term:
    """The days of a contract of the register, extensions that were taken included."""

    first: date
    last: date | None

    def is_live(self, day: date) -> bool | None:
        """Whether it runs on after a day: one that ends on it has ended."""
        return None if self.last is None else self.first <= day < self.last

    def joined(self, other: Term) -> Term | None:
        """Both as one, where the other begins within this one; None where it begins after it."""
        if self.last is not None and other.first > self.last:
            return None
        lasts = [last for last in (self.last, other.last) if last is not None]
        return Term(self.first, max(lasts, default=None))

    def ended_in(self, first: date, last: date) -> bool | None:
        return None if self.last is None else first <= self.last <= last


def terms(data: PackData) -> dict[str, Term]:
    """The term of each contract by its reference, as it stands on the last day of the period: rows that overlap are one contract, and of
    one let again under its reference the term that began last counts, or where none has begun the first."""
    sql = """SELECT contract_reference AS reference, start_date AS first_day, expiry_date AS last_day FROM contract_lines
        WHERE contract_reference IS NOT NULL ORDER BY contract_reference, start_date, expiry_date"""
    found: dict[str, list[Term]] = {}
    for row in data.rows(sql):
        own = found.setdefault(same_reference(row["reference"]), [])
        term = Term(row["first_day"], row["last_day"])
        if own and (joined := own[-1].joined(term)):
            own[-1] = joined
        else:
            own.append(term)
    return {reference: _current(own, data.period.end) for reference, own in found.items()}


def _current(own: list[Term], day: date) -> Term:
    return next((term for term in reversed(own) if term.first <= day), own[0])


def _is_at_least(limit: Decimal | None, value: Decimal | None) -> bool | None:
    return None if value is None or limit is None else value >= limit


def facts_of(row: Row) -> Row:
    """What holds of a contract at the least and at the most that it may be worth; None where these differ."""
    least, most = (_facts_at(row, row[name]) for name in ("value_gbp", "most_gbp"))
    return {name: held if held == most[name] else None for name, held in least.items()}


def _facts_at(row: Row, value: Decimal | None) -> Row:
    """Whether a contract is in the portal's scope (above the threshold, a service or works of a year or more), or is one of those that
    are reported in-house (below it, or short works); None where value, subject or term leave it open."""
    start, last, cpv = row["start_date"], row["expiry_day"], row["cpv_code"]
    kind = kind_of(cpv)
    basis = "including VAT" if "inc" in (row["value_basis"] or "").lower() else ""
    amount = with_vat(value, None, basis, start) if in_force("vat_rates", start) else None
    name = band(amount, kind, light_touch(cpv), "council", start).name
    is_above = True if name == ABOVE else False if name in (BELOW, SMALL) else None
    is_short = None if last is None else (last - start).days + 1 < _SHORT_DAYS
    fits = {"services": True, "goods": False, "works": None if is_short is None else not is_short}.get(kind or "")
    short_works = (
        False if kind in ("goods", "services") else None if kind is None or is_short is None else is_short
    )
    in_scope = False if is_above is False or fits is False else True if is_above and fits else None
    is_small = True if is_above is False or short_works else False if is_above and short_works is False else None
    is_listed = _is_at_least(threshold("register", "council", start), value)
    both = False if is_small is False or is_listed is False else True if is_small and is_listed else None
    return {"is_in_scope": in_scope, "is_small": is_small, "is_small_listed": both}


def register(data: PackData) -> Relation:
    """Contracts of the register, and those that only returns name.

    Columns: `contract_key`, `title`, `reference` (as references are compared), `is_begun` (it begins in the period), `is_in_scope`, `is_small`, `is_small_listed` (small, and of a value that
    must be on the register), `has_measure` (the portal's export has one of it), `has_return` (a return of the period; NULL without a
    reference), and the source columns.
    """
    return data.cached("contracts for social value", _register)


def _register(data: PackData) -> Relation:
    period = data.period
    on_portal = {
        same_reference(row["contract_reference"])
        for row in data.rows(
            f"SELECT DISTINCT contract_reference FROM social_value WHERE contract_reference IS NOT NULL AND period_from <= DATE '{period.end}'"
        )
    }
    of_period = f"""(SELECT * FROM social_value_returns
        WHERE period_to BETWEEN DATE '{period.start}' AND DATE '{period.end}' AND contract_reference IS NOT NULL)"""
    returns = data.rows(
        f"""SELECT contract_reference, {PLACE} FROM {numbered(of_period, "contract_reference")} r
        WHERE nth = 1 ORDER BY contract_reference"""
    )
    returned = {same_reference(row["contract_reference"]): row for row in returns}
    found = data.rows(
        f"""SELECT contract_key, min(contract_reference) AS contract_reference, min(title) AS title, min(start_date) AS start_date,
            max(expiry_date) AS expiry_day, {CONTRACT_VALUE} AS value_gbp, {CONTRACT_MOST} AS most_gbp, min(cpv_code) AS cpv_code, min(value_basis) AS value_basis,
            {FIRST_LINE}
        FROM {numbered("contract_lines", "contract_key")} c GROUP BY contract_key ORDER BY contract_key"""
    )
    rows = []
    for row in found:
        reference = same_reference(row["contract_reference"]) if row["contract_reference"] else None
        reporting = {
            "is_begun": period.start <= row["start_date"] <= period.end,
            "has_measure": None if reference is None else reference in on_portal,
            "has_return": None if reference is None else reference in returned,
        }
        rows.append({**row, "reference": reference, **facts_of(row), **reporting})
        returned = {name: one for name, one in returned.items() if name != reference}
    nothing: Row = {"is_begun": False, "has_return": True}
    rows += [
        {**one, **nothing, "contract_key": name, "title": name, "reference": name}
        for name, one in sorted(returned.items())
    ]
    flags = ("is_begun", "is_in_scope", "is_small", "is_small_listed", "has_measure", "has_return")
    columns = {**dict.fromkeys(("contract_key", "title", "reference"), str), **dict.fromkeys(flags, bool)}
    return data.add_rows("contracts_for_value", columns, rows, ("contract_lines", "social_value_returns"))
