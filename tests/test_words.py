"""Words that are looked for once of each different text are those that every line has; a reference that Python is not asked of names nobody."""

from __future__ import annotations

import re

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from cwb.base.privacy import shown_reference
from cwb.lines.texts import _NAMES_NOBODY, PLAIN_WORDS
from cwb.lines.words import PAID_FOR, Place, Words

_TEXT = st.sampled_from([None, "", "Grants & loans", "GRANT", "grant-in-aid", "Care", "Rent", "P-Card"])
_LINE = st.tuples(_TEXT, _TEXT, _TEXT, _TEXT, _TEXT, st.sampled_from(["a/card.csv", "b/grants.csv"]))


@settings(deadline=None, max_examples=40)
@given(st.lists(_LINE, max_size=8))
def test_a_line_has_the_words_of_its_own_texts(lines: list[tuple[str | None, ...]]) -> None:
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE lines (supplier_name VARCHAR, purpose VARCHAR, service VARCHAR, category VARCHAR, card VARCHAR, source_file VARCHAR)"
        )
        if lines:
            con.executemany("INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?)", lines)
        words = Words()
        asked = [(place, pattern) for place in Place for pattern in (r"\bgrants?\b", r"\b(rent|p card)\b")]
        columns = [words.has(place, pattern) for place, pattern in asked]
        assert columns == [words.has(place, pattern) for place, pattern in asked]
        found = con.execute(
            f"SELECT {', '.join(columns)} FROM {words.looked_for(con, 'lines', 'lines', 'a')}"
        ).fetchall()
        texts = {
            Place.NAME: "l.supplier_name",
            Place.TEXT: PAID_FOR,
            Place.CARD: "l.card",
            Place.FILE: "l.source_file",
        }
        each = ", ".join(
            f"coalesce(regexp_matches({PLAIN_WORDS.format(texts[place])}, '{pattern}'), FALSE)"
            for place, pattern in asked
        )
        assert sorted(found) == sorted(con.execute(f"SELECT {each} FROM lines l").fetchall())


def test_without_words_the_lines_are_as_they_were() -> None:
    with duckdb.connect() as con:
        assert con.execute(
            f"SELECT * FROM {Words().looked_for(con, '(SELECT 1 AS n)', '(SELECT 1)', 'a')}"
        ).fetchall() == [(1,)]


@given(st.from_regex(re.compile(_NAMES_NOBODY), fullmatch=True))
def test_a_reference_of_one_word_names_nobody(reference: str) -> None:
    assert shown_reference(reference) == reference
