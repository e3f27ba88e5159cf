"""The rows behind a finding: one a thing for anyone to recompute it from, or the lines themselves.

Columns of things: `thing` (as a pack may name it), `part` (in, out, unknown), `weight` (pounds, or 1), for a change
`weight_now` and `weight_then` instead, `group` where groups are ranked, then `lines`, `source_file`, `source_sheet` and
`source_row` (of the largest line). `cwb.evidence.bounds_rules` says how each kind follows from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from cwb.base.privacy import WITHHELD
from cwb.base.rows import PLACE, SOURCE_LINE
from cwb.evidence.bounded import exactly
from cwb.evidence.headcounts import UNIT as PEOPLE
from cwb.evidence.questions import Question
from cwb.lines.engine import Engine, as_frame
from cwb.lines.schema import TABLES

# Keys contain names and titles as supplied: they do not leave the tables, nor does a purpose, nor a number of people.
_PEOPLE = {column.name for table in TABLES for column in table.columns if column.unit == PEOPLE}
HIDDEN = frozenset(_PEOPLE |
    {
        "supplier_key", "payee_key", "organisation_key", "org_id", "supplier_id", "plan_supplier", "registered_supplier", "factor_key", "trap_key",
        "unit", "contract_key", "agreement_key", "contract_unit", "purpose",
    }
)  # fmt: skip
# Of the line of a thing that is largest.
_SIZE = "CASE WHEN line_weight < 0 THEN -line_weight ELSE line_weight END"


@dataclass(frozen=True)
class Evidence:
    """A question with the tables that answer it."""

    engine: Engine
    question: Question

    def things(self, where: dict[str, str] | None = None) -> pd.DataFrame:
        """One row per thing, by part and then largest weight first; `where` keeps the lines whose columns have these texts."""
        return self._things(where or {}).drop(columns="thing_key")

    def weights(self) -> pd.DataFrame:
        """As `things`, without where each stands and what it is called: enough to compute a number from, and much faster."""
        return self._things({}, with_places=False).drop(columns="thing_key")

    def unknown_pairs(self) -> list[tuple[Decimal, Decimal]]:
        """Of a change: the weights now and then of every thing of which the fact is not known in either period."""
        sql, parameters = things_sql(self.question, {}, with_places=False)
        rows = self.engine.rows(f"SELECT weight_now, weight_then FROM ({sql}) WHERE part = 'unknown'", parameters)
        return [(Decimal(row["weight_now"]), Decimal(row["weight_then"])) for row in rows]

    def _things(self, where: dict[str, str], with_places: bool = True) -> pd.DataFrame:
        sql, parameters = things_sql(self.question, where, with_places)
        rows = as_frame(self.engine.arrow(sql, parameters))
        if self.question.kind == "modelled":
            return times_factor(rows)
        if self.question.columns:
            return mark_base(rows)
        return mark_largest(rows, self.question.largest) if self.question.largest else rows

    def lines(self, where: dict[str, str] | None = None) -> pd.DataFrame:
        """The lines themselves, each with the part that its thing is; names as a pack may show them."""
        sql, parameters = lines_sql(self.question, where or {}, self.columns())
        rows = as_frame(self.engine.arrow(sql, parameters))
        if self.question.largest:
            things = self._things(where or {})
            rows["part"] = rows["thing_key"].map(dict(zip(things["thing_key"], things["part"], strict=True)))
        return rows.drop(columns="thing_key")

    def count(self, lines: bool = False, where: dict[str, str] | None = None) -> int:
        """How many rows `things`, or `lines`, would have."""
        where = where or {}
        sql, parameters = (
            lines_sql(self.question, where, self.columns()) if lines else things_sql(self.question, where)
        )
        return int(self.engine.rows(f"SELECT count(*) AS n FROM ({sql})", parameters)[0]["n"])

    def columns(self) -> tuple[str, ...]:
        """The columns of the lines."""
        return self.engine.columns_of(self.question.of.source)

    def values(self, column: str) -> list[str]:
        """The values of a column of the lines, as text."""
        sql = f"""SELECT DISTINCT CAST({column} AS VARCHAR) AS value FROM {self.question.of.source}
            WHERE ({_scope(self.question)}) AND {column} IS NOT NULL ORDER BY value"""
        return [str(row["value"]) for row in self.engine.rows(sql)]

    @property
    def sql(self) -> str:
        """The rows as SQL, to be read or pasted into any client."""
        return things_sql(self.question, {})[0]


@exactly
def times_factor(rows: pd.DataFrame) -> pd.DataFrame:
    """`weight`, `low_weight` and `high_weight` of each factor from its net pounds (`pounds`); empty where none is known."""
    result = rows.rename(columns={"weight": "pounds"})
    known = result["part"] != "unknown"
    for name, credit in (("factor", "factor"), ("low_factor", "high_factor"), ("high_factor", "low_factor")):
        weights = [
            Decimal(0) if not is_known else pounds * (Decimal(factor) if pounds >= 0 else Decimal(of_credit))
            for is_known, pounds, factor, of_credit in zip(
                known, result["pounds"], result[name], result[credit], strict=True
            )
        ]
        result[name.replace("factor", "weight")] = pd.Series(weights, dtype=object, index=result.index)
    return result


def mark_base(rows: pd.DataFrame) -> pd.DataFrame:
    """Parts of a share among a base that may not be known either: "maybe in" is in, if it is of the base; what is surely
    not of the base is no part of it."""
    if "is_base" not in rows:
        return rows
    is_base = rows["is_base"]
    kept = rows[is_base.isna() | (is_base == 1)]
    maybe = kept["is_base"].isna()
    return kept.assign(part=kept["part"].where(~maybe, "maybe " + kept["part"])).drop(columns="is_base")


def mark_largest(rows: pd.DataFrame, n: int) -> pd.DataFrame:
    """Of the named things the `n` largest are in, the others out; their order is by weight."""
    named = rows["part"] == "in"
    largest = rows[named].sort_values("weight", ascending=False, kind="stable").head(n).index
    part = rows["part"].where(~named, "out")
    part[largest] = "in"
    return rows.assign(part=part)


def _scope(question: Question) -> str:
    now = question.of.condition
    return now if question.then is None else f"({now}) OR ({question.then.condition})"


def _filters(where: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Conditions on columns as text, with their values as parameters."""
    parameters = {f"value_{n}": value for n, value in enumerate(where.values())}
    conditions = "".join(f" AND CAST({column} AS VARCHAR) = $value_{n}" for n, column in enumerate(where))
    return conditions, parameters


def things_sql(question: Question, where: dict[str, str], with_places: bool = True) -> tuple[str, dict[str, str]]:
    """SQL for the rows of a question, one a thing, and its parameters; without places neither where a thing stands nor its name."""
    per, fact = question.per, question.fact.sql
    conditions, parameters = _filters(where)
    weight = question.by if question.by else "1"
    legs = {"weight": question.of.condition}
    if question.then is not None:
        legs = {"weight_now": question.of.condition, "weight_then": question.then.condition}
    key = per.key or f"row_number() OVER (ORDER BY {PLACE})"
    group = f", {question.group} AS grp" if question.group else ""
    weights = ", ".join(
        f"CASE WHEN {condition} THEN {weight} ELSE 0 END AS {name}" for name, condition in legs.items()
    )
    facts = "".join(f", {sql} AS {name}" for name, sql in question.columns)
    lines = f"""SELECT {key} AS thing_key, {per.label} AS thing, {fact} AS fact, {weights}{group}{facts},
        {PLACE}, {question.by or "1"} AS line_weight
        FROM {question.of.source} WHERE ({_scope(question)}){conditions}"""
    keys = ("thing_key", "grp") if question.group else ("thing_key",)
    same, own, of_key = (
        " AND ".join(f"t.{name} IS NOT DISTINCT FROM l.{name}" for name in keys),
        ", ".join(f"l.{name}" for name in keys),
        ", ".join(keys),
    )
    adding = "sum" if question.by else "max"
    sums = "".join(f", {adding}({name}) AS {name}" for name in legs)
    total = " + ".join(f"CASE WHEN t.{n} < 0 THEN -t.{n} ELSE t.{n} END" for n in legs)
    shown = ', t.grp AS "group"' if question.group else ""
    kept = "".join(f", min({name}) AS {name}" for name, _ in question.columns)
    columns = "".join(f", t.{name}" for name in (*legs, *(name for name, _ in question.columns)))
    part = """CASE WHEN count(*) FILTER (WHERE fact) > 0 THEN 'in'
                 WHEN count(*) FILTER (WHERE fact IS NULL) > 0 THEN 'unknown' ELSE 'out' END AS part"""
    last = ", ".join(f"t.{name}" for name in keys)
    if not with_places:
        return (
            f"""WITH lines AS ({lines}), t AS (SELECT {of_key}, {part}{sums}{kept} FROM lines GROUP BY {of_key})
            SELECT t.thing_key{shown}, t.part{columns} FROM t ORDER BY t.part, {total} DESC, {last}""",
            parameters,
        )
    # Only the largest lines of a thing are put in order: a window over all of them takes DuckDB three times as long. A thing that is a
    # line is its own largest.
    placed, grouped, firsts, joined = PLACE, f"{of_key}, {PLACE}", "", ""
    if per.key:
        placed, grouped = f"max({_SIZE}) AS largest_line", of_key
        firsts = f""",
        firsts AS (SELECT {own}, {PLACE}, row_number() OVER (PARTITION BY {own} ORDER BY {PLACE}) AS nth
            FROM lines l JOIN things t ON {same} AND {_SIZE} IS NOT DISTINCT FROM t.largest_line)"""
        joined = f" JOIN (SELECT * FROM firsts WHERE nth = 1) l ON {same}"
    return (
        f"""WITH lines AS ({lines}),
        things AS (SELECT {of_key}, coalesce(min(CASE WHEN thing <> '{WITHHELD}' THEN thing END), min(thing)) AS thing,
            {part}{sums}{kept}, count(*) AS lines, {placed} FROM lines GROUP BY {grouped}){firsts}
        SELECT t.thing_key, t.thing{shown}, t.part{columns}, t.lines, {PLACE} FROM things t{joined}
        ORDER BY t.part, {total} DESC, {PLACE}, {last}""",
        parameters,
    )


def lines_sql(question: Question, where: dict[str, str], columns: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """SQL for the lines of a question: `thing_key`, which part its thing is, then its columns without any that could name
    a person. All lines of a thing are of one part: the rule of `things_sql`."""
    conditions, parameters = _filters(where)
    shown = ", ".join(f"l.{name}" for name in columns if name not in HIDDEN)
    fact, key, group, source = question.fact.sql, question.per.key, question.group, question.of.source
    order = ", ".join(f"l.{name}" for name in (*SOURCE_LINE, "display_name") if name in columns)
    scope = f"({_scope(question)}){conditions}"
    is_base = dict(question.columns).get("is_base", "1")
    if not key:
        part, maybe_part = (
            f"CASE WHEN ({fact}) IS NULL THEN '{of}unknown' WHEN {fact} THEN '{of}in' ELSE '{of}out' END"
            for of in ("", "maybe ")
        )
        part = f"CASE WHEN ({is_base}) IS NULL THEN {maybe_part} ELSE {part} END"
        return (
            f"SELECT NULL AS thing_key, {part} AS part, {shown} FROM {source} l WHERE {scope} ORDER BY {order}",
            parameters,
        )
    grouped = f", {group} AS grp" if group else ""
    same = f" AND t.grp IS NOT DISTINCT FROM {group}" if group else ""
    maybe = " ".join(f"WHEN t.part = '{part}' THEN 'maybe {part}'" for part in ("in", "out", "unknown"))
    return (
        f"""WITH things AS (SELECT {key} AS thing_key{grouped},
            CASE WHEN count(*) FILTER (WHERE {fact}) > 0 THEN 'in'
                 WHEN count(*) FILTER (WHERE ({fact}) IS NULL) > 0 THEN 'unknown' ELSE 'out' END AS part,
            min({is_base}) AS is_base FROM {source} WHERE {scope} GROUP BY {key}{f", {group}" if group else ""})
        SELECT t.thing_key, CASE WHEN t.is_base IS NOT NULL THEN t.part {maybe} END AS part, {shown}
        FROM {source} l JOIN things t ON t.thing_key = l.{key}{same}
        WHERE {scope} ORDER BY {order}""",
        parameters,
    )
