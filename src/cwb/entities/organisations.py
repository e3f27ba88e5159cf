"""Registers → organisations: one row for each body, however many registers list it.

`organisations.parquet`: `org_id` (GB-COH-, GB-MPR-, GB-CHC- or GB-CUK- and its number), `name`, `company_number`,
`charity_number`, `mutual_number`, `legal_form`, `status`, `is_active`, `postcode`, `country` (of a company's office), `lad_code`, `registered_date`,
`ended_date`, `sic_codes`, `accounts_category`, `income_gbp`, `activities`, `is_coop`, `is_double`, `registers` (where it
was found), `source_file` and `source_row` (where it was found first), `rule` and `grade` of
`cwb.entities.social_enterprise`. `organisation_names.parquet`: `org_id`, `name`, `kind`
("registered", "previous", "trading", "charity"), `postcode`.

A body's registers are joined by numbers first: a charity's company number, a society's number in one form ("IP30045R",
"30045R"); then societies and charitable incorporated organisations by the same name, where just one on each side has it.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from cwb.base.database import parquet_sql
from cwb.base.progress import written
from cwb.council.config import Settings
from cwb.entities.matching.names import normalised, register_functions
from cwb.entities.social_enterprise import grade_sql, rule_sql
from cwb.reference import table
from cwb.sources.register_files import PARQUET
from cwb.sources.tabular import sql_text

_EMPTY = {
    "companies": "source_file, source_row BIGINT, company_number, company_name, town, postcode, country, category, status, incorporation_date DATE, "
    "dissolution_date DATE, accounts_category, sic_codes, previous_names VARCHAR[], is_listed BOOLEAN",
    "mutuals": "source_file, source_row BIGINT, mutual_number, society_name, postcode, registered_as, registration_date DATE, deregistration_date DATE, "
    "is_registered_now BOOLEAN",
    "charities": "source_file, source_row BIGINT, charity_number, charity_name, postcode, company_number, status, registration_date DATE, "
    "removal_date DATE, income_gbp DOUBLE, is_cio BOOLEAN, activities",
    "coops": "source_file, source_row BIGINT, coop_id, coop_name, trading_name, legal_form, company_number, mutual_number, postcode, sic_codes, "
    "is_live BOOLEAN, registration_date DATE, dissolution_date DATE",
}
REGISTERS = tuple(_EMPTY)
_ACTIVE = ("active", "active - proposal to strike off", "live but receiver manager on at least one charge")


def build_organisations(con: duckdb.DuckDBPyConnection, settings: Settings) -> bool:
    """Write both tables; False, and nothing written, when the council supplied none of the registers.

    `con` has the view `postcodes`.
    """
    folder = settings.processed
    organisations, names = folder / "organisations.parquet", folder / "organisation_names.parquet"
    for path in (organisations, names):
        path.unlink(missing_ok=True)
    if not any((folder / f"{name}.parquet").is_file() for name in REGISTERS):
        return False
    register_functions(con)
    for name, columns in _EMPTY.items():
        _view(con, name, columns, folder / f"{name}.parquet")
    con.register("legal_forms", table("legal_forms"))
    _company_bodies(con)
    _mutual_bodies(con)
    _charity_bodies(con)
    _coop_bodies(con)
    _finish(con, organisations, names)
    return True


def _view(con: duckdb.DuckDBPyConnection, name: str, columns: str, path: Path) -> None:
    if path.is_file():
        con.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM {parquet_sql(path)}")
        return
    typed = [(*column.split(" ", 1), "VARCHAR")[:2] for column in columns.split(", ")]
    nothing = ", ".join(f"NULL::{kind} AS {column}" for column, kind in typed)
    con.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT {nothing} WHERE false")


def _company_bodies(con: duckdb.DuckDBPyConnection) -> None:
    """Companies as bodies. Of a society under an IP and an RS number the newer registration is the body."""
    active = ", ".join(sql_text(status) for status in _ACTIVE)
    con.execute(
        f"""CREATE OR REPLACE TABLE bodies AS
        SELECT 'GB-COH-' || company_number AS org_id, company_name AS name, company_number, NULL::VARCHAR AS charity_number,
            CASE WHEN regexp_matches(company_number, '^(IP|RS|SP|SR|NP)') THEN cwb_mutual_number(company_number) END
                AS mutual_number,
            coalesce(f.legal_form, 'Other') AS legal_form, c.status,
            lower(coalesce(c.status, 'active')) IN ({active}) AND coalesce(is_listed, true) AS is_active,
            postcode, country, incorporation_date AS registered_date, dissolution_date AS ended_date, sic_codes,
            accounts_category, NULL::DOUBLE AS income_gbp, NULL::VARCHAR AS activities, false AS is_coop,
            false AS is_double, 'Companies House' AS registers, c.source_file, c.source_row
        FROM companies c LEFT JOIN legal_forms f ON f.register = 'companies' AND f.published = lower(c.category)"""
    )
    con.execute(
        f"""UPDATE bodies SET is_double = true WHERE org_id IN (
            SELECT org_id FROM {normalised("(SELECT * FROM bodies WHERE legal_form = 'Registered society')", "name")}
            QUALIFY count(*) OVER (PARTITION BY core) > 1
                AND row_number() OVER (PARTITION BY core ORDER BY starts_with(company_number, 'RS') DESC,
                                       registered_date DESC, org_id) > 1)"""
    )


def _cores(con: duckdb.DuckDBPyConnection, name: str, relation: str, column: str = "name") -> None:
    """A table of rows that alone bear their name among `relation`, to join by name without guessing."""
    con.execute(
        f"""CREATE OR REPLACE TABLE {name} AS SELECT * FROM {normalised(relation, column)}
            QUALIFY count(*) OVER (PARTITION BY core) = 1"""
    )


def _mutual_bodies(con: duckdb.DuckDBPyConnection) -> None:
    _cores(
        con,
        "societies",
        "(SELECT org_id, name FROM bodies WHERE legal_form = 'Registered society' AND NOT is_double)",
    )
    _cores(con, "mutual_names", "(SELECT mutual_number, society_name FROM mutuals)", "society_name")
    con.execute(
        """CREATE OR REPLACE TABLE mutual_links AS
        SELECT m.mutual_number, coalesce(b.org_id, s.org_id, 'GB-MPR-' || m.mutual_number) AS org_id,
            b.org_id IS NOT NULL OR s.org_id IS NOT NULL AS is_linked
        FROM mutuals m
        LEFT JOIN (SELECT mutual_number, min(org_id) AS org_id FROM bodies
                   WHERE mutual_number IS NOT NULL AND NOT is_double GROUP BY 1) b ON b.mutual_number = m.mutual_number
        LEFT JOIN mutual_names n ON n.mutual_number = m.mutual_number
        LEFT JOIN societies s ON s.core = n.core"""
    )
    con.execute(
        """CREATE OR REPLACE TABLE mutuals_linked AS
        SELECT l.org_id, m.*, coalesce(f.legal_form, 'Other mutual') AS mutual_form, l.is_linked
        FROM mutuals m JOIN mutual_links l USING (mutual_number)
        LEFT JOIN legal_forms f ON f.register = 'mutuals' AND f.published = lower(m.registered_as)
        QUALIFY row_number() OVER (PARTITION BY l.org_id ORDER BY m.is_registered_now DESC, m.mutual_number) = 1"""
    )
    con.execute(
        """UPDATE bodies SET mutual_number = t.mutual_number, registers = registers || ', Mutuals Register',
            legal_form = CASE WHEN t.mutual_form = 'Other mutual' THEN bodies.legal_form ELSE t.mutual_form END,
            postcode = coalesce(bodies.postcode, t.postcode),
            registered_date = coalesce(bodies.registered_date, t.registration_date),
            is_active = bodies.is_active AND t.is_registered_now,
            ended_date = least(bodies.ended_date, t.deregistration_date)
        FROM mutuals_linked t WHERE t.is_linked AND bodies.org_id = t.org_id"""
    )
    con.execute(
        """INSERT INTO bodies BY NAME
        SELECT org_id, society_name AS name, mutual_number, mutual_form AS legal_form,
            CASE WHEN is_registered_now THEN 'Registered' ELSE 'Deregistered' END AS status,
            is_registered_now AS is_active, postcode, registration_date AS registered_date,
            deregistration_date AS ended_date, false AS is_coop, false AS is_double, 'Mutuals Register' AS registers,
            source_file, source_row
        FROM mutuals_linked WHERE NOT is_linked"""
    )


def _charity_bodies(con: duckdb.DuckDBPyConnection) -> None:
    _cores(
        con, "cios", "(SELECT org_id, name FROM bodies WHERE legal_form = 'Charitable incorporated organisation')"
    )
    _cores(
        con, "charity_names", "(SELECT charity_number, charity_name FROM charities WHERE is_cio)", "charity_name"
    )
    con.execute(
        """CREATE OR REPLACE TABLE charity_links AS
        SELECT c.charity_number, coalesce(b.org_id, o.org_id, 'GB-CHC-' || c.charity_number) AS org_id,
            b.org_id IS NOT NULL OR o.org_id IS NOT NULL AS is_linked
        FROM charities c
        LEFT JOIN bodies b ON b.company_number = c.company_number
        LEFT JOIN charity_names n ON n.charity_number = c.charity_number
        LEFT JOIN cios o ON o.core = n.core
        QUALIFY row_number() OVER (PARTITION BY c.charity_number ORDER BY b.org_id NULLS LAST, o.org_id) = 1"""
    )
    con.execute(
        """CREATE OR REPLACE TABLE charities_linked AS
        SELECT l.org_id, l.is_linked, c.* FROM charities c JOIN charity_links l USING (charity_number)
        QUALIFY row_number() OVER (PARTITION BY l.org_id ORDER BY c.status = 'Registered' DESC, c.charity_number) = 1"""
    )
    con.execute(
        """UPDATE bodies SET charity_number = t.charity_number, registers = registers || ', Charity Commission',
            postcode = coalesce(bodies.postcode, t.postcode), income_gbp = t.income_gbp, activities = t.activities
        FROM charities_linked t WHERE t.is_linked AND bodies.org_id = t.org_id AND t.status = 'Registered'"""
    )
    # A CIO is made by the charity register and ends with it; a company that is a charity no more is still a company.
    con.execute(
        """UPDATE bodies SET charity_number = t.charity_number, registers = registers || ', Charity Commission',
            is_active = false, ended_date = least(bodies.ended_date, t.removal_date), status = t.status
        FROM charities_linked t WHERE t.is_linked AND bodies.org_id = t.org_id AND t.status <> 'Registered'
            AND bodies.legal_form = 'Charitable incorporated organisation'"""
    )
    con.execute(
        """INSERT INTO bodies BY NAME
        SELECT org_id, charity_name AS name, charity_number,
            CASE WHEN is_cio THEN 'Charitable incorporated organisation' ELSE 'Other charity' END AS legal_form, status,
            status = 'Registered' AS is_active, postcode, registration_date AS registered_date,
            removal_date AS ended_date, income_gbp, activities,
            false AS is_coop, false AS is_double, 'Charity Commission' AS registers, source_file, source_row
        FROM charities_linked WHERE NOT is_linked"""
    )


def _coop_bodies(con: duckdb.DuckDBPyConnection) -> None:
    _cores(
        con,
        "society_names",
        "(SELECT org_id, name FROM bodies WHERE mutual_number IS NOT NULL AND NOT is_double AND is_active)",
    )
    _cores(con, "coop_names", "(SELECT coop_id, coop_name FROM coops WHERE company_number IS NULL)", "coop_name")
    con.execute(
        """CREATE OR REPLACE TABLE coop_links AS
        SELECT c.coop_id, coalesce(b.org_id, m.org_id, s.org_id, 'GB-CUK-' || c.coop_id) AS org_id,
            coalesce(b.org_id, m.org_id, s.org_id) IS NOT NULL AS is_linked
        FROM coops c
        LEFT JOIN bodies b ON b.company_number = c.company_number
        LEFT JOIN (SELECT mutual_number, min(org_id) AS org_id FROM bodies WHERE NOT is_double GROUP BY 1) m
            ON m.mutual_number = c.mutual_number
        LEFT JOIN coop_names n USING (coop_id)
        LEFT JOIN society_names s ON s.core = n.core
        QUALIFY row_number() OVER (PARTITION BY c.coop_id ORDER BY b.org_id NULLS LAST, m.org_id NULLS LAST, s.org_id) = 1"""
    )
    con.execute(
        """CREATE OR REPLACE TABLE coops_linked AS
        SELECT l.org_id, l.is_linked, c.* FROM coops c JOIN coop_links l USING (coop_id)
        QUALIFY row_number() OVER (PARTITION BY l.org_id ORDER BY c.is_live DESC, c.coop_id) = 1"""
    )
    con.execute(
        """UPDATE bodies SET is_coop = t.is_live, registers = registers || ', Co-operatives UK',
            sic_codes = coalesce(bodies.sic_codes, t.sic_codes), postcode = coalesce(bodies.postcode, t.postcode)
        FROM coops_linked t WHERE t.is_linked AND bodies.org_id = t.org_id"""
    )
    con.execute(
        """INSERT INTO bodies BY NAME
        SELECT org_id, coop_name AS name, company_number, mutual_number,
            CASE legal_form WHEN 'Society' THEN 'Registered society' WHEN 'LLP' THEN 'Limited liability partnership'
                WHEN 'Community Interest Company' THEN 'Community interest company'
                ELSE 'Other' END AS legal_form,
            CASE WHEN is_live THEN 'Live' ELSE 'Dead' END AS status, is_live AS is_active, postcode,
            registration_date AS registered_date, dissolution_date AS ended_date, sic_codes,
            is_live AS is_coop, false AS is_double, 'Co-operatives UK' AS registers, source_file, source_row
        FROM coops_linked WHERE NOT is_linked"""
    )


def _finish(con: duckdb.DuckDBPyConnection, organisations: Path, names: Path) -> None:
    with written(organisations) as part:
        con.execute(
            f"""COPY (
            WITH placed AS (SELECT b.*, p.lad_code FROM bodies b LEFT JOIN postcodes p USING (postcode)),
            ruled AS (SELECT *, {rule_sql()} AS rule FROM placed)
            SELECT *, {grade_sql()} AS grade FROM ruled ORDER BY lad_code NULLS LAST, org_id
        ) TO {sql_text(part.as_posix())} {PARQUET}"""
        )
    with written(names) as part:
        con.execute(
            f"""COPY (
            SELECT org_id, name, 'registered' AS kind, postcode FROM bodies WHERE NOT is_double
            UNION ALL SELECT 'GB-COH-' || company_number, unnest(previous_names), 'previous', postcode FROM companies
            UNION ALL SELECT l.org_id, c.charity_name, 'charity', c.postcode
                FROM charities c JOIN charity_links l USING (charity_number) WHERE l.is_linked AND c.status = 'Registered'
            UNION ALL SELECT l.org_id, c.trading_name, 'trading', c.postcode
                FROM coops c JOIN coop_links l USING (coop_id)
                WHERE c.trading_name IS NOT NULL AND lower(c.trading_name) <> lower(c.coop_name)
            UNION ALL SELECT l.org_id, c.coop_name, 'registered', c.postcode
                FROM coops c JOIN coop_links l USING (coop_id) WHERE l.is_linked
        ) TO {sql_text(part.as_posix())} {PARQUET}"""
        )
