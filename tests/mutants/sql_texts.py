"""The SQL texts of a module: string constants and f-strings that SQLGlot reads as SQL, whole or as a part of a statement.

What an f-string puts in is a name to SQLGlot. A text is changed in the module's own syntax tree, piece by piece, so that
what is put in stays as it is.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp

from mutants.places import docstrings

# How a part of a statement is completed.
_FORMS = (
    "{}",
    "SELECT a FROM t WHERE {}",
    "SELECT {}",
    "SELECT a FROM t {}",
    "SELECT a FROM t WHERE b {}",
    "SELECT a FROM {}",
    "SELECT a {}",
    "SELECT a FROM t WHERE b = (c {}",
)
# A text of none of these is no SQL, or has nothing to change.
_MARKS = (
    exp.Binary, exp.Not, exp.Select, exp.Case, exp.Distinct, exp.Filter, exp.Ordered, exp.Join, exp.Cast, exp.Neg,
    exp.Between, exp.In,
)  # fmt: skip
_KEYWORDS = (
    "SELECT ",
    "CASE ",
    "WHERE ",
    " AND ",
    " OR ",
    " IS ",
    "NOT ",
    " JOIN ",
    "FILTER ",
    "coalesce(",
    "OVER ",
)
_BEFORE_A_NAME = frozenset(
    [
        "SELECT",
        "FROM",
        "WHERE",
        "AND",
        "OR",
        "NOT",
        "BY",
        "ON",
        "JOIN",
        "WHEN",
        "THEN",
        "ELSE",
        "IN",
        "AS",
        "BETWEEN",
        "DISTINCT",
        "TO",
        "VALUES",
        "LIMIT",
        "USING",
        "INTO",
        "TABLE",
        "VIEW",
        "EXCLUDE",
        "REPLACE",
        "HAVING",
        "ALL",
        "PARTITION",
    ]
)
_LAST_WORD = re.compile(r"([\w\]]+)\s*$")
# Within these brackets stands a query.
_QUERY = re.compile(r"(\bAS\s*\(|\bCOPY\s*\(|^\s*CREATE\b.*\bAS\s+)$", re.DOTALL)
_COMPARISONS = (" = ", " <> ", " < ", " > ", " <= ", " >= ")


@dataclass(frozen=True)
class Piece:
    """A stretch of a text: written in it, or (`is_given`) put in by the f-string."""

    start: int
    end: int
    is_given: bool


@dataclass(frozen=True)
class SqlText:
    """A text of SQL: `number` is its place among the nodes of the module's tree, `form` completes it to a statement."""

    number: int
    line: int
    last_line: int
    text: str
    pieces: tuple[Piece, ...] = field(repr=False)
    form: str = field(repr=False, default="{}")


def parsed(text: str, form: str) -> exp.Expression | None:
    """The tree of a text in a form; None where it is not read."""
    try:
        found = sqlglot.parse(form.replace("{}", text), read="duckdb")
    except sqlglot.errors.SqlglotError:
        return None
    return found[0] if len(found) == 1 and not isinstance(found[0], exp.Command) else None


def sql_texts(tree: ast.Module) -> Iterator[SqlText]:
    """Every text of SQL in a module's tree, in its order."""
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    inner |= docstrings(tree)
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in inner or not isinstance(node, ast.JoinedStr | ast.Constant):
            continue
        text, pieces = _joined(node)
        form = _form(text)
        if form is not None:
            yield SqlText(number, node.lineno, node.end_lineno or node.lineno, text, pieces, form)


def _form(text: str) -> str | None:
    if not any(word in f"{text} " for word in (*_KEYWORDS, *_COMPARISONS)):
        return None
    for form in _FORMS:
        tree = parsed(text, form)
        if tree is not None and any(isinstance(node, _MARKS) for node in _own(tree, form)):
            return form
    # A text whose holes SQLGlot cannot read around is changed all the same, by its tokens.
    return "" if text.lstrip().startswith(("SELECT ", "WITH ", "CASE ")) else None


def _own(tree: exp.Expression, form: str) -> Iterator[exp.Expression]:
    """The nodes of a tree but the SELECT of its form."""
    for node in tree.walk():
        if form == "{}" or node is not tree:
            yield node


def _joined(node: ast.JoinedStr | ast.Constant) -> tuple[str, tuple[Piece, ...]]:
    """The text with a name for each thing put in, or blanks where a name would not stand alone."""
    if isinstance(node, ast.Constant):
        return (node.value, (Piece(0, len(node.value), False),)) if isinstance(node.value, str) else ("", ())
    text, pieces = "", []
    for index, value in enumerate(node.values):
        part = str(value.value) if isinstance(value, ast.Constant) else _stand_in(text, index)
        pieces.append(Piece(len(text), len(text) + len(part), not isinstance(value, ast.Constant)))
        text += part
    return text, tuple(pieces)


def _stand_in(before: str, number: int) -> str:
    """What stands for a thing put in: a name, a query, or blanks where it continues what stands before it."""
    if before.count("'") % 2:
        return f"ph{number}"
    if _QUERY.search(before):
        return f"SELECT ph{number}"
    last = _LAST_WORD.search(before)
    if before.endswith(")") or (last and last[1] not in _BEFORE_A_NAME):
        return " " * 4
    return f"ph{number}"


def rewritten(tree: ast.Module, sql: SqlText, start: int, end: int, new: str) -> str:
    """The module with `new` in place of what stands from `start` up to `end` of a text."""
    changed = copy.deepcopy(tree)
    node = next(node for number, node in enumerate(ast.walk(changed)) if number == sql.number)
    if isinstance(node, ast.Constant):
        node.value = sql.text[:start] + new + sql.text[end:]
    else:
        assert isinstance(node, ast.JoinedStr)
        node.values = _pieces(node.values, sql, start, end, new)
    return ast.unparse(ast.fix_missing_locations(changed))


def _pieces(values: list[ast.expr], sql: SqlText, start: int, end: int, new: str) -> list[ast.expr]:
    """The values of an f-string with one stretch replaced; what is put in within the stretch goes."""
    made: list[ast.expr] = []
    is_written = False
    for value, piece in zip(values, sql.pieces, strict=True):
        if piece.end <= start or piece.start >= end:
            if piece.start >= end and not is_written:
                made.append(ast.Constant(new))
                is_written = True
            made.append(value)
            continue
        if piece.is_given:
            continue
        made.append(ast.Constant(sql.text[piece.start : max(piece.start, start)]))
        if not is_written:
            made.append(ast.Constant(new))
            is_written = True
        made.append(ast.Constant(sql.text[min(piece.end, end) : piece.end]))
    if not is_written:
        made.append(ast.Constant(new))
    return made


def as_written(sql: SqlText, values: list[ast.expr] | None, start: int, end: int) -> str:
    """A stretch of a text as it stands in the module, with what is put in."""
    if values is None:
        return sql.text[start:end]
    shown = ""
    for value, piece in zip(values, sql.pieces, strict=True):
        low, high = max(start, piece.start), min(end, piece.end)
        if low >= high:
            continue
        shown += f"{{{ast.unparse(value.value)}}}" if isinstance(value, ast.FormattedValue) else sql.text[low:high]
    return shown
