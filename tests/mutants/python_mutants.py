"""Faults in Python, by the operators of Cosmic Ray.

Only its operators are used: its runner starts a new process for each mutant, and importing what cwb stands on takes longer
than most tests.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import partial

import parso
from cosmic_ray.ast import Visitor, ast_nodes
from cosmic_ray.operators.operator import Operator
from cosmic_ray.operators.provider import OperatorProvider

from mutants.mutant import Language, Mutant, Site
from mutants.places import Module

_PROVIDER = OperatorProvider()
# These need arguments of their own.
_WITHOUT = ("VariableReplacer", "VariableInserter")
# A name of Cosmic Ray begins so → what the report calls it.
_FAMILIES = {
    "ReplaceComparisonOperator": "comparison",
    "ReplaceBinaryOperator": "arithmetic",
    "ReplaceUnaryOperator": "sign and not",
    "ReplaceAndWithOr": "and, or",
    "ReplaceOrWithAnd": "and, or",
    "ReplaceTrueWithFalse": "True, False",
    "ReplaceFalseWithTrue": "True, False",
    "AddNot": "condition negated",
    "NumberReplacer": "number by one",
    "ExceptionReplacer": "exception not caught",
    "RemoveDecorator": "decorator removed",
    "ZeroIterationForLoop": "loop not run",
    "ReplaceBreakWithContinue": "break, continue",
    "ReplaceContinueWithBreak": "break, continue",
}


# Of the operators in whose place Cosmic Ray puts every other, those that give a number or a set again: x << y for pounds
# fails wherever it runs, and such a mutant tells nothing of a test.
_ARITHMETIC = (
    "Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_Mul", "Pow_Mul", "BitOr_BitAnd", "BitAnd_BitOr",
)  # fmt: skip


# Half of all operators look at these types of nodes only: the others need not be shown to each of them.
_TYPES = {"ReplaceBinary": ("operator", "keyword"), "ReplaceComparison": ("comparison",)}


def python_sites(area: str, name: str, text: str) -> list[Site]:
    """Every place of a module that an operator changes; `name` is its path from the root of the project."""
    module = Module(text)
    found: dict[tuple[str, tuple[int, int]], list[tuple[str, int]]] = {}
    by_kind: dict[str, list[parso.tree.NodeOrLeaf]] = {"": list(ast_nodes(parso.parse(text)))}
    for kind, types in _TYPES.items():
        by_kind[kind] = [node for node in by_kind[""] if node.type in types]
    for operator_name in _operators():
        operator = _PROVIDER[operator_name]()
        own = by_kind[_kind(operator_name)]
        positions = [start for node in own for start, _ in operator.mutation_positions(node)]
        for occurrence, start in enumerate(positions):
            if not module.is_ignored(start):
                found.setdefault((_family(operator_name), start), []).append((operator_name, occurrence))
    lines = text.splitlines()
    return [
        Site(
            Language.PYTHON, family, name, start[0], _shown(lines[start[0] - 1]),
            tuple(partial(_mutant, area, name, module, operator, occurrence) for operator, occurrence in changes),
        )
        for (family, start), changes in sorted(found.items(), key=lambda item: (item[0][1], item[0][0]))
    ]  # fmt: skip


def _operators() -> Iterator[str]:
    for name in _PROVIDER:
        _, _, change = name.partition("_")
        is_binary, is_comparison = name.startswith("ReplaceBinary"), name.startswith("ReplaceComparison")
        # `is` in place of `==` is a warning of Python's own, and mostly the same.
        is_odd = (is_binary and change not in _ARITHMETIC) or (
            is_comparison and change.endswith(("_Is", "_IsNot")) and not change.startswith("Is")
        )
        if name not in _WITHOUT and not is_odd:
            yield name


def _kind(operator_name: str) -> str:
    return next((kind for kind in _TYPES if operator_name.startswith(kind)), "")


def _family(operator_name: str) -> str:
    return next(kind for start, kind in _FAMILIES.items() if operator_name.startswith(start))


def _mutant(area: str, name: str, module: Module, operator_name: str, occurrence: int) -> Mutant | None:
    try:
        mutated = _Once(_PROVIDER[operator_name](), occurrence).text_of(module.text)
    except AttributeError:
        # Cosmic Ray cannot replace an exception that is an attribute of a module.
        return None
    if not _is_python(mutated):
        return None
    before, after, line = _changed(module.text, mutated)
    return Mutant(
        area, Language.PYTHON, _family(operator_name), name, module.function(line), line, *module.statement(line),
        before, after, mutated,
    )  # fmt: skip


class _Once(Visitor):
    """Applies an operator at one of the positions that it finds."""

    def __init__(self, operator: Operator, occurrence: int):
        self._operator, self._left = operator, occurrence

    def text_of(self, text: str) -> str:
        found: str = self.walk(parso.parse(text)).get_code()
        return found

    def visit(self, node: parso.tree.NodeOrLeaf) -> parso.tree.NodeOrLeaf | None:
        for index, _ in enumerate(self._operator.mutation_positions(node)):
            if self._left == 0:
                node = self._operator.mutate(node, index)
            self._left -= 1
        return node


def _is_python(text: str) -> bool:
    try:
        with warnings.catch_warnings(action="ignore"):
            compile(text, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _changed(before: str, after: str) -> tuple[str, str, int]:
    """The line that differs, as it was and as it is, and its number."""
    old, new = before.splitlines(), after.splitlines()
    changes = [change for change in SequenceMatcher(None, old, new, False).get_opcodes() if change[0] != "equal"]
    _, first, last, new_first, new_last = changes[0]
    line = next((n for n in range(first, last) if old[n].strip()), first)
    shown = next((text for text in new[new_first:new_last] if text.strip()), "")
    return _shown(old[line]), _shown(shown) or "(removed)", line + 1


def _shown(line: str) -> str:
    return re.sub(r"\s+", " ", line).strip()
