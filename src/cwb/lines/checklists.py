"""Checklists by commitment: each procurement of the list beside each commitment that some list or the council's own strategy names."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from cwb.base.rows import PLACE
from cwb.lines.columns import PERIOD, SOURCE, flag, text
from cwb.lines.resolve import period_columns
from cwb.lines.table import Table, add_list
from cwb.sources.datasets.checklists import ANSWERS, TOUCHED
from cwb.sources.fields import ShownBy
from cwb.sources.table_texts import BETWEEN
from cwb.sources.tabular import sql_text

CHECKLIST_ANSWERS = Table(
    "checklist_answers",
    "one commitment of one procurement of the sustainability checklist that has a date",
    (
        *SOURCE,
        *PERIOD,
        text("answer_key", "the procurement and the commitment", needed=True),
        text("reference", "procurement", needed=True),
        flag("is_completed", "its checklist is completed"),
        text("item", "number of the commitment; NULL: the list names it without one"),
        text(
            "commitment",
            "the commitment, as the list heads it; a name in a cell as a pack may show it",
            needed=True,
        ),
        text("answer", "answer; NULL: not stated", ANSWERS),
    ),
)
# A number at the start of a heading: B2.7.
_ITEM = r"^\s*([A-Za-z]{1,2}\d+(?:\.\d+)+)\b"


def answers_sql(con: duckdb.DuckDBPyConnection, checklists: str, own: Mapping[str, str]) -> str:
    """The SQL of `checklist_answers`. `own` has the commitments of the council's strategy (number → words), each of which is there
    though no list answers it, where some list has answers by number.

    A column's answer wins over a number in the one cell of all that were touched.
    """
    add_list(con, "own_commitments", ("heading",), [(f"{item} {words}",) for item, words in own.items()])
    item = f"nullif(upper(regexp_extract(heading, '{_ITEM}', 1)), '')"
    return f"""
        WITH told AS (
            SELECT reference, split_part(line, {sql_text(BETWEEN)}, 1) AS heading, split_part(line, {sql_text(BETWEEN)}, 2) AS answer,
                1 AS rank FROM (SELECT reference, unnest(string_split(answers, chr(10))) AS line FROM {checklists}) WHERE line <> ''
            UNION ALL SELECT reference, trim(name), {sql_text(TOUCHED)}, 2
            FROM (SELECT reference, unnest(string_split(commitments, ';')) AS name FROM {checklists}) WHERE trim(name) <> ''),
        numbered AS (SELECT *, {item} AS item, coalesce({item}, heading) AS key FROM told),
        answered AS (SELECT reference, key, arg_min(answer, rank) AS answer FROM numbered GROUP BY ALL),
        every AS (SELECT item, key, heading FROM numbered UNION ALL
            SELECT {item}, {item}, heading FROM own_commitments WHERE EXISTS (SELECT 1 FROM numbered WHERE item IS NOT NULL)),
        commitments AS (SELECT item, key, arg_max(heading, (length(heading), heading)) AS commitment FROM every GROUP BY item, key)
        SELECT {PLACE}, {period_columns("started")}, l.reference || ' ' || c.key AS answer_key,
            l.reference, is_completed, c.item,
            CASE WHEN c.item IS NULL THEN {ShownBy.TEXT}(c.commitment) ELSE c.commitment END AS commitment, a.answer
        FROM {checklists} l CROSS JOIN commitments c
        LEFT JOIN answered a ON a.reference = l.reference AND a.key = c.key WHERE started IS NOT NULL"""
