"""Words that are looked for in payment lines: asked once of each different name and text, for thousands of lines bear the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

import duckdb

from cwb.lines.texts import PLAIN_WORDS
from cwb.sources.tabular import sql_text

# What a payment `l` was for.
PAID_FOR = "concat_ws(' | ', l.purpose, l.service, l.category)"


class Place(Enum):
    """Where words stand: the columns of a line `l`, and their text."""

    NAME = (("supplier_name",), "l.supplier_name")
    TEXT = (("purpose", "service", "category"), PAID_FOR)
    CARD = (("card",), "l.card")
    FILE = (("source_file",), "l.source_file")

    @property
    def columns(self) -> tuple[str, ...]:
        columns: tuple[str, ...] = self.value[0]
        return columns

    @property
    def plain(self) -> str:
        """SQL of the text in small letters and without marks."""
        return PLAIN_WORDS.format(self.value[1])


@dataclass
class Words:
    """Patterns, each asked of one place, and the boolean column that says of a line whether its text there has it."""

    _asked: dict[tuple[Place, str], str] = field(default_factory=dict)

    def has(self, place: Place, pattern: str) -> str:
        """The column of a regular expression; FALSE where there is no text."""
        return self._asked.setdefault((place, pattern), f"has_{len(self._asked)}")

    def looked_for(self, con: duckdb.DuckDBPyConnection, lines: str, among: str, of: str) -> str:
        """SQL of lines with the columns. `among` is SQL of lines that hold every text of theirs, cheaper to read; `of` names
        the temporary tables, which hold the few texts that have any of the words."""
        columns, joins = list[str](), list[str]()
        for place in Place:
            asked = {column: pattern for (where, pattern), column in self._asked.items() if where is place}
            if not asked:
                continue
            table = f"{of}_words_{place.name.lower()}"
            names = ", ".join(place.columns)
            tests = ", ".join(
                f"coalesce(regexp_matches(plain, {sql_text(pattern)}), FALSE) AS {column}"
                for column, pattern in asked.items()
            )
            con.execute(
                f"""CREATE OR REPLACE TEMP TABLE {table} AS SELECT {names}, {tests}
                    FROM (SELECT {names}, {place.plain} AS plain FROM (SELECT DISTINCT {names} FROM {among}) l)
                    WHERE {" OR ".join(asked)}"""
            )
            same = " AND ".join(f"{table}.{name} IS NOT DISTINCT FROM l.{name}" for name in place.columns)
            joins.append(f"LEFT JOIN {table} ON {same}")
            columns += [f"coalesce({table}.{column}, FALSE) AS {column}" for column in asked]
        found = "".join(f", {column}" for column in columns)
        return f"(SELECT l.*{found} FROM {lines} l {' '.join(joins)})"
