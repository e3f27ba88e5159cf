"""Payments of the council and of every anchor that supplied a file, like for like: all cut to one amount.

Every body publishes payments over an amount of its own. All are cut to the highest of these, by whole payments and credits
by their size: a payment that several budgets bear has several lines (formats.md 10).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from cwb.evidence.bounded import Sums
from cwb.packs.measure import PackData, Undefined
from cwb.packs.questions import (
    IS_LOCAL,
    PLACE,
    POUNDS,
    SUPPLIER,
    Group,
    Leg,
    Relation,
    Thing,
    add_up,
    is_enough_known,
    number,
)
from cwb.packs.remarks import suggested
from cwb.sources.refusal import TOTAL_ROW, ZERO
from cwb.sources.tabular import sql_text

BODY = Thing("body", "body", "bodies")
NOT_IN_SETTINGS = "not in the settings"
_COLUMNS = (
    "payee_key, supplier_key, organisation_key, display_name, ring, match_status, amount_gbp, payment_gbp, is_local, "
    f"financial_year, quarter_number, payment_month, suggested_as, {PLACE}"
)


@dataclass(frozen=True)
class Body:
    """The council or another anchor. `threshold_gbp` is the amount over which it publishes payments, None where the settings do
    not say; `has_payments` says whether those of any period are known, and is true of the council. `why_not` says why they
    are not although files were supplied, `not_read` names files of a body that could not be read."""

    name: str
    kind: str
    threshold_gbp: float | None
    has_payments: bool
    why_not: str = ""
    not_read: tuple[str, ...] = ()


def bodies_of(data: PackData) -> tuple[Body, ...]:
    """The council, the anchors of the settings, then others whose payments were supplied."""
    return data.cached("bodies", _bodies)


def _bodies(data: PackData) -> tuple[Body, ...]:
    council, anchors = data.settings.council, data.settings.anchors
    paying = _body_of_files(data)
    too_little = _too_much_refused(data, paying)
    not_read = _not_read(data)
    supplied = {body for bodies in paying.values() for body in bodies}
    named = {anchor.name for anchor in anchors}

    def body(name: str, kind: str, threshold_gbp: float | None) -> Body:
        known = name in supplied and name not in too_little
        return Body(name, kind, threshold_gbp, known, too_little.get(name, ""), tuple(not_read.get(name, ())))

    return (
        Body(council.name, "council", council.threshold_gbp, True),
        *(body(one.name, str(one.kind), one.threshold_gbp) for one in anchors),
        *(body(name, NOT_IN_SETTINGS, None) for name in sorted(supplied - named)),
    )


def _body_of_files(data: PackData) -> dict[str, set[str]]:
    """File → whose payments it holds: of those of which nothing is kept, the anchor in whose folder it is."""
    found: dict[str, set[str]] = {}
    for row in data.rows("SELECT DISTINCT source_file, body FROM anchor_lines ORDER BY source_file, body"):
        found.setdefault(row["source_file"], set()).add(row["body"])
    for report in data.lineage.of("anchor_spend"):
        anchor = data.settings.anchor_of(report.file)
        if report.rows and report.file not in found and anchor:
            found[report.file] = {anchor.name}
    return found


def _not_read(data: PackData) -> dict[str, list[str]]:
    """Anchor → its files that could not be read."""
    found: dict[str, list[str]] = {}
    for report in data.lineage.of("anchor_spend"):
        anchor = data.settings.anchor_of(report.file) if report.is_skipped else None
        if anchor:
            found.setdefault(anchor.name, []).append(report.file.split("/", 2)[-1])
    return found


def _too_much_refused(data: PackData, paying: dict[str, set[str]]) -> dict[str, str]:
    """Body → what is refused, for those of whose pounds more is refused than the settings allow.

    Rows of totals are no payments. Where amounts cannot be read the pounds do not show it, and the rows are counted.
    """
    refused: dict[str, Decimal] = defaultdict(Decimal)
    stated: dict[str, Decimal] = defaultdict(Decimal)
    no_amount: dict[str, int] = defaultdict(int)
    rows: dict[str, int] = defaultdict(int)
    for report in data.lineage.of("anchor_spend"):
        lost = [refusal for refusal in report.refusals if refusal.reason != TOTAL_ROW]
        pounds = sum((abs(refusal.gbp) for refusal in lost), start=ZERO)
        for body in paying.get(report.file, ()):
            refused[body] += pounds
            stated[body] += pounds + abs(report.gbp_kept) + abs(report.gbp_duplicates)
            no_amount[body] += sum(not refusal.gbp for refusal in lost)
            rows[body] += report.rows
    limit = Decimal(str(data.settings.collaboration.refused_part))
    why = {}
    for body, count in rows.items():
        if refused[body] > limit * stated[body]:
            part = number(float(refused[body] / stated[body]), "share")
            why[body] = f"Not known: {part} of the pounds that its files state are left out"
        elif no_amount[body] > limit * count:
            why[body] = (
                f"Not known: {number(no_amount[body] / count, 'share')} of its rows are left out without an amount"
            )
    return why


def threshold(data: PackData) -> float:
    """The highest amount over which any body with payments publishes: what all are cut to."""
    return max(body.threshold_gbp or 0.0 for body in bodies_of(data) if body.has_payments)


def payments(data: PackData, least: float | None = None) -> Relation:
    """Lines of all bodies whose payments are known that are part of a payment of at least so much, by default of the common threshold.

    Beside the columns that both tables of payments have: `body`, who paid.
    """
    left_out = [sql_text(body.name) for body in bodies_of(data) if body.why_not]
    known = f" WHERE body NOT IN ({', '.join(left_out)})" if left_out else ""
    both = (
        f"(SELECT {sql_text(data.settings.council.name)} AS body, {_COLUMNS} FROM spend_lines "
        f"UNION ALL SELECT body, {_COLUMNS} FROM anchor_lines{known})"
    )
    return Relation(both, ("spend_lines", "anchor_lines"), (_cut(data, least),), data.period)


def _cut(data: PackData, least: float | None = None) -> str:
    amount = f"{threshold(data) if least is None else least:.2f}"
    return f"payment_gbp >= {amount} OR payment_gbp <= -{amount}"


def passed_on(data: PackData) -> tuple[str, ...]:
    """What other bodies passed on, like for like: the pounds that a person decided to be so, and those that may be."""
    others = data.relation("pass_through_lines").where("body IS NOT NULL").where(_cut(data))
    row = data.rows(f"SELECT sum(amount_gbp) AS pounds FROM {others.source} WHERE {others.condition}")[0]
    decided = (
        f"{number(float(row['pounds']), 'gbp')} more left these other bodies and bought nothing: money passed on, as decided.",
    ) if row["pounds"] else ()  # fmt: skip
    paid = payments(data).where(f"body <> {sql_text(data.settings.council.name)}")
    return (*decided, *suggested(data, paid, "what other bodies spent"))


def payments_of(data: PackData, bodies: int) -> Relation:
    """The payments of the period; raise `Undefined` where they are of fewer bodies."""
    lines = payments(data)
    found = data.rows(f"SELECT count(DISTINCT body) AS n FROM {lines.source} WHERE {lines.condition}")[0]["n"]
    if not found:
        raise Undefined("no spending file of the council or of an anchor holds a payment of this period")
    if found < bodies:
        raise Undefined("fewer than two bodies have a spending file for this period")
    return lines


def months_held(data: PackData) -> dict[str, int]:
    """For each body with payments of the period, of any size: in how many of its months it has paid."""
    lines = replace(payments(data), conditions=())
    sql = f"""SELECT body, count(DISTINCT payment_month) AS months FROM {lines.source} WHERE {lines.condition}
        GROUP BY body ORDER BY body"""
    return {row["body"]: row["months"] for row in data.rows(sql)}


def local_sums(data: PackData, lines: Relation, group: str | None = None) -> dict[Group, Sums]:
    """Pounds of some payments by whether their supplier is local, by a column; under the key None without one."""
    legs = [Leg(lines.condition, POUNDS, IS_LOCAL)]
    found = add_up(data.engine, lines.source, SUPPLIER, legs, group)
    return {name: sums for name, (sums,) in found.items()}


def local_share(data: PackData, sums: Sums | None) -> float | None:
    """The local share of some pounds; None without pounds, or where too little is known of them."""
    return float(sums.true / sums.all) if sums is not None and is_enough_known(data, sums) else None
