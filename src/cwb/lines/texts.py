"""Texts that people write, as a page may show them: a title, purpose or department that may name a person is not shown."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pyarrow as pa

from cwb.base.privacy import TITLE_WITHHELD, shown_name, shown_reference, shown_text
from cwb.base.references import same_reference
from cwb.base.rows import PLACE
from cwb.lines.table import Column
from cwb.sources.fields import ShownBy
from cwb.sources.tabular import sql_text

_FUNCTIONS: dict[ShownBy, Callable[[str], str | None]] = {
    ShownBy.TITLE: lambda text: shown_text(text, TITLE_WITHHELD),
    ShownBy.TEXT: shown_text,
    ShownBy.NAME: lambda name: name and shown_name(name),
    ShownBy.POSTCODE: lambda postcode: postcode and postcode.split()[0],
    ShownBy.REFERENCE: shown_reference,
    ShownBy.COMPARED: lambda text: same_reference(shown_reference(text)) or None,
}

# SQL of a text as words are looked for in it: small letters and digits, one blank between words.
PLAIN_WORDS = "trim(regexp_replace(replace(lower({}), '&', ' and '), '[^a-z0-9]+', ' ', 'g'))"

# A number, or one word in capitals and a number: nobody is named by a single word. Every payment has another, and to ask Python of
# each takes longer than all else that is done with it.
_NAMES_NOBODY = r"[ -?\[-`{-~]*[A-Z]*[ -?\[-`{-~]*"


def shown(column: Column) -> str:
    """SQL of a column's value as it is stored: a text that people write goes through its function."""
    if column.shown_by is None:
        return column.name
    value = f"{column.shown_by}({column.name}::VARCHAR)"
    if column.shown_by is ShownBy.REFERENCE:
        text = f"{column.name}::VARCHAR"
        value = f"CASE WHEN regexp_full_match({text}, {sql_text(_NAMES_NOBODY)}) THEN {text} ELSE {value} END"
    if column.shown_by in (ShownBy.REFERENCE, ShownBy.COMPARED) and column.needed:
        # One that names a person is none: the thing that it stands for still is one in all its rows, called by the first of them.
        row = "concat_ws(', ', source_file, source_sheet, 'row ' || source_row)"
        first = f"first_value({row}) OVER (PARTITION BY upper(trim({column.name})) ORDER BY {PLACE})"
        value = f"coalesce({value}, 'not shown (' || {first} || ')')"
    return value


def add_functions(con: duckdb.DuckDBPyConnection) -> None:
    """Make the functions of `ShownBy` known to `con`."""
    for name, function in _FUNCTIONS.items():
        con.create_function(
            str(name),
            _by_value(function),
            ["VARCHAR"],  # type: ignore[list-item]
            "VARCHAR",  # type: ignore[arg-type]
            type="arrow",  # type: ignore[arg-type]
            null_handling="special",  # type: ignore[arg-type]
        )


def _by_value(function: Callable[[str], str | None]) -> Callable[[pa.ChunkedArray], pa.Array]:
    """The function over an Arrow array, asked once for each different text: a department stands in many rows."""

    def over(texts: pa.ChunkedArray) -> pa.Array:
        coded = pa.chunked_array(texts).combine_chunks().dictionary_encode()
        values = [function(text) for text in coded.dictionary.to_pylist()]
        return pa.array(values, pa.string()).take(coded.indices)

    return over
