"""Payments of the council and of every anchor that supplied a file, like for like: all cut to one amount.

Every body publishes payments over an amount of its own. All are cut to the highest of these, by whole payments and credits
by their size: a payment that several budgets bear stands in several lines (formats.md 10).
"""

from __future__ import annotations

from cwb.council.periods import Period
from cwb.evidence.bounded import Sums
from cwb.evidence.data import PackData
from cwb.evidence.facts import IS_LOCAL
from cwb.evidence.relation import POUNDS, SUPPLIER, Relation, Thing
from cwb.evidence.sums import Group, Leg, add_up
from cwb.packs.measure import Undefined
from cwb.sources.tabular import sql_text

BODY = Thing("body", "body", "bodies")
_COLUMNS = (
    "payee_key, supplier_key, organisation_key, display_name, ring, match_status, amount_gbp, payment_gbp, is_local, "
    "financial_year, quarter_number, payment_month, source_file, source_sheet, source_row"
)


def payments(data: PackData, least: float | None = None, period: Period | None = None) -> Relation:
    """Lines of all bodies that are part of a payment of at least so much, by default of the common threshold.

    Beside the columns that both tables of payments have: `body`, who paid.
    """
    both = (
        f"(SELECT {sql_text(data.settings.council.name)} AS body, {_COLUMNS} FROM spend_lines "
        f"UNION ALL SELECT body, {_COLUMNS} FROM anchor_lines)"
    )
    amount = f"{threshold(data) if least is None else least:.2f}"
    cut = f"payment_gbp >= {amount} OR payment_gbp <= -{amount}"
    return Relation(both, ("spend_lines", "anchor_lines"), (cut,), period or data.period)


def comparable(data: PackData) -> Relation:
    """The payments of the period; raise `Undefined` where there is none."""
    lines = payments(data)
    if not data.count(lines):
        raise Undefined("no spending file of the council or of an anchor holds a payment of this period")
    return lines


def shared(data: PackData) -> Relation:
    """The payments of the period; raise `Undefined` where they are not of two bodies at least."""
    lines = payments(data)
    bodies = data.rows(f"SELECT count(DISTINCT body) AS n FROM {lines.source} WHERE {lines.condition}")[0]["n"]
    if bodies < 2:
        raise Undefined("fewer than two bodies have a spending file for this period")
    return lines


def body_kinds(data: PackData) -> dict[str, str]:
    """The council and the anchors of the settings, in their order, with what kind of body each is."""
    anchors = data.settings.anchors
    return {data.settings.council.name: "council"} | {anchor.name: str(anchor.kind) for anchor in anchors}


def amounts(data: PackData) -> dict[str, float | None]:
    """Over which amount each body publishes payments; None where the settings do not say.

    Bodies are in their order: the council, the anchors of the settings, then others whose payments were supplied.
    """
    stated: dict[str, float | None] = {data.settings.council.name: data.settings.council.threshold_gbp}
    stated |= {anchor.name: anchor.threshold_gbp for anchor in data.settings.anchors}
    return stated | dict.fromkeys(sorted(_with_payments(data) - set(stated)))


def published_amounts(data: PackData) -> dict[str, float | None]:
    """The amounts of the council and of those bodies whose payments are at hand, of whatever period."""
    own = {data.settings.council.name, *_with_payments(data)}
    return {body: amount for body, amount in amounts(data).items() if body in own}


def threshold(data: PackData) -> float:
    """The highest amount over which any of these bodies publishes: what all are cut to."""
    return max(amount or 0.0 for amount in published_amounts(data).values())


def _with_payments(data: PackData) -> set[str]:
    return {str(row["body"]) for row in data.rows("SELECT DISTINCT body FROM anchor_lines ORDER BY body")}


def local_sums(data: PackData, lines: Relation, group: str | None = None) -> dict[Group, Sums]:
    """Pounds of some payments by whether their supplier is local, by a column; under the key None without one."""
    legs = [Leg(lines.condition, POUNDS, IS_LOCAL)]
    found = add_up(data.engine, lines.source, SUPPLIER, legs, group)
    return {name: sums for name, (sums,) in found.items()}


def stated_share(data: PackData, sums: Sums | None) -> float | None:
    """The local share of some pounds; None without pounds, or where the place of too few of them is known."""
    if sums is None or sums.all <= 0 or sums.coverage is None:
        return None
    return float(sums.true / sums.all) if sums.coverage >= data.settings.evidence.floor_pounds else None
