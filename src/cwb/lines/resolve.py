"""SQL that resolves one matched line: its supplier's facts as three-valued columns, and its financial year.

After this every fact of a line that a measure may need is a column, so that measures need no text and no dates.
"""

from __future__ import annotations

from cwb.base.privacy import NOT_STATED, TITLE_WITHHELD, WITHHELD
from cwb.entities.matching.kinds import BY_NUMBER, MatchEvidence
from cwb.entities.matching.match import MATCHED, NO_MATCH, REVIEW
from cwb.entities.matching.supplier_kinds import INDIVIDUAL, ORGANISATION
from cwb.entities.matching.supplier_kinds import NOT_STATED as NOT_NAMED
from cwb.lines.table import POUNDS, PlaceEvidence
from cwb.sources.places import ELSEWHERE, HOME, LOCAL_RINGS, UNKNOWN
from cwb.sources.tabular import sql_text

_BY_NUMBER = ", ".join(sql_text(kind.value) for kind in BY_NUMBER)


def _flag(ring: str, true_of: tuple[str, ...]) -> str:
    """Whether a ring is one of some; NULL where the place is not known."""
    wanted = ", ".join(sql_text(name) for name in true_of)
    return f"CASE WHEN {ring} IS NULL OR {ring} = '{UNKNOWN}' THEN NULL ELSE {ring} IN ({wanted}) END"


def supplier_columns(
    line: str | None = "source_file || '#' || coalesce(source_sheet, '') || '#' || source_row",
) -> str:
    """The columns of a supplier, from a row of `cwb.entities.matched`. `line` names the row where no supplier is named; None where
    every row has one."""
    payee = "supplier_key" if line is None else f"coalesce(supplier_key, 'line ' || {line})"
    reviewed = f"CASE WHEN ring = '{UNKNOWN}' THEN coalesce(candidate_ring, ring) ELSE ring END"
    numbered = (
        f"CASE WHEN (place_source = '{PlaceEvidence.REGISTERED_OFFICE}' AND match_evidence NOT IN ({_BY_NUMBER})) "
        f"OR place_source = '{PlaceEvidence.PUBLIC_BODY}' THEN '{UNKNOWN}' ELSE ring END"
    )
    named = f"supplier_key IS NOT NULL AND match_status = '{MATCHED}'"
    return f"""
        supplier_key, {payee} AS payee_key, coalesce(display_name, {sql_text(NOT_STATED)}) AS display_name,
        coalesce(ring, '{UNKNOWN}') AS ring, lad_code,
        {_flag("ring", LOCAL_RINGS)} AS is_local, {_flag("ring", (HOME,))} AS is_home,
        CASE WHEN ring = '{ELSEWHERE}' AND lad_code IS NULL THEN '{PlaceEvidence.ABROAD}'
             WHEN ring <> '{UNKNOWN}' AND place_source IS NOT NULL THEN place_source
             WHEN place_source IS NOT NULL THEN '{PlaceEvidence.NOT_IN_DIRECTORY}'
             ELSE '{PlaceEvidence.NONE}' END AS place_evidence,
        {_flag("registered_ring", LOCAL_RINGS)} AS is_local_by_office,
        {_flag(f"({reviewed})", LOCAL_RINGS)} AS is_local_if_reviewed,
        {_flag(f"({numbered})", LOCAL_RINGS)} AS is_local_by_number,
        -- Whoever is large is no SME, and who is of another size is one, whatever a list leaves blank.
        CASE WHEN lower(size) = 'large' THEN FALSE WHEN lower(size) IN ('micro', 'small', 'medium') THEN coalesce(is_sme, TRUE)
             ELSE is_sme END AS is_sme, is_vcse,
        CASE WHEN lower(size) IN ('micro', 'small', 'medium', 'large') THEN lower(size) END AS size,
        CASE WHEN supplier_key IS NULL THEN '{NO_MATCH}' ELSE coalesce(match_status, '{NO_MATCH}') END AS match_status,
        CASE WHEN supplier_key IS NULL THEN {sql_text(MatchEvidence.NOT_STATED.value)}
             ELSE coalesce(match_evidence, {sql_text(MatchEvidence.NOT_STATED.value)}) END AS match_evidence,
        supplier_kind, org_id,
        CASE WHEN {named} AND org_id IS NOT NULL THEN org_id ELSE {payee} END AS organisation_key, grade,
        -- A public body is none; of a supplier on no register at hand, and of a name that may be a person's, it is not known.
        CASE WHEN {named} AND grade IN ('A', 'B') THEN TRUE
             WHEN {named} AND grade IS NULL AND org_id IS NOT NULL THEN FALSE
             WHEN match_status = '{NO_MATCH}' AND supplier_kind NOT IN ('{ORGANISATION}', '{INDIVIDUAL}', '{NOT_NAMED}')
             THEN FALSE END AS is_social_enterprise,
        CASE WHEN match_status = '{REVIEW}' AND candidate_grade IS NULL THEN FALSE
             WHEN match_status = '{REVIEW}' AND candidate_grade IN ('A', 'B') THEN TRUE
             ELSE is_social_enterprise END AS is_social_if_reviewed"""


def period_columns(day: str) -> str:
    """Financial year (1 April to 31 March) and quarter of a day."""
    return (
        f"(year({day}) - CASE WHEN month({day}) < 4 THEN 1 ELSE 0 END)::INTEGER AS financial_year, "
        f"((month({day}) + 8) % 12 // 3 + 1)::INTEGER AS quarter_number"
    )


def one_spelling(column: str) -> str:
    """SQL: one spelling of what differs in capitals and outer blanks alone, so that HOUSING and Housing are one department."""
    return f"max(trim({column})) OVER (PARTITION BY lower(trim({column})))"


def payment_columns() -> str:
    """The columns of a payment, from lines that `with_payments` made."""
    return f"""
        payment_date, (year(payment_date) * 100 + month(payment_date))::INTEGER AS payment_month,
        amount_gbp::{POUNDS} AS amount_gbp, gross_gbp::{POUNDS} AS gross_gbp, payment_gbp::{POUNDS} AS payment_gbp,
        payment_gross_gbp::{POUNDS} AS payment_gross_gbp,
        vat_basis, department, service, purpose"""


def title_column(thing: str) -> str:
    """The title, but where a supplier of the thing is withheld: a title often names who won."""
    withheld = f"max(CASE WHEN display_name = {sql_text(WITHHELD)} THEN 1 ELSE 0 END) OVER (PARTITION BY {thing})"
    return f"CASE WHEN {withheld} = 1 THEN {sql_text(TITLE_WITHHELD)} ELSE title END AS title"
