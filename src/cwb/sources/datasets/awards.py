"""Contract awards from Contracts Finder, as flat CSV of its OCDS or as its search exports it, and those of notices in OCDS.

One row per award and supplier. Columns: `award_key`, `ocid`, `notice_type`, `notice_source`, `notice_id`, `lot`, `buyer_name`,
`buyer_id`, `other_buyers` (JSON of the buyers beside the first), `title`, `award_date`, `start_date`, `end_date`, `value_gbp`
(the whole award's value, repeated on each of its suppliers), `value_gross_gbp` (with VAT, where stated so), `value_basis` ("excluding VAT", "including VAT" or "not
stated"), `supplier_name`, `supplier_count`, `company_number`, `postcode`, `country`, `is_sme`, `is_vcse`, `cpv_code`,
`procedure`, and the source columns. A value of £1 or less or in another currency is not stated, never nothing and never
pounds. Refused are awards that are cancelled, and rows of awards that a later row publishes anew. Rows of one award id that
differ in lot, title, value or dates are awards of their own; those that do not, with the same supplier, are counted once.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from cwb.base.errors import SourceError
from cwb.base.values import company_number, find_postcode, is_placeholder, parse_money
from cwb.sources.award_rows import (
    APART,
    APART_FIELDS,
    award_keys,
    latest_published,
    not_listed,
    one_row_per_supplier,
    superseded_by,
)
from cwb.sources.constraints import at_least, dated, given, unique
from cwb.sources.deliveries import once
from cwb.sources.fields import (
    DAY,
    FLAG,
    NUMBER,
    RAW,
    STATED_POUNDS,
    TEXT,
    WHOLE,
    Field,
    Rule,
    computed,
    missing,
    negative,
)
from cwb.sources.ocds import is_in_pounds
from cwb.sources.ocds_awards import AWARD, CONTRACTS_FINDER, NOT_AWARDED
from cwb.sources.ocds_files import nothing_kept
from cwb.sources.ocds_status import ENDED
from cwb.sources.report import FileReport, RawFile
from cwb.sources.source import Job
from cwb.sources.table_texts import Read
from cwb.sources.tables import TableSource

# An award cannot be made long after its notice was published; dates as far off as 2044 have been published.
LATEST_AFTER_PUBLICATION = timedelta(days=366)
IMPLAUSIBLE = "award dated over a year after its notice, or before 2000"
NO_MORE = "the award is cancelled, unsuccessful, withdrawn or terminated"
ANEW = "published anew by a later row"
NO_SUPPLIER = "no supplier was awarded"
# Rows that are read rightly and are no awards, or none any more.
_NO_AWARD = frozenset({NO_MORE, ANEW, NO_SUPPLIER})
_TEXTS = (
    "award_key",
    "notice_type",
    "notice_source",
    "notice_id",
    "buyer_id",
    "other_buyers",
    "value_basis",
    "cpv_code",
    "procedure",
)


def is_implausible(award_date: date | None, published: date | None) -> bool:
    """True for an award dated over a year after its own notice, or before 2000."""
    if award_date is None:
        return False
    too_late = published is not None and award_date > published + LATEST_AFTER_PUBLICATION
    return too_late or award_date.year < 2000


def _implausible(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
    days = zip(values["award_date"], values["published_date"], strict=True)
    return pd.Series([is_implausible(day, published) for day, published in days], index=values.index)


def _is_ended(texts: pd.DataFrame, _: pd.DataFrame) -> pd.Series:
    return texts["status"].fillna("").str.strip().str.casefold().isin(ENDED)


def _first(texts: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """One row per supplier, and no value where none is stated in pounds; with notes on what was stated instead."""
    texts, notes = one_row_per_supplier(texts)
    # A value in dollars is said to be so, and is then no value that can be read.
    values = [
        f"{value} {currency or ''}".strip() if value is not None and not is_in_pounds(currency, value) else value
        for value, currency in zip(texts["value"], texts["currency"], strict=True)
    ]
    # A nought is silent as in every list; a penny or a pound stands for a value too.
    amounts = [parse_money(value) for value in values]
    no_value = [bool(amount) and is_placeholder(amount) for amount in amounts]
    if any(no_value):
        number, value = texts.loc[no_value, ["source_row", "value"]].iloc[0]
        plural = "value" if sum(no_value) == 1 else "values"
        notes += (
            f"{sum(no_value):,} {plural} not stated in pounds: £1 or less, which stands for no value "
            f"(first: row {number}, {value!r})",
        )
    stated = [None if hidden else value for hidden, value in zip(no_value, values, strict=True)]
    return texts.assign(value=pd.Series(stated, index=texts.index, dtype=object)), notes


def _last(rows: pd.DataFrame, _: pd.DataFrame) -> pd.DataFrame:
    schemes = zip(rows["identifier_scheme"], rows["identifier_id"], strict=True)
    places = zip(rows["postcode"], rows["street"], strict=True)
    table = rows.assign(
        notice_id=rows["award_id"],
        notice_source=CONTRACTS_FINDER,
        notice_type=AWARD,
        value_basis="not stated",
        company_number=[company_number(number) if scheme == "GB-COH" else None for scheme, number in schemes],
        postcode=[find_postcode(code) or find_postcode(street) for code, street in places],
    )
    return award_keys(table.rename(columns={"value": "value_gbp"}))


class _Awards(TableSource):
    def _texts(self, job: Job, files: Sequence[RawFile]) -> dict[str, Read]:
        """File → its texts; one that cannot be read is told when its rows are taken."""
        found = {}
        for file in files:
            with suppress(SourceError):
                found[file.label] = self.read_texts(job, file)
        return found

    def _latest(self, files: Sequence[RawFile], texts: dict[str, Read]) -> dict[object, pd.Timestamp]:
        """Award → the day of its last publication in any of the files."""
        latest: dict[object, pd.Timestamp] = {}
        for file in (file for file in files if file.label in texts):
            rows, report = texts[file.label]
            for award, day in latest_published(rows, self._values(rows, file, report.headings)[0]).items():
                latest[award] = max(day, latest.get(award, day))
        return latest

    def store(self, job: Job, files: Sequence[RawFile]) -> list[FileReport]:
        texts = self._texts(job, files)
        latest = self._latest(files, texts)
        anew = Rule(
            superseded_by(latest),
            ANEW,
            "Nothing to do: the row published last counts.",
            "published_date",
            is_no_fault=True,
        )
        reader = replace(self, rules=(anew, *self.rules))
        read = [reader.read_or_report(job, file, texts.get(file.label)) for file in files]
        listed, reports = once(
            [table for table, _ in read if len(table)], [report for _, report in read], self.key, self.money
        )
        if len(listed):
            listed = award_keys(listed)
        tables = [table.astype(object) for table in (listed, *not_listed(job.awards, listed)) if len(table)]
        table = pd.concat(tables, ignore_index=True) if tables else listed
        self.check_columns(job.con, table)
        self.write(job, table)
        return [replace(report, error=report.error or nothing_kept(report, _NO_AWARD)) for report in reports]


SOURCE = _Awards(
    name="awards",
    may_lack_a_file=True,
    absent="no award notices were supplied",
    fields={
        "award_id": Field(("award id", "notice identifier"), stored=None),
        "ocid": Field(("ocid",)),
        "lot": Field(("related lots", "relatedlots", "related lot", "lot id", "lot number", "lot")),
        "status": Field(("status", "award status", "notice status"), stored=None),
        "buyer_name": Field(("buyer name", "organisation name"), TEXT),
        "title": Field(("title",)),
        "description": Field(("description",), stored=None),
        "award_date": Field(("date", "awarded date", "award date"), DAY),
        "value": Field(
            ("value amount", "awarded value", "award value", "total value", "value"),
            STATED_POUNDS,
            stored="value_gbp",
        ),
        "currency": Field(("value currency",), stored=None),
        "start_date": Field(
            (
                "contractperiod startdate",
                "contract start date",
                "start date",
            ),
            DAY,
        ),
        "end_date": Field(("contractperiod enddate", "contract end date", "end date"), DAY),
        "published_date": Field(("datepublished", "published date"), DAY, stored=None),
        "supplier_name": Field(("supplier name",), TEXT),
        "packed": Field(("supplier [name|address|ref type|ref number|is sme|is vcse]",), stored=None),
        "identifier_scheme": Field(("identifier scheme",), stored=None),
        "identifier_id": Field(("identifier id",), stored=None),
        "street": Field(("address streetaddress",), stored=None),
        "locality": Field(("address locality",), stored=None),
        "postcode": Field(("address postalcode",)),
        "country": Field(("address countryname",)),
        "is_sme": Field(("sme",), FLAG),
        "is_vcse": Field(("vco", "vcse"), FLAG),
        **dict.fromkeys((*_TEXTS, "company_number"), computed(RAW)),
        "value_gross_gbp": computed(NUMBER),
        "supplier_count": computed(WHOLE),
    },
    required=("award_id", "buyer_name", "award_date", ("supplier_name", "packed")),
    marks=frozenset({"award_id", "published_date", "packed"}),
    key=("notice_id", *APART, "supplier_name"),
    money="value_gbp",
    rules=(
        missing("award_id", "no award id", "Fetch the file again.", "supplier_name"),
        missing("buyer_name", "no buyer", "Fetch the file again.", "award_id"),
        Rule(
            _is_ended,
            NO_MORE,
            "Nothing to do: what was taken back is no award.",
            "status",
            is_no_fault=True,
        ),
        Rule(
            lambda _, values: values["supplier_name"].fillna(NOT_AWARDED).str.upper() == NOT_AWARDED,
            NO_SUPPLIER,
            "Nothing to do: the notice closes a procurement without an award.",
            "supplier_name",
            is_no_fault=True,
        ),
        missing("award_date", "award date cannot be read", "Correct the date, or leave it refused.", "award_date"),
        Rule(_implausible, IMPLAUSIBLE, "Correct the date in the notice, or leave it refused.", "award_date"),
        negative("value", "value is negative", "Correct the value in the notice."),
    ),
    doubled=("award_id", *APART_FIELDS, "supplier_name"),
    checks=(
        *given("award_key", "supplier_name", "buyer_name", "award_date", "supplier_count"),
        dated("award_date"),
        at_least("value_gbp", 0),
        at_least("supplier_count", 1),
        unique("award_key", "supplier_name"),
    ),
    first=_first,
    last=_last,
)
