"""What a public register says of itself: its fields and aliases, how each column is typed, and which rows are refused."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field

from cwb.sources.constraints import Check
from cwb.sources.layout import Layout
from cwb.sources.source import Source


@dataclass(frozen=True)
class RegisterRule:
    """Why a row is refused: an SQL condition over fields and typed columns, the reason, the remedy, the field shown."""

    condition: str
    reason: str
    remedy: str
    field: str


@dataclass(frozen=True, kw_only=True)
class Register(Source):
    """How a register is read. `fields` are the aliases of its fields, `columns` the SQL of each typed column over them ($field is its
    text, or NULL), `key` the columns that name an entry.

    `passed_over` is a condition for rows that are no entries of their own (a charity's subsidiaries). `registered` is the
    column of the day on which an entry was registered, `extracted` that of the day on which the file was made.
    """

    fields: dict[str, tuple[str, ...]] = dataclass_field(default_factory=dict)
    required: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    key: str = ""
    columns: dict[str, str] = dataclass_field(default_factory=dict)
    rules: tuple[RegisterRule, ...] = ()
    checks: tuple[Check, ...] = ()
    passed_over: str = "false"
    registered: str = ""
    extracted: str = ""
    reads_as_mapped = False

    @property
    def fields_of(self) -> dict[str, str]:
        """Typed column → the field that it is read from, for those that may not be readable."""
        names = {name: name.removesuffix("_gbp") for name in self.columns}
        return {name: field for name, field in names.items() if field in self.fields}

    @property
    def layout(self) -> Layout:
        return Layout(self.name, self.fields, self.required, self.marks, self.words)
