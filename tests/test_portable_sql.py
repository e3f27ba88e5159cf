"""The lint that keeps relations within the SQL that runs alike on one machine and on a cluster."""

from __future__ import annotations

import pytest

from portable import faults

PORTABLE = [
    "SELECT count(*) AS lines, count(DISTINCT supplier_key) AS suppliers, sum(amount_gbp) AS gbp FROM lines",
    "SELECT sum(amount_gbp) FILTER (WHERE is_local) AS local_gbp, min(a) AS a, max(b) AS b FROM spend_lines",
    """WITH things AS ( SELECT supplier_key, sum(amount_gbp) AS weight, max(CASE WHEN is_local THEN 1 WHEN NOT
    is_local THEN 0 END) AS is_in FROM spend_lines WHERE payment_date BETWEEN $first AND $last AND category IN
    ('Care', 'Waste') GROUP BY supplier_key HAVING sum(amount_gbp) <> 0) SELECT sum(CASE WHEN is_in IS NULL AND
    weight < 0 THEN weight ELSE 0 END) AS unknown_low FROM things""",
    "SELECT a.k, coalesce(b.x, 0) - nullif(a.x, 0) + a.y * -2 FROM a LEFT JOIN b ON a.k = b.k AND (a.n = b.n)",
    "SELECT a.k FROM a JOIN b USING (k) JOIN c ON b.j IS NOT DISTINCT FROM c.j",
    "SELECT CAST(x AS DECIMAL(38, 6)) * CAST(y AS DECIMAL(18, 2)), z::INTEGER, u::BOOLEAN FROM t",
    "SELECT v::VARCHAR, DATE '2024-04-01' FROM t",
    "SELECT k FROM (SELECT k, row_number() OVER (PARTITION BY g ORDER BY w DESC, k) AS n FROM t) r WHERE n <= ?",
    "SELECT 'home' AS ring, 1 AS n UNION ALL SELECT ring, n FROM t ORDER BY n, ring LIMIT 10",
    "SELECT v.a FROM (VALUES (1, 'x'), (2, 'y')) AS v(a, b) WHERE a IS NOT NULL OR b IS DISTINCT FROM 'x'",
    "SELECT DISTINCT supplier_key FROM lines WHERE is_home IS TRUE AND supplier_key NOT IN (SELECT k FROM paid)",
    "SELECT 0.25 * x, 1000 AS per, NULL AS nothing, TRUE AS told, t.* FROM t -- 1 / 2 in a comment is none",
]


@pytest.mark.parametrize("sql", PORTABLE)
def test_a_portable_statement_has_no_fault(sql: str) -> None:
    assert faults(sql) == []


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("SELECT a / b, a // b, a % b FROM t", ["division", "division", "remainder"]),
        ("SELECT avg(x), round(x, 2), abs(x), greatest(x, 0), least(x, 0) FROM t",
         ["avg", "round", "abs", "greatest", "least"]),
        ("SELECT round(avg(a / b), 2) FROM t", ["round", "avg", "division"]),  # each of what is nested
        ("SELECT first(x), any_value(x), arg_max(x, y), list(x), string_agg(x, ',') FROM t",
         ["first", "any_value", "arg_max", "array_agg", "listagg"]),
        ("SELECT min(x, 2), sum(x ORDER BY y), sum(DISTINCT x), count(DISTINCT (x, y)) FROM t",
         ["min of several", "ORDER BY within a function", "sum(DISTINCT)", "count(DISTINCT) of several"]),
        ("SELECT k, min(source_file) AS f, max(t.source_row) AS r, min(CASE WHEN nth = 1 THEN source_row END) FROM t GROUP BY k",
         ["min of part of a place", "max of part of a place"]),
        ("SELECT k FROM t ORDER BY k, source_file, source_row", ["order of rows without their sheet"]),
        ("SELECT k FROM t ORDER BY k, source_row DESC", ["order of rows without their sheet"]),
        ("SELECT row_number() OVER (ORDER BY t.source_file, t.source_row) FROM t", ["order of rows without their sheet"]),
        ("SELECT k FROM t ORDER BY source_file, source_sheet, source_row", []),
        ("SELECT a || b, upper(a), concat(a, b), strftime(d, '%Y') FROM t WHERE a LIKE 'x%' OR NOT a ILIKE 'y'",
         ["||", "upper", "concat", "strftime", "like", "ilike"]),
        ("SELECT x::DOUBLE, CAST(x AS FLOAT), 1e3, x::BIGINT, d::TIMESTAMP, TRY_CAST(x AS DATE) FROM t",
         ["cast to DOUBLE", "cast to FLOAT", "float literal", "cast to BIGINT", "cast to TIMESTAMP", "try_cast"]),
        ("SELECT approx_count_distinct(x), median(x), quantile_cont(x, 0.5), mode(x) FROM t",
         ["approx_count_distinct", "median", "quantile_cont", "mode"]),
        ("SELECT bool_or(p), bool_and(p), count_if(p), if(p, 1, 0) FROM t",
         ["bool_or", "bool_and", "count_if", "if"]),
        ("SELECT * REPLACE (a AS b) FROM t", ["* REPLACE"]),
        ("SELECT * EXCLUDE (a) FROM t", ["* EXCLUDE"]),
        ("SELECT t.* EXCLUDE (a), COLUMNS('x.*') FROM t", ["* EXCLUDE", "COLUMNS"]),
        ("SELECT a.k FROM a ASOF JOIN b ON a.k = b.k AND a.d >= b.d", ["ASOF JOIN"]),
        ("SELECT a.k FROM a JOIN b ON a.d >= b.first", ["join without equality"]),
        ("SELECT a.k FROM a JOIN b ON a.k = b.k AND a.d BETWEEN b.first AND b.last", ["join without equality"]),
        ("SELECT a.k FROM a JOIN b ON a.k = b.k OR a.j = b.j", ["join without equality"]),
        ("SELECT a.k FROM a JOIN b ON a.k = 1", ["join without equality"]),
        ("SELECT a.k FROM a, b WHERE a.k = b.k", ["join without equality"]),
        ("SELECT a.k FROM a CROSS JOIN b", ["join without equality"]),
        ("SELECT a.k FROM a NATURAL JOIN b", ["NATURAL JOIN"]),
        ("SELECT a.k FROM a POSITIONAL JOIN b", ["POSITIONAL JOIN"]),
        ("SELECT date_trunc('month', d), d + INTERVAL 1 MONTH, extract(year FROM d), year(d), current_date FROM t",
         ["date_trunc", "INTERVAL", "extract", "year", "currentdate"]),
        ("SELECT sum(x) OVER (ORDER BY d), rank() OVER (ORDER BY x), count(*) FILTER (WHERE p) OVER () FROM t",
         ["window function sum", "window function rank", "window function count"]),
        ("SELECT row_number() OVER (PARTITION BY k) FROM t", ["row_number without ORDER BY"]),
        ("SELECT row_number() OVER (ORDER BY k ROWS 2 PRECEDING) FROM t", ["window frame"]),
        ("SELECT row_number() OVER w FROM t WINDOW w AS (ORDER BY k)", ["WINDOW", "row_number without ORDER BY"]),
        ("SELECT k FROM t QUALIFY row_number() OVER (ORDER BY k) = 1", ["QUALIFY"]),
        ("SELECT k FROM t LIMIT 10", ["LIMIT without ORDER BY"]),  # which ten is anybody's guess
        ("SELECT k FROM t ORDER BY k LIMIT 10 OFFSET 5", ["OFFSET"]),
        ("SELECT k FROM t ORDER BY ALL", ["ORDER BY ALL"]),
        ("SELECT k, sum(x) FROM t GROUP BY ALL", ["GROUP BY ALL"]),
        ("SELECT k, sum(x) FROM t GROUP BY ROLLUP (k)", ["rollup"]),
        ("SELECT DISTINCT ON (k) k, x FROM t", ["DISTINCT ON"]),
        ("SELECT 1 UNION SELECT 2", ["UNION without ALL"]),
        ("SELECT 1 EXCEPT SELECT 2", ["EXCEPT"]),
        ("SELECT k FROM t WHERE EXISTS (SELECT 1 FROM u)", ["exists"]),
        ("SELECT k FROM t WHERE k = ANY (SELECT k FROM u)", ["any"]),
        ("SELECT x FROM read_csv('a.csv')", ["read_csv"]),
        ("SELECT x FROM range(3)", ["range"]),
        ("SELECT x FROM t TABLESAMPLE 10%", ["tablesample"]),
        ("SELECT x[1], unnest(y), our_own(x) FROM t", ["bracket", "unnest", "our_own"]),
        ("WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n FROM r) SELECT n FROM r", ["WITH RECURSIVE"]),
        ("WITH a AS (SELECT x / 2 AS y FROM t) SELECT y FROM a", ["division"]),  # wherever it stands
        ("INSERT INTO t VALUES (1)", ["not a query"]),
        ("CREATE TABLE t AS SELECT 1", ["not a query"]),
        ("SELECT 1; SELECT 2", ["not one statement"]),
        ("", ["not one statement"]),
        ("SELECT FROM WHERE (", ["cannot be read"]),
    ],
)  # fmt: skip
def test_what_is_not_portable_is_named(sql: str, named: list[str]) -> None:
    found = [fault.split(": ")[0] for fault in faults(sql)]
    assert found == named


def test_a_fault_says_where() -> None:
    assert faults("SELECT sum(a) / count(*) AS mean FROM lines") == ["division: SUM(a) / COUNT(*)"]
