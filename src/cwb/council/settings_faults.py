"""What is wrong with a setting, in plain words: what the validator says is for programmers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from cwb.base.errors import Fault
from cwb.reference import superseded_districts

_NUMBER = ("a number is expected", "Write it without quotation marks, £ and %: 250, or 0.30 for 30%.")
_WHOLE = ("a whole number is expected", "Write it without quotation marks: 18.")
_DAY = ("a day is expected", "Write it as 2022-03-31.")
_FLAG = ("yes or no is expected", "Write true or false, without quotation marks.")
_TEXT = ("a text is expected", "Write it between quotation marks.")
_LIST = ("a list is expected", 'Write it in square brackets: ["…", "…"].')
_SECTION = ("a section of settings is expected", "Look at how cwb init writes it.")
# By the beginning of the validator's name for it.
_KINDS = {
    "float_": _NUMBER,
    "int_": _WHOLE,
    "date_": _DAY,
    "bool_": _FLAG,
    "string_type": _TEXT,
    "path_type": _TEXT,
    "tuple_": _LIST,
    "model_": _SECTION,
    "dict_": _SECTION,
    "missing": ("this setting is missing", "Add it."),
    "extra_forbidden": ("this setting is not known", "Check its spelling, or take it out."),
    "too_short": ("nothing is given", "Give at least one."),
    "string_too_short": ("nothing is given", "Write it between the quotation marks."),
}
# Whose words have the value already, or are about the setting's name.
_EXPLAINED = ("value_error", "extra_forbidden")
_BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}


class OfKeys(ValueError):
    """What a validator of all settings raises about some of them, by their keys."""

    def __init__(self, rule: str, *keys: str) -> None:
        super().__init__(rule)
        self.keys = ", ".join(keys)


def settings_faults(error: ValidationError, file: str) -> list[Fault]:
    """Everything that is wrong with the settings of a file."""
    return [_fault_of(problem, file) for problem in error.errors()]


def _fault_of(problem: Mapping[str, Any], file: str) -> Fault:
    raised, found = problem.get("ctx", {}).get("error"), problem["input"]
    key = (raised.keys if isinstance(raised, OfKeys) else "") or _key(problem["loc"])
    rule, remedy = _words(problem)
    is_one = isinstance(found, str | int | float) and problem["type"] not in _EXPLAINED
    return Fault(rule, remedy, file, column=key, value=str(found) if is_one else None)


def _key(place: Iterable[int | str]) -> str:
    """ "anchors (no. 1).aliases": people count from one."""
    parts: list[str] = []
    for part in place:
        if isinstance(part, int) and parts:
            parts[-1] += f" (no. {part + 1})"
        else:
            parts.append(str(part))
    return ".".join(parts) or "(whole file)"


def _words(problem: Mapping[str, Any]) -> tuple[str, str]:
    context = problem.get("ctx", {})
    if problem["type"] == "literal_error":
        return "it is not one of the list", f"Write one of: {context['expected'].replace(' or ', ', ')}."
    if bound := next((name for name in _BOUNDS if name in context), None):
        return f"it must be {_BOUNDS[bound]} {context[bound]:g}", "Correct the value."
    known = next((words for name, words in _KINDS.items() if problem["type"].startswith(name)), None)
    return known or (problem["msg"].removeprefix("Value error, "), "Correct the value.")


def unknown_district(code: str) -> str:
    """A text that is no code of a district, with the code that may be meant: that in force of an old one, that of a name."""
    # rapidfuzz is loaded only where a name is to be looked for.
    from cwb.council.named import all_districts, district_named  # noqa: PLC0415

    if (now := superseded_districts().get(code.strip().upper())) is not None:
        return f"{code} (now {now}, {all_districts()[now].name})"
    named = district_named(code)
    meant = [named.found] if named.found else named.candidates[:3]
    listed = ", or ".join(f"{one.code}, {one.name}" for one in meant)
    return f"{code} (did you mean {listed}?)" if listed else code
