"""What in a statement of DuckDB's SQL is outside the portable subset, so that a relation runs on other engines
too.
 A relation has sum, count, min, max, FILTER or CASE, equality joins, and row_number with an order; it divides and
rounds nothing, makes no text and no float, and calls no other function: that is for `finish`. Everything that is
not named here as allowed is a fault, so that what nobody has thought of is one too.
"""

from __future__ import annotations

from functools import cache

import sqlglot
from sqlglot import exp

from cwb.evidence.relation import SOURCE_LINE

_STRUCTURE = (
    exp.Select, exp.Subquery, exp.Paren, exp.Tuple, exp.Values, exp.With, exp.CTE, exp.From, exp.Where, exp.Group,
    exp.Having, exp.Order, exp.Ordered, exp.Limit, exp.Distinct, exp.Filter, exp.Table, exp.TableAlias, exp.Alias,
    exp.Identifier, exp.Column, exp.Star, exp.Join, exp.Window, exp.DataType, exp.DataTypeParam,
)  # fmt: skip
_VALUES = (exp.Literal, exp.Boolean, exp.Null, exp.Placeholder, exp.Parameter)
_OPERATORS = (
    exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.And, exp.Or,
    exp.Not, exp.In, exp.Between, exp.Is, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Case,
)  # fmt: skip
_FUNCTIONS = (exp.Sum, exp.Count, exp.Min, exp.Max, exp.Coalesce, exp.Nullif, exp.RowNumber, exp.Cast)
_ALLOWED = (*_STRUCTURE, *_VALUES, *_OPERATORS, *_FUNCTIONS)
# Parts of something that is named already.
_SILENT = (exp.Var, exp.IgnoreNulls, exp.LimitOptions, exp.WindowSpec, exp.PropertyEQ, exp.Offset, exp.Qualify)

_NAMES: dict[type[exp.Expression], str] = {
    exp.Div: "division",
    exp.IntDiv: "division",
    exp.Mod: "remainder",
    exp.DPipe: "||",
    exp.Interval: "INTERVAL",
    exp.Columns: "COLUMNS",
    exp.JSONExtract: "->",
}
_TYPES = {
    exp.DType.DECIMAL: "DECIMAL",
    exp.DType.INT: "INTEGER",
    exp.DType.BOOLEAN: "BOOLEAN",
    exp.DType.VARCHAR: "VARCHAR",
    exp.DType.TEXT: "VARCHAR",
    exp.DType.DATE: "DATE",
}
# What SQLGlot calls types by other names than DuckDB.
_TYPE_NAMES = {exp.DType.TIMESTAMPNTZ: "TIMESTAMP", exp.DType.INT128: "HUGEINT"}
_SHOWN = 60


@cache
def faults(sql: str) -> list[str]:
    """Every fault as "name: where", each once, in the order in which they stand; none for a portable relation.

    `SELECT sum(a) / count(*) AS mean FROM lines` has one: "division: SUM(a) / COUNT(*)".
    """
    try:
        statements = [one for one in sqlglot.parse(sql, read="duckdb") if one is not None]
    except sqlglot.errors.SqlglotError as error:
        return [f"cannot be read: {str(error).splitlines()[0]}"]
    if len(statements) != 1:
        return [f"not one statement: {len(statements)}"]
    if not isinstance(statements[0], exp.Select | exp.SetOperation | exp.Values | exp.Subquery):
        return [f"not a query: {statements[0].key.upper()}"]
    found: dict[str, None] = {}
    for node in statements[0].walk(bfs=False):
        for name in _faults_of(node):
            found[f"{name}: {_where(node)}"] = None
    return list(found)


def _where(node: exp.Expression) -> str:
    text = node.sql(dialect="duckdb", comments=False)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _faults_of(node: exp.Expression) -> list[str]:
    match node:
        case exp.Cast() if type(node) is exp.Cast:
            kind = node.to.this
            return [] if kind in _TYPES else [f"cast to {_TYPE_NAMES.get(kind, getattr(kind, 'value', kind))}"]
        case exp.Literal() if not node.is_string and "e" in node.this.lower():
            return ["float literal"]
        case exp.Join():
            return _faults_of_join(node)
        case exp.Window():
            return _faults_of_window(node)
        case exp.RowNumber():
            return [] if isinstance(node.parent, exp.Window) else ["row_number without OVER"]
        case exp.Star():
            parts = {"except_": "* EXCLUDE", "replace": "* REPLACE", "rename": "* RENAME"}
            return [name for part, name in parts.items() if node.args.get(part)]
        case exp.SetOperation():
            if isinstance(node, exp.Union):
                return ["UNION without ALL"] if node.args.get("distinct") else _faults_of_query(node)
            return [node.key.upper()]
        case exp.Select() | exp.Subquery():
            return _faults_of_query(node)
        case exp.If():
            return [] if isinstance(node.parent, exp.Case) else ["if"]
        case exp.Group():
            return ["GROUP BY ALL"] if node.args.get("all") else []
        case exp.Ordered():
            return ["ORDER BY ALL"] if isinstance(node.this, exp.Var) else []
        case exp.Order():
            if not isinstance(node.parent, exp.Query | exp.Window):
                return ["ORDER BY within a function"]
            # Rows of one number stand in every file, and in every sheet of a workbook.
            by = {column.name for column in node.find_all(exp.Column)}
            is_of_several = "source_row" in by and not by.issuperset(SOURCE_LINE)
            return ["order of rows without their sheet"] if is_of_several else []
        case exp.Distinct():
            return _faults_of_distinct(node)
        case exp.Limit():
            return ["LIMIT as a percentage"] if node.args.get("limit_options") else []
        case exp.Min() | exp.Max():
            several = node.args.get("expressions") or node.args.get("count")
            # The least file, sheet and row of many lines may be those of three: `FIRST_LINE` says where one of them stands.
            is_place = isinstance(node.this, exp.Column) and node.this.name in SOURCE_LINE
            of = "several" if several else "part of a place" if is_place else ""
            return [f"{node.key} of {of}"] if of else []
        case exp.With():
            return ["WITH RECURSIVE"] if node.args.get("recursive") else []
        case exp.Is():
            # Three-valued flags are asked whether they are true, which every engine can.
            return [] if isinstance(node.expression, exp.Null | exp.Boolean) else ["IS"]
        case exp.Func() if _is_named_by_its_window(node):
            return []
    return [] if isinstance(node, _SILENT) or type(node) in _ALLOWED else [_name(node)]


def _name(node: exp.Expression) -> str:
    """A function by the name that DuckDB has for it, anything else by SQLGlot's."""
    text = node.sql(dialect="duckdb", comments=False)
    written = text.split("(")[0].strip().lower() if isinstance(node, exp.Func) and "(" in text else node.key
    return _NAMES.get(type(node)) or written


def _is_named_by_its_window(node: exp.Func) -> bool:
    above = node.parent.parent if isinstance(node.parent, exp.Filter) else node.parent
    return isinstance(above, exp.Window)


def _faults_of_query(node: exp.Expression) -> list[str]:
    made = [arg.rstrip("s").upper() for arg in ("qualify", "offset", "windows") if node.args.get(arg)]
    if node.args.get("limit") and not node.args.get("order"):
        made.append("LIMIT without ORDER BY")
    return made


def _faults_of_join(join: exp.Join) -> list[str]:
    """Equality between two columns on every part of the condition, or USING."""
    if join.method:
        return [f"{join.method} JOIN"]
    if join.kind == "CROSS" or not (join.args.get("on") or join.args.get("using")):
        return ["join without equality"]
    condition = join.args.get("on")
    return [] if condition is None or _is_equality(condition) else ["join without equality"]


def _is_equality(part: exp.Expression) -> bool:
    if isinstance(part, exp.Paren):
        return _is_equality(part.this)
    if isinstance(part, exp.And):
        return _is_equality(part.left) and _is_equality(part.right)
    is_equal = isinstance(part, exp.EQ | exp.NullSafeEQ)
    return is_equal and bool(part.left.find(exp.Column) and part.right.find(exp.Column))


def _faults_of_window(window: exp.Window) -> list[str]:
    if isinstance(window.this, exp.Identifier):
        return []  # the definition of a named window, of which the query tells
    if not isinstance(window.this, exp.RowNumber):
        return [f"window function {_name(window.this.find(exp.Func) or window.this)}"]
    if not window.args.get("order"):
        return ["row_number without ORDER BY"]
    return ["window frame"] if window.args.get("spec") else []


def _faults_of_distinct(node: exp.Distinct) -> list[str]:
    if node.args.get("on"):
        return ["DISTINCT ON"]
    if isinstance(node.parent, exp.Select):
        return []
    several = len(node.expressions) != 1 or isinstance(node.expressions[0], exp.Tuple)
    if isinstance(node.parent, exp.Count):
        return ["count(DISTINCT) of several"] if several else []
    return [f"{node.parent.key if node.parent else ''}(DISTINCT)"]
