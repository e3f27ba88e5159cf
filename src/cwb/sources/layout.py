"""What a layout is: the headings that a dataset's fields may have."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

_NOISE = re.compile(r"[£€$*\ufeff\ufffd\u00a0\u0153\u00c2\u00ef\u00bb\u00bf\ufffd\u00fa]")

# What the settings say of a column that is to be passed over.
UNUSED = "unused"


@lru_cache(maxsize=20_000)
def normalise_header(text: str | None) -> str:
    """Lower case, no currency signs, BOMs or asterisks, no empty brackets, single spaces, no end punctuation."""
    cleaned = _NOISE.sub(" ", str(text or "")).lower().replace("_", " ")
    cleaned = re.sub(r"\(\s*\)", " ", cleaned)
    cleaned = re.sub(r"^\d{1,2}\.\s*", "", " ".join(cleaned.split()))
    return cleaned.strip(" :.;")


@dataclass(frozen=True)
class Layout:
    """How a dataset's columns may be headed.

    `fields` maps a field to its aliases; `required` lists the fields a file must have, where a tuple means
    "one of these". `marks` are headers that no other dataset has: they decide between near relations. `words` are what
    messages call the dataset. `mapped` are the headings of which the settings say what they hold: a field, or `UNUSED`.
    """

    source: str
    fields: dict[str, tuple[str, ...]]
    required: tuple[str | tuple[str, ...], ...]
    marks: frozenset[str] = field(default=frozenset())
    words: str = ""
    mapped: Mapping[str, str] = field(default_factory=dict)

    def with_columns(self, columns: Mapping[str, str]) -> Layout:
        """The layout of a file of whose headings the settings say what they hold."""
        return replace(self, mapped={normalise_header(heading): name for heading, name in columns.items()})

    def match(self, headers: Sequence[str]) -> dict[str, int]:
        """Field → column index for one header row; each column serves one field, each field one column."""
        # Without blanks: a machine's "NetAmount" is "Net amount", as Leeds heads some years.
        places: dict[str, list[int]] = {}
        for index, header in enumerate(headers):
            places.setdefault(normalise_header(header).replace(" ", ""), []).append(index)
        # A row of data has no heading of any field: most rows that are looked at are such.
        if self.headings.isdisjoint(places):
            return {}
        found: dict[str, int] = {}
        taken: set[int] = set()
        for heading, name in self.mapped.items():
            for index in places.get(heading.replace(" ", ""), ())[:1]:
                taken.add(index)
                if name != UNUSED:
                    found[name] = index
        for name, wanted in self._ranked:
            if name in found:
                continue
            free = (i for heading in wanted for i in places.get(heading, ()) if i not in taken)
            first = next(free, None)
            if first is not None:
                found[name] = first
                taken.add(first)
        return found

    def fit(self, headers: Sequence[str]) -> tuple[int, int]:
        """How well headers fit: how many of the dataset's own marks they hold, and how many fields. Of two layouts the larger fits."""
        found = self.match(headers)
        return len(self.marks & found.keys()), len(found)

    @cached_property
    def headings(self) -> frozenset[str]:
        """Every heading that some field may have, and those of which the settings speak, without blanks."""
        aliases = {heading for _, headings in self._ranked for heading in headings}
        return frozenset(aliases | {heading.replace(" ", "") for heading in self.mapped})

    @cached_property
    def _ranked(self) -> list[tuple[str, tuple[str, str]]]:
        """Fields with their aliases, first aliases first; of each alias the headings that match it, in order, without blanks.

        A column "X(T)" holds the text of the coded column "X" (seen at Harrogate), so it goes first. An alias that ends so
        says that the text is of another field: the text of Gateshead's "Supplier ID" is the supplier's name.
        """
        ranked = sorted(
            (not alias.endswith("(t)"), rank, name, alias)
            for name, aliases in self.fields.items()
            for rank, alias in enumerate(aliases)
        )
        tight = ((name, alias.replace(" ", "")) for _, _, name, alias in ranked)
        return [(name, (f"{alias}(t)", alias)) for name, alias in tight]

    def missing(self, found: dict[str, int]) -> list[str]:
        """Required fields without a column, alternatives joined by "or"."""
        return [
            need if isinstance(need, str) else " or ".join(need)
            for need in self.required
            if (need not in found if isinstance(need, str) else not any(n in found for n in need))
        ]
