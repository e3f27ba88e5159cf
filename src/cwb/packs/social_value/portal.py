"""The portal's export by the end of the period: what adds up, what each measure has promised and delivered, and what is due by now.

A target is of the whole contract: of several rows of a contract and measure the latest states it. What was delivered is of the row's
period, and rows whose period lies in another's are not added; of periods that overlap it is at least what adds up, and at most all. What is
due by now is the target times the part of the contract's term that has passed (a straight line, which is an assumption), and all of it once
the contract has ended.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cwb.base.references import same_reference
from cwb.base.rows import SOURCE_LINE, Row, place_of
from cwb.evidence.relation import Relation, Thing
from cwb.evidence.typed_rows import QUANTITY
from cwb.packs.measure import PackData
from cwb.packs.questions import PLACE, ZERO, exactly
from cwb.packs.social_value.register import terms
from cwb.packs.social_value.spans import add_up_once, apart, newest, passed

_TABLES = ("social_value", "contract_lines")
MEASURE = Thing("measure_key", "measure", "measures")
PORTAL_CONTRACT = Thing("contract_key", "contract", "contracts")
SHARE_RULE = (
    "Of the rows that are in, divide the sum of `done` (pounds delivered) by the sum of weight (what was {}). For low and high add those unknown "
    "rows that lower or raise it; high also takes what states no delivery as delivered in full (`at_most`), and of an unknown row the "
    "least that it can be measured against (`least`)."
)


@dataclass(frozen=True)
class Portal:
    """Relations of the export: `lines` (rows that add up, `is_sure` true, and those whose periods overlap one of theirs, NULL), `measures`
    (one a contract and measure), `contracts` (one a contract); how many rows were `left_out` because their period lies in another's, how
    many are `overlapping`, how many are of a `later` period, how many measures have a target and state no delivery (`silent`), and how many
    state a quantity and, of all or a part of it, no pounds (`no_pounds`)."""

    lines: Relation
    measures: Relation
    contracts: Relation
    left_out: int
    overlapping: int
    later: int
    silent: int
    no_pounds: int
    rows: tuple[Row, ...] = field(repr=False, default=())

    @property
    def most_run(self) -> bool:
        """Whether more than half of the contracts are sure to run on after the period."""
        is_live = {row["contract_key"]: row["is_live"] is True for row in self.rows}
        return 2 * sum(is_live.values()) > len(is_live)


def portal(data: PackData) -> Portal:
    """The export as it stands at the end of the period."""
    return data.cached("portal", _portal)


def _portal(data: PackData) -> Portal:
    every = data.rows(f"SELECT * FROM social_value ORDER BY {PLACE}")
    reported = [row for row in every if row["period_to"] <= data.period.end]
    by_measure: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in reported:
        key = (same_reference(row["contract_reference"]), same_reference(row["measure_reference"]))
        by_measure[(*key, str(row["is_local_value"]))].append(row)
    lines, measures, left_out, overlapping = list[Row](), list[Row](), 0, 0
    registered, day = terms(data), data.period.end
    reported_to: dict[str, date] = {}
    for row in reported:
        of = same_reference(row["contract_reference"])
        reported_to[of] = max(row["period_to"], reported_to.get(of, row["period_to"]))
    for (contract, reference, is_local), rows in by_measure.items():
        kept, out = add_up_once(rows)
        sure, others = apart(kept, _stated_in(kept))
        left_out, overlapping = left_out + out, overlapping + len(others)
        lines += [{**row, "is_sure": True} for row in sure] + [{**row, "is_sure": None} for row in others]
        term = registered.get(contract)
        facts = {
            "contract_key": contract,
            "measure_key": f"{contract} {reference} {is_local}",
            "is_live": term.is_live(day) if term else None,
            "is_ended": term.ended_in(data.period.start, day) if term else None,
        }
        part = passed(term.first, term.last, day) if term and term.last else None
        is_told_to_end = reported_to[contract] >= min(day, term.last if term and term.last else day)
        measures.append(
            {
                **_measure(rows, sure, others, part, is_told_to_end, data.settings.social_value.behind_below),
                **facts,
            }
        )
    contracts = _contracts(measures)
    counted = Counter(
        name
        for m in measures
        for name, is_so in (
            ("silent", (m["target_gbp"] or m["target_quantity"]) and m["delivered_gbp"] is None and m["delivered_quantity"] is None),
            ("no_pounds", m["lacks_gbp"]),
        )
        if is_so
    )  # fmt: skip
    return Portal(
        data.add_rows("portal_lines", _LINE, lines, _TABLES),
        data.add_rows("portal_measures", _MEASURE, measures, _TABLES),
        data.add_rows("portal_contracts", _CONTRACT, contracts, _TABLES),
        left_out,
        overlapping,
        len(every) - len(reported),
        counted["silent"],
        counted["no_pounds"],
        tuple(measures),
    )


def _stated_in(rows: list[Row]) -> str:
    """Whether rows of a measure are compared by pounds, or by quantity, where no pounds are stated."""
    has_pounds = any(row["delivered_gbp"] is not None for row in rows)
    return "delivered_gbp" if has_pounds else "delivered_quantity"


def _sum(rows: list[Row], name: str) -> Decimal | None:
    stated = [row[name] for row in rows if row[name] is not None]
    return sum(stated, ZERO) if stated else None


def _latest(rows: list[Row], name: str) -> Decimal | None:
    """What the latest period states; the most of several rows of it."""
    stated = [(row["period_to"], row[name]) for row in rows if row[name] is not None]
    last = max((day for day, _ in stated), default=None)
    return max((value for day, value in stated if day == last), default=None)


@exactly
def _measure(
    rows: list[Row],
    sure: list[Row],
    others: list[Row],
    part: Decimal | None,
    is_told_to_end: bool,
    behind_below: float,
) -> Row:
    """One measure of one contract by the end of the period; `part` of the contract's term has passed. What the `others` state may have
    been delivered beside what the rows state that add up. Where the export does not tell of the contract to the period's end or its
    own (`is_told_to_end`), nobody knows what was delivered after its last row."""
    last = newest(rows)
    names = ("delivered_gbp", "delivered_quantity")
    quantities = {name: _sum(sure, name) for name in names}
    more = {f"more_{name}": max(_sum(others, name) or ZERO, ZERO) for name in names}
    stated_values = [(row["delivered_gbp"], row["delivered_quantity"]) for row in (*sure, *others)]
    # A row that states pounds alone delivered an unknown quantity, and the other way round.
    lacks = {
        "gbp": any(pounds is None and amount for pounds, amount in stated_values),
        "quantity": any(amount is None and pounds for pounds, amount in stated_values),
    }
    targets = {name: _latest(rows, name) for name in ("target_gbp", "target_quantity")}
    due = {
        f"due_{name}": None if target is None or part is None else target * part
        for name, target in targets.items()
    }
    # By what every row states, of the two by pounds.
    for unit in sorted(lacks, key=lambda name: lacks[name]):
        wanted, done = due[f"due_target_{unit}"], quantities[f"delivered_{unit}"]
        if wanted is not None and done is not None:
            limit = wanted * Decimal(str(behind_below))
            may_be_more = done < limit and (
                lacks[unit] or not is_told_to_end or limit <= done + more[f"more_delivered_{unit}"]
            )
            is_behind = None if wanted > 0 and may_be_more else wanted > 0 and done < limit
            break
    else:
        is_behind = None
    return {
        **place_of(last),
        **{name: last[name] for name in ("theme", "unit", "is_local_value")},
        "contract": last["title"] or last["contract_reference"] or "Not stated",
        "measure": last["measure"] or last["measure_reference"] or "Not stated",
        **quantities,
        **more,
        **{f"lacks_{unit}": is_so for unit, is_so in lacks.items()},
        **targets,
        **due,
        "has_target": any(target for target in targets.values()),
        "has_delivery": any(cell is not None for cell in quantities.values()),
        "is_reported": any(cell is not None for cell in (*targets.values(), *quantities.values())),
        "is_behind": is_behind,
        "is_told_to_end": is_told_to_end,
    }  # fmt: skip


@exactly
def _contracts(measures: list[Row]) -> list[Row]:
    """One row a contract with a target in pounds: what was promised, due by now and delivered against these targets."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in measures:
        if row["target_gbp"] and not row["is_local_value"]:
            found[row["contract_key"]].append(row)
    names = (*SOURCE_LINE, "contract_key", "contract", "is_live", "is_ended")
    result = []
    for rows in found.values():
        delivered, committed = _sum(rows, "delivered_gbp") or ZERO, _sum(rows, "target_gbp") or ZERO
        # Of a contract whose term is not known anything from nothing to all may be due.
        is_known = rows[0]["is_live"] is not None
        due = (_sum(rows, "due_target_gbp") or ZERO) if is_known else committed
        result.append(
            {
                **{name: rows[0][name] for name in names},
                "committed_gbp": committed,
                "due_gbp": due,
                "least_due_gbp": due if is_known else ZERO,
                "delivered_gbp": delivered,
                "at_most_gbp": sum((_at_most(row, "target_gbp") for row in rows), ZERO),
                "at_most_due_gbp": sum(
                    (_at_most(row, "due_target_gbp" if is_known else "target_gbp") for row in rows), ZERO
                ),
            }
        )
    return result


def _at_most(row: Row, wanted: str) -> Decimal:
    """The most pounds that a measure delivered: where a part of it or of its time states none, as much as is wanted, or more where
    it states more."""
    stated: Decimal = (row["delivered_gbp"] or ZERO) + row["more_delivered_gbp"]
    is_silent = row["delivered_gbp"] is None or row["lacks_gbp"] or not row["is_told_to_end"]
    return max(stated, row[wanted] or ZERO) if is_silent else stated


_LINE = {
    **dict.fromkeys(("contract_reference", "title", "theme", "measure", "measure_reference"), str),
    **dict.fromkeys(("evidence_status", "proxy_version"), str),
    **dict.fromkeys(("period_from", "period_to"), date),
    **dict.fromkeys(("is_local_value", "is_sure"), bool),
    "delivered_gbp": QUANTITY,
}
_MEASURE = {
    **dict.fromkeys(("contract_key", "measure_key", "contract", "measure", "theme", "unit"), str),
    **dict.fromkeys(("is_local_value", "is_live", "is_ended", "is_behind"), bool),
    **dict.fromkeys(("has_target", "has_delivery", "is_reported"), bool),
    **dict.fromkeys(("target_gbp", "due_target_gbp", "delivered_gbp"), QUANTITY),
}
_CONTRACT = {
    **dict.fromkeys(("contract_key", "contract"), str),
    **dict.fromkeys(("is_live", "is_ended"), bool),
    **dict.fromkeys(("committed_gbp", "due_gbp", "least_due_gbp", "delivered_gbp"), QUANTITY),
    **dict.fromkeys(("at_most_gbp", "at_most_due_gbp"), QUANTITY),
}
