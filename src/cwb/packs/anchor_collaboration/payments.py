"""Payments of the council and of every anchor that supplied a file, like for like: all cut to one amount.

Every body publishes payments over an amount of its own. All are cut to the highest of these, by whole payments and credits
by their size: a payment that several budgets bear has several lines (formats.md 10).
"""

from __future__ import annotations

from dataclasses import dataclass

from cwb.evidence.bounded import Sums
from cwb.packs.measure import PackData, Undefined
from cwb.packs.questions import IS_LOCAL, POUNDS, SUPPLIER, Group, Leg, Relation, Thing, add_up, is_enough_known
from cwb.sources.tabular import sql_text

BODY = Thing("body", "body", "bodies")
NOT_IN_SETTINGS = "not in the settings"
_COLUMNS = (
    "payee_key, supplier_key, organisation_key, display_name, ring, match_status, amount_gbp, payment_gbp, is_local, "
    "financial_year, quarter_number, payment_month, source_file, source_sheet, source_row"
)


@dataclass(frozen=True)
class Body:
    """The council or another anchor. `threshold_gbp` is the amount over which it publishes payments, None where the settings do
    not say; `has_payments` says whether those of any period were supplied, and is true of the council."""

    name: str
    kind: str
    threshold_gbp: float | None
    has_payments: bool


def bodies_of(data: PackData) -> tuple[Body, ...]:
    """The council, the anchors of the settings, then others whose payments were supplied."""
    return data.cached("bodies", _bodies)


def _bodies(data: PackData) -> tuple[Body, ...]:
    council, anchors = data.settings.council, data.settings.anchors
    paying = [row["body"] for row in data.rows("SELECT DISTINCT body FROM anchor_lines ORDER BY body")]
    named = {anchor.name for anchor in anchors}
    return (
        Body(council.name, "council", council.threshold_gbp, True),
        *(Body(one.name, str(one.kind), one.threshold_gbp, one.name in paying) for one in anchors),
        *(Body(name, NOT_IN_SETTINGS, None, True) for name in paying if name not in named),
    )


def threshold(data: PackData) -> float:
    """The highest amount over which any body with payments publishes: what all are cut to."""
    return max(body.threshold_gbp or 0.0 for body in bodies_of(data) if body.has_payments)


def payments(data: PackData, least: float | None = None) -> Relation:
    """Lines of all bodies that are part of a payment of at least so much, by default of the common threshold.

    Beside the columns that both tables of payments have: `body`, who paid.
    """
    both = (
        f"(SELECT {sql_text(data.settings.council.name)} AS body, {_COLUMNS} FROM spend_lines "
        f"UNION ALL SELECT body, {_COLUMNS} FROM anchor_lines)"
    )
    amount = f"{threshold(data) if least is None else least:.2f}"
    cut = f"payment_gbp >= {amount} OR payment_gbp <= -{amount}"
    return Relation(both, ("spend_lines", "anchor_lines"), (cut,), data.period)


def payments_of(data: PackData, bodies: int) -> Relation:
    """The payments of the period; raise `Undefined` where they are of fewer bodies."""
    lines = payments(data)
    found = data.rows(f"SELECT count(DISTINCT body) AS n FROM {lines.source} WHERE {lines.condition}")[0]["n"]
    if not found:
        raise Undefined("no spending file of the council or of an anchor holds a payment of this period")
    if found < bodies:
        raise Undefined("fewer than two bodies have a spending file for this period")
    return lines


def local_sums(data: PackData, lines: Relation, group: str | None = None) -> dict[Group, Sums]:
    """Pounds of some payments by whether their supplier is local, by a column; under the key None without one."""
    legs = [Leg(lines.condition, POUNDS, IS_LOCAL)]
    found = add_up(data.engine, lines.source, SUPPLIER, legs, group)
    return {name: sums for name, (sums,) in found.items()}


def local_share(data: PackData, sums: Sums | None) -> float | None:
    """The local share of some pounds; None without pounds, or where too little is known of them."""
    return float(sums.true / sums.all) if sums is not None and is_enough_known(data, sums) else None
