"""Where each pound of the ledger stands towards the register of contracts, as columns of a payment line.

A line is bought by card, is of a class that needs no contract, or is with a supplier whose contracts are live, of unknown end,
not begun or all ended on the day of payment, or who has none; where the supplier is not stated, or only a match under
review or a name that several suppliers bear ties it to the register, that is not settled. A line's contract is that of its reference, else the only one that its supplier
ever had on the register, within its term.
"""

from __future__ import annotations

from enum import StrEnum

import duckdb

from cwb.council.config import Settings
from cwb.entities.matched import table_sql
from cwb.entities.matching.match import MATCHED
from cwb.lines.columns import flag, text
from cwb.lines.contract_classes import CARDS, OTHERS, class_column, class_rules
from cwb.lines.table import Column
from cwb.lines.words import Words
from cwb.sources.tabular import sql_text


class Cover(StrEnum):
    """Where a pound stands, in the order of the account."""

    CARD = "purchase card"
    CLASS = "class that needs no contract"
    LIVE = "live contract"
    OPEN = "contract of unknown end"
    NOT_BEGUN = "contract not begun"
    ENDED = "only ended contracts"
    NONE = "no contract found"
    UNSETTLED = "supplier not stated or match under review"


class Link(StrEnum):
    """What ties a line to the register, strongest first."""

    REFERENCE = "contract reference"
    SAME = "same supplier by name or number"
    MATCHED = "same organisation by an accepted match"
    REVIEW = "a match under review"


COVER = (
    text("cover", "where it stands towards the register of contracts; NULL without a register", tuple(Cover)),
    text("exempt_class", "class of spend that needs no contract; NULL: none"),
    text("contract_link", "what ties it to a contract of the register; NULL: nothing", tuple(Link)),
    Column("days_after_end", "INTEGER", "days since the last of the supplier's contracts ended; NULL: not all had ended", "days"),
    flag("is_framework", "one of the supplier's contracts on the register is a framework; NULL: it has none there"),
    text("contract_key", "the contract of the register that it is paid under, in its term; NULL: not known"),
)  # fmt: skip
CONTRACT_KEY = "coalesce(upper(trim(contract_reference)), title) || ' ' || start_date"
# Extensions included, those that were taken and those that may be; what is not stated is no day.
LAST_DAY = "greatest(expiry_date::DATE, end_date::DATE, extension_date::DATE)"
_IS_FRAMEWORK = "regexp_matches(lower(concat_ws(' ', contract_type, process, title)), 'framework|call.?off|dynamic purchasing')"


def _add_contract_days(con: duckdb.DuckDBPyConnection, lines: str, contracts: str, suppliers: str) -> None:
    """Temporary table `contract_days`: of each supplier, reference and day of payment that is tied to the register, how."""
    strengths = {Link.REFERENCE: 3, Link.SAME: 2, Link.MATCHED: 1, Link.REVIEW: 0}
    links = " ".join(f"WHEN {strength} THEN {sql_text(link)}" for link, strength in strengths.items())
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE contract_days AS
        WITH register AS (
            SELECT DISTINCT supplier_key, org_id, match_status, {CONTRACT_KEY} AS contract_key, upper(trim(contract_reference)) AS reference,
                start_date::DATE AS first_day, {LAST_DAY} AS last_day, {_IS_FRAMEWORK} AS is_framework FROM {contracts}),
        asked AS (
            SELECT DISTINCT coalesce(supplier_key, '') AS supplier_key, coalesce(upper(trim(contract_reference)), '') AS reference,
                payment_date AS day FROM {lines}),
        links AS (
            SELECT supplier_key AS payee, * EXCLUDE (supplier_key), 2 AS strength FROM register
            UNION ALL
            SELECT k.supplier_key, r.* EXCLUDE (supplier_key),
                CASE WHEN k.match_status = '{MATCHED}' AND r.match_status = '{MATCHED}' THEN 1 ELSE 0 END
            FROM {suppliers} k JOIN register r ON k.org_id = r.org_id WHERE k.supplier_key IS DISTINCT FROM r.supplier_key
            UNION ALL
            -- A name that several bear has a key for each of them ("name:bright builders:01234567:"): which of them was paid is not settled.
            SELECT a.supplier_key, r.* EXCLUDE (supplier_key), 0 FROM (SELECT DISTINCT supplier_key FROM asked) a
            JOIN register r ON split_part(r.supplier_key, ':', 2) = split_part(a.supplier_key, ':', 2)
            WHERE a.supplier_key LIKE 'name:%' AND r.supplier_key LIKE 'name:%' AND a.supplier_key <> r.supplier_key
            UNION ALL
            -- Who is once paid by a contract's reference is that contract's supplier, whatever name stands there.
            SELECT DISTINCT a.supplier_key, r.* EXCLUDE (supplier_key), 2 FROM asked a JOIN register r ON r.reference = a.reference
            WHERE a.supplier_key <> '' AND a.supplier_key IS DISTINCT FROM r.supplier_key),
        tied AS (
            SELECT a.supplier_key, a.reference, a.day, contract_key, first_day, last_day, is_framework, strength
            FROM asked a JOIN links l ON l.payee = a.supplier_key
            UNION ALL
            SELECT a.supplier_key, a.reference, a.day, contract_key, first_day, last_day, is_framework, 3
            FROM asked a JOIN register r ON r.reference = a.reference),
        marked AS (
            SELECT *, first_day <= day AS has_begun, coalesce(last_day >= day, TRUE) AS goes_on FROM tied)
        SELECT supplier_key, reference, day, CASE max(strength) {links} END AS link,
            CASE WHEN max(strength) = 0 THEN '{Cover.UNSETTLED}'
                WHEN count(*) FILTER (strength > 0 AND has_begun AND last_day >= day) > 0 THEN '{Cover.LIVE}'
                WHEN count(*) FILTER (strength > 0 AND has_begun AND last_day IS NULL) > 0 THEN '{Cover.OPEN}'
                WHEN count(*) FILTER (strength > 0 AND NOT has_begun) > 0 THEN '{Cover.NOT_BEGUN}'
                ELSE '{Cover.ENDED}' END AS status,
            day - max(last_day) FILTER (strength > 0) AS days_after,
            bool_or(is_framework) FILTER (strength > 0) AS is_framework,
            CASE WHEN max(strength) = 3 THEN CASE WHEN count(DISTINCT contract_key) FILTER (strength = 3 AND has_begun AND goes_on) = 1
                    THEN min(contract_key) FILTER (strength = 3 AND has_begun AND goes_on) END
                WHEN count(DISTINCT contract_key) FILTER (strength > 0) = 1
                    THEN min(contract_key) FILTER (strength > 0 AND has_begun AND goes_on) END AS contract_key
        FROM marked GROUP BY supplier_key, reference, day"""
    )


def with_classes(con: duckdb.DuckDBPyConnection, settings: Settings, paid: str, lines: str) -> str:
    """SQL of payment lines with `card_class` and `other_class`, the class that needs no contract by card and by anything else;
    `lines` are the same lines as they were published."""
    rules, words = class_rules(con, settings, table_sql(settings.processed, "contract_classes")), Words()
    card, other = (class_column(rules, ways, words) for ways in (CARDS, OTHERS))
    return f"""(SELECT *, {card} AS card_class, {other} AS other_class
        FROM {words.looked_for(con, paid, lines, "classes")})"""


def with_cover(con: duckdb.DuckDBPyConnection, settings: Settings, paid: str, spend: str) -> str:
    """SQL of the payment lines `spend`, which have their classes, with the columns of `COVER`; `paid` has them as they were published."""
    contracts, suppliers = (table_sql(settings.processed, name) for name in ("contract_lines", "suppliers"))
    status, joined = "NULL::VARCHAR", ""
    own = "NULL::VARCHAR AS contract_link, NULL::BOOLEAN AS is_framework, NULL::VARCHAR AS contract_key, NULL::INTEGER AS days_after"
    if contracts and suppliers:
        _add_contract_days(con, paid, contracts, suppliers)
        status = f"""CASE WHEN d.status IS NOT NULL THEN d.status WHEN s.supplier_key IS NULL THEN '{Cover.UNSETTLED}'
            ELSE '{Cover.NONE}' END"""
        own = "d.link AS contract_link, d.is_framework, d.contract_key, d.days_after"
        joined = """LEFT JOIN contract_days d ON d.supplier_key = coalesce(s.supplier_key, '')
            AND d.reference = coalesce(upper(trim(s.contract_reference)), '') AND d.day = s.payment_date"""
    return f"""SELECT s.*, {own}, coalesce(card_class, other_class) AS exempt_class,
        CASE WHEN card_class IS NOT NULL THEN '{Cover.CARD}' WHEN other_class IS NOT NULL THEN '{Cover.CLASS}' ELSE {status} END AS cover,
        CASE WHEN cover = '{Cover.ENDED}' THEN days_after END AS days_after_end
        FROM ({spend}) s {joined}"""
