"""Faults in SQL: SQLGlot tells where a text's operators stand, and its tree whether a change is one at all."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import sqlglot
from sqlglot.tokens import Token, TokenType

from mutants.mutant import Language, Mutant, Site
from mutants.places import Module
from mutants.sql_texts import SqlText, as_written, parsed, rewritten, sql_texts

_COMPARISONS = {
    "=": ("<>",),
    "<>": ("=",),
    "!=": ("=",),
    "<": ("<=", ">"),
    "<=": ("<", ">="),
    ">": (">=", "<"),
    ">=": (">", "<="),
}
_SWAPS = {"least": "greatest", "greatest": "least", "min": "max", "max": "min"}
# A condition ends before these, at its own depth of brackets.
_ENDS = frozenset(
    [
        "AND",
        "OR",
        "WHEN",
        "THEN",
        "ELSE",
        "END",
        "GROUP",
        "ORDER",
        "HAVING",
        "LIMIT",
        "UNION",
        "FROM",
        "WHERE",
        "JOIN",
        "LEFT",
        "INNER",
        "ON",
        "AS",
        "QUALIFY",
        "ASC",
        "DESC",
        "CROSS",
        "FULL",
        "WINDOW",
        "INTERSECT",
        "EXCEPT",
    ]
)
_AROUND = 28
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Change:
    """`new` in place of what stands from `start` up to `end`."""

    operator: str
    start: int
    end: int
    new: str


def sql_sites(area: str, name: str, text: str) -> list[Site]:
    """Every place in the SQL texts of a module that can be changed; `name` is its path from the root of the project."""
    module = Module(text)
    if ast.dump(ast.parse(ast.unparse(module.tree))) != ast.dump(module.tree):
        raise ValueError(f"{name} does not come back from its syntax tree as it was")
    nodes = list(ast.walk(module.tree))
    made = []
    for sql in sql_texts(module.tree):
        node = nodes[sql.number]
        values = node.values if isinstance(node, ast.JoinedStr) else None
        found: dict[tuple[str, int], list[Change]] = {}
        for change in _changes(sql.text, _tokens(sql.text)):
            found.setdefault((change.operator, change.start), []).append(change)
        for (operator, _), own in found.items():
            makers = tuple(partial(_mutant, area, name, module, sql, values, change) for change in own)
            start, end = _context(sql.text, own[0])
            made.append(Site(Language.SQL, operator, name, sql.line, _flat(sql.text[start:end]), makers))
    return made


def _mutant(
    area: str, name: str, module: Module, sql: SqlText, values: list[ast.expr] | None, change: Change
) -> Mutant | None:
    if not _is_another(sql, change):
        return None
    start, end = _context(sql.text, change)
    left, right = as_written(sql, values, start, change.start), as_written(sql, values, change.end, end)
    old = as_written(sql, values, change.start, change.end)
    return Mutant(
        area, Language.SQL, change.operator, name, module.function(sql.line), _line(module.text, sql, left + old),
        *module.statement(sql.line), _flat(left + old + right), _flat(left + change.new + right),
        rewritten(module.tree, sql, change.start, change.end, change.new),
    )  # fmt: skip


def _is_another(sql: SqlText, change: Change) -> bool:
    """Whether a text is SQL still after a change, and another."""
    if not sql.form:
        return True
    after = parsed(sql.text[: change.start] + change.new + sql.text[change.end :], sql.form)
    return after is not None and after != parsed(sql.text, sql.form)


def _tokens(text: str) -> list[Token]:
    """The tokens of a text; none where a quote is open."""
    try:
        return sqlglot.tokenize(text, read="duckdb")
    except sqlglot.errors.SqlglotError:
        return []


def _word(token: Token) -> str:
    """A keyword or a name in capitals, "ORDER" for ORDER BY; a text in quotes is neither."""
    if token.token_type == TokenType.STRING:
        return "''"
    return token.text.upper().split(" ")[0]


def _changes(text: str, tokens: list[Token]) -> Iterator[Change]:
    between = False
    for index, token in enumerate(tokens):
        word = _word(token)
        before = _word(tokens[index - 1]) if index else ""
        after = _word(tokens[index + 1]) if index + 1 < len(tokens) else ""
        if word == "BETWEEN":
            between = True
        elif word == "AND" and between:
            between = False
        elif word in ("AND", "OR") and before != "CREATE":
            yield Change("AND, OR", token.start, token.end + 1, "OR" if word == "AND" else "AND")
            nothing = "TRUE" if word == "AND" else "FALSE"
            yield Change("predicate dropped", *_condition(tokens, index + 1), nothing)
            if (start := _condition_before(tokens, index)) is not None:
                yield Change("predicate dropped", start, tokens[index - 1].end + 1, nothing)
        elif word in ("WHERE", "HAVING") and after:
            start, end = _condition(tokens, index + 1)
            following = next((_word(t) for t in tokens if t.start >= end), "")
            if following not in ("AND", "OR"):
                yield Change("predicate dropped", start, end, "TRUE")
        yield from _of_token(text, token, word, before, after, tokens, index)


def _of_token(
    text: str, token: Token, word: str, before: str, after: str, tokens: Sequence[Token], index: int
) -> Iterator[Change]:
    start, end = token.start, token.end + 1
    if token.token_type == TokenType.STRING:
        if _DAY.fullmatch(token.text):
            day = date.fromisoformat(token.text)
            for days in (1, -1):
                yield Change("bound by one", start, end, f"'{day + timedelta(days=days)}'")
        return
    if word in _COMPARISONS and token.token_type != TokenType.IDENTIFIER:
        # read_parquet(…, file_row_number = true) names an argument.
        if not before.isupper() or after not in ("TRUE", "FALSE"):
            for new in _COMPARISONS[word]:
                yield Change("comparison", start, end, new)
    elif word == "DISTINCT" and before not in ("IS", "NOT"):
        yield Change("DISTINCT dropped", start, end, "")
    elif word == "IS":
        if after == "NOT":
            if index + 2 < len(tokens) and _word(tokens[index + 2]) == "DISTINCT":
                yield Change("NULL", start, tokens[index + 3].end + 1, "=")
            else:
                yield Change("NULL", tokens[index + 1].start, tokens[index + 1].end + 1, "")
        elif after == "NULL":
            yield Change("NULL", end, end, " NOT")
        elif after == "DISTINCT":
            yield Change("NULL", start, tokens[index + 2].end + 1, "<>")
    elif word == "NOT" and before != "IS" and after not in ("IN", "EXISTS", "NULL"):
        yield Change("NOT dropped", start, end, "")
    elif token.token_type == TokenType.NUMBER and _is_number(before, tokens, index):
        for step in (1, -1):
            yield Change("bound by one", start, end, _number(token.text, step))
    elif word in ("+", "-"):
        is_sign = before in ("", "(", ",", "THEN", "ELSE", "*", "WHEN", "SELECT")
        yield Change("sign", start, end, "" if is_sign else "-" if word == "+" else "+")
    elif word == "ASC":
        yield Change("order", start, end, "DESC")
    elif word == "DESC":
        yield Change("order", start, end, "ASC")
    elif word.lower() in _SWAPS and after == "(":
        yield Change("least, greatest", start, end, _SWAPS[word.lower()])
    elif word == "LEFT" and after in ("JOIN", "OUTER"):
        yield Change("LEFT JOIN", start, end, "INNER")


def _is_number(before: str, tokens: Sequence[Token], index: int) -> bool:
    """Not the places of DECIMAL(18,2), nor a part of a name that an f-string completes."""
    if tokens[index].start and tokens[index - 1].end + 1 == tokens[index].start and before.isalnum():
        return False
    opening = next((n for n in range(index - 1, max(index - 4, -1), -1) if tokens[n].text == "("), None)
    return opening is None or opening == 0 or _word(tokens[opening - 1]) not in ("DECIMAL", "NUMERIC")


def _number(text: str, step: int) -> str:
    return str(int(text) + step) if text.isdigit() else str(float(text) + step)


def _condition(tokens: Sequence[Token], first: int) -> tuple[int, int]:
    """Where a condition that begins at a token starts and ends."""
    depth, case, between = 0, 0, False
    last = first
    for index in range(first, len(tokens)):
        word = _word(tokens[index])
        is_part = (word == "AND" and between) or (word == "FROM" and _word(tokens[index - 1]) == "DISTINCT")
        if depth == 0 and case == 0 and index > first and word in _ENDS and not is_part:
            break
        between = word == "BETWEEN" or (between and word != "AND")
        depth += (word == "(") - (word == ")")
        case += (word == "CASE") - (word == "END")
        if depth < 0 or case < 0:
            break
        last = index
    return tokens[first].start, tokens[last].end + 1


def _condition_before(tokens: Sequence[Token], index: int) -> int | None:
    """Where the first condition of a chain begins that ends before a token; None where another of the chain stands before."""
    depth, case = 0, 0
    start = None
    for n in range(index - 1, -1, -1):
        word = _word(tokens[n])
        depth += (word == ")") - (word == "(")
        case += (word == "END") - (word == "CASE")
        if depth < 0 or case < 0:
            return start
        if depth == 0 and case == 0:
            if word in ("AND", "OR") or word == "BETWEEN":
                return None
            if word in ("WHERE", "WHEN", "ON", "HAVING", "THEN", "ELSE", "SELECT", ","):
                return start
        start = tokens[n].start
    return start


def _context(text: str, change: Change) -> tuple[int, int]:
    """A little of the text around a change, from and to whole words."""
    start, end = max(0, change.start - _AROUND), min(len(text), change.end + _AROUND)
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end


def _line(text: str, sql: SqlText, shown: str) -> int:
    """The line of the module on which a change stands; of a text over several, the one that ends with what is shown."""
    lines = text.splitlines()
    wanted = re.sub(r"\s+", "", shown)
    for size in (len(wanted), 24, 12, 6):
        for line in range(sql.line, sql.last_line + 1):
            held = re.sub(r"\s+", "", "".join(lines[max(sql.line - 1, line - 2) : line]))
            if wanted[-size:] in held:
                return line
    return sql.line


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
