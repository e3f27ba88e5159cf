"""SQL of typed columns: what registers write, as DuckDB reads it on all cores; Python only for what it cannot read."""

from __future__ import annotations

from cwb.base.values import ERROR_CELL, PLAIN_MONEY


def text(field: str) -> str:
    """SQL: a trimmed text, cleaned in Python where it holds entities or doubled blanks."""
    return (
        f"nullif(CASE WHEN contains({field}, '&') OR contains({field}, '  ') OR contains({field}, '\u00a0') "
        f"THEN cwb_text({field}) ELSE trim({field}) END, '')"
    )


def number(field: str) -> str:
    """SQL: a Companies House number in its eight characters; Python only for what is not so already."""
    return (
        f"CASE WHEN regexp_full_match({field}, '[0-9]{{8}}|[A-Z]{{2}}[0-9]{{6}}') THEN {field} "
        f"ELSE cwb_company_number({field}) END"
    )


def postcode(field: str) -> str:
    """SQL: "SG1 1AA", or NULL where the text is no postcode."""
    tight = f"upper(regexp_replace({field}, '[^A-Za-z0-9]', '', 'g'))"
    return (
        f"CASE WHEN regexp_full_match({tight}, '[A-Z]{{1,2}}[0-9][A-Z0-9]?[0-9][A-Z]{{2}}') "
        f"THEN left({tight}, -3) || ' ' || right({tight}, 3) END"
    )


def last_postcode(field: str) -> str:
    """SQL: the postcode with which an address in one text ends, else its address of the forces ("BFPO 57")."""
    found = f"regexp_extract(upper({field}), '([A-Z]{{1,2}}[0-9][A-Z0-9]?) *([0-9][A-Z]{{2}})[^A-Z0-9]*$', "
    forces = f"regexp_extract(upper({field}), '\\bBFPO *([0-9]{{1,4}})\\b', 1)"
    return f"coalesce(nullif(concat({found}1), ' ', {found}2)), ' '), 'BFPO ' || nullif({forces}, ''))"


def day(field: str) -> str:
    """SQL: a date from 1600 to 2100 in the forms that registers use; whatever else goes to Python."""
    # DuckDB takes "infinity" and "epoch" for dates, and its cast years before Christ.
    iso = f"CASE WHEN regexp_matches({field}, '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') THEN try_cast(left({field}, 10) AS DATE) END"
    uk = f"CASE WHEN regexp_matches({field}, '^ *[0-9]') THEN try_strptime({field}, '%d/%m/%Y')::DATE END"
    read = f"coalesce({uk}, {iso})"
    return (
        f"CASE WHEN {field} IS NULL OR {field} = '' THEN NULL "
        f"WHEN {read} BETWEEN DATE '1600-01-01' AND DATE '2100-12-31' THEN {read} "
        f"ELSE try_cast(cwb_register_day({field}) AS DATE) END"
    )


def pounds(field: str) -> str:
    """SQL: an amount of pounds, as every other reader reads it."""
    return (
        f"CASE WHEN regexp_full_match({field}, '{PLAIN_MONEY}') THEN try_cast({field} AS DOUBLE) "
        f"ELSE try_cast(cwb_money({field}) AS DOUBLE) END"
    )


def is_error(column: str) -> str:
    """SQL: whether a cell holds an error of a spreadsheet program. CASE: DuckDB computes every part of an AND for every row."""
    return (
        f"CASE WHEN starts_with({column}, '#') THEN regexp_matches({column}, '{ERROR_CELL}', 'i') ELSE false END"
    )


def number_cell(column: str) -> str:
    """SQL: the amount in a workbook's cell, where "1.234" is no thousand: the cell holds a number, and means what it says."""
    return f"CASE WHEN regexp_full_match({column}, '[0-9]{{1,3}}[.][0-9]{{3}}') THEN {column} || '0' ELSE {column} END"


def sic(field: str) -> str:
    """SQL: the five-digit SIC code before the dash; "None Supplied" and 0 are none."""
    digits = f"regexp_extract({field}, '^ *([0-9]{{4,5}}) *(-|$)', 1)"
    return f"CASE WHEN try_cast({digits} AS INTEGER) > 0 THEN lpad({digits}, 5, '0') END"
