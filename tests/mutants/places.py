"""Where in a module something stands: its statement, its function, and what is no behaviour at all."""

from __future__ import annotations

import ast
from dataclasses import dataclass

# Arguments that check what correct code holds anyway, or how a class prints: flipping one changes no result.
_CHECKS = ("frozen", "strict", "compare", "repr", "slots", "kw_only")
Position = tuple[int, int]


@dataclass(frozen=True)
class Span:
    """From a line and column up to another."""

    start: Position
    end: Position

    def holds(self, position: Position) -> bool:
        return self.start <= position < self.end


def span_of(node: ast.AST) -> Span:
    """Columns as the ast counts them, in bytes; the places compared with are of lines without other than ASCII, or near."""
    return Span((node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset))  # type: ignore[attr-defined]


class Module:
    """A module's text with its tree."""

    def __init__(self, text: str):
        self.text = text
        self.tree = ast.parse(text)
        self.ignored = [span_of(node) for node in _ignored(self.tree)]

    def is_ignored(self, position: Position) -> bool:
        """Whether a change there would be of a type, a check or a text, and of no behaviour."""
        return any(span.holds(position) for span in self.ignored)

    def statement(self, line: int) -> tuple[int, int]:
        """First and last line of the innermost statement at a line; of one with a body, those before its body."""
        found = (line, line)
        for node in ast.walk(self.tree):
            if isinstance(node, ast.stmt):
                body = getattr(node, "body", None)
                first = min((node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))))
                last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno
                if first <= line <= last and (found == (line, line) or last - first <= found[1] - found[0]):
                    found = (first, last)
        return found

    def function(self, line: int) -> str:
        """The function or method around a line, with its class; "" outside of any."""
        return ".".join(node.name for node in self._around(line))

    def function_lines(self, line: int) -> tuple[int, int] | None:
        """The lines of the body of the outermost function around a line; None for what runs at import."""
        for node in self._around(line):
            if not isinstance(node, ast.ClassDef) and line >= node.body[0].lineno:
                return node.body[0].lineno, node.end_lineno or node.lineno
        return None

    def _around(self, line: int) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
        nodes = (
            node
            for node in ast.walk(self.tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        )
        held = [node for node in nodes if node.lineno <= line <= (node.end_lineno or node.lineno)]
        return sorted(held, key=lambda node: node.lineno)


def docstrings(tree: ast.Module) -> set[int]:
    """The ids of the nodes that are texts standing by themselves."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _ignored(tree: ast.Module) -> list[ast.AST]:
    found: list[ast.AST] = []
    for node in ast.walk(tree):
        match node:
            case ast.AnnAssign(annotation=annotation):
                found.append(annotation)
            case ast.arg(annotation=ast.AST() as annotation):
                found.append(annotation)
            case ast.FunctionDef(returns=ast.AST() as returns):
                found.append(returns)
            case ast.keyword(arg=str() as name) if name in _CHECKS:
                found.append(node)
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                found.append(node)
            case ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom():
                found.append(node)
            case ast.Call(func=ast.Name(id="isinstance"), args=[_, second]):
                found.append(second)
    return found
