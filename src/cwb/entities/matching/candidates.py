"""Which registered names could be a supplier's: blocking in DuckDB, so that millions are never compared one by one.

A registered name is a candidate when it has the same words as the supplier's, shares its rarest words or a pair of its
words (in any order, one slip of the pen forgiven in a rare word), begins alike, or has the same postcode. Of each
supplier's candidates the nearest are kept for scoring.
"""

from __future__ import annotations

import duckdb
import pandas as pd

from cwb.entities.matching.names import normalised, register_functions
from cwb.entities.matching.readings import readings

KEPT = 15
_RARE_DF = 1_500  # a word borne by more names than this does not tell
_RARE_WORDS = 3
_BLOCK = 400  # names that may share a beginning or a pair of words
_PREFIX = 9


def load_names(con: duckdb.DuckDBPyConnection, relation: str) -> None:
    """Create the view `names` and the table `vocabulary` from a relation with `org_id`, `name`, `kind`, `postcode`.

    `names` gains `name_id` and the texts of `cwb.entities.matching.names`; `vocabulary` has each word and how many names bear it.
    """
    register_functions(con)
    con.execute(
        f"""CREATE OR REPLACE TABLE known_names AS
            SELECT org_id, name, kind, postcode, form, core, loose FROM {normalised(relation, "name")}"""
    )
    # A row's place is its number: counting rows with a window would keep DuckDB to one core.
    con.execute("CREATE OR REPLACE VIEW names AS SELECT rowid AS name_id, * FROM known_names")
    con.execute(
        """CREATE OR REPLACE TABLE vocabulary AS
           SELECT token, count(*) AS df FROM (SELECT unnest(string_split(core, ' ')) AS token FROM names) GROUP BY 1"""
    )


def load_queries(con: duckdb.DuckDBPyConnection, relation: str) -> None:
    """Create the table `queries` from a relation with `q_id`, `name`, `postcode`: one row per way to read a name.

    `variant`, `name` and `dropped` are those of `cwb.entities.matching.readings`; `stated_length` counts the letters of
    the name as it stands. `load_names` first.
    """
    stated = con.execute(f"SELECT q_id, postcode, name FROM {relation}").fetchall()
    rows = [
        (q_id, postcode, len(name), reading.variant, reading.name, reading.dropped)
        for q_id, postcode, name in stated
        for reading in readings(name)
    ]
    columns = ["q_id", "postcode", "stated_length", "variant", "name", "dropped"]
    con.register("read_names", pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[3:], "str")))
    con.execute(
        f"""CREATE OR REPLACE TABLE queries AS SELECT row_number() OVER (ORDER BY q_id, variant) AS a_id, *
            FROM {normalised("(SELECT * REPLACE (postcode::VARCHAR AS postcode) FROM read_names)", "name")}"""
    )
    con.unregister("read_names")


def find_candidates(con: duckdb.DuckDBPyConnection) -> None:
    """Create the table `candidates`: `a_id`, `name_id`, the nearest `KEPT` per row of `queries`, with `rough`, how near they
    are, and `is_same`, whether they have the same letters or, in any order, the same words."""
    _words(con)
    _neighbours(con)
    steps = (_same_words(), _rare_words(), _pairs(), _beginnings(), _places())
    con.execute(f"CREATE OR REPLACE TABLE found AS {' UNION '.join(f'({step})' for step in steps)}")
    # A name is found for many suppliers: what is compared of it is computed once.
    shapes = """core, replace(core, ' ', '') AS tight,
                array_to_string(list_sort(string_split(core, ' ')), ' ') AS ordered"""
    con.execute(
        f"CREATE OR REPLACE TABLE found_names AS SELECT name_id, {shapes} FROM names SEMI JOIN found USING (name_id)"
    )
    con.execute(
        f"""CREATE OR REPLACE TABLE candidates AS
        WITH measured AS (
            SELECT a_id, name_id, greatest(
                jaro_winkler_similarity(a.core, n.core),
                jaro_winkler_similarity(a.ordered, n.ordered),
                CASE WHEN starts_with(n.tight, a.tight) AND length(a.tight) > 7 THEN 0.97 ELSE 0 END
            ) AS rough, a.tight = n.tight OR a.ordered = n.ordered AS is_same
            FROM found JOIN (SELECT a_id, {shapes} FROM queries) a USING (a_id) JOIN found_names n USING (name_id)),
        nearest AS (
            -- The least of so many keeps no more than those of each supplier; a window would sort them all.
            SELECT a_id, unnest(min({{far: -rough, name_id: name_id, is_same: is_same}}, {KEPT})) AS one
            FROM measured GROUP BY a_id)
        -- Asked of the nearest alone: asked of all that were found, it would have each measured twice.
        SELECT a_id, one.name_id, -one.far AS rough, one.is_same FROM nearest WHERE -one.far > 0.6"""
    )
    for table in ("found", "found_names"):
        con.execute(f"DROP TABLE {table}")


def _words(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """CREATE OR REPLACE TABLE query_words AS
           SELECT a_id, token, coalesce(df, 0) AS df
           FROM (SELECT DISTINCT a_id, unnest(string_split(core, ' ')) AS token FROM queries)
           LEFT JOIN vocabulary USING (token)"""
    )


def _neighbours(con: duckdb.DuckDBPyConnection) -> None:
    """Words of the register within one slip of a rare or unknown word: both with one letter left out meet."""
    left_out = "list_transform(range(0, length(token)), lambda i: left(token, i) || substr(token, i + 2))"
    # A word with a letter too many or too few meets the other's whole spelling.
    keys = f"unnest(list_distinct(list_concat([token], {left_out})))"
    con.execute(
        f"""CREATE OR REPLACE TABLE neighbours AS
        WITH odd AS (SELECT DISTINCT token FROM query_words WHERE df <= 1 AND length(token) BETWEEN 4 AND 24
                     AND NOT regexp_matches(token, '^[0-9]+$')),
        odd_keys AS (SELECT token AS odd, {keys} AS key FROM odd),
        known AS (SELECT token, df FROM vocabulary WHERE length(token) BETWEEN 3 AND 25),
        known_keys AS (SELECT token AS known, df, {keys} AS key FROM known)
        SELECT DISTINCT odd AS token, known, df FROM odd_keys JOIN known_keys USING (key)
        WHERE odd <> known AND damerau_levenshtein(odd, known) <= 1"""
    )
    con.execute(
        """CREATE OR REPLACE TABLE readings AS
           SELECT a_id, token AS original, token, df FROM query_words WHERE df > 0
           UNION ALL
           SELECT a_id, token, known, n.df FROM query_words JOIN neighbours n USING (token)"""
    )


def _same_words() -> str:
    return """SELECT a_id, name_id FROM queries JOIN names USING (core)
              UNION SELECT a.a_id, n.name_id FROM queries a JOIN names n ON a.loose = n.loose"""


def _rare_words() -> str:
    return f"""
        WITH chosen AS (
            SELECT a_id, token FROM readings WHERE df <= {_RARE_DF}
            QUALIFY row_number() OVER (PARTITION BY a_id ORDER BY df, token) <= {_RARE_WORDS}),
        wanted AS (SELECT DISTINCT token FROM chosen),
        bearing AS (
            SELECT name_id, token FROM (SELECT name_id, unnest(string_split(core, ' ')) AS token FROM names)
            SEMI JOIN wanted USING (token))
        SELECT a_id, name_id FROM chosen JOIN bearing USING (token)"""


def _pairs() -> str:
    """Two words in common, in any order: what finds a name all of whose words are frequent.

    A pair is a number made of its two words: numbers of millions of names are made and met much quicker than texts. Should
    two pairs ever have one number, they count as one: a name too many is measured, or a pair too frequent left out.
    """
    places = [(i, j) for j in range(2, 5) for i in range(1, j)]
    few, some, all_pairs = (", ".join(_pair(f"w{i}", f"w{j}") for i, j in places[:n]) for n in (1, 3, 6))
    words = ", ".join(f"{_numbered(f't[{i}]')} AS w{i}" for i in range(1, 5))
    return f"""
        WITH first_words AS (
            SELECT a_id, {_numbered("token")} AS word, place FROM (
                SELECT a_id, token, row_number() OVER (PARTITION BY a_id ORDER BY df, token) AS place FROM readings)
            WHERE place <= 4),
        query_pairs AS (
            SELECT DISTINCT a_id, {_pair("x.word", "y.word")} AS pair
            FROM first_words x JOIN first_words y USING (a_id) WHERE x.place < y.place),
        name_words AS (
            SELECT name_id, len(t) AS words, {words}
            FROM (SELECT name_id, string_split(core, ' ') AS t FROM names WHERE contains(core, ' '))),
        name_pairs AS (
            SELECT name_id, unnest(CASE words WHEN 2 THEN [{few}] WHEN 3 THEN [{some}] ELSE [{all_pairs}] END) AS pair
            FROM name_words),
        met AS (SELECT name_id, pair FROM name_pairs SEMI JOIN query_pairs USING (pair)),
        few AS (SELECT pair FROM met GROUP BY pair HAVING count(*) <= {_BLOCK})
        SELECT a_id, name_id FROM met SEMI JOIN few USING (pair) JOIN query_pairs USING (pair)"""


def _numbered(word: str) -> str:
    """SQL: a number for a word, of which two can be added."""
    return f"hash({word}) >> 1"


def _pair(one: str, other: str) -> str:
    return f"{one} + {other}"


def _beginnings() -> str:
    """Names that begin with the whole of a name that may have been cut, and names that share a long beginning."""
    return f"""
        WITH starts AS (
            SELECT a_id, replace(core, ' ', '') AS tight, left(replace(core, ' ', ''), {_PREFIX}) AS start FROM queries
            WHERE length(replace(core, ' ', '')) >= 6),
        short AS (SELECT DISTINCT left(tight, 6) AS key FROM starts),
        tights AS (SELECT name_id, replace(core, ' ', '') AS tight FROM names),
        near AS (SELECT name_id, tight, left(tight, 6) AS key FROM tights WHERE left(tight, 6) IN (SELECT key FROM short)),
        long_met AS (SELECT a_id, name_id, start FROM starts JOIN near n ON left(n.tight, {_PREFIX}) = start
                     WHERE length(start) = {_PREFIX}
                     QUALIFY count(*) OVER (PARTITION BY a_id) <= {_BLOCK}),
        whole_met AS (SELECT a_id, name_id FROM starts s JOIN near n ON left(s.tight, 6) = n.key
                      WHERE starts_with(n.tight, s.tight)
                      QUALIFY count(*) OVER (PARTITION BY a_id) <= {_BLOCK})
        SELECT a_id, name_id FROM long_met UNION SELECT a_id, name_id FROM whole_met"""


def _places() -> str:
    return """SELECT a_id, name_id FROM queries a JOIN names n ON a.postcode = n.postcode
              WHERE jaro_winkler_similarity(a.core, n.core) > 0.75"""
