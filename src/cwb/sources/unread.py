"""Values that a file states and that cannot be read: one account for every reader.

A reader in Python counts them in a `Tally`; one in SQL keeps them beside the row in a column `unread`, a list of field and
text that is NULL where all was read, which `unread_in` counts. Texts that state nothing ("n/a", a dash) are not among them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import duckdb
import pandas as pd

from cwb.sources.report import Unread

_EXAMPLES = 3
_NOTHING = r"^[\s.?*-]*$|^\s*(n\s?[/.]?\s?a\.?|none|nil|null|not applicable|none supplied|0+)\s*$"
_STATES_NOTHING = re.compile(_NOTHING, re.IGNORECASE)
# The type of the column `unread`.
UNREAD_TYPE = "STRUCT(field VARCHAR, text VARCHAR)[]"


def states_nothing(text: str | None) -> bool:
    """Whether a text is blank or only says that there is no value."""
    return text is None or _STATES_NOTHING.match(text) is not None


def is_unread(texts: pd.DataFrame, values: pd.DataFrame, field: str) -> pd.Series:
    """Which rows of a small table state a value of a field that cannot be read."""
    is_stated = texts[field].map(lambda text: not states_nothing(text), na_action="ignore")
    return is_stated.fillna(False).astype(bool) & values[field].isna()


class Tally:
    """Counts values that cannot be read, by field, in the order of the file."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[int, int, dict[str, None]]] = {}

    def add(self, field: str, text: str, row: int) -> None:
        rows, first, examples = self._found.get(field, (0, row, {}))
        if len(examples) < _EXAMPLES:
            examples[text] = None
        self._found[field] = (rows + 1, first, examples)

    def account(self) -> tuple[Unread, ...]:
        return tuple(
            Unread(field, rows, first, tuple(examples)) for field, (rows, first, examples) in self._found.items()
        )


def sql_unread(texts: Mapping[str, str]) -> str:
    """SQL of the column `unread` of a row: of each field the SQL of its text where it could not be read, else NULL."""
    if not texts:
        return f"NULL::{UNREAD_TYPE}"
    stated = {
        field: f"CASE WHEN NOT regexp_matches(lower({sql}), '{_NOTHING}') THEN {sql} END"
        for field, sql in texts.items()
    }
    listed = ", ".join(f"{{'field': '{field}', 'text': {sql}}}" for field, sql in stated.items())
    # CASE: the list is made for the few rows that need one.
    return (
        f"CASE WHEN coalesce({', '.join(texts.values())}) IS NOT NULL "
        f"THEN nullif(list_filter([{listed}], lambda u: u.text IS NOT NULL), []) END"
    )


def unread_in(con: duckdb.DuckDBPyConnection, relation: str) -> tuple[Unread, ...]:
    """The account of a relation with `source_row` and `unread`."""
    found = con.execute(
        f"""WITH stated AS (SELECT source_row, unnest(unread) AS u FROM {relation} WHERE unread IS NOT NULL),
            texts AS (SELECT u.field AS field, u.text AS text, count(*) AS n, min(source_row) AS first_row
                      FROM stated GROUP BY ALL)
            SELECT field, sum(n)::BIGINT, min(first_row), list(text ORDER BY first_row, text)[:{_EXAMPLES}] FROM texts
            GROUP BY field ORDER BY min(first_row), field"""
    ).fetchall()
    return tuple(Unread(field, rows, first, tuple(examples)) for field, rows, first, examples in found)
