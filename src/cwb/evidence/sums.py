"""One pass over the lines for all questions that add up: first one row per thing with its net weight, then sums.

FILTER over lines would be wrong as soon as the same unknown supplier has a credit and a payment, and
`bool_or(NULL, false)` is false: so each thing is reduced to one row with its fact true, false or not known first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cwb.evidence.bounded import Sums
from cwb.evidence.relation import Fact, Thing
from cwb.lines.engine import Engine

Group = str | int | None


@dataclass(frozen=True)
class Leg:
    """What is added up: the weight of lines that meet a condition, less that of lines that meet `earlier`, if it is set."""

    condition: str
    by: str | None
    fact: Fact
    earlier: str | None = None

    @property
    def scope(self) -> str:
        """The lines whose fact is evaluated."""
        return self.condition if self.earlier is None else f"({self.condition}) OR ({self.earlier})"


def sums_sql(source: str, per: Thing, legs: Sequence[Leg], group: str | None = None) -> str:
    """SQL with one row per group (a single row without one): `grp`, and for each leg n `true_n, low_n, high_n, all_n, size_n`."""
    weights: dict[tuple[str, str | None], str] = {}
    facts: dict[tuple[str, str], str] = {}
    for leg in legs:
        for condition in (leg.condition, leg.earlier):
            if condition is not None:
                weights.setdefault((condition, leg.by), f"w{len(weights)}")
        facts.setdefault((leg.scope, leg.fact.sql), f"f{len(facts)}")
    by_line = per.key == ""
    columns = [_weight(condition, by, by_line, name) for (condition, by), name in weights.items()]
    columns += [_fact(scope, fact, by_line, name) for (scope, fact), name in facts.items()]
    if group:
        columns.append(f"{group} AS grp")
    scopes = dict.fromkeys(leg.scope for leg in legs)
    scan = " OR ".join(f"({scope})" for scope in scopes)
    keys = ", ".join([*([] if by_line else [per.key]), *([group] if group else [])])
    grouped = f" GROUP BY {keys}" if not by_line else ""
    things = f"SELECT {', '.join(columns)} FROM {source} WHERE {scan}{grouped}"
    sums = []
    for number, leg in enumerate(legs):
        weight = weights[leg.condition, leg.by]
        if leg.earlier is not None:
            weight = f"({weight} - {weights[leg.earlier, leg.by]})"
        sums += _sums(weight, facts[leg.scope, leg.fact.sql], number)
    first = "grp, " if group else ""
    last = " GROUP BY grp ORDER BY grp" if group else ""
    return f"WITH things AS ({things}) SELECT {first}{', '.join(sums)} FROM things{last}"


def _weight(condition: str, by: str | None, by_line: bool, name: str) -> str:
    if by is None:
        inside = f"CASE WHEN {condition} THEN 1 ELSE 0 END"
        return f"{inside} AS {name}" if by_line else f"max({inside}) AS {name}"
    inside = f"CASE WHEN {condition} THEN {by} ELSE 0 END"
    return f"{inside} AS {name}" if by_line else f"sum({inside}) AS {name}"


def _fact(scope: str, fact: str, by_line: bool, name: str) -> str:
    """1 true, 0 false, NULL not known. A thing is what any of its lines says, else not known where one does not say."""
    if by_line:
        return f"CASE WHEN NOT ({scope}) THEN 0 WHEN ({fact}) IS NULL THEN NULL WHEN {fact} THEN 1 ELSE 0 END AS {name}"
    return (
        f"CASE WHEN count(*) FILTER (WHERE ({scope}) AND ({fact})) > 0 THEN 1 "
        f"WHEN count(*) FILTER (WHERE ({scope}) AND ({fact}) IS NULL) > 0 THEN NULL ELSE 0 END AS {name}"
    )


def _sums(weight: str, fact: str, number: int) -> list[str]:
    return [
        f"sum(CASE WHEN {fact} = 1 THEN {weight} ELSE 0 END) AS true_{number}",
        f"sum(CASE WHEN {fact} IS NULL AND {weight} < 0 THEN {weight} ELSE 0 END) AS low_{number}",
        f"sum(CASE WHEN {fact} IS NULL AND {weight} > 0 THEN {weight} ELSE 0 END) AS high_{number}",
        f"sum({weight}) AS all_{number}",
        f"sum(CASE WHEN {weight} < 0 THEN -{weight} ELSE {weight} END) AS size_{number}",
    ]


def add_up(
    engine: Engine, source: str, per: Thing, legs: Sequence[Leg], group: str | None = None
) -> dict[Group, list[Sums]]:
    """The sums of each leg, by group; without a group under the key None."""
    by_group: dict[Group, list[Sums]] = {}
    for row in engine.rows(sums_sql(source, per, legs, group)):
        by_group[row.get("grp")] = [
            Sums(*(Decimal(row[f"{part}_{n}"] or 0) for part in ("true", "low", "high", "all", "size")))
            for n in range(len(legs))
        ]
    return by_group
