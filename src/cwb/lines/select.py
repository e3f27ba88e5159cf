"""The SQL of each line-level table, over what `cwb.entities.matched` and the readers have written.

A source that was not supplied has no SQL here, and its table no rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from cwb.base.database import parquet_sql
from cwb.base.rows import PLACE
from cwb.council.config import Settings
from cwb.entities.matched import postcodes_path, table_sql
from cwb.lines.agreements import agreements
from cwb.lines.bodies import add_buyers, anchor_payments, own_payments, with_buyers
from cwb.lines.categories import category_column, choose_category
from cwb.lines.contract_cover import CONTRACT_KEY, LAST_DAY, with_classes, with_cover
from cwb.lines.emissions import EMISSION_SOURCES, add_products, add_units, emission_selects
from cwb.lines.form_selects import form_selects
from cwb.lines.notice_details import detail_selects
from cwb.lines.pass_through import decided_lines
from cwb.lines.payments import with_payments
from cwb.lines.register_cells import register_cells
from cwb.lines.registry import registry_selects
from cwb.lines.repeat_purchases import with_repeats
from cwb.lines.resolve import one_spelling, payment_columns, period_columns, supplier_columns, title_column
from cwb.lines.table import POUNDS, add_list
from cwb.reference import table
from cwb.sources.datasets.checklists import commitments_of
from cwb.sources.datasets.pass_through import PASS_THROUGH
from cwb.sources.tabular import sql_text

_METRES_A_MILE = 1609.344
_ONE_OFF_FIELDS = ("contract_reference", "transaction_number", "supplier_id")


@dataclass
class Selects:
    """SQL by table, and the classification that spend follows."""

    by_table: dict[str, str] = field(default_factory=dict)
    scheme: str = ""

    def get(self, name: str) -> str | None:
        return self.by_table.get(name)


def selects(con: duckdb.DuckDBPyConnection, settings: Settings) -> Selects:
    """The SQL of every table whose source is there. `con` has the view `file_reports`."""
    result = Selects({"files": "SELECT * FROM file_reports"})
    folder = settings.processed
    _add_sections(con)
    _add_one_offs(con, table_sql(folder, "one_offs"))
    _add_payments(con, settings, result)
    suppliers = table_sql(folder, "suppliers")
    if suppliers:
        result.by_table["suppliers"] = _suppliers(settings, suppliers)
    add_buyers(con, settings, [r for name in ("award_lines", "notices") if (r := table_sql(folder, name))])
    if awards := table_sql(folder, "award_lines"):
        result.by_table["award_lines"] = _awards(awards)
    if contracts := table_sql(folder, "contract_lines"):
        # Three tables are made of the register's rows, which are few.
        con.execute(f"CREATE OR REPLACE TEMP TABLE registered AS {_contracts(contracts)}")
        result.by_table["contract_lines"] = "SELECT * FROM registered"
    anchor_contracts = table_sql(folder, "anchor_contract_lines")
    if agreement_lines := agreements(con, settings, contracts, anchor_contracts, awards):
        result.by_table["agreement_lines"] = agreement_lines
    result.by_table |= form_selects(settings, result.get("contract_lines"))
    if pipeline := table_sql(folder, "pipeline"):
        result.by_table["pipeline_lines"] = f"SELECT *, category AS own_category FROM {pipeline}"
    if notices := table_sql(folder, "notices"):
        result.by_table["notices"] = with_buyers(notices)
    codes = ", ".join(sql_text(code) for code in settings.local.districts)
    if organisations := table_sql(folder, "organisations"):
        result.by_table["organisations"] = _organisations(codes, organisations)
    if counts := table_sql(folder, "business_counts"):
        result.by_table["business_counts"] = (
            "SELECT c.* REPLACE ((SELECT min(s.section) FROM sections s WHERE s.letter = c.section) AS section), "
            f"NULL AS source_sheet, coalesce(lad_code IN ({codes}), FALSE) AS is_local, "
            f"counted_on = max(counted_on) OVER () AS is_newest FROM {counts} c"
        )
    lines, sources = table_sql(folder, "lines"), {name: table_sql(folder, name) for name in EMISSION_SOURCES}
    result.by_table |= {
        **emission_selects(con, lines, suppliers, sources, commitments_of(settings.council.home_district)),
        **registry_selects(con, table_sql(folder, "modern_slavery"), suppliers, organisations),
        **detail_selects(folder),
        **register_cells(table_sql(folder, "contracts"), result.get("contract_lines")),
    }
    return result


def _add_payments(con: duckdb.DuckDBPyConnection, settings: Settings, result: Selects) -> None:
    """The SQL of the payments of the council and of other bodies, and of those that are money passed on."""
    folder = settings.processed
    lines, anchors = table_sql(folder, "lines"), table_sql(folder, "anchor_lines")
    decisions, passed_on = table_sql(folder, "pass_through"), list[str]()
    suppliers, reports = table_sql(folder, "suppliers"), table_sql(folder, "supplier_emissions")
    contracts = table_sql(folder, "contract_lines")
    if lines and suppliers:
        add_products(con, lines, suppliers)
        add_units(con, lines, reports)
        column, result.scheme = choose_category(con, lines, "spend_labels")
        own = own_payments(lines)
        paid = decided_lines(con, settings, own, decisions, "council")
        whole = with_payments(con, paid, "council")
        spend = _spend(with_classes(con, settings, whole, own), column, contracts)
        covered = with_cover(con, settings, paid, spend)
        result.by_table["spend_lines"] = with_repeats(con, covered, has_register=bool(contracts))
        passed_on.append(_pass_through(whole, column, "spend_labels"))
    if anchors:
        column, _ = choose_category(con, anchors, "anchor_labels")
        paid = decided_lines(con, settings, anchor_payments(con, settings, anchors), decisions, "anchors")
        whole = with_payments(con, paid, "anchors")
        result.by_table["anchor_lines"] = _anchor_lines(whole, column)
        passed_on.append(_pass_through(whole, column, "anchor_labels"))
    if passed_on:
        result.by_table["pass_through_lines"] = " UNION ALL ".join(passed_on)


# Companies House lists living companies only: one that has ended is missed there.
_KEEP_ENDED = ("Mutuals Register", "Charity Commission", "Co-operatives UK")


def _organisations(local_codes: str, organisations: str) -> str:
    is_followed = " OR ".join(f"contains(registers, {sql_text(name)})" for name in _KEEP_ENDED)
    return f"""
        SELECT o.*, NULL AS source_sheet, CASE WHEN lad_code IS NOT NULL THEN lad_code IN ({local_codes}) END AS is_local,
            year(registered_date)::INTEGER AS registered_year, {_SECTION}, {is_followed} AS is_followed
        FROM {organisations} o {_SECTIONS.format("o")}"""


def _suppliers(settings: Settings, suppliers: str) -> str:
    """Whole miles only: a sole trader's postcode may be a home. Of a payee that is not shown they are those of the postal district."""
    postcodes = parquet_sql(postcodes_path(settings))
    # Only of postcodes that some supplier has: the directory has 2.7 million, and the means of all its districts take half a second.
    return f"""
        WITH middle AS (SELECT avg(easting) AS x, avg(northing) AS y FROM {postcodes}
                        WHERE lad_code = {sql_text(settings.council.home_district)}),
        given AS (SELECT DISTINCT postcode FROM {suppliers}),
        places AS (
            SELECT postcode, easting, northing FROM {postcodes} WHERE postcode IN (SELECT postcode FROM given)
            -- Those that begin with the district and a space: to split each of the directory's would take half a second.
            UNION ALL SELECT g.postcode, avg(easting), avg(northing) FROM {postcodes} p
            JOIN given g ON NOT contains(g.postcode, ' ') AND p.postcode > g.postcode || ' ' AND p.postcode < g.postcode || '!'
            GROUP BY 1)
        SELECT {supplier_columns(None)}, supplier_id, company_number, charity_number, s.postcode,
            round(sqrt((p.easting - x) ** 2 + (p.northing - y) ** 2) / {_METRES_A_MILE})::INTEGER AS miles, legal_form,
            sic_codes, {_SECTION}, candidate_sic_codes
        FROM (SELECT * FROM {suppliers}) s {_SECTIONS.format("s")}
        LEFT JOIN places p ON p.postcode = s.postcode, middle"""


# "62012 62020" begins with an industry of section J; 99999 says that a company is dormant and is no industry.
_SECTION = "CASE WHEN sic_codes LIKE '99999%' THEN NULL ELSE i.section END AS section"
_SECTIONS = "LEFT JOIN sections i ON i.division = substr({}.sic_codes, 1, 2)"


def _add_sections(con: duckdb.DuckDBPyConnection) -> None:
    """Table `sections` (division, letter, section): "F Construction" of the industries that begin with 41, 42 and 43."""
    found = {
        row.sic_code[:2]: (row.section, f"{row.section} {row.section_title.capitalize()}")
        for row in table("sic").itertuples(index=False)
    }
    rows = [(division, *of) for division, of in found.items()]
    add_list(con, "sections", ("division", "letter", "section"), rows)


def _add_one_offs(con: duckdb.DuckDBPyConnection, listed: str | None) -> None:
    """Tables `one_off_projects` (place, project, kind, …), `one_off_rules` (field, value, year, place) and `one_off_years`
    (year): the first rule that finds a line wins."""
    if listed is None:
        con.execute(
            "CREATE OR REPLACE TEMP TABLE one_off_rules (field VARCHAR, value VARCHAR, year INTEGER, place BIGINT)"
        )
        con.execute(
            "CREATE OR REPLACE TEMP TABLE one_off_projects (place BIGINT, project VARCHAR, kind VARCHAR, approved_date DATE)"
        )
        con.execute("CREATE OR REPLACE TEMP TABLE one_off_years (year INTEGER)")
        return
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE one_off_projects AS
            SELECT row_number() OVER () AS place, project, kind, approved_date, match_on AS field, upper(trim(match_value)) AS value,
                   financial_year AS year FROM {listed}"""
    )
    con.execute(
        """CREATE OR REPLACE TEMP TABLE one_off_rules AS
           SELECT field, value, year, min(place) AS place FROM one_off_projects GROUP BY ALL"""
    )
    con.execute("CREATE OR REPLACE TEMP TABLE one_off_years AS SELECT DISTINCT year FROM one_off_projects")


def _spend(lines: str, category: str, contracts: str | None) -> str:
    joins = " ".join(
        f"""LEFT JOIN one_off_rules r{n} ON r{n}.field = '{name}' AND r{n}.year = l.financial_year
            AND r{n}.value = upper(trim(l.{name}))"""
        for n, name in enumerate(_ONE_OFF_FIELDS)
    )
    places = ", ".join(f"r{n}.place" for n in range(len(_ONE_OFF_FIELDS)))
    terms = (
        f"""LEFT JOIN (SELECT upper(trim(contract_reference)) AS reference,
                min(start_date::DATE) AS first_day, CASE WHEN count(*) = count({LAST_DAY}) THEN max({LAST_DAY}) END AS last_day
                FROM {contracts} GROUP BY 1) t
            ON t.reference = upper(trim(l.contract_reference)) AND coalesce(t.first_day <= l.payment_date, TRUE)"""
        if contracts
        else ""
    )
    return f"""
        SELECT {PLACE}, l.financial_year, quarter_number, {payment_columns()},
            {category_column()}, p.project, p.approved_date,
            CASE WHEN p.project IS NOT NULL THEN TRUE WHEN y.year IS NOT NULL THEN FALSE END AS is_one_off,
            suggested_as, round(amount_gbp * 100)::BIGINT % 6 = 0 AS is_divisible,
            CASE WHEN p.kind = 'capital' THEN TRUE WHEN y.year IS NOT NULL THEN FALSE END AS is_capital,
            {"t.last_day" if contracts else "NULL"} AS contract_last_day,
            {"t.reference IS NOT NULL AND t.last_day IS NULL" if contracts else "FALSE"} AS is_contract_open, product_code, product_score, product_category,
            contract_unit, supplier_unit, card_class, other_class, {supplier_columns()}
        FROM {lines} l LEFT JOIN industries i ON i.payee = l.supplier_key
        LEFT JOIN products g ON g.cpv IS NOT DISTINCT FROM l.cpv_code AND g.sic IS NOT DISTINCT FROM i.sic_codes
        LEFT JOIN contract_units u ON u.contract_unit = upper(trim(l.contract_reference))
        LEFT JOIN supplier_units v ON v.name = l.supplier_name
        LEFT JOIN spend_labels c ON c.text = l.{category} {joins}
        LEFT JOIN one_off_projects p ON p.place = least({places})
        LEFT JOIN one_off_years y ON y.year = l.financial_year {terms}
        WHERE decision IS DISTINCT FROM {sql_text(PASS_THROUGH)}"""


def _pass_through(lines: str, category: str, labels: str) -> str:
    return f"""
        SELECT {PLACE}, financial_year, quarter_number, body, {payment_columns()},
            {category_column()}, passed_kind AS kind, reason, approving_role, {supplier_columns()}
        FROM {lines} l LEFT JOIN {labels} c ON c.text = l.{category}
        WHERE decision = {sql_text(PASS_THROUGH)}"""


def _anchor_lines(anchors: str, category: str) -> str:
    return f"""
        SELECT {PLACE}, financial_year, quarter_number, body, {payment_columns()},
            {category_column()}, suggested_as, {supplier_columns()}
        FROM {anchors} l LEFT JOIN anchor_labels c ON c.text = l.{category}
        WHERE decision IS DISTINCT FROM {sql_text(PASS_THROUGH)}"""


def _awards(awards: str) -> str:
    """Each supplier's part in whole pennies: the first suppliers of an award take what does not divide. An award that several
    bodies made together is one of each of them."""
    shared = f"""(SELECT *, round(value_gbp * 100)::BIGINT AS pennies, {period_columns("award_date")}, row_number() OVER (
        PARTITION BY award_key ORDER BY supplier_name, {PLACE}) AS place FROM {awards})"""
    return f"""
        SELECT {PLACE}, financial_year, quarter_number, award_date, award_key, notice_source,
            {title_column("award_key")}, buyer_name, body, is_own, value_gbp::{POUNDS} AS value_gbp,
            ((pennies // supplier_count + CASE WHEN place <= pennies % supplier_count THEN 1 ELSE 0 END)::{POUNDS}
                / 100)::{POUNDS} AS value_part_gbp,
            supplier_count, cpv_code, {supplier_columns()}
        FROM ({with_buyers(shared, each=True)})"""


def _contracts(contracts: str) -> str:
    return f"""
        SELECT {PLACE}, {period_columns("start_date")},
            {CONTRACT_KEY} AS contract_key, contract_reference, {title_column(CONTRACT_KEY)}, start_date,
            end_date, extension_date, {LAST_DAY} AS last_day, value_gbp::{POUNDS} AS value_gbp, annual_value_gbp::{POUNDS} AS annual_gbp,
            {one_spelling("department")} AS department,
            cpv_code, proclass_code, category AS own_category, coalesce(substr(cpv_code, 1, 3), category) AS buys, coalesce(expiry_date, end_date) AS expiry_date, contract_type, process,
            value_basis, review_date, irrecoverable_vat, is_income, insourced_from, kpi_count::INTEGER AS kpi_count,
            option_months::INTEGER AS option_months, option_count::INTEGER AS option_count, is_extended,
            description IS NOT NULL AS has_description, {supplier_columns()}
        FROM {contracts}"""
