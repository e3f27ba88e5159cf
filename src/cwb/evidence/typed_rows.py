"""Computed rows, such as graded purchases, as a table that findings can be computed from.

The names and types of the columns are the fields of a frozen dataclass, or are declared for rows that are dictionaries; among them
are `source_file`, `source_sheet` and `source_row`, the origin of a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar, get_args, get_type_hints

import pyarrow as pa

from cwb.base.rows import Row
from cwb.evidence.bounded import exactly

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Line = TypeVar("Line", bound=DataclassInstance)

_TYPES: dict[object, pa.DataType] = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    date: pa.date32(),
    Decimal: pa.decimal128(18, 2),
}
# Quantities that were divided: eight decimals.
QUANTITY = pa.decimal128(38, 8)
_SOURCE: dict[str, type | pa.DataType] = {"source_file": str, "source_sheet": str, "source_row": int}


def as_table(kind: type[Line], rows: Sequence[Line]) -> pa.Table:
    """Rows of a dataclass as a table, its columns typed also where there is no row or no value. Pounds have two decimals."""
    hints = get_type_hints(kind)
    return pa.table(
        {
            field.name: pa.array([getattr(row, field.name) for row in rows], _type_of(hints[field.name]))
            for field in fields(kind)
        }
    )


@exactly
def table_of(columns: Mapping[str, type | pa.DataType], rows: Iterable[Row]) -> pa.Table:
    """Rows as a table of the columns of their origin and of these, each of its type. What a row lacks is NULL, and what has no column
    is left out; a row without its origin is an error. A decimal type rounds to its places; plain `Decimal` has two, and more of them
    are an error."""
    every = list(rows)
    return pa.table(
        {
            name: pa.array(
                [_rounded(row[name] if name in _SOURCE else row.get(name), kind) for row in every],
                _TYPES[kind] if isinstance(kind, type) else kind,
            )
            for name, kind in (_SOURCE | dict(columns)).items()
        }
    )


def _rounded(cell: object, kind: type | pa.DataType) -> object:
    if isinstance(kind, type) or not isinstance(cell, Decimal) or not pa.types.is_decimal(kind):
        return cell
    return cell.quantize(Decimal(1).scaleb(-kind.scale))


def _type_of(hint: object) -> pa.DataType:
    """The type of a column; `str | None` is a text that may be NULL."""
    return _TYPES[next((part for part in get_args(hint) if part is not type(None)), hint)]
