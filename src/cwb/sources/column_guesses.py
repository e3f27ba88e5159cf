"""What a column may hold whose heading is not known: told by a heading that is near, or by its values, or left in doubt.

Columns that only a person can judge (amounts in thousands, one side of an account) are in doubt and never proposed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cwb.base.legal_forms import FORMS
from cwb.base.values import parse_date, parse_money
from cwb.sources.layout import Layout, normalise_header
from cwb.sources.source import Holds

# From this likeness of 100 a heading is near a known one; it must be nearer for a field that a file may lack and whose values
# do not show what they are, and for a date where another column holds dates too: "Invoice dt" is nearer to a known heading than "Paid dt".
_NEAR, _VERY_NEAR = 86, 92
# So many of a column's values must be of a kind, and so many rows must hold one, before they tell what it is.
_MOST, _FEWEST = 0.8, 3
_LEGAL_FORM = re.compile(rf"\b{FORMS}\b", re.IGNORECASE)
_FIRMS = 0.1
# "£000", "£'000s", "£k", "£m"; "payments over £10,000" is none of these.
_SCALED = re.compile(r"(?<!\d)(?<!\d[ ,.])000'?s?\b|\b(k|m|mn|bn|thousands?|millions?|pence)\b", re.IGNORECASE)
_SIDE = re.compile(r"\b(debits?|credits?|dr|cr)\b", re.IGNORECASE)
_YEARLY = re.compile(r"\b(annual|annually|yearly|per year|per annum|p\.?a)\b", re.IGNORECASE)

Needs = Sequence[str | tuple[str, ...]]


@dataclass
class Columns:
    """A row of headings, the rows below it, and the columns of which it is known what they hold (field → index).

    `declared` are headings of which the settings say what they are, or that they are not used.
    """

    headings: list[str]
    body: list[list[str]]
    found: dict[str, int]
    declared: frozenset[str] = frozenset()

    @property
    def free(self) -> list[int]:
        taken = set(self.found.values())
        return [
            index
            for index, heading in enumerate(self.headings)
            if index not in taken
            and normalise_header(heading)
            and normalise_header(heading) not in self.declared
            and self.headings.count(heading) == 1
        ]

    def values(self, index: int) -> list[str]:
        return [row[index].strip() for row in self.body if index < len(row) and row[index].strip()]

    def doubt(self, index: int, field: str) -> str | None:
        """Why amounts of a column may not be those of a field though they look so."""
        heading, values = self.headings[index], self.values(index)
        if _SIDE.search(heading) and values and all(map(is_amount, values)) and _has_pennies(values):
            return f"'{heading}' may be only one side of the account, debits or credits: only you know"
        if not _hold(values, Holds.POUNDS, is_near=True):
            return None
        if _SCALED.search(heading):
            return f"'{heading}' may not be in pounds but in thousands, millions or pence, which no mapping turns into pounds: only you know"
        if _YEARLY.search(heading) and "annual" not in field:
            return f"'{heading}' may be the amount of one year: only you know"
        return None


def by_heading(
    columns: Columns, layout: Layout, holds: Mapping[str, Holds], only: Iterable[str] | None = None
) -> tuple[dict[str, str], list[str]]:
    """Headings near one of a field that has no column yet (of `only` these fields), and what is in doubt among them."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - only where headings are not known

    needed = {
        *holds,
        *(name for need in layout.required for name in (need if isinstance(need, tuple) else (need,))),
    }
    wanted: dict[str, list[tuple[float, int]]] = {}
    found, doubts = {}, []
    for index in columns.free:
        heading = normalise_header(columns.headings[index])
        likeness = {
            name: max(max(fuzz.ratio(heading, alias), fuzz.token_sort_ratio(heading, alias)) for alias in aliases)
            for name, aliases in layout.fields.items()
            if name not in columns.found
        }
        best = max(likeness.values(), default=0.0)
        names = [name for name, value in likeness.items() if value == best]
        if len(names) != 1 or best < (_NEAR if names[0] in needed else _VERY_NEAR):
            continue
        (name,) = names
        kind = holds.get(name)
        if only is not None and name not in only:
            continue
        if kind is Holds.POUNDS and (doubt := columns.doubt(index, name)):
            doubts.append(f"nothing is proposed for {name}: {doubt}")
        elif kind is None or kind is Holds.NAMES or _hold(columns.values(index), kind, is_near=True):
            wanted.setdefault(name, []).append((best, index))
    for name, candidates in wanted.items():
        best = max(candidates)[0]
        top = [index for value, index in candidates if value == best]
        like = sorted({*top, *(_other_days(columns, wanted, name) if holds.get(name) is Holds.DATES else ())})
        if len(top) == 1 and len(like) > 1 and best < _VERY_NEAR:
            doubts.append(f"nothing is proposed for {name}: {_all_of(columns, like, 'hold')} {Holds.DATES}")
        elif len(top) == 1:
            found[columns.headings[top[0]]] = name
        else:
            doubts.append(f"nothing is proposed for {name}: {_all_of(columns, top, 'are')} equally near")
    return found, doubts


def _other_days(columns: Columns, wanted: Mapping[str, Sequence[tuple[float, int]]], name: str) -> list[int]:
    """Columns of dates that may be meant by a field as well as those near it; none that is near another field."""
    others = {index for other, near in wanted.items() if other != name for _, index in near}
    return [index for index in columns.free if index not in others and _hold(columns.values(index), Holds.DATES)]


def by_values(
    columns: Columns, needs: Needs, holds: Mapping[str, Holds], may_lack: bool = False
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Headings of the only column whose values are what a missing field holds; and by what is missing, why it is not found.

    A field that a file `may_lack` is not missed where no column could be it.
    """
    missing = [
        need for need in needs if not columns.found.keys() & {*(need if isinstance(need, tuple) else (need,))}
    ]
    # Of several alternatives the last asks least: an amount, net or gross.
    fields = [need[-1] if isinstance(need, tuple) else need for need in missing]
    found, doubts = {}, []
    for need, name in zip(missing, fields, strict=True):
        shown = " or ".join(need) if isinstance(need, tuple) else need
        kind = holds.get(name)
        like = [index for index in columns.free if kind and _hold(columns.values(index), kind)]
        open_ones = [columns.doubt(index, name) for index in columns.free] if kind is Holds.POUNDS else []
        rivals = [other for other in fields if holds.get(other) is kind]
        if kind is None:
            why = "values do not show what it is"
        elif any(open_ones):
            why = "; ".join(filter(None, open_ones))
        elif not like and may_lack:
            continue
        elif not like:
            why = f"no other column holds {kind}"
        elif len(like) > 1:
            why = f"{_all_of(columns, like, 'hold')} {kind}"
        elif len(rivals) > 1:
            why = f"'{columns.headings[like[0]]}' may be {' or '.join(rivals)}"
        else:
            found[columns.headings[like[0]]] = name
            continue
        doubts.append((shown, f"nothing is proposed for {shown}: {why}"))
    return found, doubts


def _all_of(columns: Columns, indexes: Sequence[int], verb: str) -> str:
    """ "'A' and 'B' both hold", "'A', 'B' and 'C' all hold"."""
    *first, last = [f"'{columns.headings[index]}'" for index in indexes]
    both = "both" if len(first) == 1 else "all"
    return f"{', '.join(first)} and {last} {both if verb == 'hold' else ''}".rstrip() + f" {verb}"


def _hold(values: Sequence[str], kind: Holds, is_near: bool = False) -> bool:
    """Whether values are of a kind; where the heading `is_near` too, pounds may all be whole."""
    if len(values) < _FEWEST:
        return False
    if kind is Holds.DATES:
        return sum(map(is_day, values)) >= _MOST * len(values)
    if kind is Holds.POUNDS:
        # Numbers of documents and years are whole, amounts are not all.
        return (is_near or _has_pennies(values)) and sum(map(is_amount, values)) >= _MOST * len(values)
    return sum(_LEGAL_FORM.search(value) is not None for value in values) >= max(_FIRMS * len(values), 1)


def _has_pennies(values: Sequence[str]) -> bool:
    return any("." in value or "£" in value for value in values)


def is_day(text: str) -> bool:
    """Whether a text is a date in either order; a bare number may be anything."""
    is_bare = not re.search(r"[-/. ]|[A-Za-z]", text.strip()) or parse_money(text) is not None
    return not is_bare and (parse_date(text) is not None or parse_date(text, True) is not None)


def is_amount(text: str) -> bool:
    """Whether a text is an amount of money and no date."""
    return not is_day(text) and parse_money(text) is not None
