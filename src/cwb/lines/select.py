"""The SQL of each line-level table, over what `cwb.entities.matched` and the readers have written.

A source that was not supplied has no SQL here, and its table no rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from cwb.base.privacy import TITLE_WITHHELD, WITHHELD
from cwb.council.config import Settings
from cwb.entities.matched import postcodes_path
from cwb.lines.categories import category_column, choose_category
from cwb.lines.resolve import payment_columns, period_columns, supplier_columns
from cwb.lines.table import POUNDS
from cwb.matching.names import normalise_name
from cwb.sources.tabular import sql_text

_METRES_A_MILE = 1609.344
_ONE_OFF_FIELDS = ("contract_reference", "transaction_number", "supplier_id")


@dataclass
class Selects:
    """SQL by table, and the classification that spend is told by."""

    by_table: dict[str, str] = field(default_factory=dict)
    scheme: str = ""

    def get(self, name: str) -> str | None:
        return self.by_table.get(name)


def selects(con: duckdb.DuckDBPyConnection, settings: Settings) -> Selects:
    """The SQL of every table whose source is there. `con` has the view `file_reports`."""
    made = Selects({"files": "SELECT * FROM file_reports"})
    folder = settings.processed
    lines, anchors = _parquet(folder, "lines"), _parquet(folder, "anchor_lines")
    one_offs = _parquet(folder, "one_offs")
    _give_one_offs(con, one_offs)
    if one_offs:
        made.by_table["one_offs"] = (
            "SELECT source_file, source_sheet, source_row, substr(period, 1, 4)::INTEGER AS financial_year, project, kind, "
            f"reason, approving_role, match_on, match_value, expected_gbp::{POUNDS} AS approved_gbp FROM {one_offs}"
        )
    if lines:
        column, made.scheme = choose_category(con, lines, "spend_labels")
        made.by_table["spend_lines"] = _spend(lines, column)
    if anchors:
        column, _ = choose_category(con, anchors, "anchor_labels")
        _give_bodies(con, settings, anchors)
        made.by_table["anchor_lines"] = _anchor_lines(anchors, column)
    if (suppliers := _parquet(folder, "suppliers")) is not None:
        made.by_table["suppliers"] = _suppliers(settings, suppliers)
    _give_buyers(con, settings, [r for name in ("award_lines", "notices") if (r := _parquet(folder, name))])
    if awards := _parquet(folder, "award_lines"):
        made.by_table["award_lines"] = _awards(awards)
    if contracts := _parquet(folder, "contract_lines"):
        made.by_table["contract_lines"] = _contracts(contracts)
    if pipeline := _parquet(folder, "pipeline"):
        made.by_table["pipeline_lines"] = (
            "SELECT source_file, source_sheet, source_row, pipeline_reference, title, department, tender_date, start_date, "
            f"end_date, value_gbp::{POUNDS} AS value_gbp, value_basis, cpv_code, category, is_light_touch, is_committed "
            f"FROM {pipeline}"
        )
    if notices := _parquet(folder, "notices"):
        made.by_table["notices"] = (
            "SELECT source_file, source_sheet, source_row, ocid, notice_id, notice_type, notice_date, n.buyer_name, "
            f"coalesce(b.is_own, FALSE) AS is_own, title, cpv_code, value_gbp::{POUNDS} AS value_gbp, tender_date, end_date "
            f"FROM {notices} n {_BUYERS}"
        )
    if organisations := _parquet(folder, "organisations"):
        codes = ", ".join(sql_text(code) for code in settings.local.districts)
        made.by_table["organisations"] = (
            "SELECT org_id, name, company_number, charity_number, mutual_number, legal_form, is_active, postcode, lad_code, "
            f"CASE WHEN lad_code IS NOT NULL THEN lad_code IN ({codes}) END AS is_local, registered_date, ended_date, "
            f"sic_codes, grade, rule, is_double FROM {organisations}"
        )
    return made


def _suppliers(settings: Settings, suppliers: str) -> str:
    """Whole miles only: a sole trader's postcode may be a home."""
    postcodes = f"read_parquet({sql_text(postcodes_path(settings).as_posix())})"
    return f"""
        WITH middle AS (SELECT avg(easting) AS x, avg(northing) AS y FROM {postcodes}
                        WHERE lad_code = {sql_text(settings.council.home_district)})
        SELECT {supplier_columns(None)}, supplier_id, company_number, charity_number, s.postcode,
            round(sqrt((p.easting - x) ** 2 + (p.northing - y) ** 2) / {_METRES_A_MILE})::INTEGER AS miles, legal_form,
            sic_codes
        FROM (SELECT * FROM {suppliers}) s LEFT JOIN (SELECT postcode, easting, northing FROM {postcodes}) p
            ON p.postcode = s.postcode, middle"""


def _parquet(folder: Path, name: str) -> str | None:
    path = folder / f"{name}.parquet"
    return f"read_parquet({sql_text(path.as_posix())})" if path.is_file() else None


def _give_one_offs(con: duckdb.DuckDBPyConnection, listed: str | None) -> None:
    """Tables `one_off_rules` (field, value, year, project) and `one_off_years`: the first rule that finds a line wins."""
    if listed is None:
        con.execute(
            "CREATE OR REPLACE TEMP TABLE one_off_rules (field VARCHAR, value VARCHAR, year INTEGER, place BIGINT)"
        )
        con.execute("CREATE OR REPLACE TEMP TABLE one_off_projects (place BIGINT, project VARCHAR)")
        con.execute("CREATE OR REPLACE TEMP TABLE one_off_years (year INTEGER)")
        return
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE one_off_projects AS
            SELECT row_number() OVER () AS place, project, match_on AS field, upper(trim(match_value)) AS value,
                   substr(period, 1, 4)::INTEGER AS year FROM {listed}"""
    )
    con.execute(
        """CREATE OR REPLACE TEMP TABLE one_off_rules AS
           SELECT field, value, year, min(place) AS place FROM one_off_projects GROUP BY ALL"""
    )
    con.execute("CREATE OR REPLACE TEMP TABLE one_off_years AS SELECT DISTINCT year FROM one_off_projects")


def _spend(lines: str, category: str) -> str:
    joins = " ".join(
        f"""LEFT JOIN one_off_rules r{n} ON r{n}.field = '{name}' AND r{n}.year = l.financial_year
            AND r{n}.value = upper(trim(l.{name}))"""
        for n, name in enumerate(_ONE_OFF_FIELDS)
    )
    places = ", ".join(f"r{n}.place" for n in range(len(_ONE_OFF_FIELDS)))
    return f"""
        WITH l AS (SELECT *, {period_columns("payment_date")} FROM {lines})
        SELECT source_file, source_sheet, source_row, l.financial_year, quarter_number, {payment_columns()},
            {category_column()}, p.project,
            CASE WHEN p.project IS NOT NULL THEN TRUE WHEN y.year IS NOT NULL THEN FALSE END AS is_one_off,
            NULL::BOOLEAN AS is_pass_through, {supplier_columns()}
        FROM l LEFT JOIN spend_labels c ON c.text = l.{category} {joins}
        LEFT JOIN one_off_projects p ON p.place = least({places})
        LEFT JOIN one_off_years y ON y.year = l.financial_year"""


def _give_bodies(con: duckdb.DuckDBPyConnection, settings: Settings, relation: str) -> None:
    """Table `bodies`: whose payments a file's are: the anchor of its folder, else the one a row names, else that name."""
    slugs = {anchor.slug: anchor.name for anchor in settings.anchors}
    known = {normalise_name(s): a.name for a in settings.anchors for s in a.names}
    pairs = con.execute(f"SELECT DISTINCT source_file, organisation_name FROM {relation} ORDER BY ALL").fetchall()

    def body(file: str, stated: str | None) -> str:
        own = slugs.get(file.split("/")[1]) if "/" in file else None
        return own or (known.get(normalise_name(stated), stated) if stated else None) or "Body not stated"

    rows = [(file, stated, body(file, stated)) for file, stated in pairs]
    con.execute(
        "CREATE OR REPLACE TEMP TABLE bodies (source_file VARCHAR, organisation_name VARCHAR, body VARCHAR)"
    )
    if rows:
        con.executemany("INSERT INTO bodies VALUES (?, ?, ?)", rows)


def _anchor_lines(anchors: str, category: str) -> str:
    return f"""
        SELECT source_file, source_sheet, source_row, {period_columns("payment_date")}, body, {payment_columns("body")},
            {category_column()}, {supplier_columns()}
        FROM (SELECT l.*, b.body FROM {anchors} l JOIN bodies b ON b.source_file = l.source_file
              AND b.organisation_name IS NOT DISTINCT FROM l.organisation_name) l
        LEFT JOIN anchor_labels c ON c.text = l.{category}"""


_BUYERS = "LEFT JOIN buyers b ON b.buyer_name IS NOT DISTINCT FROM n.buyer_name AND b.buyer_id IS NOT DISTINCT FROM n.buyer_id"


def _give_buyers(con: duckdb.DuckDBPyConnection, settings: Settings, relations: list[str]) -> None:
    """Table `buyers` (buyer_name, buyer_id, is_own, body): who of the settings a buyer of a notice is."""
    council = settings.council
    own = {normalise_name(name) for name in council.buyer_names}
    bodies = {normalise_name(s): a.name for a in settings.anchors for s in a.spellings}
    bodies |= dict.fromkeys(own, council.name) | {
        normalise_name(s): a.name for a in settings.anchors for s in a.spellings
    }
    found = sorted(
        {
            row
            for r in relations
            for row in con.execute(f"SELECT DISTINCT buyer_name, buyer_id FROM {r}").fetchall()
        },
        key=str,
    )
    columns: dict[str, list[object]] = {"buyer_name": [], "buyer_id": [], "is_own": [], "body": []}
    for name, buyer_id in found:
        is_own = normalise_name(name) in own or buyer_id in council.buyer_ids
        for column, value in zip(columns, (name, buyer_id, is_own, bodies.get(normalise_name(name))), strict=True):
            columns[column].append(value)
    kinds = pa.schema([(c, pa.bool_() if c == "is_own" else pa.string()) for c in columns])
    con.register("buyers", pa.table(columns, schema=kinds))


_CONTRACT = "coalesce(contract_reference, title) || ' ' || start_date"


def _title(thing: str) -> str:
    """The title, but where a supplier of the thing is withheld: a title often names who won."""
    withheld = f"max(CASE WHEN display_name = {sql_text(WITHHELD)} THEN 1 ELSE 0 END) OVER (PARTITION BY {thing})"
    return f"CASE WHEN {withheld} = 1 THEN {sql_text(TITLE_WITHHELD)} ELSE title END AS title"


def _awards(awards: str) -> str:
    """Each supplier's part in whole pennies: the first suppliers of an award take what does not divide."""
    return f"""
        WITH a AS (
            SELECT n.*, b.is_own, b.body, round(value_gbp * 100)::BIGINT AS pennies, {period_columns("award_date")},
                row_number() OVER (PARTITION BY award_key ORDER BY supplier_name, source_file, source_row) AS place
            FROM {awards} n {_BUYERS})
        SELECT source_file, source_sheet, source_row, financial_year, quarter_number, award_date, award_key, notice_source,
            {_title("award_key")}, buyer_name, body, coalesce(is_own, FALSE) AS is_own, value_gbp::{POUNDS} AS value_gbp,
            ((pennies // supplier_count + CASE WHEN place <= pennies % supplier_count THEN 1 ELSE 0 END)::{POUNDS}
                / 100)::{POUNDS} AS value_part_gbp,
            supplier_count, cpv_code, {supplier_columns()}
        FROM a"""


def _contracts(contracts: str) -> str:
    return f"""
        SELECT source_file, source_sheet, source_row, {period_columns("start_date")},
            {_CONTRACT} AS contract_key, contract_reference, {_title(_CONTRACT)}, start_date,
            end_date, value_gbp::{POUNDS} AS value_gbp, department, cpv_code, {supplier_columns()}
        FROM {contracts}"""
