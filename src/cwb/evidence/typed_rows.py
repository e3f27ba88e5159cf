"""Computed rows, such as graded purchases, as a table that findings can be computed from.

The fields of a frozen dataclass define the names and types of the columns; among them are `source_file`, `source_sheet`
and `source_row`, the origin of a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar, get_args, get_type_hints

import pyarrow as pa

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Line = TypeVar("Line", bound=DataclassInstance)

_TYPES: dict[object, pa.DataType] = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int64(),
    date: pa.date32(),
    Decimal: pa.decimal128(18, 2),
}


def as_table(kind: type[Line], rows: Sequence[Line]) -> pa.Table:
    """Rows of a dataclass as a table, its columns typed also where there is no row or no value. Pounds have two decimals."""
    hints = get_type_hints(kind)
    return pa.table(
        {
            field.name: pa.array([getattr(row, field.name) for row in rows], _type_of(hints[field.name]))
            for field in fields(kind)
        }
    )


def _type_of(hint: object) -> pa.DataType:
    """The type of a column; `str | None` is a text that may be NULL."""
    return _TYPES[next((part for part in get_args(hint) if part is not type(None)), hint)]
