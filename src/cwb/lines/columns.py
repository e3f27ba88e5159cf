"""Columns of the line-level tables: those that several share, and those that a form says of itself."""

from __future__ import annotations

import pyarrow as pa

from cwb.entities.matching.kinds import MatchEvidence
from cwb.entities.matching.match import MATCHED, NO_MATCH, REVIEW
from cwb.lines.table import POUNDS, Column, PlaceEvidence, Table
from cwb.sources.fields import Field, ShownBy
from cwb.sources.places import RINGS
from cwb.sources.tables import TableSource

_TYPES = {
    pa.string(): "VARCHAR",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.int32(): "INTEGER",
    pa.float64(): "DOUBLE",
}


def text(name: str, meaning: str, one_of: tuple[str, ...] = (), needed: bool = False) -> Column:
    """A column of text, with its values where they are a closed list."""
    return Column(name, "VARCHAR", meaning, one_of=one_of, needed=needed)


def written(name: str, meaning: str, needed: bool = False, shown_by: ShownBy = ShownBy.TEXT) -> Column:
    """A text that people write, in which a person may be named."""
    return Column(name, "VARCHAR", meaning, needed=needed, shown_by=shown_by)


def reference(name: str, meaning: str) -> Column:
    """A reference that people write; one that names a person is none."""
    return written(name, meaning, shown_by=ShownBy.REFERENCE)


def compared_reference(name: str, meaning: str) -> Column:
    """A reference by which files name the same contract or procurement: in capitals, without blanks around it."""
    return written(name, meaning, shown_by=ShownBy.COMPARED)


def flag(name: str, meaning: str, needed: bool = False) -> Column:
    """A fact that is true, false or, where it is not needed, not known."""
    return Column(
        name, "BOOLEAN", meaning, "true, false" + ("" if needed else ", NULL = not known"), needed=needed
    )


def day(name: str, meaning: str, needed: bool = False) -> Column:
    return Column(name, "DATE", meaning, needed=needed)


def number(name: str, meaning: str, unit: str) -> Column:
    """A whole number; NULL where it is not stated."""
    return Column(name, "INTEGER", meaning, unit)


def pounds(name: str, meaning: str, needed: bool = False) -> Column:
    """An amount in pounds."""
    return Column(name, POUNDS, meaning, "£", needed=needed)


SOURCE = (
    text("source_file", "raw file, seen from the raw folder", needed=True),
    text("source_sheet", "sheet of a workbook"),
    Column("source_row", "BIGINT", "row as a spreadsheet numbers it", needed=True),
)
PERIOD = (
    Column("financial_year", "INTEGER", "calendar year in which the financial year begins", "year", needed=True),
    Column("quarter_number", "INTEGER", "1 (April to June) to 4 (January to March)", needed=True),
)
SUPPLIER = (
    text("supplier_key", "who was paid: a vendor id, else a name; NULL where withheld or not stated"),
    text("payee_key", "the supplier, or the line itself where no supplier is named", needed=True),
    text("display_name", "the name as a pack may show it", needed=True),
    text("ring", "how near the supplier is", RINGS, needed=True),
    text("lad_code", "district of the supplier's place"),
    flag("is_local", "the supplier's place is in the local area"),
    flag("is_home", "the supplier's place is in the council's own district"),
    text("place_evidence", "what gave the place", tuple(PlaceEvidence), needed=True),
    flag("is_local_by_office", "its registered office is in the local area"),
    flag("is_local_if_reviewed", "local, were the best candidates of matches under review right"),
    flag("is_local_by_number", "local, without places that a match by name alone gave"),
    flag("is_sme", "stated to be a small or medium business"),
    flag("is_vcse", "stated to be a voluntary, community or social enterprise"),
    text("size", "stated size", ("micro", "small", "medium", "large")),
    text("match_status", "whether it is matched to an organisation", (MATCHED, REVIEW, NO_MATCH), needed=True),
    text("match_evidence", "by what, or why not", tuple(MatchEvidence), needed=True),
    text("supplier_kind", "organisation, individual, or a kind of public body"),
    text("org_id", "organisation matched or under review"),
    text("organisation_key", "matched organisation, else the payee", needed=True),
    text("grade", "grade of the organisation as a social enterprise", ("A", "B", "C")),
    flag("is_social_enterprise", "matched to an organisation of grade A or B; NULL for C and without a match"),
    flag("is_social_if_reviewed", "the same, were the best candidates of matches under review right"),
)  # fmt: skip
PAYMENT = (
    Column("payment_date", "DATE", "day of payment", needed=True),
    Column("payment_month", "INTEGER", "year and month of payment, 202604 for April 2026", needed=True),
    pounds("amount_gbp", "amount, without VAT where the file allows", needed=True),
    pounds("gross_gbp", "amount including VAT, where stated"),
    pounds("payment_gbp", "pounds of the whole payment of which this line is part", needed=True),
    pounds("payment_gross_gbp", "the same including VAT, of lines that state it", needed=True),
    text("vat_basis", "what the amount is", ("net", "gross", "not stated"), needed=True),
    written("department", "department"),
    written("service", "service"),
    written("purpose", "purpose"),
    text("category", "what was bought, by one classification for the whole table", needed=True),
    written("own_category", "what was bought, in the publisher's own words"),
    text("cpv_code", "CPV code as published"),
    text("proclass_code", "ProClass code as published"),
    reference("transaction_number", "number of the payment"),
    compared_reference("contract_reference", "reference of the contract"),
)


def form_table(source: TableSource, *first: str) -> Table:
    """The table of a form that is taken as it is, by what the form says of its columns; `first` are those that stand before the
    others."""
    ordered = sorted(
        declared(source), key=lambda column: first.index(column.name) if column.name in first else len(first)
    )
    return Table(source.name, source.row, (*SOURCE, *ordered))


def declared(source: TableSource) -> tuple[Column, ...]:
    """The columns of a validated table by what its source says of them."""
    return tuple(_column(one.stored or name, one) for name, one in source.fields.items() if one.stored is not None)


def _column(name: str, field: Field) -> Column:
    kind = field.kind
    if kind.type == pa.bool_():
        return flag(name, field.meaning, field.is_given)
    type_, unit = kind.line_type or _TYPES[kind.type], field.unit or kind.unit
    return Column(name, type_, field.meaning, unit, kind.values, field.is_given, kind.shown_by)


# What a contracts register may say of a contract's terms beyond its days and value.
REGISTER_TERMS = (
    Column("expiry_date", "DATE", "current expiry: the last day, extensions that were taken included"),
    written("contract_type", "type of contract, as published"),
    written("process", "how it was bought, as published"),
    written("value_basis", "what the value is, as published"),
    written("review_date", "when it is reviewed, as published"),
    written("irrecoverable_vat", "VAT that cannot be recovered, as published"),
    flag("is_income", "it brings income"),
    written("insourced_from", "who provided the service before it came in-house"),
    Column("kpi_count", "INTEGER", "key performance indicators", "indicators"),
    Column("option_months", "INTEGER", "months of each extension that the contract allows", "months"),
    Column("option_count", "INTEGER", "extensions that the contract allows", "extensions"),
    flag("is_extended", "the first extension was taken"),
    flag("has_description", "a description is stated", needed=True),
)
