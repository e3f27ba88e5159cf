"""All texts that the product can print: those of built pages by where they stand, and the sentences in the code, fixture or not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "cwb"
_SQL = re.compile(
    r"\b(SELECT|FROM|CASE|WHEN|COALESCE|NULL|CAST|WHERE|JOIN|AND|OR)\b|\bcoalesce\(|\w_\w+ [=<>]|^\(\{\}, "
)
_SKIPPED = {"style", "script", "head"}
_PARTS = {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "li",
    "th",
    "td",
    "caption",
    "summary",
    "figcaption",
    "title",
    "div",
    "a",
    "dt",
    "dd",
}


def sentences_in(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module that may stand on a page, each with its line: no docstring, no SQL, nothing of one word. What is filled
    in is "{}"."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            skipped.update(id(value) for value in node.values)
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        text = ""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        elif isinstance(node, ast.JoinedStr):
            text = "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
        if " " in text.strip() and not _SQL.search(text):
            yield getattr(node, "lineno", 0), " ".join(text.split())


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._depth += 1
        if tag in _PARTS:
            self._end()
        self.texts += [value for name, value in attributes if name in ("aria-label", "alt", "title") and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._depth -= 1
        if tag in _PARTS:
            self._end()

    def handle_data(self, data: str) -> None:
        if not self._depth:
            self._open.append(data)

    def _end(self) -> None:
        if text := " ".join("".join(self._open).split()):
            self.texts.append(text)
        self._open = []


def texts_of(page: str) -> list[str]:
    """The texts of a page in reading order, names of charts and boxes among them."""
    parser = _Page()
    parser.feed(page)
    parser.close()
    parser._end()
    return parser.texts
