"""What a line says of greenhouse gas: its product group, and the contract or supplier that a report of emissions is about;
and the SQL of the tables of factors, prices, reports, carbon plans and checklists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from cwb.base.privacy import WITHHELD, shown_name
from cwb.base.references import same_reference
from cwb.base.rows import PLACE
from cwb.base.values import cpv_code
from cwb.entities.matching.names import normalise_name
from cwb.lines.checklists import answers_sql
from cwb.lines.resolve import period_columns
from cwb.lines.table import add_list
from cwb.reference import table
from cwb.sources.tabular import sql_text

PURCHASED, CAPITAL, ENERGY = "purchased goods and services", "capital goods", "energy"
EMISSION_SOURCES = ("factors", "deflators", "supplier_emissions", "carbon_plans", "checklists")
BY_GROUP, BY_DIVISION = 4, 5
"""The score of a product that is known by a CPV group or an industry, and by a CPV division alone."""
# Industries that say who sells and not what is produced (formats.md 9.4): wholesale above all, whose row is anomalous.
_SELLERS = ("45", "46", "47", "82", "70", "99")
_GROUP_DIGITS = 3


@dataclass(frozen=True)
class Product:
    """A purchase as the factors see it: the publisher's product group, how well it is known, where it counts."""

    code: str
    score: int
    category: str


class Products:
    """CPV code or industry → product group, by the reference tables of crosswalks."""

    def __init__(self) -> None:
        self._cpv = {row["cpv_prefix"]: row for row in table("cpv_to_emission").to_dict("records")}
        self._sic = dict(table("sic_to_emission")[["sic_code", "code"]].itertuples(index=False, name=None))
        categories = table("emission_categories")[["code", "ghg_category"]]
        self._category = dict(categories.itertuples(index=False, name=None))

    def find(self, cpv: str | None, sic_codes: str | None) -> Product | None:
        """By CPV at group level, then by the supplier's industry, then by CPV division; None when nothing tells.

        A seller's industry (wholesale, retail, head offices, office support) says nothing of what was bought.
        """
        code = (cpv_code(cpv) if cpv else None) or ""
        division: Product | None = None
        for length in range(8, 1, -1):
            row = self._cpv.get(code[:length]) if len(code) >= length else None
            if row is None:
                continue
            if length >= _GROUP_DIGITS:
                return Product(row["code"], BY_GROUP, row["ghg_category"])
            division = Product(row["code"], BY_DIVISION, row["ghg_category"])
        for sic in (sic_codes or "").split():
            group = self._sic.get(sic) if len(sic) == 5 and not sic.startswith(_SELLERS) else None
            if group:
                return Product(group, BY_GROUP, self._category_of(group, division))
        return division

    def _category_of(self, group: str, division: Product | None) -> str:
        """What was bought tells where it counts, but whether it is energy its product alone: water is bought as a utility, under
        codes of energy too, and is none."""
        own = self._category.get(group, PURCHASED)
        return own if division is None or ENERGY in (own, division.category) else division.category


def add_products(con: duckdb.DuckDBPyConnection, lines: str, suppliers: str) -> None:
    """Tables `industries` (payee, sic_codes) and `products` (cpv, sic, and the three columns of a line)."""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE industries AS SELECT supplier_key AS payee, sic_codes::VARCHAR AS sic_codes FROM {suppliers}"
    )
    pairs = con.execute(
        f"SELECT DISTINCT cpv_code, sic_codes FROM {lines} LEFT JOIN industries ON payee = supplier_key ORDER BY ALL"
    ).fetchall()
    crosswalk = Products()
    found = [(cpv, sic, crosswalk.find(cpv, sic)) for cpv, sic in pairs]
    rows = [(cpv, sic, p.code, p.score, p.category) for cpv, sic, p in found if p]
    columns = ("cpv", "sic", "product_code", "product_score", "product_category")
    add_list(con, "products", columns, rows, product_score=pa.int32())


def add_units(con: duckdb.DuckDBPyConnection, lines: str, reports: str | None) -> None:
    """What reports are about: `contract_units` (contract_unit), `supplier_units` (name in the ledger, supplier_unit), and of the
    reports themselves `report_names` (published_name, unit_of_name, shown). A supplier's unit is a number: its name may be a person's."""
    sql = f"SELECT DISTINCT contract_reference, supplier_name FROM {reports} ORDER BY ALL"
    reported: list[tuple[str | None, str | None]] = con.execute(sql).fetchall() if reports else []
    contracts = sorted({same_reference(reference) for reference, _ in reported if reference})
    names = sorted({normalise_name(name) for reference, name in reported if name and not reference})
    units = {name: f"supplier {number}" for number, name in enumerate(names, start=1)}
    paid = con.execute(f"SELECT DISTINCT supplier_name FROM {lines}").fetchall() if names and lines else []
    same = [(name, units[key]) for (name,) in paid if name and (key := normalise_name(name)) in units]
    texts = sorted({name for _, name in reported if name})
    add_list(con, "contract_units", ("contract_unit",), [(unit,) for unit in contracts])
    add_list(con, "supplier_units", ("name", "supplier_unit"), sorted(same))
    shown = [(name, units.get(normalise_name(name)), shown_name(name)) for name in texts]
    add_list(con, "report_names", ("published_name", "unit_of_name", "shown"), shown)


def emission_selects(
    con: duckdb.DuckDBPyConnection,
    lines: str | None,
    suppliers: str | None,
    sources: dict[str, str | None],
    commitments: Mapping[str, str],
) -> dict[str, str]:
    """The SQL of each table whose source is there; the published factors of the reference table always are. `commitments` are those that
    the council's checklist asks about."""
    result = {"emission_factors": _factors(con, sources["factors"])}
    if deflators := sources["deflators"]:
        result["deflators"] = f"SELECT *, substr(year, 1, 4)::INTEGER AS start_year FROM {deflators}"
    if reports := sources["supplier_emissions"]:
        if lines is None:
            add_units(con, "", reports)
        named = f"""LEFT JOIN (SELECT upper(trim(contract_reference)) AS paid_unit, min(CASE WHEN display_name <> {sql_text(WITHHELD)} THEN display_name END) AS paid_name FROM {lines}
            GROUP BY 1) ON paid_unit = contract_unit""" if lines else ""  # fmt: skip
        result["report_lines"] = f"""
            SELECT r.*, coalesce(contract_unit, unit_of_name) AS unit,
                coalesce({"paid_name, " if lines else ""}shown, 'Supplier not stated or redacted') AS display_name
            FROM {reports} r LEFT JOIN contract_units u ON u.contract_unit = upper(trim(r.contract_reference))
            LEFT JOIN report_names n ON n.published_name = r.supplier_name {named}"""
    if plans := sources["carbon_plans"]:
        result["plan_lines"] = _plans(con, plans, suppliers)
    if checklists := sources["checklists"]:
        result["checklist_lines"] = f"""
            SELECT *, {period_columns("started")} FROM {checklists} WHERE started IS NOT NULL"""
        result["checklist_answers"] = answers_sql(con, checklists, commitments)
    return result


def _factors(con: duckdb.DuckDBPyConnection, supplied: str | None) -> str:
    """The reference table, and the council's own files, which win where both state a factor."""
    factors = table("emission_factors")
    con.register("published_factors", pa.Table.from_pandas(factors, preserve_index=False))
    published = """SELECT 'cwb: emission_factors.csv' AS source_file, NULL AS source_sheet,
        (row_number() OVER (ORDER BY release, code, year::INTEGER))::BIGINT AS source_row, release, code, product,
        year::INTEGER AS factor_year, kgco2e_per_gbp::DOUBLE AS kgco2e_per_gbp FROM published_factors"""
    if not supplied:
        return published
    columns = f"{PLACE}, release, code, product, year AS factor_year, kgco2e_per_gbp"
    return f"""SELECT {columns} FROM {supplied} UNION ALL SELECT * FROM ({published}) p WHERE NOT EXISTS (
        SELECT 1 FROM {supplied} o WHERE o.release = p.release AND o.code = p.code AND o.year = p.factor_year)"""


def _plans(con: duckdb.DuckDBPyConnection, plans: str, suppliers: str | None) -> str:
    """Each plan with the suppliers of the ledger that it is of: the same company number, or else the same name."""
    sql = f"SELECT supplier_key, company_number, supplier_name FROM {suppliers} ORDER BY supplier_key"
    paid: list[tuple[str, str | None, str | None]] = con.execute(sql).fetchall() if suppliers else []
    listed = con.execute(f"SELECT DISTINCT company_number, supplier_name FROM {plans} ORDER BY ALL").fetchall()
    by_number: dict[str, list[str]] = {}
    by_name: dict[str, list[str]] = {}
    for key, number, name in paid:
        for index, text in ((by_number, number), (by_name, normalise_name(name) if name else None)):
            if text:
                index.setdefault(text, []).append(key)
    rows: list[tuple[object, ...]] = []
    for number, name in listed:
        keys = {*by_number.get(number or "", ()), *by_name.get(normalise_name(name), ())}
        shown = shown_name(name, has_number=bool(number))
        rows += [(number, name, shown, key) for key in sorted(keys) or (None,)]
    add_list(con, "plan_suppliers", ("number", "published_name", "display_name", "plan_supplier"), rows)
    return f"""
        SELECT p.*, source_file || '#' || coalesce(source_sheet, '') || '#' || source_row AS plan_key, display_name, plan_supplier
        FROM {plans} p JOIN plan_suppliers s ON s.published_name = p.supplier_name
            AND s.number IS NOT DISTINCT FROM p.company_number"""
