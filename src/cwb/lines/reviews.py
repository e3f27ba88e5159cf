"""The SQL of the tables of reviews: the contracts register with its windows, what was decided, what it saved and earned.

A window opens and closes so many calendar months before the current expiry, on the month's last day where it has no such day.
A decision belongs to the contract of its reference that was in force on its day: of a reference that was used again after an end, the
one that had begun last; where several rows of it run at once, to all of them.
"""

from __future__ import annotations

from pathlib import Path

from cwb.council.config import Settings
from cwb.council.reviews import Reviews
from cwb.entities.matched import table_sql
from cwb.lines.agreements import annual_sql
from cwb.lines.schema_reviews import COST, ONE_OFF, SAVING, SMALL
from cwb.lines.table import POUNDS, TYPED_PLACE
from cwb.sources.datasets.income import TRADING
from cwb.sources.datasets.insourcing import IN_HOUSE, NOT_YET, TESTS
from cwb.sources.tabular import sql_text

_UNIT = "upper(trim(contract_reference))"
# What a saving is of: its contract, else what its title names.
_SAVED = f"coalesce({_UNIT}, upper(trim(title)))"
# Where ten extensions or more are stated, months were typed into the column of their number.
_MOST_OPTIONS = 9
# CPV: divisions up to 45 are goods and works, as is 48 (software); the others are services.
_IS_SERVICE = (
    "CASE WHEN cpv_code IS NOT NULL THEN substr(cpv_code, 1, 2) > '45' AND substr(cpv_code, 1, 2) <> '48' END"
)


def reviews(settings: Settings, contracts: str | None, folder: Path) -> dict[str, str]:
    """SQL by table, of the forms in `folder`; `contracts` is the SQL of `contract_lines`, None where no register was supplied."""
    insourcing, savings, income = (table_sql(folder, name) for name in ("insourcing", "savings", "income"))
    tables = {}
    if contracts:
        tables["review_lines"] = _register(settings.reviews, contracts, insourcing)
    if insourcing:
        tables["insourcing_lines"] = _decisions(insourcing, contracts, income, savings)
    if parts := [*_savings(savings, insourcing), *_transitions(insourcing, savings)]:
        tables["insourcing_money"] = " UNION ALL ".join(parts)
    if income:
        tables["income_lines"] = _income(income, contracts)
    return tables


def _income(income: str, contracts: str | None) -> str:
    """A unit that the register has by its title is that contract."""
    titled = (
        f"(SELECT min(coalesce({_UNIT}, contract_key)) FROM ({contracts}) c WHERE upper(trim(title)) = upper(trim(i.unit)))"
        if contracts
        else "NULL"
    )
    return f"""
        SELECT {TYPED_PLACE}, coalesce({titled}, upper(trim(unit))) AS contract_key, financial_year AS income_year, unit, kind,
            income_gbp::{POUNDS} AS income_gbp, direct_cost_gbp::{POUNDS} AS direct_cost_gbp,
            income_gbp::{POUNDS} - coalesce(direct_cost_gbp, 0)::{POUNDS} AS net_gbp, signed_role IS NOT NULL AS is_signed
        FROM {income} i"""


def _register(rules: Reviews, contracts: str, insourcing: str | None) -> str:
    """Every row of the register once; what was decided joined by reference and term."""
    options = (
        f"CASE WHEN option_count <= {_MOST_OPTIONS} THEN end_date + to_months(option_months * option_count) END"
    )
    last_end = f"greatest(expiry_date, extension_date, ({options})::DATE)::DATE"
    reviews = (
        f"(SELECT {_UNIT} AS unit, *, {_is_tested()} AS is_tested FROM {insourcing})"
        if insourcing
        else "(SELECT NULL::VARCHAR AS unit, NULL::DATE AS review_begun_date, NULL::VARCHAR AS decision, "
        "NULL::DATE AS decided_date, NULL::BOOLEAN AS is_tested WHERE false)"
    )
    day = "coalesce(r.decided_date, r.review_begun_date, DATE '9999-12-31')"
    return f"""
        WITH register AS (SELECT *, {_UNIT} AS unit FROM ({contracts})),
        begun AS (SELECT unit, start_date, CASE WHEN count(*) = count(expiry_date) THEN max(expiry_date) END AS last_day
            FROM register WHERE unit IS NOT NULL GROUP BY unit, start_date),
        terms AS (SELECT t.unit, t.start_date, min(CASE WHEN o.start_date < t.start_date THEN o.start_date END) AS before,
                min(CASE WHEN o.start_date > t.last_day THEN o.start_date END) AS next
            FROM begun t JOIN begun o ON o.unit = t.unit GROUP BY t.unit, t.start_date),
        decided AS (SELECT t.unit, t.start_date, min(review_begun_date) AS review_begun_date,
                arg_min(decision, decided_date) FILTER (WHERE decision <> '{NOT_YET}') AS decision,
                min(decided_date) FILTER (WHERE decision <> '{NOT_YET}') AS decided_date, bool_or(is_tested) AS is_tested
            FROM terms t JOIN {reviews} r ON r.unit = t.unit AND (t.before IS NULL OR {day} >= t.start_date)
                AND (t.next IS NULL OR {day} < t.next)
            GROUP BY ALL)
        SELECT {TYPED_PLACE}, coalesce(c.unit, contract_key) AS contract_key, contract_reference, title, display_name, department, c.start_date, expiry_date,
            {last_end} AS last_end_date,
            (expiry_date - INTERVAL {rules.opens_months} MONTH)::DATE AS opens_date,
            (expiry_date - INTERVAL {rules.closes_months} MONTH)::DATE AS closes_date,
            CASE WHEN expiry_date > end_date THEN end_date + 1 END AS extended_date,
            is_extended IS NOT NULL OR coalesce(expiry_date <> end_date, FALSE) AS is_end_twofold,
            yearly_gbp AS annual_gbp, value_gbp,
            CASE WHEN yearly_gbp < {rules.small_gbp} THEN '{SMALL}'
                WHEN NOT {_IS_SERVICE} AND expiry_date < c.start_date + INTERVAL {rules.one_off_months} MONTH
                THEN '{ONE_OFF}' END AS apart,
            {_IS_SERVICE} AS is_service,
            {_is_a("framework")} AS is_framework, {_is_a("concession")} AS is_concession,
            review_begun_date, decision, decided_date, is_tested
        FROM (SELECT *, {annual_sql("annual_gbp", "greatest(expiry_date, extension_date)")} AS yearly_gbp FROM register) c
        LEFT JOIN decided d ON d.unit = c.unit AND d.start_date = c.start_date"""


def _is_a(kind: str) -> str:
    """Whether a contract is of a kind by its type or title; a title that does not say so says nothing where no type is stated."""
    words = "lower(coalesce(contract_type, '') || ' ' || coalesce(title, ''))"
    return f"CASE WHEN contains({words}, '{kind}') THEN TRUE WHEN contract_type IS NOT NULL THEN FALSE END"


def _is_tested() -> str:
    return " AND ".join(f"coalesce({name} IN ('strong', 'weak'), FALSE)" for name in TESTS)


def _decisions(insourcing: str, contracts: str | None, income: str | None, savings: str | None) -> str:
    listed = f"SELECT {_UNIT} AS unit FROM ({contracts})" if contracts else "SELECT NULL::VARCHAR AS unit"
    traded = (
        f"""SELECT upper(trim(unit)) AS unit, min(financial_year) AS year FROM {income}
        WHERE kind = '{TRADING}' AND income_gbp > 0 GROUP BY 1"""
        if income
        else "SELECT NULL::VARCHAR AS unit, NULL::INTEGER AS year WHERE false"
    )
    saved = _costed(savings) if savings else "SELECT NULL WHERE FALSE"
    return f"""
        WITH traded AS ({traded})
        SELECT i.*, dense_rank() OVER (ORDER BY lower(trim(service)))::INTEGER AS service_number,
            {_UNIT} IN (SELECT unit FROM ({listed}) WHERE unit IS NOT NULL) AS is_on_register,
            (SELECT min(year) FROM traded WHERE unit IN ({_UNIT}, upper(trim(service)))) AS first_traded_year,
            transition_gbp IS NOT NULL OR {_UNIT} IN ({saved}) OR upper(trim(service)) IN ({saved}) AS is_cost_stated
        FROM {insourcing} i"""


def _costed(savings: str) -> str:
    """What savings by insourcing are of whose cost to achieve is stated, as nothing too."""
    return f"SELECT {_SAVED} FROM {savings} WHERE kind = 'insourcing' AND cost_to_achieve_gbp IS NOT NULL"


def _savings(savings: str | None, insourcing: str | None) -> list[str]:
    """Savings by insourcing, and their own cost to achieve where the register of reviews has no cost of transition for the contract,
    or for a service of the saving's title. That of one year's row is the cost of them all."""
    if not savings:
        return []
    known = "SELECT NULL WHERE FALSE"
    if insourcing:
        # A cost that begins on no day counts nowhere.
        dated = f"FROM {insourcing} WHERE transition_gbp = 0 OR (transition_gbp > 0 AND start_in_house_date IS NOT NULL)"
        known = f"SELECT {_UNIT} {dated} UNION ALL SELECT upper(trim(service)) {dated}"
    row = f"""SELECT {TYPED_PLACE}, '{{kind}}' AS kind, title AS name, financial_year, {{day}} AS cost_date, NULL::DATE AS decided_date,
        {{was}} AS baseline_gbp, {{now}} AS new_gbp, ({{amount}})::{POUNDS} AS amount_gbp, is_realised,
        {{last_price}} AS is_last_price, signed_role IS NOT NULL AS is_signed,
        CASE WHEN signed_role IS NOT NULL THEN signed_date END AS signed_date, {_SAVED} IN ({_costed(savings)} UNION ALL {known}) AS is_cost_stated
        FROM {savings} WHERE kind = 'insourcing'"""
    was, now = f"baseline_gbp::{POUNDS}", f"new_gbp::{POUNDS}"
    saved = row.format(
        last_price="contains(baseline_kind, 'last price')",
        kind=SAVING,
        day="NULL::DATE",
        was=was,
        now=now,
        amount=f"{was} - {now}",
    )
    cost = row.format(
        last_price="TRUE",
        kind=COST,
        day="make_date(financial_year + 1, 3, 31)",
        was=f"NULL::{POUNDS}",
        now=f"NULL::{POUNDS}",
        amount="-cost_to_achieve_gbp",
    )
    own = f"cost_to_achieve_gbp > 0 AND is_realised AND {_SAVED} NOT IN ({known})"
    return [saved, f"{cost} AND {own}"]


def _transitions(insourcing: str | None, savings: str | None) -> list[str]:
    """Costs of transition from the first day in house. One that states no such day may have begun where it was decided that the service
    comes in-house, unless its saving states what that cost."""
    if not insourcing:
        return []
    costed = _costed(savings) if savings else "SELECT NULL WHERE FALSE"
    kinds = ", ".join(map(sql_text, IN_HOUSE))
    may_begin = f"decision IN ({kinds}) AND {_UNIT} NOT IN ({costed}) AND upper(trim(service)) NOT IN ({costed})"
    return [
        f"""SELECT {TYPED_PLACE}, '{COST}' AS kind, service AS name, NULL::INTEGER AS financial_year, start_in_house_date AS cost_date,
        CASE WHEN start_in_house_date IS NULL THEN decided_date END AS decided_date,
        NULL::{POUNDS} AS baseline_gbp, NULL::{POUNDS} AS new_gbp, (-transition_gbp)::{POUNDS} AS amount_gbp, TRUE AS is_realised, TRUE AS is_last_price,
        TRUE AS is_signed, start_in_house_date AS signed_date, TRUE AS is_cost_stated FROM {insourcing} WHERE transition_gbp > 0 AND (start_in_house_date IS NOT NULL OR ({may_begin}))"""
    ]
