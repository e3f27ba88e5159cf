"""Employee-owned businesses: how many of those listed are local, and what we buy from them. They are counted apart."""

from __future__ import annotations

from cwb.base.rows import Row
from cwb.packs.exhibits import or_why, range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, ask, measure
from cwb.packs.questions import FIRST_LINE, ORGANISATION, Fact, Relation, count, numbered, total
from cwb.packs.registers_at_hand import has_whole_register
from cwb.packs.social_enterprise_mapping.bodies import here

_ASKED = "A question to the business, or its accounts, and a yes or no in the form of employee-owned businesses would settle it."
_KNOWN = "whether listed businesses are employee-owned is known"
_LOCAL = Fact("CASE WHEN is_owned IS FALSE THEN FALSE WHEN is_owned THEN is_local END", _KNOWN, _ASKED)
_OWNED = Fact("is_owned", _KNOWN, _ASKED)
_TABLES = ("employee_owned", "organisations")
_WORDS = {
    1: "Confirmed by somebody", 0: "A sign on the register, not confirmed", -1: "Looked at and not, ceased, or no sign",
}  # fmt: skip


def _companies(data: PackData) -> str:
    """SQL: one row a listed company: `is_owned` is true where somebody confirmed it, NULL where there is a sign alone, else false; what
    ceased by the end of the period says nothing."""
    holds = f"(ceased_date IS NULL OR ceased_date > DATE '{data.period.end}') AND (notified_date IS NULL OR notified_date <= DATE '{data.period.end}')"
    return f"""(SELECT company_number, {FIRST_LINE},
        CASE WHEN sum(CASE WHEN {holds} AND is_confirmed THEN 1 ELSE 0 END) > 0 THEN TRUE
            WHEN sum(CASE WHEN {holds} AND is_signal AND is_confirmed IS NULL THEN 1 ELSE 0 END) > 0 THEN NULL ELSE FALSE END AS is_owned
        FROM {numbered("employee_owned", "company_number")} o GROUP BY company_number)"""


def listed(data: PackData) -> Relation:
    """Listed companies, each once, with the place of their office: those of the register of organisations, and where it has only a part
    of all companies also those that it lacks, whose place is not known."""
    join = "JOIN" if has_whole_register(data) else "LEFT JOIN"
    source = f"""(SELECT e.source_file, e.source_sheet, e.source_row, coalesce(o.org_id, e.company_number) AS org_id,
            coalesce(o.name, e.company_number) AS name, o.is_local, e.is_owned
        FROM {_companies(data)} e
        {join} (SELECT * FROM organisations WHERE NOT is_double) o ON o.company_number = e.company_number)"""
    return Relation(source, _TABLES)


def paid(data: PackData) -> Relation:
    """Payments of the period; `is_owned` of the supplier's organisation, or of its own number where no register has it; NULL where only
    a match under review says that it is listed."""
    lines = data.spend()
    source = f"""(SELECT l.*, CASE WHEN e.is_owned IS FALSE OR e.company_number IS NULL THEN FALSE
            WHEN e.is_owned AND (l.match_status = 'matched' OR o.org_id IS NULL) THEN TRUE END AS is_owned
        FROM {lines.source} l LEFT JOIN organisations o ON o.org_id = l.org_id
        LEFT JOIN suppliers s ON s.supplier_key = l.supplier_key
        LEFT JOIN {_companies(data)} e ON e.company_number = coalesce(o.company_number, s.company_number))"""
    return Relation(source, ("spend_lines", "suppliers", *_TABLES), period=data.period)


@measure(
    Definition(
        "employee_owned_count", "Local employee-owned businesses on the list", "count", "count",
        "Listed companies with their office in the local area of which somebody confirmed that employees own them. High: also those "
        "with only a sign (a corporate owner of over half with the name of an employees' trust), and those whose place is not known. "
        "Never added to social enterprises.",
        excluded="Businesses that are not on the list: no public register lists employee ownership.",
        version=2,
    ),
    Definition(
        "employee_owned_spend", "Spend with employee-owned businesses on the list", "gbp", "total",
        "Spend of the period with suppliers that are listed companies, by a match or their own number, of which somebody confirmed that "
        "employees own them, wherever they are. High: also those with only a sign, and matches under review. Never added to spend with social enterprises.",
        excluded="Suppliers that are not on the list or matched to no company of it.",
        version=2,
    ),
    question="Which businesses are owned by their employees?",
    needs=("employee_owned", "organisations"),
    columns=(
        Column("state", "What is known of it"),
        Column("local", "Local", "count"),
        Column("elsewhere", "Elsewhere", "count"),
        Column("unplaced", "Place not known", "count"),
        Column("pounds_gbp", "Paid in the period (£)", "gbp", missing=""),
    ),
)  # fmt: skip
def employee_owned(data: PackData) -> Result:
    """Employee-owned businesses of the list, beside social enterprises and never added to them.

    One row per state of the evidence, surest first: `state`, `local` (businesses with a local office), `elsewhere` (of both None where none
    is known to be and some have no known place), `unplaced` (place of the office not known), `pounds_gbp` (paid in the period to suppliers
    that are matched to them, or may be). Source: formats.md 4.6.
    """
    companies, lines = listed(data), paid(data)
    nearby = companies.where("is_local IS NOT FALSE")
    answers = ask(
        data,
        count("employee_owned_count", of=nearby, where=_LOCAL, per=ORGANISATION),
        total("employee_owned_spend", of=lines, where=_OWNED),
    )
    state = "CASE WHEN is_owned THEN 1 WHEN is_owned IS NULL THEN 0 ELSE -1 END"
    places = f"""SELECT {state} AS state, sum(CASE WHEN is_local THEN 1 ELSE 0 END) AS local,
        sum(CASE WHEN is_local IS FALSE THEN 1 ELSE 0 END) AS elsewhere, sum(CASE WHEN is_local IS NULL THEN 1 ELSE 0 END) AS unplaced
        FROM {companies.source} WHERE {companies.condition} GROUP BY 1"""
    spent = f"""SELECT {state} AS state, sum(amount_gbp) AS pounds FROM {lines.source} WHERE {lines.condition}
        AND is_owned IS NOT FALSE GROUP BY 1"""
    found = {row["state"]: row for row in data.rows(places)}
    pounds = {row["state"]: float(row["pounds"]) for row in data.rows(spent)}
    rows = [
        (words, *_by_place(found.get(one)), pounds.get(one, 0.0) if one >= 0 else None)
        for one, words in _WORDS.items()
    ]
    return Result.of(answers, rows, places, spent)


def _by_place(row: Row | None) -> tuple[int | None, int | None, int]:
    """How many are local, are elsewhere, and have no known place; where some have none, none known to be is not known to be none."""
    local, elsewhere, unplaced = (
        (int(row[name]) for name in ("local", "elsewhere", "unplaced")) if row else (0, 0, 0)
    )
    none = None if unplaced else 0
    return local or none, elsewhere or none, unplaced


@employee_owned.shown
def exhibit(m: Measured) -> Shown:
    local, spend = m["employee_owned_count"], m["employee_owned_spend"]
    near = f"{local} local; " if local.value is not None else ""
    is_known = spend.value is not None
    paid_to = f"{spend} was paid to such suppliers" if is_known else "what was paid to such suppliers is not known"
    return Shown(
        title=f"Employee-owned businesses on the list: {near}{paid_to}",
        subtitle=f"By the standing of the evidence. {here(m)}",
        says=(
            or_why(local, f"Local and confirmed: {local}{range_text(local)}.", "How many of the list are local"),
            or_why(spend, f"Paid in the period: {spend}{range_text(spend)}.", "What was paid to them"),
            "No public register lists them: an owner's name is a sign and no proof, and a business that is not on the list is not counted. "
            "They are shown beside social enterprises and never added to them: an employee-owned business may be both or neither.",
        ),
        caption="Businesses that may be employee-owned, by the standing of the evidence",
        paper=Paper.SENTENCES,
    )
