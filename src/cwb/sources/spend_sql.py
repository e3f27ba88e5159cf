"""The SQL that types one grid of spend: one pass over the file, whatever its size.

Python is called only for what plain SQL cannot read (`cwb_date`, `cwb_money`, …), so that a clean file costs no
more than a few times DuckDB's own reading. `tests/benchmarks/bench_spend.py` measures it.
"""

from __future__ import annotations

from pathlib import Path

from cwb.base.database import file_sql
from cwb.base.months import MONTH_ONLY
from cwb.base.no_name import NoName, sql_may_be_none
from cwb.base.values import PLAIN_MONEY
from cwb.sources.headers import Header
from cwb.sources.misplaced import misplaced_in
from cwb.sources.refusal import TOTAL_ROW
from cwb.sources.register_sql import is_error, last_postcode, number_cell
from cwb.sources.spend_reasons import NEITHER, NO_DATE, NOTHING_STATED, UNREAD_DATE, sql_no_amount
from cwb.sources.spend_totals import sql_bare_amount, sql_total_by_name
from cwb.sources.tabular import WORKBOOK, Grid, sql_text
from cwb.sources.unread import sql_unread

# The amount that counts, by the first of these that a file has.
AMOUNTS = ("net", "gross", "amount")
TEXT_FIELDS = (
    "organisation_name", "supplier_id", "charity_number", "department", "service", "purpose", "category", "cpv_code",
    "proclass_code", "transaction_number", "card", "contract_reference", "capital_revenue",
)  # fmt: skip
# What a line of spend is, in the order in which it is stored.
COLUMNS = {
    "source_file": "VARCHAR",
    "source_sheet": "VARCHAR",
    "source_row": "BIGINT",
    "organisation_name": "VARCHAR",
    "payment_date": "DATE",
    "supplier_name": "VARCHAR",
    "supplier_id": "VARCHAR",
    "company_number": "VARCHAR",
    "charity_number": "VARCHAR",
    "postcode": "VARCHAR",
    "amount_gbp": "DECIMAL(18,2)",
    "net_gbp": "DECIMAL(18,2)",
    "gross_gbp": "DECIMAL(18,2)",
    "vat_gbp": "DECIMAL(18,2)",
    "irrecoverable_vat_gbp": "DECIMAL(18,2)",
    "vat_basis": "VARCHAR",
    "department": "VARCHAR",
    "service": "VARCHAR",
    "purpose": "VARCHAR",
    "category": "VARCHAR",
    "cpv_code": "VARCHAR",
    "proclass_code": "VARCHAR",
    "transaction_number": "VARCHAR",
    "card": "VARCHAR",
    "contract_reference": "VARCHAR",
    "capital_revenue": "VARCHAR",
    "is_redacted": "BOOLEAN",
    "reason": "VARCHAR",
    "offending_text": "VARCHAR",
}
# What only `lines_of` and the account need of a typed file.
_INNER = ("header_row", "is_data", "states_month", "names_several", "unread", "also", "also_text")
_IS_POUNDS = r"^(GBP|UKP|STG|£|.*STERLING|POUNDS?)\b|^£"
_NO_TEXT, _NO_MONEY = "NULL::VARCHAR", "NULL::DECIMAL(18,2)"


def _name(column: str, has_wide_blanks: bool) -> str:
    """A name: trimmed, and cleaned in Python where it holds entities, hard spaces or double spaces."""
    return (
        f"nullif(CASE WHEN contains({column}, '&') OR contains({column}, '  ') OR contains({column}, '\u00a0') "
        f"THEN cwb_text({column}) ELSE {_text(column, has_wide_blanks)} END, '')"
    )


def _text(column: str, has_wide_blanks: bool = True) -> str:
    """A trimmed text, NULL where nothing is left. DuckDB's trim knows all blanks of Unicode and takes its time."""
    trimmed = f"nullif(trim({column}), '')"
    if has_wide_blanks:
        return trimmed
    return f"CASE WHEN starts_with({column}, ' ') OR ends_with({column}, ' ') THEN {trimmed} ELSE {column} END"


def _money(column: str) -> str:
    # The cast alone would take "1_000", "1e5" and "1.234" for amounts.
    plain = f"CASE WHEN regexp_full_match({column}, '{PLAIN_MONEY}') THEN try_cast({column} AS DECIMAL(18,2)) END"
    return f"coalesce({plain}, try_cast(cwb_money({column}) AS DECIMAL(18,2)))"


def _plain_date(column: str, month_first: bool) -> str:
    """The date of the two forms that DuckDB reads by itself; NULL for every other text."""
    day = f"try_strptime({column}, '{'%m/%d/%Y' if month_first else '%d/%m/%Y'}')::DATE"
    return _of_a_ledger(day)


def _of_a_ledger(day: str) -> str:
    return f"CASE WHEN {day} BETWEEN DATE '1990-01-01' AND DATE '2100-12-31' THEN {day} END"


def _date(column: str, month_first: bool, turned: bool) -> str:
    read = "cwb_date_month_first" if month_first else "cwb_date"
    # A cell in which a program took day for month: "2025-04-01" was 4 January.
    day = _of_a_ledger(f"try_strptime(left({column}, 10), '%Y-%d-%m')::DATE")
    cell = f"{day}, " if turned else ""
    return f"coalesce({_plain_date(column, month_first)}, {cell}CAST({read}({column}) AS DATE))"


def _states_month(column: str, month_first: bool) -> str:
    """The condition that a date which was read has no day of its own."""
    is_month = f"regexp_matches({column}, {sql_text(MONTH_ONLY)})"
    return f"CASE WHEN {_plain_date(column, month_first)} IS NULL THEN coalesce({is_month}, false) ELSE false END"


def amount_basis(header: Header) -> str:
    """ "net" or "not stated": what a bare amount is, in a row that states neither its net nor its gross."""
    # The Code's own machine header is a bare "Amount" beside the irrecoverable VAT, and is net by definition.
    return "net" if "irrecoverable_vat" in header.columns else "not stated"


def currency_column(header: Header) -> str | None:
    """The column of the currency of the measured amount; None where its heading says pounds, or there is no such column.

    "ORIGINAL CUR" is not the currency of "BILLING GROSS AMT".
    """
    at = header.columns
    if "currency" not in at:
        return None
    amount, currency = (
        header.cells[at[name]].lower() for name in (next(n for n in AMOUNTS if n in at), "currency")
    )
    is_pounds = any(word in amount for word in ("£", "gbp", "sterling"))
    is_before_billing = "original" in currency and "original" not in amount
    return None if is_pounds or is_before_billing else f"c{at['currency']}"


def _is_data(grid: Grid, header: Header) -> str:
    """The condition that tells data rows from repeated headers and blank rows.

    CASE and not AND: DuckDB computes every part of an AND for every row, but of a CASE only what is needed.
    """
    at = header.columns
    money = next(at[name] for name in AMOUNTS if name in at)
    main = [f"c{at['supplier_name']}", f"c{at['payment_date']}", f"c{money}"]
    cells = ", ".join(f"c{i}" for i in range(grid.width))
    filled = " OR ".join(f"coalesce({column} > ' ', false)" for column in main)
    blank_or_not = f"WHEN {filled} THEN true ELSE nullif(trim(concat({cells})), '') IS NOT NULL END"
    if not header.row:
        return f"CASE {blank_or_not}"
    same = " AND ".join(
        f"coalesce(trim(c{i}), '') = {sql_text(header.cells[i].strip())}"
        for i in range(min(grid.width, len(header.cells)))
    )
    heading = sql_text(header.cells[at["supplier_name"]].strip())
    is_heading = f"CASE WHEN contains(c{at['supplier_name']}, {heading}) THEN {same} ELSE false END"
    return f"CASE WHEN {is_heading} THEN false {blank_or_not}"


def lines_of(paths: list[Path], whole: bool = False) -> str:
    """SQL for the data rows of typed files: rows numbered, title, header and blank rows left out.

    A typed file holds the columns that its raw file fills; the others are NULL here. `whole` has what only the account needs.
    """
    without = ", ".join(("file_row_number", *(() if whole else _INNER)))
    names = ", ".join(file_sql(path) for path in paths)
    number = "coalesce(source_row, file_row_number + 1)"
    columns = ", ".join(f"NULL::{kind} AS {name}" for name, kind in COLUMNS.items())
    return f"""(
        SELECT * EXCLUDE ({without}) REPLACE ({number} AS source_row)
        FROM (SELECT {columns} WHERE false UNION ALL BY NAME
              FROM read_parquet([{names}], union_by_name = true, file_row_number = true, hive_partitioning = false))
        WHERE is_data AND {number} > header_row)"""


def typed_select(
    grid: Grid,
    header: Header,
    file_name: str,
    month_first: bool = False,
    turned: bool = False,
    currency: str | None = None,
) -> str:
    """SQL that types one grid: of `COLUMNS` those that it fills, then what only `lines_of` and the account need.

    `month_first` and `turned` are how the dates of the sheet are read (`cwb.sources.spend_dates`), `currency` is that of all
    amounts where the settings say it.
    """
    wide, odd = grid.has_wide_blanks, misplaced_in(grid, header)
    at = {name: f"c{index}" for name, index in header.columns.items()}
    in_cell = number_cell if grid.encoding == WORKBOOK else str
    money = {
        name: _money(in_cell(at[name])) if name in at else _NO_MONEY
        for name in ("net", "gross", "vat", "amount", "irrecoverable_vat")
    }
    money_text = " || ".join(f"coalesce(trim({at[n]}), '')" for n in AMOUNTS if n in at)
    stated = currency_column(header) if currency is None else sql_text(currency)
    foreign = (
        f"coalesce(NOT regexp_matches(nullif(upper(trim({stated})), ''), {sql_text(_IS_POUNDS)}), false)"
        if stated
        else "false"
    )
    if stated:
        money = {name: f"CASE WHEN {foreign} THEN NULL ELSE {sql} END" for name, sql in money.items()}
        money_text += f" || CASE WHEN {foreign} THEN ' ' || trim({stated}) ELSE '' END"
    if odd.is_wide != "false":
        # What an amount is of which a part stands in the next cell cannot be told.
        money = {name: f"CASE WHEN NOT {odd.is_wide} THEN {sql} END" for name, sql in money.items()}
    parsed = ", ".join(f"{sql} AS {name}_column" for name, sql in money.items())
    beside = [n for n in ("net", "gross", "vat", "amount", "irrecoverable_vat") if n in at]
    unread: dict[str, str] = {
        n: f"CASE WHEN {n}_column IS NULL THEN nullif(trim({at[n]}), '') END" for n in beside
    }
    worded = [n for n in ("supplier_name", *TEXT_FIELDS) if n in at and grid.may_hold_errors]
    unread |= {n: f"CASE WHEN {is_error(at[n])} THEN trim({at[n]}) END" for n in worded}
    if "company_number" in at:
        unread["company_number"] = (
            f"CASE WHEN number_column IS NULL THEN nullif(trim({at['company_number']}), '') END"
        )
    if "postcode" in at:
        unread["postcode"] = f"CASE WHEN stated_postcode IS NULL THEN nullif(trim({at['postcode']}), '') END"
    texts_of = {n: _text(at[n], wide) if n in at else _NO_TEXT for n in TEXT_FIELDS}
    texts_of |= {n: f"CASE WHEN NOT {is_error(at[n])} THEN {texts_of[n]} END" for n in worded[1:]}
    texts = ", ".join(f"{sql} AS {n}" for n, sql in texts_of.items())
    transaction = _text(at["transaction_number"]) if "transaction_number" in at else _NO_TEXT
    cells = [f"c{i}" for i in range(grid.width)]
    total = sql_total_by_name("stated_name", "payment_date", at["payment_date"], transaction, cells)
    number = f"cwb_company_number({at['company_number']})" if "company_number" in at else _NO_TEXT
    absent = {name for name in TEXT_FIELDS if name not in at} | ({"source_sheet"} if grid.sheet is None else set())
    absent |= {f"{name}_gbp" for name in ("gross", "vat", "irrecoverable_vat") if name not in at}
    absent |= {"postcode"} - at.keys()
    if "net" not in at and not {"gross", "vat"} <= at.keys():
        absent.add("net_gbp")
    if grid.is_direct:
        absent.add("source_row")
    return f"""WITH parsed AS (
        SELECT *, {_name(at["supplier_name"], wide)} AS stated_name, {_date(at["payment_date"], month_first, turned)} AS payment_date, {parsed},
            {_states_month(at["payment_date"], month_first)} AS states_month, {_is_data(grid, header)} AS is_data,
            {odd.reason} AS misplaced, {odd.cells} AS misplaced_cells
        FROM ({grid.relation})
    ), typed AS (
        SELECT source_row, is_data, misplaced, misplaced_cells, states_month, {texts}, stated_name, payment_date,
            coalesce(net_column, gross_column - vat_column, gross_column, amount_column) AS amount_gbp,
            coalesce(net_column, gross_column - vat_column) AS net_gbp,
            gross_column AS gross_gbp, vat_column AS vat_gbp, irrecoverable_vat_column AS irrecoverable_vat_gbp,
            {number} AS number_column,
            {last_postcode(at["postcode"]) if "postcode" in at else _NO_TEXT} AS stated_postcode,
            CASE WHEN payment_date IS NULL THEN nullif(trim({at["payment_date"]}), '') END AS unread_date,
            CASE WHEN coalesce(net_column, gross_column, amount_column) IS NULL
                 THEN nullif({money_text}, '') END AS unread_money,
            {foreign} AS is_foreign,
            CASE WHEN coalesce(net_column, gross_column, amount_column) IS NOT NULL
                 THEN {sql_unread(unread)} END AS unread_values,
            {total} AS says_total,
            CASE WHEN {sql_may_be_none("stated_name")} THEN cwb_no_name(stated_name) END AS no_name,
            CASE WHEN contains(stated_name, ':') THEN cwb_number_in_name(stated_name) END AS number_in_name
        FROM parsed
    ), judged AS (
        SELECT *,
            CASE
                WHEN says_total = {sql_text(TOTAL_ROW)} THEN says_total
                WHEN misplaced IS NOT NULL THEN misplaced
                WHEN says_total IS NOT NULL AND amount_gbp IS NOT NULL THEN says_total
                WHEN payment_date IS NOT NULL AND amount_gbp IS NOT NULL THEN NULL
                WHEN stated_name IS NULL AND payment_date IS NULL AND unread_date IS NULL
                    THEN CASE WHEN amount_gbp IS NULL THEN {sql_text(NOTHING_STATED)}
                              WHEN coalesce({", ".join(TEXT_FIELDS)}) IS NULL THEN {sql_bare_amount()}
                              ELSE {sql_text(NEITHER)} END
                WHEN payment_date IS NULL AND unread_date IS NULL THEN {sql_text(NO_DATE)}
                WHEN payment_date IS NULL THEN {sql_text(UNREAD_DATE)}
                ELSE {sql_no_amount("unread_money", "is_foreign")}
            END AS reason,
            CASE WHEN amount_gbp IS NULL AND reason IN ({sql_text(NO_DATE)}, {sql_text(UNREAD_DATE)})
                 THEN {sql_no_amount("unread_money", "is_foreign")} END AS also
        FROM typed
    ), finished AS (SELECT
        {sql_text(file_name)} AS source_file,
        {sql_text(grid.sheet) if grid.sheet else _NO_TEXT} AS source_sheet,
        source_row, organisation_name, payment_date,
        CASE WHEN no_name IS NOT NULL THEN NULL
             WHEN number_in_name IS NOT NULL THEN cwb_name_before_number(stated_name)
             ELSE stated_name END AS supplier_name,
        -- An id or a number would give back the name that the publisher withheld.
        CASE WHEN no_name IS NULL THEN supplier_id END AS supplier_id,
        CASE WHEN no_name IS NULL THEN coalesce(number_column, number_in_name) END AS company_number,
        CASE WHEN no_name IS NULL THEN charity_number END AS charity_number,
        CASE WHEN no_name IS NULL THEN stated_postcode END AS postcode,
        amount_gbp, net_gbp, gross_gbp, vat_gbp, irrecoverable_vat_gbp,
        CASE WHEN net_gbp IS NOT NULL THEN 'net' WHEN gross_gbp IS NOT NULL THEN 'gross'
             ELSE {sql_text(amount_basis(header))} END AS vat_basis,
        department, service, purpose, category, cpv_code, proclass_code, transaction_number, card,
        contract_reference, capital_revenue, no_name IS NOT DISTINCT FROM '{NoName.WITHHELD}' AS is_redacted, reason,
        CASE WHEN reason IS NULL OR reason = {sql_text(NO_DATE)} THEN NULL
             ELSE coalesce(misplaced_cells, unread_date, unread_money) END AS offending_text,
        also, CASE WHEN also IS NOT NULL THEN unread_money END AS also_text,
        CASE WHEN {odd.is_above} THEN 0 ELSE {header.row} END::BIGINT AS header_row, is_data, states_month,
        no_name IS NOT DISTINCT FROM '{NoName.SEVERAL}' AS names_several,
        CASE WHEN no_name IS NULL THEN unread_values
             ELSE list_filter(unread_values, lambda u: u.field NOT IN ('company_number', 'postcode')) END AS unread
    FROM judged)
    SELECT {", ".join(name for name in (*COLUMNS, *_INNER) if name not in absent)} FROM finished"""
